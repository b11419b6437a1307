package adapter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/keyscope"
	"bursar/graph/model"
	"bursar/graph/request"
)

// maxRequestID is how many characters a request id has at most.
const maxRequestID = 255

// Report is what a call used. Where it names a reservation and a key, the key is for the case that the reservation is not known any more, or was
// released: usage is not lost because of a hold.
type Report struct {
	Input model.RecordUsageInput
	// KeyHash is the SHA-256 of the key's secret, for gateways that keep no more; see [keyscope.OfHash]. "": the input names the key.
	KeyHash string
	// KeyHashField is the field of the gateway's request that has the hash.
	KeyHashField string
}

// NamesKey tells whether the report can be booked without a reservation.
func (r *Report) NamesKey() bool {
	return r.Input.Secret != nil || r.Input.Key != nil || r.KeyHash != ""
}

// settling returns the input of the report about its reservation, or about its key where it has none. Without a request id it gets the
// reservation's: a repeated report of one reservation is booked once.
func (r *Report) settling() *model.RecordUsageInput {
	input := r.Input
	if input.ReservationID != nil {
		input.Secret, input.Key = nil, nil
		if input.RequestID == nil {
			input.RequestID = input.ReservationID
		}
		return &input
	}
	if r.KeyHash != "" {
		input.Secret, input.Key = &r.KeyHash, nil // stands for the scope, which replaces it
	}
	return &input
}

// unreserved returns the report without its reservation, under a request id of its own.
func (r *Report) unreserved() *Report {
	other := *r
	other.Input.RequestID, other.Input.ReservationID = new(longer(*r.settling().RequestID, "/unreserved")), nil
	return &other
}

// longer returns a request id with an end of its own.
func longer(requestID, end string) string {
	if len(requestID)+len(end) > maxRequestID {
		sum := sha256.Sum256([]byte(requestID))
		requestID = hex.EncodeToString(sum[:])
	}
	return requestID + end
}

// request returns the request of enforcement that a report is.
func (r *Report) request(ctx context.Context) (*enforce.RecordRequest, error) {
	made, err := request.Record(ctx, r.settling())
	if err != nil {
		return nil, err
	}
	if r.KeyHash != "" && made.ReservationID == uuid.Nil {
		if made.Scope, err = keyscope.OfHash(ctx, r.KeyHashField, r.KeyHash); err != nil {
			return nil, err
		}
	}
	made.Row = db.BriefRow
	return made, nil
}

// Record books a report. Errors are those of recordUsage.
func (e *Enforcement) Record(ctx context.Context, report *Report) (*db.UsageAnswer, error) {
	outcome := e.RecordAll(ctx, []*Report{report})[0]
	return outcome.Answer, outcome.Err
}

// RecordAll books reports in their order, in one batch, and returns what became of each. What fails alone fails alone.
func (e *Enforcement) RecordAll(ctx context.Context, reports []*Report) []enforce.Outcome {
	outcomes := make([]enforce.Outcome, len(reports))
	if err := e.authorize(ctx); err != nil {
		for i := range outcomes {
			outcomes[i].Err = err
		}
		return outcomes
	}
	e.recordAll(ctx, reports, outcomes)
	again := make([]*Report, len(reports))
	for i, report := range reports {
		code := fault.CodeOf(outcomes[i].Err)
		lost := outcomes[i].Err != nil && (code == fault.NotFound || code == fault.ReservationClosed)
		if lost && report.Input.ReservationID != nil && report.NamesKey() {
			again[i] = report.unreserved()
		}
	}
	e.recordAll(ctx, again, outcomes)
	return outcomes
}

// recordAll books the reports that are not nil, and notes what became of them.
func (e *Enforcement) recordAll(ctx context.Context, reports []*Report, outcomes []enforce.Outcome) {
	requests, some := make([]*enforce.RecordRequest, len(reports)), false
	for i, report := range reports {
		if report == nil {
			continue
		}
		made, err := report.request(ctx)
		if outcomes[i] = (enforce.Outcome{Err: err}); err == nil {
			requests[i], some = made, true
		}
	}
	if !some {
		return
	}
	for i, outcome := range e.enforcer.RecordAll(ctx, keyscope.OrganizationOrZero(ctx), requests) {
		if requests[i] == nil {
			continue
		}
		outcomes[i] = outcome
		if key := reports[i].settling().Key; key != nil {
			outcomes[i].Answer, outcomes[i].Err = e.uses.Complete(ctx, key, outcome.Answer, outcome.Err)
		}
	}
}
