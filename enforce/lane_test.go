package enforce

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"bursar/db"
	"bursar/fault"
)

// gate is a statement that tests hold open: batches say that they have begun and wait to be let through.
type gate struct {
	began chan []int
	pass  chan error
}

func newGate() *gate { return &gate{began: make(chan []int), pass: make(chan error)} }

func (g *gate) run(_ context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
	numbers, answers := make([]int, len(batch)), make([]*db.UsageAnswer, len(batch))
	for i, n := range batch {
		numbers[i], answers[i] = *n, &db.UsageAnswer{Ordinal: int32(*n)} //nolint:gosec // small
	}
	g.began <- numbers
	return answers, <-g.pass
}

// While batches are in the database the next gathers; each caller gets the answer to its own request.
//
//go:fix inline
func TestRequestsShareABatch(t *testing.T) {
	t.Parallel()
	g := newGate()
	l := newLane(nil, g.run)
	var callers sync.WaitGroup
	call := func(n int) {
		callers.Go(func() {
			answer, err := l.do(t.Context(), new(n))
			if err != nil || int(answer.Ordinal) != n {
				t.Errorf("request %d: %v, %v", n, answer, err)
			}
		})
	}
	for n := range runners { // every runner has a batch of one in the database
		call(n)
		if first := <-g.began; len(first) != 1 {
			t.Fatalf("an idle lane made a batch of %d", len(first))
		}
	}
	for n := range maxBatch {
		call(100 + n)
	}
	for len(l.queue) < maxBatch { // the callers are on their way into the queue
		select {
		case <-t.Context().Done():
			t.Fatal("the callers did not queue")
		default:
		}
	}
	g.pass <- nil // one runner is free for the next batch, the others are not
	if second := <-g.began; len(second) != maxBatch {
		t.Fatalf("the waiting requests made a batch of %d, want %d", len(second), maxBatch)
	}
	for range runners {
		g.pass <- nil
	}
	callers.Wait()
	l.close()
}

// A caller who leaves is UNAVAILABLE at once, and its request is left out of the batch.
func TestCancelledRequestLeavesTheBatch(t *testing.T) {
	t.Parallel()
	g := newGate()
	l := newLane(nil, g.run)
	var callers sync.WaitGroup
	for n := range runners {
		callers.Go(func() { _, _ = l.do(t.Context(), new(n)) })
		<-g.began
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.do(ctx, new(7)); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("a cancelled request: %v", err)
	}
	callers.Go(func() { _, _ = l.do(t.Context(), new(8)) })
	for len(l.queue) < 2 {
		select {
		case <-t.Context().Done():
			t.Fatal("the caller did not queue")
		default:
		}
	}
	g.pass <- nil
	if batch := <-g.began; len(batch) != 1 || batch[0] != 8 {
		t.Fatalf("batch %v, want the request of the caller who stayed", batch)
	}
	for range runners {
		g.pass <- nil
	}
	callers.Wait()
	l.close()
}

// Beyond a full queue a request is UNAVAILABLE at once, not after a growing wait.
func TestFullQueueRefuses(t *testing.T) {
	t.Parallel()
	l := &lane[int]{queue: make(chan *call[int], 1)} // nobody works on it
	l.queue <- &call[int]{}
	if _, err := l.do(t.Context(), new(1)); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("a request beyond the queue: %v", err)
	}
}

// One request that the database refuses fails nobody but itself; a database that cannot be reached is not asked again.
func TestBadRequestFailsAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err         error
		runs, fails int64
	}{
		{errors.New("one of them is bad"), 1 + 3, 1},
		{context.DeadlineExceeded, 1, 3},
	} {
		var runs, fails atomic.Int64
		l := &lane[int]{run: func(_ context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
			runs.Add(1)
			answers := make([]*db.UsageAnswer, len(batch))
			for i, n := range batch {
				if answers[i] = (&db.UsageAnswer{}); *n == 1 {
					return nil, test.err
				}
			}
			return answers, nil
		}}
		batch := make([]*call[int], 3)
		for i := range batch {
			batch[i] = &call[int]{ctx: t.Context(), request: new(i), answer: make(chan outcome, 1)}
		}
		l.answer(batch)
		for _, c := range batch {
			if o := <-c.answer; o.err != nil {
				fails.Add(1)
			}
		}
		if runs.Load() != test.runs || fails.Load() != test.fails {
			t.Errorf("%v: %d statements and %d failures, want %d and %d", test.err, runs.Load(), fails.Load(), test.runs, test.fails)
		}
	}
}
