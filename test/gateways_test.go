package test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// gateways reserve and record, each one request after the other, until they are stopped. Each sends a request until it is
// answered, as ask does.
type gateways struct {
	*tenant
	name    string
	key     string          // the secret that they reserve for
	stopped context.Context //nolint:containedctx // ends with the test, too
	end     context.CancelFunc
	working sync.WaitGroup
	done    []atomic.Int64 // pairs of each gateway
}

// requestPause returns how long a gateway waits between two requests. These tests are of faults, and not of load: a few requests in each
// moment tell as much as all that the machine has processors for.
func requestPause() time.Duration {
	if atLength() {
		return 40 * time.Millisecond
	}
	return 120 * time.Millisecond
}

// run starts a number of gateways, spread over the servers.
func (n *tenant) run(name string, number int) *gateways {
	n.t.Helper()
	secret, _ := n.key(object{"name": name})
	g := &gateways{tenant: n, name: name, key: secret, done: make([]atomic.Int64, number)}
	g.stopped, g.end = context.WithCancel(n.t.Context())
	n.t.Cleanup(g.stop) // a test that fails does not come to it, and what is logged after its end crashes the others
	for i := range number {
		g.working.Go(func() { g.work(i) })
	}
	return g
}

func (g *gateways) work(number int) {
	for i := 0; g.serve(number, fmt.Sprintf("%s-%d-%d", g.name, number, i)); i++ {
		g.done[number].Add(1)
		select {
		case <-g.stopped.Done():
			return
		case <-time.After(requestPause()):
		}
	}
}

// serve takes one request through. False once the test has failed.
func (g *gateways) serve(number int, request string) bool {
	hold := object{"key": g.key, "requestId": request, "ttlSeconds": 80_000, "estimate": object{"tokens": 3, "cost": "0.001"}}
	reserved := g.ask(number, g.gateway, "ReserveUsage", hold)
	if reserved == nil { // it has failed, or has ended
		return false
	}
	if reserved.Data.ReserveUsage.Reservation == nil {
		g.t.Errorf("%s was not admitted: %+v", request, reserved)
		return false
	}
	held := reserved.Data.ReserveUsage.Reservation
	report := object{"reservationId": held.ID, "requestId": request, "inputTokens": 2, "outputTokens": 1, "cost": "0.001"}
	recorded := g.ask(number, g.gateway, "RecordUsage", report)
	if recorded == nil {
		return false
	}
	g.books.reserved(hold, held, "SETTLED")
	g.books.recorded(report, recorded.Data.RecordUsage.UsageEvent.ID, 3)
	return true
}

// await waits until every gateway has taken a number of further requests through.
func (g *gateways) await(more int64) {
	g.t.Helper()
	deadline, wanted := time.After(waitTimeout), make([]int64, len(g.done))
	for i := range g.done {
		wanted[i] = g.done[i].Load() + more
	}
	for i, want := range wanted {
		for g.done[i].Load() < want {
			select {
			case <-g.t.Context().Done():
				g.t.Fatal("the test has ended")
			case <-time.After(time.Millisecond):
			case <-deadline:
				g.t.Fatalf("gateway %d of %s is not served any more", i, g.name)
			}
		}
	}
}

// stop lets every gateway finish its request.
func (g *gateways) stop() {
	g.end()
	g.working.Wait()
}
