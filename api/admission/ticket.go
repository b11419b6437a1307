package admission

import (
	"context"
	"time"
)

// visit is one request's way through admission. Only the request's own goroutine changes it, but for what has a lock of its own.
type Ticket struct {
	admission *Controller
	tenant    Flow
	turns     *turns
	turn      *pace // nil: not in
	kind      place
	place     *pace         // nil: not at work
	began     time.Time     // the work at this place
	worked    time.Duration // before
	body      time.Time     // when a small body began to be looked at
	breaks    *breaks       // within the work at this place; nil: none
	enforcing bool
}

type contextKey struct{}

// FromContext returns the visit of a request.
func FromContext(ctx context.Context) *Ticket {
	v, _ := ctx.Value(contextKey{}).(*Ticket) // the middleware has put it there
	return v
}

// SmallBody is how many bytes a request's body has, at most, of which any number may be read at the same time.
const SmallBody = 64 << 10

// Flow returns whose request it is.
func (v *Ticket) Flow() Flow { return v.tenant }

// AdmitBody lets a request's body, which is there now, be looked at: a large one needs a place, small ones of portals may have to wait for a turn.
func (v *Ticket) AdmitBody(ctx context.Context, bytes int) error {
	if bytes >= SmallBody {
		return v.enter(ctx, v.admission.heavy)
	}
	if v.tenant.gateways {
		return nil
	}
	err := v.queue(ctx)
	v.body = time.Now()
	return err
}

// parsed counts as work what was done since a small body began to be looked at.
func (v *Ticket) parsed() {
	if !v.body.IsZero() {
		v.worked, v.body = v.worked+time.Since(v.body), time.Time{}
	}
}

// enter waits for a turn, and for a place for a kind of work; the place that the visit has for another kind it gives back. It
// answers UNAVAILABLE when there is none in time.
func (v *Ticket) enter(ctx context.Context, kind place) error {
	if v.place != nil && v.kind == kind {
		return nil
	}
	v.vacate()
	ctx, cancel := context.WithTimeout(ctx, waitTimeout)
	defer cancel()
	if v.turn == nil {
		if err := v.takeTurn(ctx); err != nil {
			return err
		}
	}
	arrived := time.Now()
	select {
	case v.place = <-kind:
		v.kind, v.began = kind, time.Now()
		v.admission.waited(v.admission.slotOf(kind), admitted, arrived)
		return nil
	case <-ctx.Done():
		v.admission.waited(v.admission.slotOf(kind), outcomeOf(ctx), arrived)
		return Busy
	}
}

// queue waits for a turn where others wait for one already, before a request's body is looked at: whoever leaves meanwhile costs
// nothing more. It answers UNAVAILABLE when there is none in time.
func (v *Ticket) queue(ctx context.Context) error {
	if !v.admission.crowded(v.tenant) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, waitTimeout)
	defer cancel()
	return v.takeTurn(ctx)
}

// takeTurn waits for a turn, which the visit has until it leaves.
func (v *Ticket) takeTurn(ctx context.Context) error {
	a, arrived := v.admission, time.Now()
	t := a.join(v.tenant)
	if t == nil {
		a.waited(tenantSlot, refused, arrived)
		a.refusals.Delay(ctx)
		return Busy
	}
	defer a.stopWaiting(t)
	select {
	case v.turn = <-t.free:
		v.turns = t
		a.waited(tenantSlot, admitted, arrived)
		return nil
	case <-ctx.Done():
		a.waited(tenantSlot, outcomeOf(ctx), arrived)
		a.part(v.tenant, t)
		return Busy
	}
}

// enforce notes that the request is an enforcement call from now on, which has a queue of its own.
func (v *Ticket) enforce() {
	v.leave()
	v.enforcing = true
	v.admission.enforcing.Add(1)
}

// ReportShare returns the share of the time that PostgreSQL may work on a report; nil, which is all of it, while no gateway calls.
func (a *Controller) ReportShare() *float32 {
	if a.enforcing.Load() == 0 {
		return nil
	}
	return new(float32(workShare))
}

// vacate gives the place back, once it has rested.
func (v *Ticket) vacate() {
	kind, place := v.kind, v.place
	if place == nil {
		return
	}
	v.place = nil
	now := time.Now()
	worked := now.Sub(v.began) - v.breaks.restedFor()
	v.worked, v.breaks = v.worked+worked, nil
	after(v.admission.rest(place, now, worked), func() { kind <- place })
}

// leave gives the place and the turn back, each once it has rested. It does nothing for whoever is not in.
func (v *Ticket) leave() {
	v.vacate()
	a, t, turn, whose := v.admission, v.turns, v.turn, v.tenant
	if v.enforcing {
		v.enforcing = false
		a.enforcing.Add(-1)
	}
	if turn == nil {
		return
	}
	v.turn = nil
	now := time.Now()
	rest := a.rest(turn, now, max(leastWork, v.worked))
	after(turn.until.Sub(now), func() { a.part(whose, t) })
	after(rest, func() { t.free <- turn })
}

// after does something once a time is over, at once when there is none left.
func after(left time.Duration, do func()) {
	if left <= 0 {
		do()
		return
	}
	time.AfterFunc(left, do)
}
