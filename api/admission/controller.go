package admission

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
	turnShare   = 0.03 // of each of them
	leastPlaces = 4    // small operations of all tenants at a time, or two for each processor
	placeShare  = 0.1
	fewShare    = 0.25 // of what is heavy, for which there is a place for every two processors
	burst       = 100 * time.Millisecond
	longestRest = 4 * time.Second      // so that whoever waits for a turn then has it
	leastWork   = 2 * time.Millisecond // that a request counts for: it is read and answered outside of its place

	maxWaiting  = 256             // requests of one tenant that wait; any more are UNAVAILABLE at once
	waitTimeout = 5 * time.Second // of those
)

// admission lets the requests in that are more than one enforcement call: a few at a time of each tenant, and of all. A turn
// and a place that were worked in for long rest while gateways call.
type Controller struct {
	small     place        // operations that ask for few values
	heavy     place        // those that ask for many, as reports do, documents that nobody has sent before, and large bodies
	enforcing atomic.Int64 // enforcement calls under way
	refusals  *Tarpit
	// Observer times waits. It is set before the first request. nil: nothing does.
	Observer Observer

	mutex   sync.Mutex
	tenants map[Flow]*turns // of those that have requests at work or waiting, or turns at rest
}

// place is what is free of one kind of work.
type place chan *pace

// tenant is who shares turns: an organization's gateways, everybody else of it, the operator, or strangers, to whom the schema
// may be public.
type Flow struct {
	organization        uuid.UUID // zero: none
	gateways, strangers bool
}

// turns are those of one tenant.
type turns struct {
	free    chan *pace
	waiting int // requests that wait for a turn
	kept    int // reasons to remember it: requests that wait or work, and work that is not paid for
}

func NewController(refusals *Tarpit) *Controller {
	processors := runtime.GOMAXPROCS(0)
	few := max(1, processors/2)
	return &Controller{
		small: newPaces(max(leastPlaces, 2*processors), placeShare), heavy: newPaces(few, fewShare), refusals: refusals, tenants: map[Flow]*turns{},
	}
}

// middleware gives every request a visit, which ends with it.
func (a *Controller) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &Ticket{admission: a}
		switch principal, _ := auth.FromContext(r.Context()); {
		case principal == nil:
			v.tenant.strangers = true
		case principal.OrganizationID != nil:
			v.tenant = Flow{organization: *principal.OrganizationID, gateways: principal.Role == auth.RoleGateway}
		}
		defer v.leave()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, v)))
	})
}

// crowded tells whether requests of a tenant wait for a turn.
func (a *Controller) crowded(whose Flow) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	t := a.tenants[whose]
	return t != nil && t.waiting > 0
}

// join returns the turns of a tenant for one more request; nil when too many wait.
func (a *Controller) join(whose Flow) *turns {
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
func (a *Controller) stopWaiting(t *turns) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	t.waiting--
}

// part forgets a tenant that there is no reason to remember any more.
func (a *Controller) part(whose Flow, t *turns) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if t.kept--; t.kept == 0 {
		delete(a.tenants, whose)
	}
}

// rest returns how long a pace rests after some work. What is worked while no gateway calls is free, also later.
func (a *Controller) rest(p *pace, now time.Time, worked time.Duration) time.Duration {
	if a.enforcing.Load() == 0 {
		return 0
	}
	return p.after(now, worked)
}

var Busy = fault.New(fault.Unavailable, "the server has enough to do for now; nothing was done, try again later")
