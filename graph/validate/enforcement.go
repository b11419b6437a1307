package validate

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/model"
)

// notGiven stands for an amount that the database is to compute by a price.
const notGiven = -1

// labelsOf takes over what a request is for.
func labelsOf(provider, name *string, tier *db.ServiceTier, metadata db.Metadata) (db.RequestLabels, error) {
	labels := db.RequestLabels{Provider: ValueOr(provider, ""), Model: ValueOr(name, ""), ServiceTier: ValueOr(tier, "")}
	if metadata != nil {
		labels.Metadata = metadataText(metadata)
	}
	return labels, Together(optionalText("provider", labels.Provider, maxName), optionalText("model", labels.Model, maxName))
}

// usageEstimate checks an estimate of a request that is for something; a request without one is one request.
func usageEstimate(input *model.UsageEstimateInput, labels db.RequestLabels) (enforce.Estimate, error) {
	if input == nil {
		input = &model.UsageEstimateInput{}
	}
	estimate := enforce.Estimate{
		Requests: ValueOr(input.Requests, 1), RequestLabels: labels, Sizes: db.Sizes{
			InputTokens: input.InputTokens, MaxOutputTokens: input.MaxOutputTokens,
			Images: ValueOr(input.Images, 0), WebSearches: ValueOr(input.WebSearches, 0)}}
	requestsErr := within("estimate.requests", estimate.Requests, 0, maxRequests)
	if estimate.Requests == 0 && !ValueOr(input.AllowZeroRequests, false) {
		requestsErr = fault.BadInput("estimate.requests", "0 would pass every request rate: leave it out for one request, "+
			"or send allowZeroRequests: true with it if no request is meant")
	}
	tokensErr, inputErr, outputErr := tokensOf("estimate.tokens", input.Tokens), tokensOf("estimate.inputTokens", input.InputTokens),
		tokensOf("estimate.maxOutputTokens", input.MaxOutputTokens)
	switch {
	case input.Tokens != nil:
		estimate.Tokens = *input.Tokens
	case (input.InputTokens != nil || input.MaxOutputTokens != nil) && labels.Model != "":
		estimate.Tokens = notGiven
	default:
		estimate.Tokens = ValueOr(input.InputTokens, 0) + ValueOr(input.MaxOutputTokens, 0)
	}
	var costErr error
	if input.Cost == nil && labels.Model != "" {
		estimate.CostNanos = notGiven
	} else {
		estimate.CostNanos, costErr = costOf("estimate.cost", input.Cost)
	}
	return estimate, Together(requestsErr, tokensErr, inputErr, outputErr, costErr,
		within("estimate.images", estimate.Images, 0, maxTokens), within("estimate.webSearches", estimate.WebSearches, 0, maxTokens))
}

// tokensOf refuses a number of tokens that is out of range; nil is none.
func tokensOf(field string, tokens *int64) error {
	return within(field, ValueOr(tokens, 0), 0, maxTokens)
}

// costOf returns a request's cost in nano-dollars; 0 when it is not given.
func costOf(field string, cost *decimal.Decimal) (int64, error) {
	if cost == nil {
		return 0, nil
	}
	costNanos, err := nanos(field, *cost)
	if err != nil {
		return 0, err
	}
	return costNanos, within(field, costNanos/nanosPerDollar, 0, maxCost)
}

// CheckUsage checks the input of checkUsage, and returns its estimate.
func CheckUsage(input *model.CheckUsageInput) (enforce.Estimate, error) {
	labels, labelsErr := labelsOf(input.Provider, input.Model, input.ServiceTier, input.Metadata)
	estimate, err := usageEstimate(input.Estimate, labels)
	return estimate, Together(err, labelsErr)
}

// ReserveUsage checks the input of reserveUsage, and returns its estimate and how many seconds the reservation lives.
func ReserveUsage(input *model.ReserveUsageInput) (estimate enforce.Estimate, ttlSeconds int, err error) {
	labels, labelsErr := labelsOf(input.Provider, input.Model, input.ServiceTier, input.Metadata)
	estimate, err = usageEstimate(input.Estimate, labels)
	ttlSeconds = ValueOr(input.TTLSeconds, defaultTTLSeconds)
	return estimate, ttlSeconds, Together(err, labelsErr, ttl(ttlSeconds), textPointer("requestId", input.RequestID, maxRequestID))
}

// ExtendReservation checks the input of extendReservation, but for the id.
func ExtendReservation(input *model.ExtendReservationInput) error { return ttl(input.TTLSeconds) }

// RequestID refuses a text that no request has as its id.
func RequestID(requestID string) error { return text("requestId", requestID, maxRequestID) }

// ttl refuses a time that no reservation lives.
func ttl(seconds int) error { return within("ttlSeconds", int64(seconds), 1, maxTTLSeconds) }

// RecordUsage checks the input of recordUsage, but for the reservation and the key, and returns what was used. Errors are BAD_USER_INPUT and
// name the field.
func RecordUsage(input *model.RecordUsageInput) (db.ReportedUsage, error) {
	usage := db.ReportedUsage{
		Requests: ValueOr(input.Requests, -1), InputTokens: ValueOr(input.InputTokens, 0),
		OutputTokens: ValueOr(input.OutputTokens, 0), CachedInputTokens: ValueOr(input.CachedInputTokens, 0),
		CacheWriteTokens: ValueOr(input.CacheWriteTokens, 0), CacheWrite1hTokens: ValueOr(input.CacheWrite1hTokens, 0),
		ReasoningTokens: ValueOr(input.ReasoningTokens, 0), AudioInputTokens: ValueOr(input.AudioInputTokens, 0),
		AudioOutputTokens: ValueOr(input.AudioOutputTokens, 0), Images: ValueOr(input.Images, 0), WebSearches: ValueOr(input.WebSearches, 0),
		ServiceTier: ValueOr(input.ServiceTier, ""), Provider: ValueOr(input.Provider, ""), Model: ValueOr(input.Model, ""),
		Metadata:   metadataText(input.Metadata),
		OccurredAt: ValueOr(input.OccurredAt, time.Time{}),
	}
	var costErr, requestsErr error
	if usage.CostNanos = notGiven; input.Cost != nil {
		usage.CostNanos, costErr = costOf("cost", input.Cost)
	}
	if input.Requests != nil {
		requestsErr = within("requests", *input.Requests, 0, maxRequests)
	}
	return usage, Together(
		requestsErr,
		tokens(&usage),
		within("images", usage.Images, 0, maxTokens),
		within("webSearches", usage.WebSearches, 0, maxTokens),
		costErr,
		textPointer("requestId", input.RequestID, maxRequestID),
		optionalText("provider", usage.Provider, maxName),
		optionalText("model", usage.Model, maxName),
	)
}

// tokens checks the tokens of a report, and the parts of the input and of the output.
func tokens(usage *db.ReportedUsage) error {
	input, inputErr := wholeOf("inputTokens", usage.InputTokens)
	output, outputErr := wholeOf("outputTokens", usage.OutputTokens)
	cachedErr := input.take("cachedInputTokens", usage.CachedInputTokens)
	cacheWrites, cacheWriteErr := whole{maxTokens, maxTokens}, input.take("cacheWriteTokens", usage.CacheWriteTokens)
	if cacheWriteErr == nil {
		cacheWrites.tokens = usage.CacheWriteTokens
	}
	return Together(
		inputErr, outputErr, cachedErr, cacheWriteErr,
		cacheWrites.part("cacheWrite1hTokens", usage.CacheWrite1hTokens),
		output.part("reasoningTokens", usage.ReasoningTokens),
		input.part("audioInputTokens", usage.AudioInputTokens),
		output.part("audioOutputTokens", usage.AudioOutputTokens),
	)
}

// whole is a number of tokens that has parts, and how many of them are in none of those parts that have no token in common.
type whole struct{ tokens, left int64 }

// wholeOf checks a number of tokens. Where it is wrong its parts are not compared with it.
func wholeOf(field string, tokens int64) (whole, error) {
	if err := within(field, tokens, 0, maxTokens); err != nil {
		return whole{maxTokens, maxTokens}, err
	}
	return whole{tokens, tokens}, nil
}

// part checks a part, which is at most the whole. Its tokens may be in other parts as well.
func (w *whole) part(field string, tokens int64) error { return within(field, tokens, 0, w.tokens) }

// take checks a part that has no token in common with those that were taken before: it is at most what they have left.
func (w *whole) take(field string, tokens int64) error {
	if err := within(field, tokens, 0, w.left); err != nil {
		return err
	}
	w.left -= tokens
	return nil
}

// metadataText returns metadata as the ledger stores them: a JSON object, empty when not given.
func metadataText(metadata db.Metadata) string {
	if metadata == nil {
		metadata = db.Metadata{}
	}
	text, err := json.Marshal(metadata)
	if err != nil {
		panic(err) // a map of texts always encodes
	}
	return string(text)
}
