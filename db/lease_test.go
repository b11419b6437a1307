package db_test

import (
	"testing"
	"time"

	"bursar/db"
)

// A lease is held in every limit of its key: budgets of each type, rates, and requests that are open at the same time. What is recorded on it is
// taken from it, as often as there is something to record, counts when it is recorded, and is booked in full beyond it. verify agrees at each step.
func TestLeaseIsDrawnOn(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget, dollars := g.tokenBudget(1000), g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodNONE, 1_000_000_000)
	rate, parallel := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 100), g.rate(onKey, db.LimitTypePARALLELREQUESTS, db.LimitPeriodNONE, 90)
	lease := g.leased(g.lease(wishTokens(20, 300).costing(100)), 20, 300, 100)
	counts := func(what string, tokens, heldTokens, nanos, heldNanos, requests, heldRequests, open int64) {
		t.Helper()
		t.Log(what)
		g.counts(budget, tokens, heldTokens)
		g.counts(dollars, nanos, heldNanos)
		g.counts(rate, requests, heldRequests)
		g.counts(parallel, 0, open)
		g.verified()
	}
	counts("granted", 0, 300, 0, 100, 0, 20, 20)
	answers, err := g.recordOn(g.Pool, &g.now, reportTokens(50).costing(10).settling(lease.ID), reportTokens(30).costing(20).settling(lease.ID).counting(2))
	for _, answer := range must(t, answers, err) {
		wantError(t, answer, "")
		if answer.UsageEvent.ReservationID != nil {
			t.Error("the ledger takes the lease for a reservation")
		}
	}
	g.holding(lease, 17, 220, 70)
	counts("drawn on twice in a batch", 80, 220, 30, 70, 3, 17, 17)
	g.book(reportTokens(400).costing(1).settling(lease.ID).counting(1))
	g.holding(lease, 16, 0, 69)
	counts("beyond its tokens", 480, 0, 31, 69, 4, 16, 16)
	wantError(t, g.giveBack(lease.ID, wish{}), "")
	equal(t, "status", g.status(lease.ID), db.ReservationStatusRELEASED)
	counts("returned", 480, 0, 31, 0, 4, 0, 0)
	g.book(reportTokens(5).settling(lease.ID))
	counts("recorded late", 485, 0, 31, 0, 5, 0, 0)
}

// A lease is never granted more than half of what is left of a limit, rounded down, what others hold left out: so several gateways find room, and the
// sum of what is used, held and leased never passes a limit. Where that is less than one, no lease is granted, and requests pass one by one.
func TestLeasesShrinkTowardsTheEdge(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	var granted []int64
	for range 6 {
		granted = append(granted, g.lease(wishTokens(10, 60)).Leased[1])
	}
	want := []int64{50, 25, 12, 6, 3, 2}
	for i := range want {
		equal(t, "tokens", granted[i], want[i])
	}
	g.lease(wishTokens(10, 60)) // 1 of 2
	g.counts(budget, 0, 99)
	answer := g.askLease(wishTokens(10, 60))
	wantReasons(t, answer, db.DenialReasonLEASETOOSMALL)
	equal(t, "the limit", answer.Denials[0].Limit.ID, budget)
	g.lease(wishRequests(10)) // asks for nothing of the budget
	g.admit(estimateTokens(1))
	wantReasons(t, g.askLease(wishRequests(10)), db.DenialReasonBUDGETEXHAUSTED)
	g.verified()
}

// Requests of a lease are bounded by limits of requests, in whatever form: a budget, a rate, and what may be open at the same time. A limit in SHADOW
// and one that is not enabled bound nothing, and hold all the same.
func TestLeaseIsBoundedByRequests(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, c := range map[string]struct {
		limit   func(g *gateway) (limit [16]byte)
		granted int64
	}{
		"budget": {func(g *gateway) [16]byte {
			return g.budget(onWorkspace, db.LimitTypeREQUESTS, db.LimitPeriodMONTHLY, 11)
		}, 5},
		"rate":     {func(g *gateway) [16]byte { return g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 11) }, 5},
		"parallel": {func(g *gateway) [16]byte { return g.rate(onKey, db.LimitTypePARALLELREQUESTS, db.LimitPeriodNONE, 11) }, 5},
		"shadow": {func(g *gateway) [16]byte {
			limit := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 11)
			g.exec(`update limits set mode = 'SHADOW' where id = $1`, limit)
			return limit
		}, 20},
		"not enabled": {func(g *gateway) [16]byte {
			limit := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 11)
			g.exec(`update limits set enabled = false where id = $1`, limit)
			return limit
		}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			limit := c.limit(g)
			g.leased(g.lease(wishRequests(20)), c.granted, 0, 0)
			g.counts(limit, 0, c.granted)
			g.verified()
		})
	}
}

// A lease lasts as long as was asked for, and no longer than its organization lets leases and reservations last, the first of its windows and periods
// goes on, and its key may be used.
func TestLeaseEnds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ends := func(what string, after time.Duration) {
		t.Helper()
		equalTime(t, what, g.lease(wishRequests(1).lasting(40*time.Second)).ExpiresAt, g.now.Add(after))
	}
	ends("the default", 10*time.Second)
	g.exec(`update organizations set lease_seconds = 60 where id = $1`, g.Organization.ID)
	ends("as asked for", 40*time.Second)
	g.boundHolds(100, 30)
	ends("what reservations last", 30*time.Second)
	g.setKey("expires_at = $2", g.now.Add(25*time.Second))
	ends("the key", 25*time.Second)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 100)
	g.now = g.now.Add(45 * time.Second).Truncate(time.Minute).Add(45 * time.Second)
	g.setKey("expires_at = null")
	ends("the window", 15*time.Second)
	g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodSECOND, 100)
	g.now = g.now.Add(750 * time.Millisecond)
	ends("the second", 250*time.Millisecond)
	g.exec(`update organizations set leases_allowed = false where id = $1`, g.Organization.ID)
	wantReasons(t, g.askLease(wishRequests(1)), db.DenialReasonLEASESNOTALLOWED)
	equal(t, "who denies", g.askLease(wishRequests(1)).DeniedBy(), db.DeniedByLease)
}

// What a lease was not drawn on for is given back when it expires, in the window that granted it alone: swept or not, no decision counts it.
func TestLeaseExpires(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget, rate := g.tokenBudget(100), g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 10)
	lease := g.lease(wishTokens(4, 40))
	g.book(reportTokens(10).settling(lease.ID))
	g = g.after(9 * time.Second)
	g.counts(rate, 1, 3)
	g = g.after(time.Second)
	g.counts(budget, 10, 0)
	g.counts(rate, 1, 0)
	if answer := g.check(estimate{requests: 9, tokens: 90}); !answer.Allowed {
		t.Errorf("what has expired is still held: %v", reasons(answer))
	}
	g.leased(g.lease(wishTokens(9, 90)), 4, 45, 0)
	equal(t, "status", g.status(lease.ID), db.ReservationStatusEXPIRED)
	g.verified()
	g = g.after(time.Minute)
	g.counts(rate, 0, 0)
	g.book(reportTokens(7).settling(lease.ID))
	g.counts(budget, 17, 0)
	g.counts(rate, 0, 0)
	g.sweep()
	g.verified()
}

// A lease that is returned in part keeps what requests in flight hold, beyond the window that granted it, for as long as leases last from now; the rest is given back at once.
func TestLeaseIsReturnedInPart(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget, rate := g.tokenBudget(100), g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 10)
	g.now = g.now.Truncate(time.Minute).Add(55 * time.Second)
	lease := g.lease(wishTokens(5, 50))
	equalTime(t, "the window", lease.ExpiresAt, g.now.Add(5*time.Second))
	g = g.after(4 * time.Second)
	kept := g.giveBack(lease.ID, wishTokens(2, 20)).Reservation
	equalTime(t, "beyond the window", kept.ExpiresAt, g.now.Add(10*time.Second))
	g.leased(kept, 5, 50, 0)
	g.holding(lease, 2, 20, 0)
	g.counts(budget, 0, 20)
	g.counts(rate, 0, 2)
	g = g.after(6 * time.Second)
	g.counts(rate, 0, 0)
	g.counts(budget, 0, 20)
	g.book(reportTokens(15).settling(lease.ID))
	g.counts(budget, 15, 5)
	g.giveBack(lease.ID, wishTokens(9, 90)) // more than it holds
	g.holding(lease, 1, 5, 0)
	equal(t, "status", g.giveBack(lease.ID, wish{}).Reservation.Status, db.ReservationStatusRELEASED)
	equal(t, "again", g.giveBack(lease.ID, wishTokens(1, 1)).Reservation.Status, db.ReservationStatusRELEASED)
	g.counts(budget, 15, 0)
	wantError(t, g.giveBack(g.admit(estimateTokens(1)), wish{}), "NOT_FOUND")
	wantError(t, g.release(lease.ID), "NOT_FOUND")
	wantError(t, g.extend(lease.ID, time.Hour), "NOT_FOUND")
	g.verified()
}

// A request id names one lease: with the same contents it is answered with what is stored and counts nothing, with others and for a reservation it is a mismatch,
// and what is closed is denied.
func TestLeaseIsIdempotent(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	lease := g.lease(wishTokens(5, 10).named("a"))
	answers, err := g.leaseOn(g.Pool, &g.now, wishTokens(5, 10).named("a"), wishTokens(5, 20).named("b"), wishTokens(5, 20).named("b"), wishTokens(5, 11).named("a"))
	must(t, answers, err)
	for i, replayed := range []bool{true, false, true} {
		wantReasons(t, answers[i])
		equal(t, "replayed", answers[i].Replayed, replayed)
	}
	equal(t, "the same lease", answers[0].Reservation.ID, lease.ID)
	wantError(t, answers[3], "IDEMPOTENCY_MISMATCH")
	wantError(t, g.reserve(estimateTokens(10).named("a")), "IDEMPOTENCY_MISMATCH")
	g.admit(estimateTokens(1).named("c"))
	wantError(t, g.askLease(wishTokens(1, 1).named("c")), "IDEMPOTENCY_MISMATCH")
	g.counts(budget, 0, 31)
	g.giveBack(lease.ID, wish{})
	closed := g.askLease(wishTokens(5, 10).named("a"))
	wantReasons(t, closed, db.DenialReasonRESERVATIONCLOSED)
	equal(t, "what is stored", closed.Reservation.Status, db.ReservationStatusRELEASED)
	g.counts(budget, 0, 21)
	wantError(t, g.askLease(wishTokens(1, 1).by(g.neighbour().Key.ID)), "")
}

// Disabling, revoking and expiry of a key end its leases in the database at once, and a key that may not be used gets none.
func TestLeaseEndsWithItsKey(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, assignment := range map[string]string{"KEY_DISABLED": "enabled = false", "KEY_REVOKED": "revoked_at = now()", "KEY_EXPIRED": "expires_at = now()"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool).atDatabaseTime()
			budget, rate := g.tokenBudget(100), g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodWEEK, 10)
			lease := g.lease(wishTokens(4, 40))
			g.book(reportTokens(10).settling(lease.ID))
			g = g.endHolds(assignment)
			g.counts(budget, 10, 0)
			g.counts(rate, 1, 0)
			equal(t, "status", g.status(lease.ID), db.ReservationStatusEXPIRED)
			wantReasons(t, g.askLease(wishRequests(1)), db.DenialReason(name))
			g.book(reportTokens(5).settling(lease.ID)) // was handed out before
			g.counts(budget, 15, 0)
			g.verified()
		})
	}
}

// A lease holds no more than an API key may hold.
func TestLeaseIsWithinTheKeysBounds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1000)
	g.boundHolds(10, 60)
	g.leased(g.lease(wishTokens(5, 400)), 5, 50, 0)
	g.leased(g.lease(wishTokens(5, 400)), 5, 25, 0)
	for range 4 {
		g.lease(wishTokens(1, 400))
	}
	g.admit(estimateTokens(1))
	g.lease(wishTokens(1, 0))
	for query[int64](g, `select sum(tokens)::bigint from reservations where api_key_id = $1`, g.Key.ID) < 99 {
		g.lease(wishTokens(1, 400))
	}
	wantReasons(t, g.askLease(wishTokens(1, 400)), db.DenialReasonHOLDSEXCEEDED)
	g.verified()
}
