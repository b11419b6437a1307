// Package admission decides which requests wait, and for what, so that portals do not slow gateways down. It is a small form of
// Kubernetes' API Priority and Fairness:
//
//   - Enforcement calls are exempt: they never wait here. They have queues of their own (package enforce).
//   - Every other request belongs to a flow: an organization's gateways, its other callers, the operator, or callers without a
//     token. A flow has two tenant slots; its further requests wait in its queue.
//   - Every other operation belongs to a priority level, small or heavy, with a number of slots for all flows together.
//
// Each slot has a throttle: while enforcement calls are being executed, a slot that was worked in for longer than its share of the
// processor's time is kept from use for a while. While there are none, slots are free at once.
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

// What requests that are not exempt may take of a server, whatever they ask for. Shares are of one processor's time and hold in the
// long run, while enforcement calls are being executed; burst is the work that is not throttled at first.
const (
	tenantSlots     = 2    // of each flow
	tenantSlotShare = 0.03 // of each of them
	minSmallSlots   = 4    // or two for each processor, if that is more
	smallSlotShare  = 0.1
	heavySlotShare  = 0.25 // of each heavy slot, of which there is one for every two processors
	burst           = 100 * time.Millisecond
	maxDelay        = 4 * time.Second      // of a slot; shorter than queueTimeout, so that requests in the queue get it then
	minWork         = 2 * time.Millisecond // that a request counts for in its tenant slot: reading and answering it is not measured

	maxQueued    = 256             // requests in the queue of a flow; further ones are UNAVAILABLE at once
	queueTimeout = 5 * time.Second // after which a request that waits is UNAVAILABLE
)

// ErrBusy is the answer to a request for which there was no slot in time.
var ErrBusy = fault.New(fault.Unavailable, "the server has enough to do for now; nothing was done, try again later")

// Controller admits requests: it has the slots and the queues.
type Controller struct {
	small  slots        // of operations that ask for few values
	heavy  slots        // of operations that ask for many, as reports do, of documents that are not known, and of large bodies
	exempt atomic.Int64 // enforcement calls that are being executed
	tarpit *Tarpit
	// AlwaysThrottles is for a server without enforcement calls beside one that has them: PostgreSQL works for both, and this server
	// does not see when. It is set before the first request.
	AlwaysThrottles bool
	// Observer times waits. It is set before the first request. nil: nothing does.
	Observer Observer

	mutex sync.Mutex
	flows map[Flow]*flow // of those with requests that wait or are executed, or with a tenant slot that is throttled
}

// Flow says whose requests share tenant slots and a queue.
type Flow struct {
	organization        uuid.UUID // zero: the operator, or nobody
	gateways, anonymous bool      // gateways of the organization; callers without a token, to whom the schema may be public
}

// OfGateways tells whether the requests are those of an organization's gateways, which ask for enforcement.
func (f Flow) OfGateways() bool { return f.gateways }

// flow is the state of a Flow.
type flow struct {
	slots      slots
	queued     int
	references int // requests that wait or are executed, and slots that are throttled; the flow is forgotten at 0
}

// NewController returns a controller whose slots are free. Requests for which its queues have no room are delayed by the tarpit.
func NewController(tarpit *Tarpit) *Controller {
	processors := runtime.GOMAXPROCS(0)
	return &Controller{
		small:  newSlots(max(minSmallSlots, 2*processors), smallSlotShare),
		heavy:  newSlots(max(1, processors/2), heavySlotShare),
		tarpit: tarpit, flows: map[Flow]*flow{},
	}
}

// Handler gives every request a ticket, and releases its slots when the request ends. Who calls must be in the context.
func (c *Controller) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &Ticket{controller: c}
		switch principal, _ := auth.FromContext(r.Context()); {
		case auth.Person(r.Context()) != "": // the person is a flow of their own, as an organization is
			t.flow.organization = uuid.NewSHA1(uuid.Nil, []byte(auth.Person(r.Context())))
		case principal == nil:
			t.flow.anonymous = true
		case principal.OrganizationID != nil:
			t.flow = Flow{organization: *principal.OrganizationID, gateways: principal.Role == auth.RoleGateway}
		}
		defer t.release()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, t)))
	})
}

// throttles tells whether work is throttled now: while an enforcement call is being executed, or always.
func (c *Controller) throttles() bool { return c.AlwaysThrottles || c.exempt.Load() > 0 }

// ReportShare returns the share of the time, from 0 to 1, that PostgreSQL may work on a usage report; nil, which is all of it, while
// nothing is throttled.
func (c *Controller) ReportShare() *float32 {
	if !c.throttles() {
		return nil
	}
	return new(float32(workShare))
}

// hasQueue tells whether requests of a flow wait for a tenant slot.
func (c *Controller) hasQueue(of Flow) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	f := c.flows[of]
	return f != nil && f.queued > 0
}

// enqueue adds one request to the queue of a flow, with a reference, and returns the flow; nil when the queue is full.
func (c *Controller) enqueue(of Flow) *flow {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	f := c.flows[of]
	if f == nil {
		f = &flow{slots: newSlots(tenantSlots, tenantSlotShare)}
		c.flows[of] = f
	}
	if f.queued == maxQueued {
		return nil
	}
	f.queued++
	f.references++
	return f
}

// dequeue takes one request, which has a slot or has given up, out of the queue of a flow. Its reference stays.
func (c *Controller) dequeue(f *flow) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	f.queued--
}

// unreference drops a reference to a flow, and forgets the flow with the last one.
func (c *Controller) unreference(of Flow, f *flow) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if f.references--; f.references == 0 {
		delete(c.flows, of)
	}
}

// delay returns for how long a slot is kept from use after some work. Work is not counted while nothing is throttled, also not for
// later.
func (c *Controller) delay(slot *throttle, now time.Time, worked time.Duration) time.Duration {
	if !c.throttles() {
		return 0
	}
	return slot.delay(now, worked)
}
