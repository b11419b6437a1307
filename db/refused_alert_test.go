package db_test

import (
	"testing"
	"time"

	"bursar/db"
)

// refusal returns the tenant's only REFUSED alert.
func (g *gateway) refusal() *db.Alert {
	g.T.Helper()
	var found []*db.Alert
	for _, alert := range g.alerts() {
		if alert.Kind == db.AlertKindREFUSED {
			found = append(found, alert)
		}
	}
	if len(found) != 1 {
		g.T.Fatalf("%d alerts are REFUSED, want 1", len(found))
	}
	return found[0]
}

// EXHAUSTED means used up. Of a $10 budget two reservations of $6 are asked for: the second is denied, which raises REFUSED and says
// what was asked for, used and held; the first is released and requests pass; when the $10 are used up EXHAUSTED is raised all the
// same, and mailed.
func TestRefusalTakesNothingFromExhausted(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 10*dollar)
	first := g.admit(estimateCost(6 * dollar))
	g.deny(estimateCost(6*dollar), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1)
	g.mailed(budget, -1)
	alert := g.refusal()
	equal(t, "used", alert.Used().String(), "0")
	equal(t, "requested", alert.Requested().String(), "6")
	equal(t, "held", alert.Reserved().String(), "6")
	equal(t, "amount", alert.Amount().String(), "10")

	g.release(first)
	g.book(reportCost(6 * dollar).settling(g.admit(estimateCost(6 * dollar))))
	g.deny(estimateCost(6*dollar), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1)
	g.book(reportCost(4 * dollar))
	g.raised(budget, -1, 0)
	g.mailed(budget, -1, 0)
	g.deny(estimateCost(1), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1, 0)
}

// REFUSED is raised by the budget that refused, once in a period, whatever refused the request: holds in flight, or less left than it
// asked for. A check raises nothing, nor does an estimate above the amount. A new period and a new generation arm it again.
func TestRefusedOncePerPeriod(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 50)
	bystander := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1000, 500)
	g.admit(estimateTokens(95))
	g.raised(budget)
	wantReasons(t, g.check(estimateTokens(6)), db.DenialReasonBUDGETEXHAUSTED)
	g.deny(estimateTokens(101), db.DenialReasonESTIMATEEXCEEDSLIMIT)
	g.raised(budget)
	g.deny(estimateTokens(6), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1)
	g.deny(estimateTokens(7), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1)
	equal(t, "requested", *g.refusal().RequestedUnits, 6)
	g.book(reportTokens(100))
	g.raised(budget, 50, -1, 0)
	g.raised(bystander)

	next := g.at(*g.limit(budget).PeriodEnd)
	next.admit(estimateTokens(100))
	next.deny(estimateTokens(0), db.DenialReasonBUDGETEXHAUSTED)
	next.raised(budget, 50, -1, 0, -1)
	next.mailed(budget, -1, 0, -1)
	next.reset(budget)
	next.book(reportTokens(60))
	next.deny(estimateTokens(41), db.DenialReasonBUDGETEXHAUSTED)
	next.deny(estimateTokens(42), db.DenialReasonBUDGETEXHAUSTED)
	next.raised(budget, 50, -1, 0, -1, 50, -1)
}

// REFUSED is once a period, whatever becomes of the amount: a raised amount arms EXHAUSTED again, and not REFUSED.
func TestARaisedAmountRefusesOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.book(reportTokens(90))
	g.deny(estimateTokens(11), db.DenialReasonBUDGETEXHAUSTED)
	g.book(reportTokens(10))
	g.raised(budget, -1, 0)
	g.raise(budget, 200)
	g.deny(estimateTokens(101), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1, 0)
	g.book(reportTokens(100))
	g.raised(budget, -1, 0, 0)
	g.reset(budget)
	g.book(reportTokens(1))
	g.deny(estimateTokens(200), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1, 0, 0, -1)
}

// Holds that have expired are not held: they neither refuse a request nor are named by the alert about one.
func TestRefusalNamesNoExpiredHold(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.admit(estimateTokens(60).lasting(time.Minute))
	g.admit(estimateTokens(10).lasting(time.Hour))
	later := g.after(time.Minute)
	later.deny(estimateTokens(91), db.DenialReasonBUDGETEXHAUSTED)
	later.raised(budget, -1)
	equal(t, "held", *later.refusal().ReservedUnits, 10)
}

// Each budget that refuses one request raises REFUSED for itself: the key's, the workspace's and the organization's; of a batch, about
// the first request that it refused.
func TestEachBudgetThatRefusesAlerts(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	key := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	workspace := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 80)
	organization := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1000)
	answers, err := g.reserveOn(g.Pool, &g.now, estimateTokens(60).by(g.Key.ID), estimateTokens(30).by(g.Key.ID), estimateTokens(50).by(g.Key.ID))
	must(t, answers, err)
	g.raised(key, -1)
	g.raised(workspace, -1)
	g.raised(organization)
	requested := query[int64](g, `select requested_units from alerts where budget_limit_id = $1`, workspace)
	equal(t, "requested of the workspace's", requested, 30)
	requested = query[int64](g, `select requested_units from alerts where budget_limit_id = $1`, key)
	equal(t, "requested of the key's", requested, 50)
}
