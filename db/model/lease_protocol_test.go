package model_test

import (
	"fmt"
	"testing"
)

// The protocol of leases between gateways and the database, as small as it can be, explored in every order of its steps: two gateways, a budget and a rate
// whose windows end, answers that are late or lost, clocks that only a gateway's own time since it asked relates to the database's, and crashes.
//
// Time is in ticks. Every call is one unit of both limits.
const (
	budgetOf   = 4 // units in all
	rateOf     = 3 // units in a window
	windowLong = 3 // ticks
	ttl        = 2 // ticks of a lease at most
	lastTick   = 6
	mostCalls  = 2 // in flight at a gateway
)

// leaseState is a lease in the database. The zero state is no lease.
type leaseState struct {
	held    int8 // units, in the budget and, in its window, in the rate
	window  int8 // that granted it
	expires int8 // the first tick at which it holds nothing
	open    bool
}

// gatewayState is what a gateway knows.
type gatewayState struct {
	crashed  bool
	spooled  bool // what is in flight was handed out by a process that was killed
	left     int8 // may be handed out
	until    int8 // the first tick at which nothing is handed out any more, by its own clock
	inFlight int8 // handed out of the lease and not recorded
	asked    bool // the answer to a lease is on its way
	answer   int8 // units in it
	lasts    int8 // ticks that it lasts from the decision on
	sent     int8 // when it was asked for
}

// world is everything.
type world struct {
	now      int8
	used     int8 // of the budget
	rateUsed int8 // of the current window
	late     int8 // recorded on a lease that held nothing for it any more
	lease    [2]leaseState
	gateway  [2]gatewayState
}

func window(tick int8) int8 { return tick / windowLong }

// heldBudget and heldRate are what leases hold of the budget, and of the current window.
func (w *world) heldBudget() (sum int8) {
	for _, l := range w.lease {
		if l.open {
			sum += l.held
		}
	}
	return sum
}

func (w *world) heldRate() (sum int8) {
	for _, l := range w.lease {
		if l.open && l.window == window(w.now) {
			sum += l.held
		}
	}
	return sum
}

// protocol says which rules are left out, to see that the explorer finds what they are for.
type protocol struct {
	noGuard    bool // a gateway hands out until the lease expires, and time goes on before it keeps what is in flight
	allOfIt    bool // a lease takes all that is left, measured without what others hold
	fromAnswer bool // a gateway counts a lease's time from when the answer came
}

// steps returns every world that may come next.
func (p protocol) steps(w world) (next []world) {
	if tick, ok := p.tick(w); ok {
		next = append(next, tick)
	}
	for i := range w.gateway {
		g := w.gateway[i]
		if g.crashed {
			continue
		}
		add := func(change func(n *world, g *gatewayState, l *leaseState)) {
			n := w
			change(&n, &n.gateway[i], &n.lease[i])
			next = append(next, n)
		}
		if !g.asked && !w.lease[i].open && g.inFlight == 0 {
			if granted := p.grant(&w); granted > 0 {
				expires := min(w.now+ttl, (window(w.now)+1)*windowLong)
				add(func(n *world, g *gatewayState, l *leaseState) {
					*l = leaseState{granted, window(w.now), expires, true}
					g.asked, g.answer, g.lasts, g.sent = true, granted, expires-w.now, w.now
				})
			}
		}
		if g.asked {
			add(func(n *world, g *gatewayState, _ *leaseState) { // the answer comes, whenever
				from := g.sent
				if p.fromAnswer {
					from = n.now
				}
				g.asked, g.left, g.until = false, g.answer, from+g.lasts
			})
			add(func(_ *world, g *gatewayState, _ *leaseState) { g.asked, g.left = false, 0 }) // or is lost
		}
		if g.left > 0 && w.now < g.until && g.inFlight < mostCalls {
			add(func(_ *world, g *gatewayState, _ *leaseState) { g.left--; g.inFlight++ })
		}
		if g.inFlight > 0 {
			add(func(n *world, g *gatewayState, l *leaseState) { g.inFlight--; g.spooled = false; n.record(l) })
		}
		if w.lease[i].open && !g.asked && (w.lease[i].held > 0 || g.inFlight == 0) { // it returns the lease, but for what is in flight
			add(func(n *world, g *gatewayState, l *leaseState) {
				g.left = 0
				if l.held = min(l.held, g.inFlight); l.held == 0 {
					l.open = false
				}
				l.expires = n.now + ttl
			})
		}
		add(func(n *world, g *gatewayState, _ *leaseState) { *g = gatewayState{crashed: true} }) // and its calls with it
		if g.inFlight > 0 {                                                                      // or a call of it is in its spool, and is recorded by the next process
			add(func(n *world, g *gatewayState, l *leaseState) { *g = gatewayState{inFlight: 1, spooled: true} })
		}
	}
	return next
}

// grant is how much a lease would hold now.
func (p protocol) grant(w *world) int8 {
	if p.allOfIt {
		return min(budgetOf-w.used, rateOf-w.rateUsed)
	}
	return min(budgetOf-w.used-w.heldBudget(), rateOf-w.rateUsed-w.heldRate()) / 2
}

// record books a unit in full, and takes it from the lease as far as that holds anything.
func (w *world) record(l *leaseState) {
	w.used++
	if l.window == window(w.now) {
		w.rateUsed++
	}
	if l.open && l.held > 0 {
		l.held--
	} else {
		w.late++
	}
}

// tick lets time go on. A gateway that runs keeps what is in flight before it expires: that is what the guard is for.
func (p protocol) tick(w world) (world, bool) {
	if w.now == lastTick {
		return w, false
	}
	for i, l := range w.lease {
		if g := w.gateway[i]; !p.noGuard && l.open && l.expires == w.now+1 && g.inFlight > 0 && !g.spooled {
			return w, false
		}
	}
	w.now++
	if w.now%windowLong == 0 {
		w.rateUsed = 0
	}
	for i := range w.lease {
		if l := &w.lease[i]; l.open && l.expires <= w.now {
			*l = leaseState{window: l.window}
		}
	}
	return w, true
}

// explore returns how many worlds there are, and the first in which something is wrong.
func (p protocol) explore() (worlds int, wrong string) {
	seen := map[world]bool{{}: true}
	for queue := []world{{}}; len(queue) > 0; queue = queue[1:] {
		if wrong := queue[0].wrong(); wrong != "" {
			return len(seen), fmt.Sprintf("%s in %+v", wrong, queue[0])
		}
		for _, next := range p.steps(queue[0]) {
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return len(seen), ""
}

// wrong says which promise a world breaks; "" for none.
func (w *world) wrong() string {
	switch {
	case w.used+w.heldBudget() > budgetOf+w.late:
		return "the budget is overspent"
	case w.rateUsed+w.heldRate() > rateOf+w.late:
		return "the rate is overspent"
	}
	for i, l := range w.lease {
		g := w.gateway[i]
		if !g.crashed && !g.spooled && g.inFlight > l.held {
			return "a call in flight is not held"
		}
		if l.open && l.expires <= w.now {
			return "a lease outlives its time"
		}
		if l.open && l.expires > w.now+ttl {
			return "a lease holds for longer than a TTL: a killed gateway blocks room"
		}
	}
	return ""
}

// Whatever order two gateways, answers, time and crashes come in: what is used and leased never passes the budget or the rate, but for calls that a process
// has recorded for another one that was killed, after the lease was over; a call in flight of a gateway that runs is held; and what a killed one has leased is free after a
// TTL. Without each of the rules the explorer finds a world that breaks one of these.
func TestProtocolOfLeases(t *testing.T) {
	t.Parallel()
	worlds, wrong := protocol{}.explore()
	if wrong != "" || worlds < 10_000 {
		t.Errorf("%d worlds: %s", worlds, wrong)
	}
	t.Logf("%d worlds", worlds)
	for name, p := range map[string]protocol{
		"no guard": {noGuard: true}, "what others hold is leased": {allOfIt: true}, "time from the answer on": {fromAnswer: true},
	} {
		if worlds, wrong := p.explore(); wrong == "" {
			t.Errorf("%s: nothing is wrong in %d worlds", name, worlds)
		} else {
			t.Logf("%s: %s", name, wrong)
		}
	}
}
