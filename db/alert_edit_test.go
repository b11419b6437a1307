package db_test

import (
	"testing"

	"bursar/db"
)

// A threshold that is lowered to what is used fires now; one that stays above it does not.
func TestLoweredThresholdFiresNow(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 80, 90)
	g.book(reportTokens(60))
	g.change(budget, edit{alerts: []int64{60, 61}})
	g.raised(budget, 60)
	g.mailed(budget, 60)
	g.change(budget, edit{alerts: []int64{10, 20, 61}})
	g.raised(budget, 10, 20, 60)
	g.mailed(budget, 20, 60)
}

// A threshold that is raised above what is used is armed again, at its new value.
func TestRaisedThresholdIsArmedAgain(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.book(reportTokens(55))
	g.change(budget, edit{alerts: []int64{70}})
	g.raised(budget, 50)
	g.book(reportTokens(15))
	g.raised(budget, 50, 70)
}

// A threshold that is taken away and set again in one period does not fire twice.
func TestThresholdFiresOncePerPeriodWhateverTheEdits(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.book(reportTokens(55))
	g.change(budget, edit{alerts: []int64{}})
	g.change(budget, edit{alerts: []int64{50}})
	g.book(reportTokens(1))
	g.raised(budget, 50)
}

// Raising the amount arms EXHAUSTED again; lowering it below what is used fires it now; keeping it does neither.
func TestRaisedAmountArmsExhausted(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.book(reportTokens(100))
	g.raised(budget, 0)
	g.raise(budget, 100)
	g.book(reportTokens(10))
	g.raised(budget, 0)
	g.raise(budget, 200)
	g.raised(budget, 0)
	g.deny(estimateTokens(91), db.DenialReasonBUDGETEXHAUSTED)
	g.raised(budget, -1, 0)
	g.raise(budget, 110)
	g.raised(budget, -1, 0, 0)
	g.raise(budget, 300)
	g.raise(budget, 110)
	g.raised(budget, -1, 0, 0, 0)
}

// A raise that does not suffice fires EXHAUSTED again at once.
func TestInsufficientRaiseFiresAgain(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.book(reportTokens(150))
	g.raise(budget, 140)
	g.raised(budget, 0, 0)
}

// A manual reset arms every alert again.
func TestResetArmsAll(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.book(reportTokens(100))
	g.reset(budget)
	g.raised(budget, 50, 0)
	g.book(reportTokens(60))
	g.raised(budget, 50, 0, 50)
	g.book(reportTokens(60))
	g.raised(budget, 50, 0, 50, 0)
}

// A late settlement raises the alerts that its own period owes, not the current one's.
func TestLateSettlementAlertsForItsPeriod(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 50)
	g.book(reportTokens(40))
	reservation := g.admit(estimateTokens(20))
	end := *g.limit(budget).PeriodEnd
	next := g.at(end)
	next.book(reportTokens(30))
	next.book(reportTokens(20).settling(reservation))
	next.raised(budget, 50)
	alert := next.alerts()[0]
	equal(t, "period", alert.PeriodNumber, 1)
	equalTime(t, "end of the period", *alert.PeriodEnd, end)
	equal(t, "used", alert.UsedUnits.String(), "60")
	next.book(reportTokens(20))
	next.raised(budget, 50, 50)
}

// Alerts outlive the budget that raised them.
func TestAlertsOutliveTheirBudget(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.book(reportTokens(50))
	equal(t, "deleted as a rate", g.deleteLimit(budget, db.LimitKindRATE), false)
	equal(t, "deleted", g.deleteLimit(budget, db.LimitKindBUDGET), true)
	equal(t, "deleted again", g.deleteLimit(budget, db.LimitKindBUDGET), false)
	g.raised(budget, 50)
	g.mailed(budget, 50)
}
