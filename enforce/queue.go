package enforce

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// statement runs one batch and returns an answer for each request, in the order of the batch.
type statement[R any] func(ctx context.Context, on db.DBTX, batch []*R) ([]*db.UsageAnswer, error)

// queue holds the requests of one kind that wait for a batch, and runs batches of them.
type queue[R any] struct {
	backlog    backlog[R]
	wake       chan<- struct{} // tells whoever calls work that a request waits
	run        statement[R]
	idempotent func(*R) bool // whether a retry of a request changes nothing, even if the first attempt took effect
	on         db.DBTX
	maxBatch   int
	timeout    time.Duration // from a request's arrival until it is UNAVAILABLE
	delay      time.Duration // of a refusal

	operation Operation
	observer  Observer // nil: none
	tracer    Tracer   // nil: none
}

type call[R any] struct {
	ctx     context.Context
	request *R
	arrived time.Time
	answer  chan outcome // of capacity one, so that sending never waits for a client that has disconnected; nil: it is of a group
	group   *group
	index   int // in the group

	organizationID uuid.UUID // zero: the operator's, of any

	next *call[R] // of its organization in the backlog
}

type outcome struct {
	answer *db.UsageAnswer
	err    error
}

// told returns what a caller is told.
func (o outcome) told() (*db.UsageAnswer, error) {
	if o.err != nil {
		return nil, db.Fault(o.err)
	}
	return o.answer, o.answer.Fault()
}

// settle tells whoever has made a call what became of it.
func (c *call[R]) settle(o outcome) {
	if c.group != nil {
		c.group.settle(c.index, o)
		return
	}
	c.answer <- o
}

// do adds a request of an organization, which arrived at a time, to the next batches and waits for its answer. Errors are faults: too many requests of the
// organization that wait, a cancelled context and a statement that is not answered in time are UNAVAILABLE.
func (q *queue[R]) do(ctx context.Context, organizationID uuid.UUID, request *R, arrived time.Time) (*db.UsageAnswer, error) {
	c := &call[R]{ctx: ctx, request: request, arrived: arrived, answer: make(chan outcome, 1)}
	if !q.backlog.add(organizationID, c) {
		q.delayRefusal(ctx)
		return nil, errCrowded()
	}
	q.tell()
	expired := time.NewTimer(time.Until(arrived.Add(q.timeout + answerDelay)))
	defer expired.Stop()
	select {
	case o := <-c.answer:
		return o.told()
	case <-ctx.Done():
		return nil, db.Fault(ctx.Err())
	case <-expired.C: // its lane is blocked by a statement that the database does not answer
		return nil, db.Fault(context.DeadlineExceeded)
	}
}

// tell has whoever calls work do so. Whoever is told already will find what was added since, too.
func (q *queue[R]) tell() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func errCrowded() error {
	return fault.New(fault.Unavailable,
		"too many requests of the organization are waiting; nothing was granted, try again with the same requestId")
}

// refusalDelay is how long a request waits, outside the queue, that is refused for its organization's share of it. A client that
// tries again at once would otherwise take the processors' time from the others, with thousands of refusals a second.
const refusalDelay = time.Second

// delayRefusal waits for the delay of a refusal, or until the caller leaves.
func (q *queue[R]) delayRefusal(ctx context.Context) {
	over := time.NewTimer(q.delay)
	defer over.Stop()
	select {
	case <-over.C:
	case <-ctx.Done():
	}
}

// answerDelay is how long after its deadline a request waits for an answer of its lane, which knows what the matter is.
const answerDelay = 100 * time.Millisecond

// work runs a batch of those that wait, up to maxBatch. It reports false if nobody waits. The batch's deadline is that of its oldest
// request, but leaves it a quarter of the timeout: when the database is slow, the old requests of an organization with many would
// otherwise have the statement cancelled that carries its neighbours' new ones too.
func (q *queue[R]) work() bool {
	batch := q.backlog.take(q.maxBatch, q.timeout)
	if len(batch) == 0 {
		return false
	}
	oldest := batch[0].arrived
	for _, c := range batch {
		if c.arrived.Before(oldest) {
			oldest = c.arrived
		}
	}
	deadline := oldest.Add(q.timeout)
	if least := time.Now().Add(q.timeout / 4); deadline.Before(least) {
		deadline = least
	}
	q.answer(batch, deadline, 1)
	return true
}

// answer runs a batch and answers its calls. If it fails for a reason that may lie in one request, each request is run in a
// batch of its own, so that it fails no other. Calls of organizations that are moved fail alone. If the database was not available, the batch is retried until the deadline.
// attempt counts the runs of these calls, from 1.
func (q *queue[R]) answer(batch []*call[R], deadline time.Time, attempt int) {
	if batch = keepOrder(batch); len(batch) == 0 {
		return
	}
	requests := make([]*R, len(batch))
	for i, c := range batch {
		requests[i] = c.request
	}
	// not a call's context: the statement must not be cancelled when one of its clients disconnects
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	answers, err := q.observed(ctx, batch, requests, attempt)
	switch {
	case err == nil:
		for i, c := range batch {
			c.settle(outcome{answer: answers[i]})
		}
	case db.MovedOrganizations(err) != nil:
		q.answerMoved(batch, db.MovedOrganizations(err), err, deadline, attempt)
	case fault.CodeOf(db.Fault(err)) == fault.Unavailable:
		q.retry(ctx, batch, err, deadline, attempt)
	case len(batch) > 1:
		for _, c := range batch {
			q.answer([]*call[R]{c}, deadline, attempt+1)
		}
	default:
		batch[0].settle(outcome{err: err})
	}
}

// retry runs a batch again, after a delay, that failed as a whole: by a deadlock, a lost connection, a server that stopped. If
// the failed attempt may have taken effect all the same, requests that are not idempotent are UNAVAILABLE instead.
func (q *queue[R]) retry(ctx context.Context, batch []*call[R], err error, deadline time.Time, attempt int) {
	unknown := !db.TookNoEffect(err)
	var waiting []*call[R]
	for _, c := range batch {
		switch {
		case unknown && !q.idempotent(c.request):
			c.settle(outcome{err: err})
		case c.ctx.Err() == nil:
			waiting = append(waiting, c)
		}
	}
	if len(waiting) == 0 {
		return
	}
	delay := max(minRetryDelay, time.Since(waiting[0].arrived)/4) // grows with how long the failure has lasted
	select {
	case <-ctx.Done():
	case <-time.After(delay):
		if time.Now().Before(deadline) {
			q.answer(waiting, deadline, attempt+1)
			return
		}
	}
	for _, c := range waiting {
		c.settle(outcome{err: err})
	}
}

// minRetryDelay is the least time between a failed attempt and the next one.
const minRetryDelay = 10 * time.Millisecond
