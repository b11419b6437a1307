package enforce

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"

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

// newTestQueue returns a queue of numbers, of which even ones are idempotent, and works it until the test ends.
func newTestQueue(t *testing.T, run statement[int]) *queue[int] {
	t.Helper()
	return newQueueOf(t, Config{MaxBatch: defaultMaxBatch, MaxQueue: defaultMaxQueue, Timeout: time.Minute}, run)
}

// newQueueOf is newTestQueue with a configuration.
func newQueueOf(t *testing.T, config Config, run statement[int]) *queue[int] {
	t.Helper()
	wake := make(chan struct{}, 1)
	q := newQueue(nil, config, wake, ReserveUsage, run, func(n *int) bool { return *n%2 == 0 })
	var running sync.WaitGroup
	running.Go(func() { serve(wake, q.work) })
	t.Cleanup(func() { close(wake); running.Wait() })
	return q
}

// queued waits until a queue holds a number of calls.
func queued(t *testing.T, q *queue[int], number int) {
	t.Helper()
	for waiting(q) < number {
		if t.Context().Err() != nil {
			t.Fatal("the callers did not queue")
		}
	}
}

// waiting returns the number of calls in a queue.
func waiting(q *queue[int]) int {
	q.backlog.mutex.Lock()
	defer q.backlog.mutex.Unlock()
	return q.backlog.waiting
}

// organization returns the id of one of some organizations.
func organization(number byte) uuid.UUID { return uuid.UUID{15: number} }

// An idle queue runs a request at once and alone; while a batch is in the database the next gathers; each caller gets the
// answer to its own request.
//
//go:fix inline
func TestRequestsShareABatch(t *testing.T) {
	t.Parallel()
	g := newGate()
	q := newTestQueue(t, g.run)
	var callers sync.WaitGroup
	call := func(n int) {
		callers.Go(func() {
			answer, err := q.do(t.Context(), organization(1), new(n), time.Now())
			if err != nil || int(answer.Ordinal) != n {
				t.Errorf("request %d: %v, %v", n, answer, err)
			}
		})
	}
	call(1)
	if first := <-g.began; len(first) != 1 {
		t.Fatalf("an idle queue made a batch of %d", len(first))
	}
	for n := range defaultMaxBatch + 1 {
		call(100 + n)
	}
	queued(t, q, defaultMaxBatch+1)
	g.pass <- nil
	if second := <-g.began; len(second) != defaultMaxBatch {
		t.Fatalf("the waiting requests made a batch of %d, want %d", len(second), defaultMaxBatch)
	}
	g.pass <- nil
	if third := <-g.began; len(third) != 1 {
		t.Fatalf("the rest made a batch of %d, want 1", len(third))
	}
	g.pass <- nil
	callers.Wait()
}

// A caller who leaves is UNAVAILABLE at once, and its request is left out of the batch.
func TestCancelledRequestLeavesTheBatch(t *testing.T) {
	t.Parallel()
	g := newGate()
	q := newTestQueue(t, g.run)
	var callers sync.WaitGroup
	callers.Go(func() { _, _ = q.do(t.Context(), organization(1), new(1), time.Now()) })
	<-g.began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.do(ctx, organization(1), new(7), time.Now()); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("a cancelled request: %v", err)
	}
	callers.Go(func() { _, _ = q.do(t.Context(), organization(1), new(8), time.Now()) })
	queued(t, q, 2)
	g.pass <- nil
	if batch := <-g.began; len(batch) != 1 || batch[0] != 8 {
		t.Fatalf("batch %v, want the request of the caller who stayed", batch)
	}
	g.pass <- nil
	callers.Wait()
}

// An organization beyond its share of the queue is UNAVAILABLE after a fixed delay, not after a growing wait, and at once for a caller
// who leaves.
func TestFullQueueRefuses(t *testing.T) {
	t.Parallel()
	q := newQueue(nil, Config{MaxQueue: 1}, nil, ReserveUsage, nil, func(*int) bool { return true }) // nobody works on it
	q.backlog.add(organization(1), &call[int]{})
	left, leave := context.WithCancel(t.Context())
	leave()
	q.delay = time.Hour
	if _, err := q.do(left, organization(1), new(1), time.Now()); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("a request beyond the queue of a caller who left: %v", err)
	}
	const delay = 20 * time.Millisecond
	q.delay = delay
	began := time.Now()
	if _, err := q.do(t.Context(), organization(1), new(1), time.Now()); fault.CodeOf(err) != fault.Unavailable || time.Since(began) < delay {
		t.Fatalf("a request beyond the queue: %v after %s, want a delay of %s", err, time.Since(began), delay)
	}
}

// What a failed batch means for its requests: a bad one fails nobody but itself; a batch that the database could not take is
// retried, but for requests that would count twice if the first attempt took effect all the same.
func TestFailedBatches(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err         error // of the first run, and of every run with request 1 in it where it is bad
		bad         bool
		runs, fails int64
	}{
		"one of them is bad":             {errors.New("bad"), true, 1 + 4, 1},
		"a deadlock":                     {&pgconn.PgError{Code: pgerrcode.DeadlockDetected}, false, 2, 0},
		"a connection that broke":        {io.ErrUnexpectedEOF, false, 2, 2},
		"a server that was told to stop": {&pgconn.PgError{Code: pgerrcode.AdminShutdown}, false, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var runs, fails atomic.Int64
			q := &queue[int]{
				idempotent: func(n *int) bool { return *n%2 == 0 },
				run: func(_ context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
					first, answers := runs.Add(1) == 1, make([]*db.UsageAnswer, len(batch))
					for i, n := range batch {
						if answers[i] = (&db.UsageAnswer{}); first || (test.bad && *n == 1) {
							return nil, test.err
						}
					}
					return answers, nil
				},
			}
			batch := make([]*call[int], 4)
			for i := range batch {
				batch[i] = &call[int]{ctx: t.Context(), request: new(i), arrived: time.Now(), answer: make(chan outcome, 1)}
			}
			q.answer(batch, time.Now().Add(time.Minute), 1)
			for _, c := range batch {
				if o := <-c.answer; o.err != nil {
					fails.Add(1)
				}
			}
			if runs.Load() != test.runs || fails.Load() != test.fails {
				t.Errorf("%d statements and %d failures, want %d and %d", runs.Load(), fails.Load(), test.runs, test.fails)
			}
		})
	}
}

// A database that stays away is UNAVAILABLE when the requests' time is over, and nobody waits longer.
func TestTimeoutEnds(t *testing.T) {
	t.Parallel()
	q := newTestQueue(t, func(context.Context, db.DBTX, []*int) ([]*db.UsageAnswer, error) { return nil, io.ErrUnexpectedEOF })
	q.timeout = 50 * time.Millisecond
	began := time.Now()
	if _, err := q.do(t.Context(), organization(1), new(2), time.Now()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a database that stays away: %v", err)
	}
	if waited := time.Since(began); waited < q.timeout {
		t.Errorf("gave up after %s, before its time of %s", waited, q.timeout)
	}
}

// A batch has until the deadline of its oldest request, but a quarter of the timeout at least: an organization whose requests have waited
// for long does not take the time of its neighbours' in the same batch.
func TestOldRequestsLeaveTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ age, least, most time.Duration }{
		"new requests":     {0, 3590 * time.Second, 3600 * time.Second},
		"an older one":     {40 * time.Minute, 1190 * time.Second, 1200 * time.Second},
		"a very old one":   {59 * time.Minute, 890 * time.Second, 900 * time.Second},
		"one that is gone": {61 * time.Minute, 3590 * time.Second, 3600 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var left time.Duration
			q := newQueue(nil, Config{MaxBatch: 8, MaxQueue: 8, Timeout: time.Hour}, nil, ReserveUsage,
				func(ctx context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
					deadline, _ := ctx.Deadline()
					left = time.Until(deadline)
					return make([]*db.UsageAnswer, len(batch)), nil
				}, func(*int) bool { return true })
			for of, age := range []time.Duration{0, test.age} {
				q.backlog.add(organization(byte(of)), &call[int]{ //nolint:gosec // small
					ctx: t.Context(), request: new(of), arrived: time.Now().Add(-age), answer: make(chan outcome, 1),
				})
			}
			if !q.work() || left < test.least || left > test.most {
				t.Errorf("%s left, want %s to %s", left, test.least, test.most)
			}
		})
	}
}

// A request whose lane is blocked by a statement that the database does not answer is UNAVAILABLE at its deadline, whether it is in the
// statement or waits behind it. One that waits too long is not run any more.
func TestBlockedLaneIsUnavailable(t *testing.T) {
	t.Parallel()
	g := newGate()
	q := newQueueOf(t, Config{MaxBatch: 2, MaxQueue: 10, Timeout: 50 * time.Millisecond}, g.run)
	var callers sync.WaitGroup
	for n := range 3 { // one in the statement, two behind it
		callers.Go(func() {
			if _, err := q.do(t.Context(), organization(1), new(n), time.Now()); fault.CodeOf(err) != fault.Unavailable {
				t.Errorf("request %d: %v, want UNAVAILABLE", n, err)
			}
		})
		if n == 0 {
			<-g.began
		}
	}
	callers.Wait()
	g.pass <- nil // and the end of the test would wait for somebody to receive from g.began, if there were a second statement
}
