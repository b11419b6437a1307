package enforce

import (
	"sync"
	"time"

	"github.com/google/uuid"
)

// backlog holds the calls of one kind that wait for a batch, with a queue for each organization (fair queueing):
//
//   - An organization has an equal share of the slots, which is half of them while fewer than two others wait, and at least one.
//     So an organization with fewer calls than that is not refused, however many calls another one makes.
//   - Calls are taken round robin: one of each organization before a second one of any, and in order of arrival within one.
//
// Organizations that begin to wait lower the shares of those that wait already, whose calls stay: until some of them are taken,
// there may be more calls than slots. What adding and taking a call costs does not depend on how many wait.
type backlog[R any] struct {
	slots int

	mutex   sync.Mutex
	waiting int                    // calls
	flows   map[uuid.UUID]*flow[R] // of the organizations with calls that wait
	last    *flow[R]               // of the ring: the next call is one of the flow behind it; nil: none waits
	unused  *flow[R]               // a list of flows to be used again
}

// flow is the queue of one organization's calls, first in, first out.
type flow[R any] struct {
	organizationID uuid.UUID
	first, last    *call[R]
	waiting        int
	next           *flow[R] // of the ring, or of the unused ones
}

// add adds a call. It reports false, and does nothing, if the organization's share of the slots is in use.
func (b *backlog[R]) add(organizationID uuid.UUID, c *call[R]) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.addOne(organizationID, c)
}

// addMany adds calls in their order, until the organization's share of the slots is in use, and returns how many it has added.
func (b *backlog[R]) addMany(organizationID uuid.UUID, calls []call[R]) int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for i := range calls {
		if !b.addOne(organizationID, &calls[i]) {
			return i
		}
	}
	return len(calls)
}

// addOne is add. The mutex must be held.
func (b *backlog[R]) addOne(organizationID uuid.UUID, c *call[R]) bool {
	c.organizationID = organizationID
	f := b.flows[organizationID]
	switch {
	case f == nil:
		f = b.join(organizationID)
		f.first = c
	case f.waiting >= max(1, b.slots/max(2, len(b.flows))):
		return false
	default:
		f.last.next = c
	}
	f.last = c
	f.waiting++
	b.waiting++
	return true
}

// take removes calls, at most until it has a number of them, without those whose contexts are cancelled or that arrived longer
// ago than the timeout: their callers have been answered.
func (b *backlog[R]) take(most int, timeout time.Duration) []*call[R] {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.waiting == 0 {
		return nil
	}
	batch, now := make([]*call[R], 0, min(b.waiting, most)), time.Now()
	for b.waiting > 0 && len(batch) < most {
		if c := b.remove(); c.ctx.Err() == nil && now.Sub(c.arrived) < timeout {
			batch = append(batch, c)
		}
	}
	return batch
}

// remove removes the next call. There must be one.
func (b *backlog[R]) remove() *call[R] {
	f := b.last.next
	c := f.first
	f.first, c.next = c.next, nil
	f.waiting--
	b.waiting--
	if f.first == nil {
		b.leave()
	} else {
		b.last = f
	}
	return c
}

// join adds a flow at the end of the ring.
func (b *backlog[R]) join(organizationID uuid.UUID) *flow[R] {
	f := b.unused
	if f == nil {
		f = &flow[R]{}
	} else {
		b.unused = f.next
	}
	f.organizationID = organizationID
	if b.last == nil {
		f.next = f
	} else {
		f.next, b.last.next = b.last.next, f
	}
	b.last = f
	b.flows[organizationID] = f
	return f
}

// leave removes the flow behind the last one from the ring.
func (b *backlog[R]) leave() {
	f := b.last.next
	if f == b.last {
		b.last = nil
	} else {
		b.last.next = f.next
	}
	delete(b.flows, f.organizationID)
	*f = flow[R]{next: b.unused}
	b.unused = f
}
