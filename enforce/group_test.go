package enforce

import (
	"context"
	"slices"
	"testing"
	"time"

	"bursar/fault"
)

// numbers returns requests of the numbers from first on.
func numbers(first, number int) []*int {
	all := make([]*int, number)
	for i := range all {
		all[i] = new(first + i)
	}
	return all
}

// runAll runs doAll in the background.
func runAll(ctx context.Context, q *queue[int], organizationNumber byte, requests []*int) chan []Outcome {
	over := make(chan []Outcome, 1)
	go func() { over <- q.doAll(ctx, organization(organizationNumber), requests, time.Now(), false) }()
	return over
}

// Requests that come together are carried out in their order, each in a slot of its organization's share: those beyond it follow when the first
// are answered. Each outcome is at its request's index, and one that is left out has none.
func TestGroupsTakeTheirShareInOrder(t *testing.T) {
	t.Parallel()
	g := newGate()
	q := newQueueOf(t, Config{MaxBatch: 4, MaxQueue: 12, Timeout: time.Minute}, g.run)
	requests := numbers(0, 15)
	requests[3] = nil
	over := runAll(t.Context(), q, 1, requests)
	var ran []int
	for len(ran) < 14 {
		batch := <-g.began
		if n := waiting(q); n > 6 {
			t.Errorf("%d requests of one organization have slots, want half of 12", n)
		}
		ran = append(ran, batch...)
		g.pass <- nil
	}
	if want := []int{0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}; !slices.Equal(ran, want) {
		t.Errorf("carried out in the order %v", ran)
	}
	for i, o := range <-over {
		if i == 3 && o == (Outcome{}) {
			continue
		}
		if o.Err != nil || int(o.Answer.Ordinal) != i {
			t.Errorf("request %d: %+v", i, o)
		}
	}
}

// Requests that come together take nothing of another organization's share, and are refused when calls of their own have all of it.
func TestGroupsLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	g := newGate()
	q := newQueueOf(t, Config{MaxBatch: 4, MaxQueue: 8, Timeout: time.Minute}, g.run)
	q.delay = 0
	first := runAll(t.Context(), q, 1, numbers(0, 1))
	<-g.began
	large := runAll(t.Context(), q, 1, numbers(10, 4))
	queued(t, q, 4)
	for _, o := range q.doAll(t.Context(), organization(1), numbers(20, 2), time.Now(), false) {
		if fault.CodeOf(o.Err) != fault.Unavailable {
			t.Errorf("beyond the share: %+v", o)
		}
	}
	other := runAll(t.Context(), q, 2, numbers(30, 1))
	queued(t, q, 5)
	g.pass <- nil
	if batch := <-g.began; !slices.Contains(batch, 30) {
		t.Errorf("another organization's request is not in the next batch, but %v are", batch)
	}
	g.pass <- nil
	<-g.began
	g.pass <- nil
	for _, o := range slices.Concat(<-first, <-large, <-other) {
		if o.Err != nil {
			t.Errorf("within the share: %v", o.Err)
		}
	}
}

// A caller who leaves in the middle is told what was answered until then; the rest is UNAVAILABLE, and is not begun.
func TestGroupsEndWithTheirCaller(t *testing.T) {
	t.Parallel()
	g := newGate()
	q := newQueueOf(t, Config{MaxBatch: 2, MaxQueue: 100, Timeout: time.Minute}, g.run)
	ctx, leave := context.WithCancel(t.Context())
	over := runAll(ctx, q, 1, numbers(0, 6))
	<-g.began
	g.pass <- nil
	<-g.began
	leave()
	for i, o := range <-over {
		if answered := i < 2; answered != (o.Err == nil) || !answered && fault.CodeOf(o.Err) != fault.Unavailable {
			t.Errorf("request %d: %+v", i, o)
		}
	}
	g.pass <- nil
	if outcomes := runAll(t.Context(), q, 1, numbers(8, 1)); !slices.Equal(<-g.began, []int{8}) {
		t.Error("a request whose caller had left was carried out")
	} else {
		g.pass <- nil
		<-outcomes
	}
}
