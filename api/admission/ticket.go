package admission

import (
	"context"
	"time"
)

// Ticket is the state of one request: which slots it has, and what it has worked. It must be used by the request's own goroutine
// alone, but for its yielder, which has a lock.
type Ticket struct {
	controller *Controller
	flow       Flow
	flowState  *flow         // nil without a tenant slot
	tenantSlot *throttle     // nil: none
	level      slots         // of slot
	slot       *throttle     // nil: none
	slotSince  time.Time     // when the slot was acquired
	worked     time.Duration // before that
	bodySince  time.Time     // when a small body began to be read; zero: none is
	yielder    *yielder      // of the operation in the slot; nil: none
	exempt     bool          // it is an enforcement call that is being executed
}

type contextKey struct{}

// FromContext returns the ticket of a request, which Handler has put there.
func FromContext(ctx context.Context) *Ticket {
	t, _ := ctx.Value(contextKey{}).(*Ticket)
	return t
}

// SmallBody is the size in bytes below which any number of bodies may be read at the same time.
const SmallBody = 64 << 10

// Flow returns whose request it is.
func (t *Ticket) Flow() Flow { return t.flow }

// AdmitBody lets a request's body be parsed, which has been received. A gateway's needs no slot: a large one has many enforcement calls, each
// of which takes a slot of its organization among those that wait for the database (package enforce). Another large one needs a heavy slot. A
// small one needs a tenant slot if its flow has a queue: so a caller who leaves the queue has cost nothing more. Returns ErrBusy when there
// is no slot in time.
func (t *Ticket) AdmitBody(ctx context.Context, bytes int) error {
	if t.flow.gateways {
		return nil
	}
	if bytes >= SmallBody {
		return t.acquire(ctx, t.controller.heavy)
	}
	err := t.waitBehindQueue(ctx)
	t.bodySince = time.Now()
	return err
}

// AdmitSmall waits for a slot for work as small as that of an operation that asks for few values. Returns ErrBusy when there is none in time.
func (t *Ticket) AdmitSmall(ctx context.Context) error { return t.acquire(ctx, t.controller.small) }

// Release gives the slots of a request back before it ends: a stream holds none.
func (t *Ticket) Release() { t.release() }

// endBody counts the time since a small body began to be read as work.
func (t *Ticket) endBody() {
	if !t.bodySince.IsZero() {
		t.worked, t.bodySince = t.worked+time.Since(t.bodySince), time.Time{}
	}
}

// Work does a part of a request's work with a heavy slot, and gives the request's slots back after it: the request may go on to wait for
// its client, and come again. Returns ErrBusy when there is no slot in time.
func (t *Ticket) Work(ctx context.Context, do func(ctx context.Context) error) error {
	t.worked = 0
	if err := t.acquire(ctx, t.controller.heavy); err != nil {
		t.release()
		return err
	}
	defer t.release()
	return do(ctx)
}

// acquire waits for a slot of a priority level, and for a tenant slot before it. It frees the slot that the request has of the other
// level. Returns ErrBusy when there is no slot in time.
func (t *Ticket) acquire(ctx context.Context, level slots) error {
	if t.slot != nil && t.level == level {
		return nil
	}
	t.releaseSlot()
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	if t.tenantSlot == nil {
		if err := t.acquireTenantSlot(ctx); err != nil {
			return err
		}
	}
	c, arrived := t.controller, time.Now()
	select {
	case t.slot = <-level:
		t.level, t.slotSince = level, time.Now()
		c.observe(c.nameOf(level), admitted, arrived)
		return nil
	case <-ctx.Done():
		c.observe(c.nameOf(level), outcomeOf(ctx), arrived)
		return ErrBusy
	}
}

// waitBehindQueue waits for a tenant slot if other requests of the flow do. Returns ErrBusy when there is none in time.
func (t *Ticket) waitBehindQueue(ctx context.Context) error {
	if !t.controller.hasQueue(t.flow) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	return t.acquireTenantSlot(ctx)
}

// acquireTenantSlot waits for a tenant slot until the context ends. The request has it until release.
func (t *Ticket) acquireTenantSlot(ctx context.Context) error {
	c, arrived := t.controller, time.Now()
	f := c.enqueue(t.flow)
	if f == nil {
		c.observe(tenantSlot, refused, arrived)
		c.tarpit.Delay(ctx)
		return ErrBusy
	}
	defer c.dequeue(f)
	select {
	case t.tenantSlot = <-f.slots:
		t.flowState = f
		c.observe(tenantSlot, admitted, arrived)
		return nil
	case <-ctx.Done():
		c.observe(tenantSlot, outcomeOf(ctx), arrived)
		c.unreference(t.flow, f)
		return ErrBusy
	}
}

// makeExempt notes that the request is an enforcement call, which is executed from now on. It gives back the slots that reading the
// request needed.
func (t *Ticket) makeExempt() {
	t.release()
	t.exempt = true
	t.controller.exempt.Add(1)
}

// releaseSlot gives the slot of a priority level back, after its delay. It does nothing without one.
func (t *Ticket) releaseSlot() {
	level, slot := t.level, t.slot
	if slot == nil {
		return
	}
	t.slot = nil
	now := time.Now()
	worked := now.Sub(t.slotSince) - t.yielder.yielded()
	t.worked, t.yielder = t.worked+worked, nil
	level.putBack(slot, t.controller.delay(slot, now, worked))
}

// release gives all slots back, each after its delay, and ends an exempt request. It does nothing when it is called again.
func (t *Ticket) release() {
	t.releaseSlot()
	c, f, slot, of := t.controller, t.flowState, t.tenantSlot, t.flow
	if t.exempt {
		t.exempt = false
		c.exempt.Add(-1)
	}
	if slot == nil {
		return
	}
	t.tenantSlot = nil
	now := time.Now()
	delay := c.delay(slot, now, max(minWork, t.worked))
	after(slot.until.Sub(now), func() { c.unreference(of, f) }) // work that is counted is not forgotten
	f.slots.putBack(slot, delay)
}

// Exempt makes the request an enforcement call, outside GraphQL: it waits for no slot, and gives back those that reading it needed.
func (t *Ticket) Exempt() { t.makeExempt() }
