package enforce

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// do carries a request to a queue of the database that decides for its organization, and waits for its answer. Where there are several databases, a request
// that was refused because its organization is moved has taken no effect, whatever it asks for: it waits until a database decides, and is sent there.
func do[R any](ctx context.Context, e *Enforcer, organizationID uuid.UUID, request *R, of func(*lane) *queue[R]) (*db.UsageAnswer, error) {
	arrived := time.Now()
	if e.route == nil {
		q := of(e.lanes.of(organizationID))
		answer, err := q.do(ctx, organizationID, request, arrived)
		if db.MovedOrganizations(err) != nil {
			q.delayRefusal(ctx)
		}
		return answer, err
	}
	var answer *db.UsageAnswer
	err := e.decide(ctx, organizationID, arrived, func(on *lanes) (err error) {
		answer, err = of(on.of(organizationID)).do(ctx, organizationID, request, arrived)
		return err
	})
	return answer, db.Fault(err)
}

// doAll is do for requests of an organization, in their order. Those that are sent again keep it: none that comes after one of them was decided before.
func doAll[R any](ctx context.Context, e *Enforcer, organizationID uuid.UUID, requests []*R, of func(*lane) *queue[R]) []Outcome {
	arrived := time.Now()
	if e.route == nil {
		q := of(e.lanes.of(organizationID))
		outcomes := q.doAll(ctx, organizationID, requests, arrived, false)
		if firstMoved(outcomes) != nil {
			q.delayRefusal(ctx)
		}
		return outcomes
	}
	outcomes, left := make([]Outcome, len(requests)), requests
	err := e.decide(ctx, organizationID, arrived, func(on *lanes) error {
		again := make([]*R, len(requests))
		told := of(on.of(organizationID)).doAll(ctx, organizationID, left, arrived, true)
		for i, request := range left {
			if request == nil {
				continue
			}
			if outcomes[i] = told[i]; db.MovedOrganizations(told[i].Err) != nil {
				again[i] = request
			}
		}
		left = again
		return firstMoved(told)
	})
	if err != nil {
		for i, request := range left {
			if request != nil {
				outcomes[i].Err = db.Fault(err)
			}
		}
	}
	return outcomes
}

// firstMoved returns the first error that says that the organization is moved; nil: there is none.
func firstMoved(outcomes []Outcome) error {
	for _, o := range outcomes {
		if db.MovedOrganizations(o.Err) != nil {
			return o.Err
		}
	}
	return nil
}

// decide is [db.Decide] on the lanes of databases. What a request waits to learn where its organization is, is of its own time, from its arrival.
func (e *Enforcer) decide(ctx context.Context, organizationID uuid.UUID, arrived time.Time, run func(on *lanes) error) error {
	ctx, cancel := context.WithDeadline(ctx, arrived.Add(e.timeout))
	defer cancel()
	named := &organizationID
	if organizationID == uuid.Nil {
		named = nil
	}
	return db.Decide(ctx, e.route, named, func(pool *pgxpool.Pool) error { return run(e.each[pool]) })
}
