package enforce

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// Outcome is what became of a request: an answer, or an error, which is a fault.
type Outcome struct {
	Answer *db.UsageAnswer
	Err    error // nil: Answer is set, and is no error
}

// group is calls of one caller, who waits for all of them.
type group struct {
	settled chan struct{} // of capacity one: has an element when a call was settled since the caller has looked
	ordered bool          // whether no call is decided after one that was refused because the organization is moved

	mutex    sync.Mutex
	outcomes []outcome
	waiting  int   // calls that were added and are not settled
	moved    error // of the first call that was refused because the organization is moved; nil: none was, or the group is not ordered
}

// settle notes what became of a call. The caller may have left.
func (g *group) settle(index int, o outcome) {
	g.mutex.Lock()
	g.outcomes[index] = o
	g.waiting--
	if g.ordered && g.moved == nil && db.MovedOrganizations(o.err) != nil {
		g.moved = o.err
	}
	g.mutex.Unlock()
	select {
	case g.settled <- struct{}{}:
	default:
	}
}

// refused returns the error with which calls are settled that come after one that was refused; nil: none was.
func (g *group) refused() error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.moved
}

// keepOrder settles the calls of a batch that come after one of their group that was refused, without a statement, and returns the others.
func keepOrder[R any](batch []*call[R]) []*call[R] {
	return slices.DeleteFunc(batch, func(c *call[R]) bool {
		if c.group == nil || !c.group.ordered {
			return false
		}
		refused := c.group.refused()
		if refused != nil {
			c.group.settle(c.index, outcome{err: refused})
		}
		return refused != nil
	})
}

// add notes that calls were added, or, with a negative number, that they were not after all, and returns how many are waiting.
func (g *group) add(number int) int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.waiting += number
	return g.waiting
}

// end returns the outcomes of the calls with some indexes, with an error for each that has none yet: those may still take effect.
func (g *group) end(indexes []int, err error) []Outcome {
	g.mutex.Lock()
	outcomes := slices.Clone(g.outcomes)
	g.mutex.Unlock()
	told := make([]Outcome, len(outcomes))
	for _, i := range indexes {
		if outcomes[i] == (outcome{}) {
			outcomes[i].err = err
		}
		told[i].Answer, told[i].Err = outcomes[i].told()
	}
	return told
}

// doAll is do for requests of an organization, in their order. It returns the outcome of each at its index; requests that are nil are left
// out. ordered says whether those that come after one that was refused because the organization is moved are refused, too. Each takes a
// slot of the organization's share, as if it had come alone: while the share is in use those that are left wait here for the first of the
// group to be answered, and are refused when none is under way.
func (q *queue[R]) doAll(ctx context.Context, organizationID uuid.UUID, requests []*R, arrived time.Time, ordered bool) []Outcome {
	g := &group{settled: make(chan struct{}, 1), ordered: ordered, outcomes: make([]outcome, len(requests))}
	calls, indexes := make([]call[R], 0, len(requests)), make([]int, 0, len(requests))
	for i, request := range requests {
		if request != nil {
			calls = append(calls, call[R]{ctx: ctx, request: request, arrived: arrived, group: g, index: i})
			indexes = append(indexes, i)
		}
	}
	expired := time.NewTimer(time.Until(arrived.Add(q.timeout + answerDelay)))
	defer expired.Stop()
	for left := calls; ; {
		g.add(len(left)) // before they can be settled
		added := q.backlog.addMany(organizationID, left)
		left = left[added:]
		waiting := g.add(-len(left))
		if added > 0 {
			q.tell()
		}
		switch {
		case waiting > 0:
		case len(left) == 0:
			return g.end(indexes, nil)
		case g.refused() != nil:
			return g.end(indexes, g.refused())
		case added > 0: // and settled already
			continue
		default:
			q.delayRefusal(ctx)
			return g.end(indexes, errCrowded())
		}
		select {
		case <-g.settled:
		case <-ctx.Done():
			return g.end(indexes, ctx.Err())
		case <-expired.C:
			return g.end(indexes, context.DeadlineExceeded)
		}
	}
}
