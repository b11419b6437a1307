package graph

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/fault"
)

// What everything but enforcement may take of a server, so that gateways do not feel it whatever is asked for. The shares are
// of one processor's time and count in the long run, while gateways call; burst is what may be worked at once before.
const (
	tenantTurns = 2    // requests of one tenant at a time
	turnShare   = 0.05 // of each of them
	leastPlaces = 4    // small operations of all tenants at a time, or two for each processor
	placeShare  = 0.125
	fewShare    = 0.5 // of what is heavy, for which there is a place for every two processors
	burst       = 100 * time.Millisecond
	leastWork   = 2 * time.Millisecond // that a request counts for: it is read and answered outside of its place

	maxWaiting  = 256             // requests of one tenant that wait; any more are UNAVAILABLE at once
	waitTimeout = 5 * time.Second // of those
)

// admission lets the requests in that are more than one enforcement call: a few at a time of each tenant, and of all. A turn
// and a place that were worked in for long rest while gateways call.
type admission struct {
	small     place        // operations that ask for few values
	heavy     place        // those that ask for many, as reports do, documents that nobody has sent before, and large bodies
	enforcing atomic.Int64 // enforcement calls under way
	refusals  *refusals

	mutex   sync.Mutex
	tenants map[tenant]*turns // of those that have requests at work or waiting, or turns at rest
}

// place is what is free of one kind of work.
type place chan *pace

// tenant is who shares turns: an organization's gateways, or everybody else of it. The operator, and strangers where the
// schema is public, are of none.
type tenant struct {
	organization uuid.UUID
	gateways     bool
}

// turns are those of one tenant.
type turns struct {
	free    chan *pace
	waiting int // requests that wait for a turn
	kept    int // reasons to remember it: requests that wait or work, and work that is not paid for
}

func newAdmission(refusals *refusals) *admission {
	processors := runtime.GOMAXPROCS(0)
	few := max(1, processors/2)
	return &admission{
		small: newPaces(max(leastPlaces, 2*processors), placeShare), heavy: newPaces(few, fewShare), refusals: refusals, tenants: map[tenant]*turns{},
	}
}

// visit is one request's way through admission. Only the request's own goroutine uses it.
type visit struct {
	admission *admission
	tenant    tenant
	turns     *turns
	turn      *pace // nil: not in
	kind      place
	place     *pace         // nil: not at work
	began     time.Time     // the work at this place
	worked    time.Duration // before
	body      time.Time     // when the request's body was there
	enforcing bool
	families  families // what the request has read
}

type visitKey struct{}

// middleware gives every request a visit, which ends with it.
func (a *admission) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{admission: a}
		if principal, _ := auth.FromContext(r.Context()); principal != nil && principal.OrganizationID != nil {
			v.tenant = tenant{*principal.OrganizationID, principal.Role == auth.RoleGateway}
		}
		defer v.leave()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	})
}

// visitOf returns the visit of a request.
func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit) // the middleware has put it there
	return v
}

// parsed counts as work what was done since the request's body was there.
func (v *visit) parsed() {
	if !v.body.IsZero() {
		v.worked, v.body = v.worked+time.Since(v.body), time.Time{}
	}
}

// enter waits for a turn, and for a place for a kind of work; the place that the visit has for another kind it gives back. It
// answers UNAVAILABLE when there is none in time.
func (v *visit) enter(ctx context.Context, kind place) error {
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
	select {
	case v.place = <-kind:
		v.kind, v.began = kind, time.Now()
		return nil
	case <-ctx.Done():
		return busy
	}
}

// queue waits for a turn where others wait for one already, before a request's body is looked at: whoever leaves meanwhile costs
// nothing more. Gateways do not wait for that. It answers UNAVAILABLE when there is none in time.
func (v *visit) queue(ctx context.Context) error {
	if v.tenant.gateways || !v.admission.crowded(v.tenant) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, waitTimeout)
	defer cancel()
	return v.takeTurn(ctx)
}

// crowded tells whether requests of a tenant wait for a turn.
func (a *admission) crowded(whose tenant) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	t := a.tenants[whose]
	return t != nil && t.waiting > 0
}

// takeTurn waits for a turn, which the visit has until it leaves.
func (v *visit) takeTurn(ctx context.Context) error {
	a := v.admission
	t := a.join(v.tenant)
	if t == nil {
		a.refusals.pause(ctx)
		return busy
	}
	defer a.stopWaiting(t)
	select {
	case v.turn = <-t.free:
		v.turns = t
		return nil
	case <-ctx.Done():
		a.part(v.tenant, t)
		return busy
	}
}

// enforce notes that the request is an enforcement call from now on, which has a queue of its own.
func (v *visit) enforce() {
	v.leave()
	v.enforcing = true
	v.admission.enforcing.Add(1)
}

// vacate gives the place back, once it has rested.
func (v *visit) vacate() {
	kind, place := v.kind, v.place
	if place == nil {
		return
	}
	v.place = nil
	now := time.Now()
	worked := now.Sub(v.began)
	v.worked += worked
	after(v.admission.rest(place.after(now, worked)), func() { kind <- place })
}

// leave gives the place and the turn back, each once it has rested. It does nothing for whoever is not in.
func (v *visit) leave() {
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
	rest := a.rest(turn.after(now, max(leastWork, v.worked)))
	after(turn.until.Sub(now), func() { a.part(whose, t) })
	after(rest, func() { t.free <- turn })
}

// rest returns how long to rest; not at all while no gateway calls.
func (a *admission) rest(due time.Duration) time.Duration {
	if a.enforcing.Load() == 0 {
		return 0
	}
	return due
}

// after does something once a time is over, at once when there is none left.
func after(left time.Duration, do func()) {
	if left <= 0 {
		do()
		return
	}
	time.AfterFunc(left, do)
}

// join returns the turns of a tenant for one more request; nil when too many wait.
func (a *admission) join(whose tenant) *turns {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	t := a.tenants[whose]
	if t == nil {
		t = &turns{free: newPaces(tenantTurns, turnShare)}
		a.tenants[whose] = t
	}
	if t.waiting == maxWaiting {
		return nil
	}
	t.waiting++
	t.kept++
	return t
}

// stopWaiting notes that one of those who wait for a turn has it, or has given up.
func (a *admission) stopWaiting(t *turns) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	t.waiting--
}

// part forgets a tenant that there is no reason to remember any more.
func (a *admission) part(whose tenant, t *turns) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if t.kept--; t.kept == 0 {
		delete(a.tenants, whose)
	}
}

// pace says how long to rest so that work takes no more than a share of the time in the long run. One goroutine at a time
// uses it.
type pace struct {
	share float64
	until time.Time // when the work so far is paid for
}

func newPaces(number int, share float64) chan *pace {
	free := make(chan *pace, number)
	for range number {
		free <- &pace{share: share}
	}
	return free
}

// after returns how long to rest, now, after some work; nothing or less when there is no need to.
func (p *pace) after(now time.Time, worked time.Duration) time.Duration {
	if p.until.Before(now) {
		p.until = now
	}
	p.until = p.until.Add(time.Duration(float64(worked) / p.share))
	return p.until.Sub(now) - time.Duration(float64(burst)/p.share)
}

var busy = fault.New(fault.Unavailable, "the server has enough to do for now; nothing was done, try again later")
