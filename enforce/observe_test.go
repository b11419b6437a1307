package enforce

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"bursar/db"
)

// notes writes down what an observer and a tracer are told, in order.
type notes struct {
	mutex sync.Mutex
	lines []string
}

func (n *notes) add(format string, args ...any) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

func (n *notes) Waited(operation Operation, wait time.Duration) {
	n.add("%s waited, %t", operation, wait >= time.Second)
}

func (n *notes) Ran(operation Operation, requests, attempt int, _ time.Duration, err error) {
	n.add("%s ran %d, attempt %d: %v", operation, requests, attempt, err)
}

func (n *notes) Answered(operation Operation, answer *db.UsageAnswer) {
	n.add("%s answered %d", operation, answer.Ordinal)
}

type statementKey struct{}

func (n *notes) Start(
	ctx context.Context, operation Operation, attempt int, requests iter.Seq2[context.Context, time.Time],
) context.Context {
	number := 0
	for caller, arrived := range requests {
		number++
		if caller == nil || time.Since(arrived) < time.Second {
			n.add("a request without its context or time")
		}
	}
	n.add("%s starts %d, attempt %d", operation, number, attempt)
	return context.WithValue(ctx, statementKey{}, attempt)
}

func (n *notes) End(ctx context.Context, err error) {
	n.add("attempt %v ends: %v", ctx.Value(statementKey{}), err)
}

// arrivedCalls returns calls of the numbers from 1 that arrived a second ago.
func arrivedCalls(ctx context.Context, number int) []*call[int] {
	batch := make([]*call[int], number)
	for i := range batch {
		batch[i] = &call[int]{ctx: ctx, request: new(i + 1), arrived: time.Now().Add(-time.Second), answer: make(chan outcome, 1)}
	}
	return batch
}

// Guarantee: the observer hears of each request's wait once, of each statement with its attempt, and of each answer once; the
// tracer's context is the statement's.
func TestObserverAndTracerHearOfEverything(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	for name, test := range map[string]struct {
		first error // of the first statement
		want  []string
	}{
		"answered": {nil, []string{
			"reserveUsage starts 2, attempt 1", "reserveUsage waited, true", "reserveUsage waited, true",
			"reserveUsage ran 2, attempt 1: <nil>", "reserveUsage answered 1", "reserveUsage answered 2", "attempt 1 ends: <nil>",
		}},
		"run again one by one": {bad, []string{
			"reserveUsage starts 2, attempt 1", "reserveUsage waited, true", "reserveUsage waited, true",
			"reserveUsage ran 2, attempt 1: bad", "attempt 1 ends: bad",
			"reserveUsage starts 1, attempt 2", "reserveUsage ran 1, attempt 2: <nil>", "reserveUsage answered 1", "attempt 2 ends: <nil>",
			"reserveUsage starts 1, attempt 2", "reserveUsage ran 1, attempt 2: <nil>", "reserveUsage answered 2", "attempt 2 ends: <nil>",
		}},
		"run again together": {io.ErrUnexpectedEOF, []string{
			"reserveUsage starts 2, attempt 1", "reserveUsage waited, true", "reserveUsage waited, true",
			"reserveUsage ran 2, attempt 1: unexpected EOF", "attempt 1 ends: unexpected EOF",
			"reserveUsage starts 2, attempt 2", "reserveUsage ran 2, attempt 2: <nil>",
			"reserveUsage answered 1", "reserveUsage answered 2", "attempt 2 ends: <nil>",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told, runs := &notes{}, 0
			q := &queue[int]{operation: ReserveUsage, observer: told, tracer: told, idempotent: func(*int) bool { return true }}
			q.run = func(ctx context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
				runs++
				if ctx.Value(statementKey{}) != min(runs, 2) {
					t.Errorf("run %d has the context of attempt %v", runs, ctx.Value(statementKey{}))
				}
				if runs == 1 && test.first != nil {
					return nil, test.first
				}
				answers := make([]*db.UsageAnswer, len(batch))
				for i, number := range batch {
					answers[i] = &db.UsageAnswer{Ordinal: int32(*number)} //nolint:gosec // small
				}
				return answers, nil
			}
			batch := arrivedCalls(t.Context(), 2)
			q.answer(batch, time.Now().Add(time.Minute), 1)
			for _, c := range batch {
				if o := <-c.answer; o.err != nil {
					t.Error(o.err)
				}
			}
			if !slices.Equal(told.lines, test.want) {
				t.Errorf("told\n%q\nwant\n%q", told.lines, test.want)
			}
		})
	}
}

// Guarantee: the names of operations are the API's, one for each.
func TestOperations(t *testing.T) {
	t.Parallel()
	var names []string
	for _, operation := range AllOperations() {
		names = append(names, operation.String())
	}
	if want := []string{"checkUsage", "reserveUsage", "recordUsage", "releaseReservation", "extendReservation", "leaseUsage", "returnLease"}; !slices.Equal(names, want) {
		t.Errorf("the operations are %q, want %q", names, want)
	}
}

// BenchmarkUnobserved is what running a statement costs beside the statement, for a batch of 256, with nobody who observes it.
func BenchmarkUnobserved(b *testing.B) {
	q := &queue[int]{run: func(context.Context, db.DBTX, []*int) ([]*db.UsageAnswer, error) { return nil, nil }}
	batch := arrivedCalls(b.Context(), defaultMaxBatch)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := q.observed(b.Context(), batch, nil, 1); err != nil {
			b.Fatal(err)
		}
	}
}

// Guarantee: without an observer and a tracer a statement costs no allocation.
func TestNobodyObservesForFree(t *testing.T) { //nolint:paralleltest // counts this process's allocations
	q := &queue[int]{run: func(context.Context, db.DBTX, []*int) ([]*db.UsageAnswer, error) { return nil, nil }}
	ctx, batch := t.Context(), arrivedCalls(t.Context(), 4)
	if allocations := testing.AllocsPerRun(100, func() { _, _ = q.observed(ctx, batch, nil, 1) }); allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
}
