package test

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// What every request of a round is estimated to use, and does use.
const (
	roundTokens = 7
	roundCost   = "0.02"
	roundRoom   = 60 // requests that the tight limit of a round has room for
)

// tight is a limit with room for exactly roundRoom requests of a round.
type tight struct {
	operation    string // CreateBudgetLimit or CreateRateLimit
	limit        object
	keepsRelease bool // whether a request counts although its reservation was released
}

func tightCost(period string) tight {
	return tight{"CreateBudgetLimit", object{"type": "COST", "amount": "1.21", "periodicReset": period, "alertThresholds": []string{"0.1", "0.25", "0.5"}}, false}
}

func tightTokens(period string) tight {
	return tight{"CreateBudgetLimit", object{"type": "TOKENS", "amount": 426, "periodicReset": period, "alertThresholds": []int{70, 71, 140, 200}}, false}
}

func tightRate(kind string) tight {
	return tight{"CreateRateLimit", object{
		"type": kind, "interval": "DAY", "limit": map[string]int{"REQUESTS": roundRoom, "TOKENS": roundRoom*roundTokens + 6}[kind]}, kind == "REQUESTS"}
}

// round is gateways that work against one tight limit until each of them has been denied.
type round struct {
	*tenant
	name               string
	key                string // the secret
	limit              tight
	admitted, released atomic.Int64
	admissions         chan struct{} // one for each that was answered
}

// newRound puts a tight limit on a subject: the organization, the workspace or a key (its id, and its secret).
func newRound(n *tenant, name, subject, key string, limit tight) *round {
	n.t.Helper()
	limit.limit["subjectId"] = subject
	n.ask(0, rootToken, limit.operation, limit.limit)
	return &round{tenant: n, name: name, key: key, limit: limit, admissions: make(chan struct{}, 4*roundRoom)}
}

// run sends gateways through all servers at once, and calls disturb after a number of admissions. Afterwards exactly as many
// requests have been admitted as the limit has room for, not one more and not one less.
func (r *round) run(gateways, after int, disturb func()) {
	r.t.Helper()
	var working sync.WaitGroup
	for g := range gateways {
		working.Go(func() {
			for n := 0; r.serve(g, n); n++ {
			}
		})
	}
	done := make(chan struct{})
	go func() {
		working.Wait()
		close(done)
	}()
	if disturb != nil {
		for range after {
			select {
			case <-r.admissions:
			case <-done:
				r.t.Errorf("%s ended before it was disturbed", r.name)
			}
		}
		disturb()
	}
	<-done
	standing := r.admitted.Load()
	if !r.limit.keepsRelease {
		standing -= r.released.Load()
	}
	if standing != roundRoom {
		r.t.Errorf("%s: %d admitted and %d released, want %d to stand", r.name, r.admitted.Load(), r.released.Load(), roundRoom)
	}
}

// serve takes one request through: it is reserved and, if it is admitted, settled, extended and settled, released, or left
// open; beside it usage is checked and recorded that nothing reserved. False once it is denied.
func (r *round) serve(gateway, n int) bool {
	request := fmt.Sprintf("%s-%d-%d", r.name, gateway, n)
	hold := object{"key": r.key, "requestId": request, "ttlSeconds": 80_000,
		"estimate": object{"requests": 1, "tokens": roundTokens, "cost": roundCost}}
	reserved := r.ask(gateway, r.gateway, "ReserveUsage", hold)
	if reserved == nil {
		return false
	}
	answer := &reserved.Data.ReserveUsage
	if !answer.Decision.Allowed {
		r.wantDenial(&answer.Decision)
		return false
	}
	if held := answer.Reservation; held.Tokens != roundTokens || held.Cost != roundCost || held.Status != "HELD" {
		r.t.Errorf("%s was admitted with %+v", request, held)
	}
	r.admitted.Add(1)
	select {
	case r.admissions <- struct{}{}:
	default: // nobody counts any more
	}
	return r.finish(gateway, n, hold, answer.Reservation) && r.unreserved(gateway, request)
}

// finish does with a reservation what gateways do, and notes it.
func (r *round) finish(gateway, n int, hold object, held *reservation) bool {
	named, status, ok := object{"reservationId": held.ID}, "SETTLED", true
	switch n % 6 {
	case 0:
		status = "HELD"
	case 1, 4:
		status = "RELEASED"
		a := r.ask(gateway, r.gateway, "ReleaseReservation", named)
		if ok = a != nil && a.Data.ReleaseReservation.Reservation.Status == status; ok {
			r.released.Add(1)
		}
	case 2:
		a := r.ask(gateway, r.gateway, "ExtendReservation", object{"reservationId": held.ID, "ttlSeconds": 86_000})
		ok = a != nil && a.Data.ExtendReservation.Reservation.Status == "HELD" && r.settle(gateway, hold, held)
	default:
		ok = r.settle(gateway, hold, held)
	}
	if !ok {
		r.t.Errorf("%s could not be %s", hold["requestId"], status)
	}
	r.books.reserved(hold, held, status)
	return ok
}

// settle records what a reservation has used, all that was estimated.
func (r *round) settle(gateway int, hold object, held *reservation) bool {
	return r.record(gateway, object{"reservationId": held.ID, "requestId": hold["requestId"], "inputTokens": roundTokens - 2,
		"outputTokens": 2, "cost": roundCost, "model": "m-1", "provider": "p"}, roundTokens)
}

// unreserved checks and records usage of a key that has no limit of its own.
func (r *round) unreserved(gateway int, request string) bool {
	if r.wide == "" {
		return true
	}
	if checked := r.ask(gateway, r.gateway, "CheckUsage", object{"key": r.wide, "estimate": object{"tokens": 3}}); checked == nil {
		return false
	} else if !checked.Data.CheckUsage.Allowed {
		r.t.Errorf("%s: a check was denied with %+v", request, checked.Data.CheckUsage)
	}
	return r.record(gateway, object{"key": r.wide, "requestId": request + "-extra", "inputTokens": 2, "outputTokens": 1,
		"cost": "0.000000003"}, 3)
}

func (r *round) record(gateway int, input object, tokens int64) bool {
	a := r.ask(gateway, r.gateway, "RecordUsage", input)
	if a == nil {
		return false
	}
	event := a.Data.RecordUsage.UsageEvent
	r.books.recorded(input, event.ID, tokens)
	return event.ID != "" && event.Tokens == tokens && event.Cost == input["cost"]
}

// wantDenial wants the answer that the round's limit gives when it is full.
func (r *round) wantDenial(d *decision) {
	r.books.denied(d)
	reason, status := "BUDGET_EXHAUSTED", 412
	if r.limit.operation == "CreateRateLimit" {
		reason, status = "RATE_LIMITED", 429
	}
	if d.HTTPStatus != status || d.reason() != reason || len(d.Denials) != 1 {
		r.t.Errorf("%s: denied with %+v", r.name, d)
	}
}
