package enforce

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/fault"
)

const (
	maxBatch   = 256             // requests in one statement
	maxQueue   = 4096            // requests that wait for a batch; beyond them UNAVAILABLE at once
	runners    = 2               // batches of one lane in the database at the same time
	runTimeout = 5 * time.Second // of one batch's statement
)

// statement runs one batch and answers each request in its place.
type statement[R any] func(ctx context.Context, connection db.DBTX, batch []*R) ([]*db.UsageAnswer, error)

// lane gathers concurrent requests of one kind into batches: while one batch is in the database the next gathers, so that an
// idle server adds no wait and a busy one shares one round trip and one commit among many.
type lane[R any] struct {
	pool    *pgxpool.Pool
	run     statement[R]
	queue   chan *call[R]
	running sync.WaitGroup
}

type call[R any] struct {
	ctx     context.Context
	request *R
	answer  chan outcome // holds one, so that an answer never waits for a caller who has left
}

type outcome struct {
	answer *db.UsageAnswer
	err    error
}

func newLane[R any](pool *pgxpool.Pool, run statement[R]) *lane[R] {
	l := &lane[R]{pool: pool, run: run, queue: make(chan *call[R], maxQueue)}
	for range runners {
		l.running.Go(l.work)
	}
	return l
}

// do joins the next batch and waits for its answer. Errors are faults; a full queue and a caller who leaves are UNAVAILABLE.
func (l *lane[R]) do(ctx context.Context, request *R) (*db.UsageAnswer, error) {
	c := &call[R]{ctx: ctx, request: request, answer: make(chan outcome, 1)}
	select {
	case l.queue <- c:
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

// close lets the queued requests be answered and ends the lane; do must not be called any more.
func (l *lane[R]) close() {
	close(l.queue)
	l.running.Wait()
}

func (l *lane[R]) work() {
	for first := range l.queue {
		l.answer(l.gather(first))
	}
}

// gather returns the first call and all that wait behind it, without those whose callers have left.
func (l *lane[R]) gather(first *call[R]) []*call[R] {
	batch := make([]*call[R], 0, 8)
	for c, more := first, true; more; {
		if c.ctx.Err() == nil {
			batch = append(batch, c)
		}
		if len(batch) == maxBatch {
			return batch
		}
		select {
		case c, more = <-l.queue:
		default:
			return batch
		}
	}
	return batch
}

// answer runs a batch. One that fails for a reason that one request may have brought is run request by request, so that it
// fails nobody but itself; one that the database could not take at all is not.
func (l *lane[R]) answer(batch []*call[R]) {
	if len(batch) == 0 {
		return
	}
	requests := make([]*R, len(batch))
	for i, c := range batch {
		requests[i] = c.request
	}
	// the callers' contexts end with their requests; the statement answers for all of them
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	answers, err := l.run(ctx, l.pool, requests)
	switch {
	case err == nil:
		for i, c := range batch {
			c.answer <- outcome{answer: answers[i]}
		}
	case len(batch) > 1 && fault.CodeOf(db.Fault(err)) != fault.Unavailable:
		for _, c := range batch {
			l.answer([]*call[R]{c})
		}
	default:
		for _, c := range batch {
			c.answer <- outcome{err: err}
		}
	}
}
