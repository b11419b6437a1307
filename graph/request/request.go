// Package request makes requests of enforcement out of the inputs of the schema: which API key they are for, what they ask for, and what tells a
// repeated one from another. Its errors name fields of the input.
package request

import (
	"context"

	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/fingerprint"
	"bursar/graph/keyscope"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// Check checks the input of checkUsage.
func Check(ctx context.Context, input *model.CheckUsageInput) (*enforce.CheckRequest, error) {
	scope, keyErr := keyscope.Of(ctx, input.Key, input.Secret)
	estimate, err := validate.CheckUsage(input)
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	return &enforce.CheckRequest{Scope: scope, Estimate: estimate}, nil
}

// Reserve checks the input of reserveUsage.
func Reserve(ctx context.Context, input *model.ReserveUsageInput) (*enforce.ReserveRequest, error) {
	scope, keyErr := keyscope.Of(ctx, input.Key, input.Secret)
	estimate, ttl, err := validate.ReserveUsage(input)
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	return &enforce.ReserveRequest{
		Scope: scope, RequestID: validate.ValueOr(input.RequestID, ""), Estimate: estimate,
		TTLSeconds: int32(ttl), Fingerprint: fingerprint.Of(estimate, ttl), //nolint:gosec // validate bounds it
	}, nil
}

// Record checks the input of recordUsage.
func Record(ctx context.Context, input *model.RecordUsageInput) (*enforce.RecordRequest, error) {
	usage, err := validate.RecordUsage(input)
	request := &enforce.RecordRequest{Scope: keyscope.OfToken(ctx), RequestID: validate.ValueOr(input.RequestID, ""), Usage: usage}
	if err := validate.Together(reportedKey(ctx, input, request), err); err != nil {
		return nil, err
	}
	request.Fingerprint = fingerprint.OfReport(request)
	return request, nil
}

// reportedKey takes over the reservation or the key, of which a report has exactly one.
func reportedKey(ctx context.Context, input *model.RecordUsageInput, request *enforce.RecordRequest) (err error) {
	external, lease := validate.Given(input.ReservationID), validate.Given(input.LeaseID)
	key, secret := validate.Given(input.Key), validate.Given(input.Secret)
	switch {
	case external != nil && lease != nil:
		return fault.BadInput("leaseId", "give a reservationId or a leaseId, not both")
	case (external == nil && lease == nil) == (key == nil && secret == nil):
		return fault.BadInput("reservationId", "give a reservationId, a leaseId, or the secret that the caller presented, or an API key's id as key")
	case lease != nil:
		_, request.ReservationID, err = validate.ID("leaseId", *lease, id.Lease)
		return err
	case external == nil:
		request.Scope, err = keyscope.Of(ctx, key, secret)
		return err
	}
	_, request.ReservationID, err = validate.ID("reservationId", *external, id.Reservation)
	return err
}

// Lease checks the input of leaseUsage.
func Lease(ctx context.Context, input *model.LeaseUsageInput) (*enforce.LeaseRequest, error) {
	scope, keyErr := keyscope.Of(ctx, input.Key, input.Secret)
	request, err := validate.LeaseUsage(input)
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	request.Scope = scope
	request.Fingerprint = fingerprint.Of("leaseUsage", request.Requests, request.Tokens, request.CostNanos, request.TTLSeconds)
	return request, nil
}
