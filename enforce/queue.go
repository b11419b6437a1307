package enforce

import (
	"context"
	"time"

	"bursar/db"
	"bursar/fault"
)

// statement runs one batch and answers each request in its place.
type statement[R any] func(ctx context.Context, on db.DBTX, batch []*R) ([]*db.UsageAnswer, error)

// queue holds the requests of one kind that wait for a batch.
type queue[R any] struct {
	calls    chan *call[R]
	run      statement[R]
	repeated func(*R) bool // whether running a request once more changes nothing, even if the first run took effect
	on       db.DBTX
	maxBatch int
	patience time.Duration // from a request's arrival until it is UNAVAILABLE

	operation Operation
	observer  Observer // nil: none
	tracer    Tracer   // nil: none
}

type call[R any] struct {
	ctx     context.Context
	request *R
	arrived time.Time
	answer  chan outcome // holds one, so that an answer never waits for a caller who has left
}

type outcome struct {
	answer *db.UsageAnswer
	err    error
}

// do joins the next batch and waits for its answer. Errors are faults; a full queue and a caller who leaves are UNAVAILABLE.
func (q *queue[R]) do(ctx context.Context, request *R) (*db.UsageAnswer, error) {
	c := &call[R]{ctx: ctx, request: request, arrived: time.Now(), answer: make(chan outcome, 1)}
	select {
	case q.calls <- c:
	default:
		return nil, fault.New(fault.Unavailable, "too many requests are waiting; nothing was granted, try again with the same requestId")
	}
	select {
	case o := <-c.answer:
		if o.err != nil {
			return nil, db.Fault(o.err)
		}
		return o.answer, o.answer.Fault()
	case <-ctx.Done():
		return nil, db.Fault(ctx.Err())
	}
}

// work answers the first call and all that wait behind it, but for those whose callers have left.
func (q *queue[R]) work(first *call[R]) {
	batch := make([]*call[R], 0, min(1+len(q.calls), q.maxBatch))
	for c, more := first, true; more; {
		if c.ctx.Err() == nil {
			batch = append(batch, c)
		}
		if len(batch) == q.maxBatch {
			break
		}
		select {
		case c, more = <-q.calls:
		default:
			more = false
		}
	}
	if len(batch) > 0 {
		q.answer(batch, batch[0].arrived.Add(q.patience), 1)
	}
}

// answer runs a batch. One that fails for a reason that one request may have brought is run request by request, so that it
// fails nobody but itself; one that the database could not take is run again until the deadline. attempt counts the runs of
// these calls, from 1.
func (q *queue[R]) answer(batch []*call[R], deadline time.Time, attempt int) {
	requests := make([]*R, len(batch))
	for i, c := range batch {
		requests[i] = c.request
	}
	// the callers' contexts end with their requests; the statement answers for all of them
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	answers, err := q.observed(ctx, batch, requests, attempt)
	switch {
	case err == nil:
		for i, c := range batch {
			c.answer <- outcome{answer: answers[i]}
		}
	case fault.CodeOf(db.Fault(err)) == fault.Unavailable:
		q.again(ctx, batch, err, deadline, attempt)
	case len(batch) > 1:
		for _, c := range batch {
			q.answer([]*call[R]{c}, deadline, attempt+1)
		}
	default:
		batch[0].answer <- outcome{err: err}
	}
}

// again runs a batch once more, after a moment, that failed as a whole: in a deadlock, with its connection, with the
// server. Where the first run may have taken effect all the same, what would count twice is UNAVAILABLE instead.
func (q *queue[R]) again(ctx context.Context, batch []*call[R], err error, deadline time.Time, attempt int) {
	open := !db.TookNoEffect(err)
	var waiting []*call[R]
	for _, c := range batch {
		switch {
		case open && !q.repeated(c.request):
			c.answer <- outcome{err: err}
		case c.ctx.Err() == nil:
			waiting = append(waiting, c)
		}
	}
	if len(waiting) == 0 {
		return
	}
	pause := max(retryPause, time.Since(waiting[0].arrived)/4) // 10 ms, and longer the longer the failure lasts
	select {
	case <-ctx.Done():
	case <-time.After(pause):
		if time.Now().Before(deadline) {
			q.answer(waiting, deadline, attempt+1)
			return
		}
	}
	for _, c := range waiting {
		c.answer <- outcome{err: err}
	}
}

// retryPause is how long a batch that failed as a whole waits at least before it is run again.
const retryPause = 10 * time.Millisecond
