package enforce

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/fault"
)

// newBacklog returns an empty backlog.
func newBacklog(slots int) *backlog[int] {
	return &backlog[int]{slots: slots, flows: map[uuid.UUID]*flow[int]{}}
}

// fill adds calls of an organization, whose numbers begin with ten times its own, and returns how many were let in.
func fill(t *testing.T, b *backlog[int], of byte, number int) (added int) {
	t.Helper()
	for n := range number {
		if b.add(organization(of), &call[int]{ctx: t.Context(), request: new(10*int(of) + n), arrived: time.Now()}) {
			added++
		}
	}
	return added
}

// takes returns the numbers of the next batch.
func takes(b *backlog[int], most int) (numbers []int) {
	for _, c := range b.take(most, time.Minute) {
		numbers = append(numbers, *c.request)
	}
	return numbers
}

// Guarantee: an organization gets half of a queue's slots at most, and one at least, however many it asks for; each of the others
// gets what an equal share is by then, also when the slots are all in use.
func TestOrganizationsShareTheQueue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		slots int
		added []int // of each organization, which asks for ten, one after the other
	}{
		{8, []int{4, 4, 2, 2, 1, 1, 1, 1, 1, 1}}, {100, []int{10, 10}}, {10, []int{5, 5, 3}}, {3, []int{1, 1, 1, 1}},
		{2, []int{1, 1, 1}}, {1, []int{1, 1}},
	} {
		b := newBacklog(test.slots)
		var added []int
		for of := range test.added {
			added = append(added, fill(t, b, byte(of+1), 10)) //nolint:gosec // small
		}
		if !slices.Equal(added, test.added) {
			t.Errorf("of %d slots the organizations got %d, want %d", test.slots, added, test.added)
		}
	}
}

// Guarantee: slots are free again once their calls are taken, and an organization that has none waiting takes none.
func TestTakenCallsFreeTheirSlots(t *testing.T) {
	t.Parallel()
	b := newBacklog(8)
	for range 3 {
		if first, second := fill(t, b, 1, 9), fill(t, b, 2, 9); first != 4 || second != 4 {
			t.Fatalf("%d and %d were added, want 4 each", first, second)
		}
		if taken := takes(b, 100); len(taken) != 8 || len(b.flows) != 0 || b.last != nil || b.waiting != 0 {
			t.Fatalf("%d were taken; left: %+v", taken, b)
		}
	}
}

// Guarantee: batches take from the organizations round robin, across batches too, and in order of arrival within one.
func TestBatchesAreRoundRobin(t *testing.T) {
	t.Parallel()
	for most, want := range map[int]string{
		100: "[10 20 30 11 21 12 13]",
		5:   "[10 20 30 11 21][12 13]",
		2:   "[10 20][30 11][21 12][13]",
		1:   "[10][20][30][11][21][12][13]",
	} {
		b := newBacklog(100)
		fill(t, b, 1, 4)
		fill(t, b, 2, 2)
		fill(t, b, 3, 1)
		var batches strings.Builder
		for batch := takes(b, most); batch != nil; batch = takes(b, most) {
			fmt.Fprint(&batches, batch)
		}
		if batches.String() != want {
			t.Errorf("batches of %d are %s, want %s", most, &batches, want)
		}
	}
}

// Guarantee: calls whose callers have been answered take no room in a batch.
func TestAnsweredCallsAreLeftOut(t *testing.T) {
	t.Parallel()
	gone, leave := context.WithCancel(t.Context())
	leave()
	b := newBacklog(100)
	b.add(organization(1), &call[int]{ctx: gone, request: new(1), arrived: time.Now()})
	b.add(organization(1), &call[int]{ctx: t.Context(), request: new(2), arrived: time.Now().Add(-2 * time.Minute)})
	fill(t, b, 2, 3)
	if batch := takes(b, 3); !slices.Equal(batch, []int{20, 21, 22}) {
		t.Errorf("the batch is %d", batch)
	}
}

// Guarantee: whatever organizations do, none with less than an equal share is refused; none gets a second call into a row of
// calls before all others that wait have one; and each one's calls are taken in order, each once.
func TestBacklogIsFair(t *testing.T) {
	t.Parallel()
	const slots, organizations = 24, 7
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same in every run
	b := newBacklog(slots)
	var waits [organizations + 1][]int // what the backlog must have, by organization
	next, taken := 0, 0
	for range 200_000 {
		if random.IntN(5) < 3 {
			of := 1 + min(random.IntN(organizations), random.IntN(organizations))
			next++
			added := b.add(organization(byte(of)), &call[int]{ctx: t.Context(), request: new(next), arrived: time.Now()}) //nolint:gosec // small
			others := 0
			for other, waiting := range waits {
				if other != of && len(waiting) > 0 {
					others++
				}
			}
			if fair := len(waits[of]) < max(1, slots/max(2, others+1)); added != fair {
				t.Fatalf("organization %d with %d calls beside %d others: added %t", of, len(waits[of]), others, added)
			}
			if added {
				waits[of] = append(waits[of], next)
			}
			continue
		}
		seen := map[int]int{} // calls of the batch, by organization
		before := waits
		for _, number := range takes(b, 1+random.IntN(9)) {
			of := slices.IndexFunc(waits[:], func(calls []int) bool { return len(calls) > 0 && calls[0] == number })
			if of < 0 {
				t.Fatalf("call %d is not the first of its organization", number)
			}
			waits[of] = waits[of][1:]
			seen[of]++
			taken++
		}
		for of, calls := range seen {
			for other, had := range before {
				if seen[other] < min(len(had), calls-1) {
					t.Fatalf("%d calls of organization %d and %d of %d, which had %d", calls, of, seen[other], other, len(had))
				}
			}
		}
	}
	if taken < 10_000 {
		t.Errorf("only %d calls were taken", taken)
	}
}

// Guarantee: a tenant who floods a queue of 8 is refused; its neighbour's four requests are not, and are in the next batch.
func TestNeighbourOfAFlood(t *testing.T) {
	t.Parallel()
	g := newGate()
	q := newQueueOf(t, Config{MaxBatch: 8, MaxQueue: 8, Timeout: time.Minute}, g.run)
	q.delay = 0
	var callers sync.WaitGroup
	var answered, refused [3]atomic.Int64 // by organization
	call := func(of byte, n int) {
		callers.Go(func() {
			if _, err := q.do(t.Context(), organization(of), new(n), time.Now()); fault.CodeOf(err) == fault.Unavailable {
				refused[of].Add(1)
			} else if err == nil {
				answered[of].Add(1)
			}
		})
	}
	call(1, 0)
	<-g.began // the lane is busy with it
	for n := range 32 {
		call(1, 100+n)
	}
	for refused[1].Load() < 28 { // the others wait
		if t.Context().Err() != nil {
			t.Fatal("the flood was let in")
		}
	}
	for n := range 4 {
		call(2, 200+n)
	}
	queued(t, q, 8)
	g.pass <- nil
	batch := <-g.began
	for at, n := range batch {
		if want := 1 + at%2; n/100 != want {
			t.Errorf("the batch is %d, want organizations 1 and 2 to alternate", batch)
			break
		}
	}
	g.pass <- nil
	callers.Wait()
	if answered[1].Load() != 1+4 || refused[1].Load() != 28 || answered[2].Load() != 4 || refused[2].Load() != 0 || len(batch) != 8 {
		t.Errorf("a batch of %d; the flood: %d answered, %d refused; its neighbour: %d answered, %d refused", len(batch),
			answered[1].Load(), refused[1].Load(), answered[2].Load(), refused[2].Load())
	}
}
