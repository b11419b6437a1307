package enforce

import (
	"context"
	"iter"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// Operation is a kind of enforcement call.
type Operation uint8

// The operations.
const (
	CheckUsage Operation = iota
	ReserveUsage
	RecordUsage
	ReleaseReservation
	ExtendReservation
	LeaseUsage
	ReturnLease
)

// AllOperations returns every operation.
func AllOperations() []Operation {
	return []Operation{CheckUsage, ReserveUsage, RecordUsage, ReleaseReservation, ExtendReservation, LeaseUsage, ReturnLease}
}

// String returns the operation's name in the API.
func (o Operation) String() string {
	return [...]string{"checkUsage", "reserveUsage", "recordUsage", "releaseReservation", "extendReservation", "leaseUsage", "returnLease"}[o]
}

// Observer counts and times requests. Its methods are called concurrently on the hot path: they must not block, and must not
// keep or change what they are given.
type Observer interface {
	// Waited is called once per request that reaches the database, when its first statement begins, with the time since the
	// request arrived.
	Waited(operation Operation, wait time.Duration)
	// Ran is called after each statement. attempt is 1 for the first statement of these requests, more for a repetition.
	Ran(operation Operation, requests, attempt int, took time.Duration, err error)
	// Answered is called once per answer of the database, before the caller gets it. Its effects are committed, also when the
	// caller does not wait for it any more.
	Answered(operation Operation, answer *db.UsageAnswer)
}

// DenialCounter counts denied requests. Its method is called concurrently on the hot path, once for each answer that denies, or that a limit in
// SHADOW would have denied: it must not
// block, and must not keep or change the answer. requestID is "" where the client gave none.
type DenialCounter interface {
	Denied(organizationID uuid.UUID, requestID string, answer *db.UsageAnswer)
}

// countingDenials returns the statement of reservations with a counter of those that are denied.
func countingDenials(counter DenialCounter, run statement[ReserveRequest]) statement[ReserveRequest] {
	if counter == nil {
		return run
	}
	return func(ctx context.Context, on db.DBTX, batch []*ReserveRequest) ([]*db.UsageAnswer, error) {
		answers, err := run(ctx, on, batch)
		if err != nil {
			return nil, err
		}
		for i, answer := range answers {
			if len(answer.Denials) > 0 {
				counter.Denied(batch[i].Scope.OrganizationID, batch[i].RequestID, answer)
			}
		}
		return answers, nil
	}
}

// Tracer makes statements part of the traces of their requests. Its methods are called concurrently on the hot path: they
// must not block.
type Tracer interface {
	// Start is called before each statement. requests yields the context and the time of arrival of each request that it
	// carries. attempt is 1 for the first statement of these requests, more for a repetition. The statement runs with the
	// context that Start returns, which is ctx or derived from it.
	Start(ctx context.Context, operation Operation, attempt int, requests iter.Seq2[context.Context, time.Time]) context.Context
	// End is called after the statement, with the context that Start returned.
	End(ctx context.Context, err error)
}

// observed runs a statement for a batch, and tells the observer and the tracer of it.
func (q *queue[R]) observed(ctx context.Context, batch []*call[R], requests []*R, attempt int) (answers []*db.UsageAnswer, err error) {
	if q.tracer != nil {
		ctx = q.tracer.Start(ctx, q.operation, attempt, arrivals(batch))
		defer func() { q.tracer.End(ctx, err) }()
	}
	if q.observer == nil {
		return q.run(ctx, q.on, requests)
	}
	began := time.Now()
	if attempt == 1 {
		for _, c := range batch {
			q.observer.Waited(q.operation, began.Sub(c.arrived))
		}
	}
	answers, err = q.run(ctx, q.on, requests)
	q.observer.Ran(q.operation, len(batch), attempt, time.Since(began), err)
	if err == nil {
		for _, answer := range answers {
			q.observer.Answered(q.operation, answer)
		}
	}
	return answers, err
}

// arrivals yields the context and the time of arrival of each call.
func arrivals[R any](batch []*call[R]) iter.Seq2[context.Context, time.Time] {
	return func(yield func(context.Context, time.Time) bool) {
		for _, c := range batch {
			if !yield(c.ctx, c.arrived) {
				return
			}
		}
	}
}
