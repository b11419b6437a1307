package test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db/dbtest"
)

// cellsFleet is a server of an installation of two cells, with an organization in each.
type cellsFleet struct {
	home, eu *tenant
	server   *process
}

// newCells makes two databases, given by their URLs, the cells home and eu, and starts a server, which has an environment beside the usual one.
func newCells(t *testing.T, home, eu string, environment ...string) *cellsFleet {
	t.Helper()
	cells := "BURSAR_CELLS=eu=" + eu
	if code, printed := run(t, []string{"DATABASE_URL=" + home, cells}, "cells", "add", "eu").finish(); code != 0 {
		t.Fatalf("cells add exits with %d:\n%s", code, printed)
	}
	f := newFleet(t, home, 0)
	f.environment, f.cell = append([]string{cells}, environment...), "home"
	f.servers, f.urls = make([]*process, 1), make([]atomic.Pointer[string], 1)
	f.start(0)
	// its requests are counted by themselves
	ofEU := newFleet(t, eu, 0)
	ofEU.servers, ofEU.urls, ofEU.cell = f.servers, f.urls, "eu"
	return &cellsFleet{home: newTenant(f, "in-home"), eu: newTenant(ofEU, "in-eu"), server: f.servers[0]}
}

// failingOver is a cell of two PostgreSQL that fail over to each other.
type failingOver struct {
	primary, standby *durable
	tenant           *tenant
}

func newFailingOver(t *testing.T) *failingOver {
	t.Helper()
	c := &failingOver{primary: newDurableIn(t, t.TempDir(), replicating())}
	c.standby = c.primary.standby(quietPort(t))
	c.primary.waitFor(true)
	return c
}

// failOver kills the primary and promotes the standby.
func (c *failingOver) failOver() {
	c.primary.kill()
	c.standby.promote()
	c.standby.waitFor(false) // the setting is in its copy, too
}

// replace makes a standby in place of the server that was killed.
func (c *failingOver) replace() {
	c.tenant.t.Helper()
	if err := c.primary.server.Stop(); err != nil {
		c.tenant.t.Fatal(err)
	}
	c.primary, c.standby = c.standby, c.standby.standby(c.primary.config.Port)
	c.primary.waitFor(true)
}

// neighbourBar is how late an answer about an organization of another cell may be while a cell fails over.
const neighbourBar = 3 * time.Second

// Guarantee: of two cells with a synchronous standby each, either may fail over under load, twice: nothing that was answered is lost, exactly what fits is
// admitted, and bursar verify finds no difference. The organizations of the other cell notice nothing meanwhile: no error, and no answer that is late.
func TestCellsFailOverByThemselves(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "fails over four times")
	awayFromMidnight(t)
	home, eu := newFailingOver(t), newFailingOver(t)
	homeURL, euURL := urlOfBoth(t, home.primary, home.standby), urlOfBoth(t, eu.primary, eu.standby)
	installation := newCells(t, homeURL, euURL)
	home.tenant, eu.tenant = installation.home, installation.eu
	home.tenant.widen()
	eu.tenant.widen()
	for failover := range dbtest.Repeat(2) {
		for _, pair := range [][2]*failingOver{{eu, home}, {home, eu}} {
			failing, neighbour := pair[0], pair[1].tenant
			stop := make(chan struct{})
			var working sync.WaitGroup
			working.Go(func() { neighbour.load(fmt.Sprint("beside-", failover), stop) })
			neighbour.attempts.watch()
			before, own := neighbour.outages.Load(), failing.tenant.outages.Load()
			secret, key := failing.tenant.key(nil)
			newRound(failing.tenant, fmt.Sprint("failover-", failover), key, secret, []tight{tightCost("MONTHLY"), tightTokens("NONE")}[failover%2]).
				run(12, roundRoom/10+rand.IntN(roundRoom*6/10), failing.failOver)
			close(stop)
			working.Wait()
			saw := neighbour.attempts.since(time.Now())
			t.Logf("| %s | %d `UNAVAILABLE` | %d answered, %d `UNAVAILABLE`, %d connections broken | %s |",
				failing.tenant.cell, failing.tenant.outages.Load()-own, saw.answered, saw.unavailable, saw.broken, rounded(saw.slowest))
			if failed := neighbour.outages.Load() - before; failed > 0 || saw.slowest > neighbourBar || saw.answered == 0 {
				t.Errorf("%s: %d errors, slowest of %d answers %v, want none and %v at most", neighbour.cell, failed, saw.answered, saw.slowest, neighbourBar)
			}
			failing.replace()
		}
	}
	for _, c := range []*failingOver{home, eu} {
		c.tenant.audit(postgres.Pool(t, c.tenant.databaseURL))
	}
	verify(t, []string{"DATABASE_URL=" + homeURL, "BURSAR_CELLS=eu=" + euURL})
}

// load has gateways reserve, record, extend, release and check, none of which is denied, until stop is closed.
func (n *tenant) load(name string, stop <-chan struct{}) {
	r := &round{tenant: n, name: name, key: n.wide, admissions: make(chan struct{}, 1)}
	var working sync.WaitGroup
	for gateway := range 4 {
		working.Go(func() {
			for i := 0; r.serve(gateway, i); i++ {
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	working.Wait()
}
