package graph

import (
	"context"

	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/fingerprint"
	"bursar/graph/keyscope"
	"bursar/graph/model"
	"bursar/graph/selection"
	"bursar/graph/validate"
	"bursar/id"
)

// checkRequest checks the input of checkUsage.
func checkRequest(ctx context.Context, input *model.CheckUsageInput) (*enforce.CheckRequest, error) {
	scope, keyErr := keyscope.Of(ctx, input.Key, input.Secret)
	estimate, err := validate.CheckUsage(input)
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	return &enforce.CheckRequest{Scope: scope, Estimate: estimate}, nil
}

// reserveRequest checks the input of reserveUsage.
func reserveRequest(ctx context.Context, input *model.ReserveUsageInput) (*enforce.ReserveRequest, error) {
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

// recordRequest checks the input of recordUsage.
func recordRequest(ctx context.Context, input *model.RecordUsageInput) (*enforce.RecordRequest, error) {
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

// leaseRequest checks the input of leaseUsage.
func leaseRequest(ctx context.Context, input *model.LeaseUsageInput) (*enforce.LeaseRequest, error) {
	scope, keyErr := keyscope.Of(ctx, input.Key, input.Secret)
	request, err := validate.LeaseUsage(input)
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	request.Scope = scope
	request.Fingerprint = fingerprint.Of("leaseUsage", request.Requests, request.Tokens, request.CostNanos, request.TTLSeconds)
	return request, nil
}

// reservationForm returns what is to be answered of a new reservation at a path of the selection.
func reservationForm(ctx context.Context, path ...string) db.RowForm {
	return rowForm(ctx, []string{"id", "status", "apiKeyId", "requests", "tokens", "cost", "admittedAt", "expiresAt"}, path)
}

// eventForm returns what is to be answered of a new row of the ledger at a path of the selection.
func eventForm(ctx context.Context, path ...string) db.RowForm {
	return rowForm(ctx, []string{"id", "tokens", "inputTokens", "outputTokens", "cost", "unpriced"}, path)
}

// rowForm returns the form of a row of which the fields at a path are asked for; brief has those that a brief one tells.
func rowForm(ctx context.Context, brief, path []string) db.RowForm {
	switch {
	case selection.IDAlone(ctx, path...):
		return db.IDOnly
	case selection.Within(ctx, brief, path...):
		return db.BriefRow
	}
	return db.WholeRow
}
