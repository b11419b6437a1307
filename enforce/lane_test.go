package enforce

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db"
)

// Guarantee: no kind of request waits for more than one batch of each other kind.
func TestKindsAreRoundRobin(t *testing.T) {
	t.Parallel()
	var ran []Operation
	l := &lane{
		reserve: kindOf[ReserveRequest](&ran, ReserveUsage), record: kindOf[RecordRequest](&ran, RecordUsage),
		release: kindOf[HoldRequest](&ran, ReleaseReservation), extend: kindOf[HoldRequest](&ran, ExtendReservation),
		lease: kindOf[LeaseRequest](&ran, LeaseUsage), giveBack: kindOf[ReturnRequest](&ran, ReturnLease),
	}
	add(t, l.reserve, 3)
	add(t, l.record, 2)
	add(t, l.extend, 1)
	add(t, l.lease, 1)
	add(t, l.giveBack, 2)
	for l.write() {
	}
	want := []Operation{ReserveUsage, RecordUsage, ExtendReservation, LeaseUsage, ReturnLease, ReserveUsage, RecordUsage, ReturnLease, ReserveUsage}
	if !slices.Equal(ran, want) {
		t.Errorf("batches of %s, want %s", ran, want)
	}
}

// A statement takes twice as many reports as reservations.
func TestReportsShareStatementsOfTwiceTheSize(t *testing.T) {
	t.Parallel()
	l := newLane(nil, Config{MaxBatch: 3, MaxQueue: 100, Timeout: time.Minute})
	t.Cleanup(l.close)
	for operation, got := range map[Operation]int{ReserveUsage: l.reserve.maxBatch, ReleaseReservation: l.release.maxBatch, RecordUsage: l.record.maxBatch} {
		want := 3
		if operation == RecordUsage {
			want = 6
		}
		if got != want {
			t.Errorf("%s takes %d a statement, want %d", operation, got, want)
		}
	}
}

// kindOf returns a queue whose batches of one request note that they ran.
func kindOf[R any](ran *[]Operation, operation Operation) *queue[R] {
	run := func(_ context.Context, _ db.DBTX, batch []*R) ([]*db.UsageAnswer, error) {
		*ran = append(*ran, operation)
		return make([]*db.UsageAnswer, len(batch)), nil
	}
	return newQueue(nil, Config{MaxBatch: 1, MaxQueue: 100, Timeout: time.Minute}, nil, operation, run, func(*R) bool { return true })
}

// add adds a number of calls to a queue.
func add[R any](t *testing.T, q *queue[R], number int) {
	t.Helper()
	for range number {
		q.backlog.add(organization(1), &call[R]{ctx: t.Context(), request: new(R), arrived: time.Now(), answer: make(chan outcome, 1)})
	}
}

// BenchmarkQueue is what a request costs beside its statement, with 512 callers at a time.
func BenchmarkQueue(b *testing.B) {
	for _, organizations := range []uint32{1, 64} {
		b.Run(fmt.Sprintf("organizations=%d", organizations), func(b *testing.B) {
			answer := &db.UsageAnswer{}
			wake := make(chan struct{}, 1)
			q := newQueue(nil, Config{MaxBatch: defaultMaxBatch, MaxQueue: defaultMaxQueue, Timeout: time.Minute}, wake, ReserveUsage,
				func(_ context.Context, _ db.DBTX, batch []*int) ([]*db.UsageAnswer, error) {
					answers := make([]*db.UsageAnswer, len(batch))
					for i := range answers {
						answers[i] = answer
					}
					return answers, nil
				}, func(*int) bool { return true })
			var running sync.WaitGroup
			running.Go(func() { serve(wake, q.work) })
			var callers atomic.Uint32
			b.SetParallelism(256)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				of, request := organization(byte(callers.Add(1)%organizations)), new(int) //nolint:gosec // small
				for pb.Next() {
					if _, err := q.do(b.Context(), of, request, time.Now()); err != nil {
						b.Error(err)
					}
				}
			})
			close(wake)
			running.Wait()
		})
	}
}
