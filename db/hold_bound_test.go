package db_test

import (
	"testing"
	"time"

	"bursar/db"
)

// boundHolds sets what the tenant's organization lets each of its keys hold; 0: any.
func (g *gateway) boundHolds(percent, seconds int32) {
	g.T.Helper()
	g.exec(`update organizations set key_hold_percent = nullif($2, 0), key_hold_seconds = nullif($3, 0) where id = $1`,
		g.Organization.ID, percent, seconds)
}

// Without a bound one key may hold all of an organization's budget; with one it may hold a share of the smallest budget above it, to the
// last unit, of tokens and of dollars each. Further requests of the key are denied with HOLDS_EXCEEDED, 429, by the budget of which it is
// a share, until something is settled or released; other keys are not. A check says the same. Denied requests count nowhere.
func TestKeyHoldsAShareOfTheSmallestBudget(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	smallest := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 101)
	g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 10*dollar)
	g.tokenBudget(50)
	other := g.newKey()
	g.release(g.admit(estimateTokens(50).costing(10 * dollar)))
	g.boundHolds(20, 0)

	held := g.admit(estimateTokens(15))
	denied := g.deny(estimateTokens(6), db.DenialReasonHOLDSEXCEEDED)
	equal(t, "limit", denied.Denials[0].Limit.ID, smallest)
	equal(t, "bound", denied.Denials[0].BoundUnits, 20)
	equal(t, "estimate", denied.Denials[0].EstimateUnits, 6)
	equal(t, "denied by", denied.DeniedBy(), db.DeniedByRate)
	equal(t, "seconds to wait", denied.RetryAfterSeconds(), nil)
	wantReasons(t, g.check(estimateTokens(6)), db.DenialReasonHOLDSEXCEEDED)
	wantReasons(t, g.check(estimateTokens(5)))
	g.admit(estimateTokens(5))
	g.admit(estimateCost(2 * dollar))
	g.deny(estimateTokens(1).costing(1), db.DenialReasonHOLDSEXCEEDED, db.DenialReasonHOLDSEXCEEDED)
	g.admit(estimateTokens(0))
	g.admit(estimateTokens(20).by(other))
	g.deny(estimateTokens(40), db.DenialReasonBUDGETEXHAUSTED, db.DenialReasonHOLDSEXCEEDED)
	g.counts(smallest, 0, 40)
	equal(t, "denied by a budget", g.reserve(estimateTokens(40)).DeniedBy(), db.DeniedByBudget)

	g.book(reportTokens(1).settling(held))
	g.admit(estimateTokens(15))
	g.after(time.Hour).admit(estimateTokens(20).by(g.Key.ID))
	g.boundHolds(0, 0)
	g.after(time.Hour).admit(estimateTokens(29))
	g.verified()
}

// The bound holds in a batch as one by one, also over several secrets and scopes of one key; a request that is not admitted takes none of
// it. A lowered bound ends no hold. Limits of the key itself and rates bound nothing.
func TestShareOfABatch(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	g.boundHolds(30, 0)
	answers, err := g.reserveOn(g.Pool, &g.now, estimateTokens(10), estimateTokens(200), estimateTokens(10).presenting(g.Secret.Hash),
		estimateTokens(11).within(anyOrganization), estimateTokens(10), estimateTokens(1))
	must(t, 0, err)
	for i, want := range [][]db.DenialReason{nil, {db.DenialReasonESTIMATEEXCEEDSLIMIT, db.DenialReasonHOLDSEXCEEDED}, nil,
		{db.DenialReasonHOLDSEXCEEDED}, nil, {db.DenialReasonHOLDSEXCEEDED}} {
		wantReasons(t, answers[i], want...)
	}
	g.boundHolds(1, 0)
	wantReasons(t, g.check(estimateTokens(1)), db.DenialReasonHOLDSEXCEEDED)
	equal(t, "held", query[int64](g, `select count(*) from reservations where status = 'HELD'`), 3)

	other := g.neighbour()
	other.tokenBudget(100)
	other.rate(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodDAY, 100)
	other.boundHolds(1, 0)
	other.admit(estimateTokens(100))
	g.verified()
	other.verified()
}

// A reservation holds no longer than the organization lets it, also when it is extended, and never shorter than it did: expiresAt says
// until when. A repeated request has the same contents all the same.
func TestHoldsAreBoundedInTime(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	long := g.admit(estimateTokens(1).lasting(24 * time.Hour))
	g.boundHolds(0, 300)
	e := estimateTokens(1).lasting(time.Hour).named("a")
	answer := g.reserve(e)
	equalTime(t, "expiry", answer.Reservation.ExpiresAt, g.now.Add(5*time.Minute))
	equalTime(t, "a shorter one", g.reserve(estimateTokens(1).lasting(time.Minute)).Reservation.ExpiresAt, g.now.Add(time.Minute))
	again := g.after(time.Minute).reserve(e)
	wantReasons(t, again)
	equal(t, "replayed", again.Replayed, true)
	equalTime(t, "extended", g.after(time.Minute).extend(answer.Reservation.ID, time.Hour).Reservation.ExpiresAt, g.now.Add(6*time.Minute))
	equalTime(t, "a longer one", g.extend(long, time.Hour).Reservation.ExpiresAt, g.now.Add(24*time.Hour))
	other := g.neighbour()
	equalTime(t, "another organization's", other.reserve(estimateTokens(1).lasting(time.Hour)).Reservation.ExpiresAt, g.now.Add(time.Hour))
}
