package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

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
	var err error
	if input.Cost != nil {
		estimate.CostNanos, err = nanos("estimate.cost", *input.Cost)
	}
	return estimate, errors.Join(
		within("estimate.requests", estimate.Requests, 0, maxRequests),
		within("estimate.tokens", estimate.Tokens, 0, maxTokens),
		err,
		within("estimate.cost", estimate.CostNanos/nanosPerDollar, 0, maxCost),
	)
}

// reserveRequest checks the input of reserveUsage.
func reserveRequest(ctx context.Context, input *model.ReserveUsageInput) (*enforce.ReserveRequest, error) {
	estimate, err := estimateOf(input.Estimate)
	ttl := valueOr(input.TTLSeconds, defaultTTLSeconds)
	if err := errors.Join(
		err,
		within("ttlSeconds", int64(ttl), 1, maxTTLSeconds),
		textPointer("requestId", input.RequestID, maxRequestID),
	); err != nil {
		return nil, err
	}
	return &enforce.ReserveRequest{
		Scope: keyScope(ctx, input.Key), RequestID: valueOr(input.RequestID, ""), Estimate: estimate,
		TTLSeconds: int32(ttl), Fingerprint: fingerprint(estimate, ttl), //nolint:gosec // bounded by maxTTLSeconds
	}, nil
}

// recordRequest checks the input of recordUsage.
func recordRequest(ctx context.Context, input *model.RecordUsageInput) (*enforce.RecordRequest, error) {
	request := &enforce.RecordRequest{Scope: tokenScope(ctx), RequestID: valueOr(input.RequestID, ""), Usage: reportedUsage(input)}
	if err := errors.Join(reportedKey(ctx, input, request), validateUsage(input, &request.Usage)); err != nil {
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
	if input.Cost != nil {
		usage.CostNanos, costErr = nanos("cost", *input.Cost)
	}
	if input.Requests != nil {
		requestsErr = within("requests", *input.Requests, 0, maxRequests)
	}
	return errors.Join(
		requestsErr,
		within("inputTokens", usage.InputTokens, 0, maxTokens),
		within("outputTokens", usage.OutputTokens, 0, maxTokens),
		within("cachedInputTokens", usage.CachedInputTokens, 0, usage.InputTokens),
		within("cacheWriteTokens", usage.CacheWriteTokens, 0, max(0, usage.InputTokens-usage.CachedInputTokens)),
		costErr,
		within("cost", usage.CostNanos/nanosPerDollar, 0, maxCost),
		textPointer("requestId", input.RequestID, maxRequestID),
		optionalText("provider", usage.Provider, maxName),
		optionalText("model", usage.Model, maxName),
	)
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
