package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"bursar/auth"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/id"
)

// keyScope returns the scope of a request for a key: what is presented is an API key's id, or else a secret, whatever it looks
// like.
func keyScope(ctx context.Context, presented string) db.Scope {
	scope := tokenScope(ctx)
	if prefix, keyID, ok := id.Parse(presented); ok && prefix == id.APIKey {
		scope.APIKeyID = keyID
	} else {
		scope.SecretHash = string(auth.Hash(presented))
	}
	return scope
}

// tokenScope returns the scope of a request that names no key. The principal may be remembered: the statement looks at the
// token.
func tokenScope(ctx context.Context) db.Scope {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return db.Scope{AccessTokenID: principal.TokenID, OrganizationID: scopeOrZero(ctx)}
}

// estimateOf checks an estimate; a request without one is one request.
func estimateOf(input *model.UsageEstimateInput) (enforce.Estimate, error) {
	if input == nil {
		return enforce.Estimate{Requests: 1}, nil
	}
	estimate := enforce.Estimate{Requests: valueOr(input.Requests, 1), Tokens: valueOr(input.Tokens, 0)}
	requestsErr := within("estimate.requests", estimate.Requests, 0, maxRequests)
	if estimate.Requests == 0 && !valueOr(input.AllowZeroRequests, false) {
		requestsErr = fault.BadInput("estimate.requests", "0 would pass every request rate: leave it out for one request, "+
			"or send allowZeroRequests: true with it if no request is meant")
	}
	var costErr error
	estimate.CostNanos, costErr = costOf("estimate.cost", input.Cost)
	return estimate, together(requestsErr, within("estimate.tokens", estimate.Tokens, 0, maxTokens), costErr)
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

// checkReservation checks the input of reserveUsage, and returns its estimate.
func checkReservation(input *model.ReserveUsageInput) (enforce.Estimate, error) {
	estimate, err := estimateOf(input.Estimate)
	return estimate, together(
		err,
		within("ttlSeconds", int64(valueOr(input.TTLSeconds, defaultTTLSeconds)), 1, maxTTLSeconds),
		textPointer("requestId", input.RequestID, maxRequestID),
	)
}

// reserveRequest checks the input of reserveUsage.
func reserveRequest(ctx context.Context, input *model.ReserveUsageInput) (*enforce.ReserveRequest, error) {
	estimate, err := checkReservation(input)
	if err != nil {
		return nil, err
	}
	ttl := valueOr(input.TTLSeconds, defaultTTLSeconds)
	return &enforce.ReserveRequest{
		Scope: keyScope(ctx, input.Key), RequestID: valueOr(input.RequestID, ""), Estimate: estimate,
		TTLSeconds: int32(ttl), Fingerprint: fingerprint(estimate, ttl), //nolint:gosec // bounded by maxTTLSeconds
	}, nil
}

// recordRequest checks the input of recordUsage.
func recordRequest(ctx context.Context, input *model.RecordUsageInput) (*enforce.RecordRequest, error) {
	request := &enforce.RecordRequest{Scope: tokenScope(ctx), RequestID: valueOr(input.RequestID, ""), Usage: reportedUsage(input)}
	if err := together(reportedKey(ctx, input, request), validateUsage(input, &request.Usage)); err != nil {
		return nil, err
	}
	request.Fingerprint = reportFingerprint(request)
	return request, nil
}

// reportedKey takes over the reservation or the key, of which a report has exactly one.
func reportedKey(ctx context.Context, input *model.RecordUsageInput, request *enforce.RecordRequest) error {
	external, key := given(input.ReservationID), given(input.Key)
	switch {
	case (external == nil) == (key == nil):
		return fault.BadInput("reservationId", "give either a reservationId or a key")
	case key != nil:
		request.Scope = keyScope(ctx, *key)
		return nil
	}
	_, reservationID, err := parseID("reservationId", *external, id.Reservation)
	request.ReservationID = reservationID
	return err
}

// reportedUsage returns what was used, but for the cost, which validateUsage converts.
func reportedUsage(input *model.RecordUsageInput) db.ReportedUsage {
	return db.ReportedUsage{
		Requests: valueOr(input.Requests, -1), InputTokens: valueOr(input.InputTokens, 0),
		OutputTokens: valueOr(input.OutputTokens, 0), CachedInputTokens: valueOr(input.CachedInputTokens, 0),
		CacheWriteTokens: valueOr(input.CacheWriteTokens, 0),
		Provider:         valueOr(input.Provider, ""), Model: valueOr(input.Model, ""), Metadata: metadataText(input.Metadata),
		OccurredAt: valueOr(input.OccurredAt, time.Time{}),
	}
}

// validateUsage checks what was used, and converts the cost to nano-dollars. Errors are BAD_USER_INPUT and name the field.
func validateUsage(input *model.RecordUsageInput, usage *db.ReportedUsage) error {
	var costErr, requestsErr error
	usage.CostNanos, costErr = costOf("cost", input.Cost)
	if input.Requests != nil {
		requestsErr = within("requests", *input.Requests, 0, maxRequests)
	}
	return together(
		requestsErr,
		validateTokens(usage),
		costErr,
		textPointer("requestId", input.RequestID, maxRequestID),
		optionalText("provider", usage.Provider, maxName),
		optionalText("model", usage.Model, maxName),
	)
}

// validateTokens checks the tokens of a report. Those of a cache are compared with the input tokens, and with each other, where these are
// right.
func validateTokens(usage *db.ReportedUsage) error {
	input := within("inputTokens", usage.InputTokens, 0, maxTokens)
	output := within("outputTokens", usage.OutputTokens, 0, maxTokens)
	most := usage.InputTokens
	if input != nil {
		most = maxTokens
	}
	cached := within("cachedInputTokens", usage.CachedInputTokens, 0, most)
	if cached == nil {
		most -= usage.CachedInputTokens
	}
	return together(input, output, cached, within("cacheWriteTokens", usage.CacheWriteTokens, 0, most))
}

// metadataText returns metadata as the ledger stores them: a JSON object, empty when not given.
func metadataText(metadata db.Metadata) string {
	if metadata == nil {
		metadata = db.Metadata{}
	}
	return string(encoded(metadata))
}

// reportFingerprint returns the fingerprint of a report's contents. What it has had since the first release is in it by
// position; later fields of the usage are in it by name, unless they are zero (see db.ReportedUsage).
func reportFingerprint(request *enforce.RecordRequest) []byte {
	usage := &request.Usage
	contents := []any{request.ReservationID, usage.Requests, usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens,
		usage.CostNanos, usage.Provider, usage.Model, usage.Metadata, usage.OccurredAt}
	if later := encoded(usage); string(later) != "{}" {
		contents = append(contents, json.RawMessage(later))
	}
	return fingerprint(contents...)
}

// fingerprint returns a hash of a request's contents. The key is not among them: the function compares it by its id, so
// that a retry may present the key's secret before a rotation, the one after it, or its id.
func fingerprint(contents ...any) []byte {
	sum := sha256.Sum256(encoded(contents))
	return sum[:]
}

// encoded returns contents as JSON.
func encoded(contents any) []byte {
	text, err := json.Marshal(contents)
	if err != nil {
		panic(err) // numbers, strings, times and arrays of bytes always encode
	}
	return text
}
