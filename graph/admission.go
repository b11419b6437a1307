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
	turnShare   = 0.15 // of each of them
	leastPlaces = 4    // requests of all tenants at a time, or two for each processor
	placeShare  = 0.125
	burst       = 300 * time.Millisecond

	maxWaiting  = 256             // requests of one tenant that wait; any more are UNAVAILABLE at once
	waitTimeout = 5 * time.Second // of those
)

// admission lets the requests in that are more than one enforcement call: a few at a time of each tenant, and of all. A turn
// and a place that were worked in for long rest while gateways call.
type admission struct {
	places    chan *pace
	enforcing atomic.Int64 // enforcement calls under way
	refusals  *refusals

	mutex   sync.Mutex
	tenants map[tenant]*turns // of those that have requests at work or waiting, or turns at rest
}

// tenant is who shares turns: an organization's gateways, or everybody else of it. The operator, and strangers where the
// schema is public, are of none.
type tenant struct {
	organization uuid.UUID
	gateways     bool
}

// turns are those of one tenant.
type turns struct {
	free    chan *pace
	waiting int // requests that wait for a turn or a place
	kept    int // reasons to remember it: requests that wait or work, and work that is not paid for
}

func newAdmission(refusals *refusals) *admission {
	return &admission{
		places: newPaces(max(leastPlaces, 2*runtime.GOMAXPROCS(0)), placeShare), refusals: refusals, tenants: map[tenant]*turns{},
	}
}

// visit is one request's way through admission. Only the request's own goroutine uses it.
type visit struct {
	admission   *admission
	tenant      tenant
	turns       *turns
	turn, place *pace
	began       time.Time
	enforcing   bool
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

// enter waits for a turn and a place. It answers UNAVAILABLE when there is none in time; whoever is in stays in.
func (v *visit) enter(ctx context.Context) error {
	if v.turn != nil {
		return nil
	}
	a := v.admission
	t := a.join(v.tenant)
	if t == nil {
		a.refusals.pause(ctx)
		return busy
	}
	ctx, cancel := context.WithTimeout(ctx, waitTimeout)
	defer cancel()
	v.turn, v.place = a.wait(ctx, t)
	if v.turn == nil {
		a.part(v.tenant, t)
		return busy
	}
	v.turns, v.began = t, time.Now()
	return nil
}

// enforce notes that the request is an enforcement call from now on, which has a queue of its own.
func (v *visit) enforce() {
	v.leave()
	v.enforcing = true
	v.admission.enforcing.Add(1)
}

// leave gives the turn and the place back, each once it has rested. It does nothing for whoever is not in.
func (v *visit) leave() {
	a, t, turn, place, whose := v.admission, v.turns, v.turn, v.place, v.tenant
	if v.enforcing {
		v.enforcing = false
		a.enforcing.Add(-1)
	}
	if turn == nil {
		return
	}
	v.turn, v.place = nil, nil
	now := time.Now()
	turnRests, placeRests := turn.after(now, now.Sub(v.began)), place.after(now, now.Sub(v.began))
	if a.enforcing.Load() == 0 {
		turnRests, placeRests = 0, 0
	}
	after(turn.until.Sub(now), func() { a.part(whose, t) })
	after(placeRests, func() { a.places <- place })
	after(turnRests, func() { t.free <- turn })
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

// wait takes a tenant's turn and then a place, or neither of them once ctx has ended.
func (a *admission) wait(ctx context.Context, t *turns) (turn, place *pace) {
	defer func() {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		t.waiting--
	}()
	select {
	case turn = <-t.free:
	case <-ctx.Done():
		return nil, nil
	}
	select {
	case place = <-a.places:
		return turn, place
	case <-ctx.Done():
		t.free <- turn
		return nil, nil
	}
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
