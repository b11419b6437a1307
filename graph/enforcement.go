package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"

	"bursar/auth"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/id"
)

// callerOf returns who asks about a key: what is presented is an API key's id, or else a secret, whatever it looks like.
func callerOf(ctx context.Context, presented string) db.Caller {
	caller := tokenOf(ctx)
	if prefix, keyID, ok := id.Parse(presented); ok && prefix == id.APIKey {
		caller.APIKeyID = keyID
	} else {
		caller.SecretHash = string(auth.Hash(presented))
	}
	return caller
}

// tokenOf returns who asks, without a key. The principal may be remembered: the statement looks at the token.
func tokenOf(ctx context.Context) db.Caller {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return db.Caller{AccessTokenID: principal.TokenID, OrganizationID: scopeOrZero(ctx)}
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
		Caller: callerOf(ctx, input.Key), RequestID: valueOr(input.RequestID, ""), Estimate: estimate,
		TTLSeconds: int32(ttl), Fingerprint: fingerprint(estimate, ttl), //nolint:gosec // bounded by maxTTLSeconds
	}, nil
}

// recordRequest checks the input of recordUsage.
func recordRequest(ctx context.Context, input *model.RecordUsageInput) (*enforce.RecordRequest, error) {
	request := &enforce.RecordRequest{
		Caller: tokenOf(ctx), RequestID: valueOr(input.RequestID, ""), Requests: valueOr(input.Requests, -1),
		InputTokens: valueOr(input.InputTokens, 0), OutputTokens: valueOr(input.OutputTokens, 0),
		CachedInputTokens: valueOr(input.CachedInputTokens, 0), Provider: valueOr(input.Provider, ""), Model: valueOr(input.Model, ""),
	}
	if input.OccurredAt != nil {
		request.OccurredAt = *input.OccurredAt
	}
	if err := errors.Join(reportedKey(ctx, input, request), reportedUsage(input, request)); err != nil {
		return nil, err
	}
	metadata := input.Metadata
	if metadata == nil {
		metadata = db.Metadata{} // the column is not null
	}
	encoded, err := json.Marshal(metadata)
	if err != nil {
		return nil, err
	}
	request.Metadata = string(encoded)
	request.Fingerprint = fingerprint(request.ReservationID, request.Requests, request.InputTokens, request.OutputTokens,
		request.CachedInputTokens, request.CostNanos, request.Provider, request.Model, request.Metadata, request.OccurredAt)
	return request, nil
}

// reportedKey takes over the reservation or the key, of which a report has exactly one.
func reportedKey(ctx context.Context, input *model.RecordUsageInput, request *enforce.RecordRequest) error {
	switch {
	case (input.ReservationID == nil) == (input.Key == nil):
		return fault.BadInput("reservationId", "give either a reservationId or a key")
	case input.Key != nil:
		request.Caller = callerOf(ctx, *input.Key)
		return nil
	}
	_, reservationID, err := parseID("reservationId", *input.ReservationID, id.Reservation)
	request.ReservationID = reservationID
	return err
}

func reportedUsage(input *model.RecordUsageInput, request *enforce.RecordRequest) error {
	var costErr, requestsErr error
	if input.Cost != nil {
		request.CostNanos, costErr = nanos("cost", *input.Cost)
	}
	if input.Requests != nil {
		requestsErr = within("requests", *input.Requests, 0, maxRequests)
	}
	return errors.Join(
		requestsErr,
		within("inputTokens", request.InputTokens, 0, maxTokens),
		within("outputTokens", request.OutputTokens, 0, maxTokens),
		within("cachedInputTokens", request.CachedInputTokens, 0, request.InputTokens),
		costErr,
		within("cost", request.CostNanos/nanosPerDollar, 0, maxCost),
		textPointer("requestId", input.RequestID, maxRequestID),
		optionalText("provider", request.Provider, maxName),
		optionalText("model", request.Model, maxName),
	)
}

// fingerprint returns a hash of a request's contents. The key is not among them: the function compares it by its id, so
// that a retry may present the key's secret before a rotation, the one after it, or its id.
func fingerprint(contents ...any) []byte {
	encoded, err := json.Marshal(contents)
	if err != nil {
		panic(err) // numbers, strings, times and arrays of bytes always encode
	}
	sum := sha256.Sum256(encoded)
	return sum[:]
}
