package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
)

// The functions are the model: after any sequence of requests, alone and in batches across organizations, with costs and without, which
// prices decide, under policies with groups, of changes of policies, of prices between reservation and record, of edits, switches, raises, resets, jobs and jumps of the clock, also to the very instant
// of a boundary and back, every answer, counter, period, reservation, ledger row, cost, alert and number of deliveries is that of a plain
// program that computes each sum from the requests.
//
// A sequence that fails is shrunk and printed; -rapid.checks=N runs N sequences (10 without it, times BURSAR_TEST_REPEAT), of 30 steps on average.
func TestFunctionsAreTheModel(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		p := newPlay(t, newGatewayIn(t, pool))
		p.exec(rt, `delete from prices`) // everybody's, of the sequence before
		p.begin(rt)
		rt.Repeat(p.actions())
		for _, o := range p.Organizations {
			p.close(rt, o)
			differences, err := db.New().FindLedgerDifferences(context.Background(), pool, o.ID)
			if err != nil || len(differences) > 0 {
				rt.Fatalf("verify: %d differences (%+v), %v", len(differences), fmt.Sprintf("%+v", *differences[0]), err)
			}
		}
		p.compare(rt)
	})
}

// begin makes limits, prices and policies to begin with.
func (p *play) begin(rt *rapid.T) {
	for range rapid.IntRange(0, 6).Draw(rt, "limits") {
		p.createLimit(rt)
	}
	for range rapid.IntRange(0, 3).Draw(rt, "prices") {
		p.setPrice(rt)
	}
	for range rapid.IntRange(0, 2).Draw(rt, "policies") {
		p.createPolicy(rt)
	}
}

// actions are what may happen in a sequence, and what holds after each of them.
func (p *play) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":                  p.compare,
		"check":             p.checkSome,
		"reserve":           p.reserveSome,
		"reserve again":     p.reserveSome,
		"record":            p.recordSome,
		"record again":      p.recordSome,
		"release":           p.releaseSome,
		"extend":            p.extendSome,
		"lease":             p.leaseSome,
		"lease again":       p.leaseSome,
		"return a lease":    p.returnSome,
		"allow leases":      p.changeLeasePolicy,
		"wait":              p.wait,
		"wait for the end":  p.waitForABoundary,
		"turn back":         p.turnBack,
		"create a limit":    p.createLimit,
		"edit a budget":     p.editBudget,
		"edit a rate":       p.editRateLimit,
		"switch a limit":    p.switchSome,
		"raise a budget":    p.raiseSome,
		"reset a budget":    p.resetBudget,
		"delete a limit":    p.deleteSome,
		"change a key":      p.changeKey,
		"release a key":     p.releaseKey,
		"change a plan":     p.changePlan,
		"bound holds":       p.boundHolds,
		"set a price":       p.setPrice,
		"end a price":       p.endPrice,
		"multiply prices":   p.setMultiplier,
		"allow no price":    p.changeUnpricedPolicy,
		"run a job":         p.runJob,
		"create a policy":   p.createPolicy,
		"change a policy":   p.changePolicy,
		"set an own amount": p.setOwnAmount, "raise a policy's budget": p.raisePolicy,
		"delete a policy": p.deletePolicy,
	}
}

// wait moves the clock on.
func (p *play) wait(rt *rapid.T) {
	const day = 24 * time.Hour
	p.MoveTo(p.Now.Add(rapid.SampledFrom([]time.Duration{time.Microsecond, time.Second, time.Second, 20 * time.Second, time.Minute,
		50 * time.Minute, 3 * time.Hour, day, 3 * day, 8 * day, 33 * day, 100 * day}).Draw(rt, "later")))
}

// waitForABoundary moves the clock to the instant at which something ends, or to the one before or after it.
func (p *play) waitForABoundary(rt *rapid.T) {
	ahead := slices.DeleteFunc(p.boundaries(), func(at time.Time) bool { return !at.After(p.Now) })
	at := rapid.SampledFrom(ahead).Draw(rt, "boundary")
	p.MoveTo(at.Add(rapid.SampledFrom([]time.Duration{0, 0, 0, -time.Microsecond, time.Microsecond}).Draw(rt, "off")))
}

// turnBack puts the clock back, as when it was ahead, or when another machine that is behind becomes the primary. Everything that was
// over by either clock is noticed, as it is by any request that touches it.
func (p *play) turnBack(rt *rapid.T) {
	touch := func(o *model.Organization) {
		p.exec(rt, `select roll_counters($1, array(select subject_id from counters where organization_id = $1), $2)`, o.ID, p.Now)
	}
	for _, o := range p.Organizations {
		p.close(rt, o)
		touch(o)
		p.exec(rt, `select sweep_reservations($1, 1000000, $2)`, o.ID, p.Now)
	}
	p.TurnBack(p.Now.Add(-rapid.SampledFrom([]time.Duration{time.Microsecond, time.Second, 20 * time.Second, time.Minute, 10 * time.Minute,
		3 * time.Hour, 8 * 24 * time.Hour, 33 * 24 * time.Hour}).Draw(rt, "earlier")))
	for _, o := range p.Organizations {
		touch(o)
	}
}

// runJob closes periods or sweeps reservations; neither changes a decision.
func (p *play) runJob(rt *rapid.T) {
	o := rapid.SampledFrom(p.Organizations).Draw(rt, "organization")
	if rapid.Bool().Draw(rt, "sweep") {
		_, err := db.New().SweepReservations(context.Background(), p.g.Pool,
			&db.SweepReservationsParams{OrganizationID: o.ID, Number: rapid.Int32Range(1, 100).Draw(rt, "number"), Now: &p.Now})
		if err != nil {
			rt.Fatal(err)
		}
		return
	}
	p.close(rt, o)
}

func (p *play) close(rt *rapid.T, o *model.Organization) {
	got, err := db.New().ClosePeriods(context.Background(), p.g.Pool, &db.ClosePeriodsParams{Number: 10_000, OrganizationID: o.ID, Now: &p.Now})
	if want := p.ClosePeriods(o); err != nil || got != want {
		rt.Fatalf("closed %d periods (%v), want %d", got, err, want)
	}
}

func (p *play) deleted(rt *rapid.T, organization, id uuid.UUID, kind db.LimitKind) bool {
	deleted, err := db.New().DeleteLimit(context.Background(), p.g.Pool,
		&db.DeleteLimitParams{OrganizationID: organization, ID: id, Kind: kind})
	if err != nil {
		rt.Fatal(err)
	}
	return deleted
}
