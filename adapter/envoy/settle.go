package envoy

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"bursar/adapter/envoy/mapping"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/fingerprint"
	"bursar/graph/keyscope"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// settle books what the request used: on its reservation where there is one, otherwise for its key. It goes on when whoever asked has left, as Envoy does
// when its time is up: what was used was used.
func (c *call) settle(ctx context.Context) (*db.UsageAnswer, error) {
	ctx = context.WithoutCancel(ctx)
	reservationID := uuid.Nil
	if c.RequestID != "" {
		row, err := c.find(ctx)
		switch {
		case err == nil:
			reservationID = row.ID
		case !errors.Is(err, pgx.ErrNoRows):
			return nil, db.Fault(err)
		}
	}
	answer, err := c.record(ctx, reservationID)
	if reservationID != uuid.Nil && fault.CodeOf(err) == fault.IdempotencyMismatch && err != nil {
		answer, err = c.repeated(ctx, reservationID, err)
	}
	if err != nil {
		c.service.logger.WarnContext(ctx, "usage was not booked", "request", c.RequestID, "hits", c.Amounts, "error", err)
	}
	return answer, err
}

// repeated answers a settlement that was booked for the key, because there was no reservation yet, which a look that came too late has made since: it gives that
// back. Nothing is booked: the request id is in use. otherwise is the error where the settlement is another one.
func (c *call) repeated(ctx context.Context, reservationID uuid.UUID, otherwise error) (*db.UsageAnswer, error) {
	answer, err := c.record(ctx, uuid.Nil)
	if err != nil {
		return nil, otherwise
	}
	_, err = c.service.enforcer.Release(ctx, &enforce.HoldRequest{OrganizationID: keyscope.OrganizationOrZero(ctx), ReservationID: reservationID})
	return answer, err
}

// refund settles the reservation with what it holds less the hits.
func (c *call) refund(ctx context.Context) (*db.UsageAnswer, error) {
	ctx = context.WithoutCancel(ctx)
	row, err := c.lookUp(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.BadInput("hitsAddend", "is negative, and there is no reservation of the request id from which it could be given back")
	} else if err != nil {
		return nil, db.Fault(err)
	}
	input, output := c.tokens()
	left := *c.Demand
	left.Set(mapping.Requests, max(0, row.Requests-c.Amount(mapping.Requests)))
	left.Set(mapping.InputTokens, 0)
	left.Set(mapping.OutputTokens, max(0, row.Tokens-input-output))
	left.Set(mapping.Tokens, 0)
	left.Set(mapping.Cost, max(0, row.CostNanos-c.Amount(mapping.Cost)))
	c.Demand = &left
	return c.record(ctx, row.ID)
}

// record books the hits on a reservation, or for the key.
func (c *call) record(ctx context.Context, reservationID uuid.UUID) (*db.UsageAnswer, error) {
	scope := keyscope.OfToken(ctx)
	if reservationID == uuid.Nil {
		var err error
		if scope, err = keyscope.Of(ctx, c.key, c.secret); err != nil {
			return nil, err
		}
	}
	input, output := c.tokens()
	report := &model.RecordUsageInput{
		RequestID: given(c.RequestID), InputTokens: &input, OutputTokens: &output, Provider: given(c.Provider), Model: given(c.Model), Metadata: c.metadata,
	}
	if n := c.Amount(mapping.Requests); n > 0 || c.Phase == mapping.Refund {
		report.Requests = &n
	}
	switch {
	case c.Has(mapping.Cost):
		report.Cost = new(decimal.New(c.Amount(mapping.Cost), -9))
	case c.Model == "" && input+output == 0:
		report.Cost = new(decimal.Zero) // a request that was counted; nobody says what it costs
	}
	usage, err := validate.RecordUsage(report)
	if err != nil {
		return nil, err
	}
	request := &enforce.RecordRequest{
		Scope: scope, ReservationID: reservationID, RequestID: c.RequestID, Usage: usage, SkipLimits: c.skipLimits, Row: db.IDOnly,
	}
	request.Fingerprint = fingerprint.OfReport(request)
	answer, err := c.service.enforcer.Record(ctx, request)
	if reservationID != uuid.Nil {
		return answer, err
	}
	return c.service.uses.Complete(ctx, c.key, answer, err)
}

// keyHash tells keys apart without their secrets.
func (c *call) keyHash() [32]byte { return sha256.Sum256([]byte(c.Key)) }

// find returns the reservation of the request id: the id alone where it was made here.
func (c *call) find(ctx context.Context) (*db.FindReservationOfRequestRow, error) {
	made, known := c.service.recent.Get(requestKey{keyscope.OrganizationOrZero(ctx), c.RequestID})
	if known && made.key == c.keyHash() {
		return &db.FindReservationOfRequestRow{ID: made.id}, nil
	}
	return c.lookUp(ctx)
}

// lookUp reads the reservation of the request id.
func (c *call) lookUp(ctx context.Context) (*db.FindReservationOfRequestRow, error) {
	if err := validate.RequestID(c.RequestID); err != nil {
		return nil, err
	}
	organizationID := keyscope.OrganizationOrZero(ctx)
	if organizationID == uuid.Nil {
		return nil, fault.New(fault.Forbidden, "request ids are an organization's: ask with a token of one")
	}
	return db.New().FindReservationOfRequest(ctx, c.service.database.For(&organizationID),
		&db.FindReservationOfRequestParams{OrganizationID: organizationID, RequestID: c.RequestID})
}

// release gives back what a reservation holds, because another part of the same call was denied.
func (c *call) release(ctx context.Context, answer *db.UsageAnswer) error {
	if answer.ReservationID == nil || answer.Replayed || !answer.Allowed {
		return nil
	}
	_, err := c.service.enforcer.Release(context.WithoutCancel(ctx),
		&enforce.HoldRequest{OrganizationID: keyscope.OrganizationOrZero(ctx), ReservationID: *answer.ReservationID})
	return err
}
