package db_test

import (
	"testing"
	"time"

	"bursar/db"
)

// Raising or lowering an amount keeps what was used and held, and takes effect with the next decision.
func TestChangedAmountKeepsWhatWasUsed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.book(reportTokens(40))
	g.admit(estimateTokens(50))
	g.raise(budget, 80)
	g.counts(budget, 40, 50)
	equal(t, "remaining", g.limit(budget).Remaining().String(), "0")
	g.deny(estimateTokens(0), db.DenialReasonBUDGETEXHAUSTED)
	g.raise(budget, 120)
	g.admit(estimateTokens(30))
	g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED)
	g.counts(budget, 40, 80)
	equal(t, "generation", g.limit(budget).Generation, 1)
	g.verified()
}

// Changing the type or the period starts a new generation at zero; what is nil stays, and the same value changes nothing.
func TestChangedTypeOrPeriodStartsAGeneration(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 50)
	g.book(reportTokens(60))
	g.change(budget, edit{unit: new(db.LimitTypeTOKENS), period: new(db.LimitPeriodWEEKLY)})
	g.counts(budget, 60, 0)
	equal(t, "generation", g.limit(budget).Generation, 1)

	g.change(budget, edit{period: new(db.LimitPeriodMONTHLY)})
	g.counts(budget, 0, 0)
	limit := g.limit(budget)
	equal(t, "generation", limit.Generation, 2)
	equal(t, "amount", limit.MaxUnits, 100)
	equal(t, "threshold", limit.AlertUnits[0], 50)
	equalTime(t, "start", limit.PeriodStart, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	g.book(reportTokens(70))
	g.raised(budget, 50, 50)

	g.change(budget, edit{unit: new(db.LimitTypeCOST), amount: new(2 * dollar), alerts: []int64{dollar}})
	g.book(reportCost(dollar))
	g.counts(budget, dollar, 0)
	equal(t, "generation", g.limit(budget).Generation, 3)
	periods := g.history(budget)
	equal(t, "old generations", len(periods), 2)
	g.ended(periods[0], 60, 0)
	g.ended(periods[1], 70, 0)
	g.verified()
}

// A manual reset starts a new generation at zero inside the same calendar period, and closes the old one at once.
func TestResetStaysInsideThePeriod(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100, 10)
	before := g.limit(budget)
	g.book(reportTokens(100))
	later := g.after(time.Hour)
	later.reset(budget)
	after := later.limit(budget)
	later.counts(budget, 0, 0)
	equalTime(t, "start", after.PeriodStart, before.PeriodStart)
	equalTime(t, "end", *after.PeriodEnd, *before.PeriodEnd)
	equal(t, "generation", after.Generation, 2)
	equal(t, "period number", after.PeriodNumber, 2)
	equalTime(t, "closed", *g.history(budget)[0].ClosedAt, later.now)
	later.admit(estimateTokens(100))
	g.verified()
}

// A reset of a budget without a calendar begins at the reset.
func TestResetWithoutCalendar(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.after(time.Hour).reset(budget)
	equalTime(t, "start", g.limit(budget).PeriodStart, noon.Add(time.Hour))
	equal(t, "end", g.limit(budget).PeriodEnd, nil)
}

// An edit after the end of a period that is not rolled yet keeps the ended period's usage in history, not in the new one.
func TestEditAfterABoundaryRollsFirst(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 90)
	g.book(reportTokens(60))
	next := g.after(7 * 24 * time.Hour)
	next.change(budget, edit{alerts: []int64{50}})
	next.raised(budget)
	next.counts(budget, 0, 0)
	next.reset(budget)
	periods := g.history(budget)
	equal(t, "ended", len(periods), 2)
	g.ended(periods[0], 60, 0)
	g.ended(periods[1], 0, 0)
	equal(t, "generation of the first", periods[0].Generation, 1)
	g.verified()
}

// Thresholds are kept ascending, each once; an empty list takes them all away, nil leaves them.
func TestThresholdsAreASet(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 80, 20, 80, 50)
	for _, c := range []struct {
		alerts []int64
		want   int
	}{{nil, 3}, {[]int64{9, 3, 9}, 2}, {nil, 2}, {[]int64{}, 0}} {
		g.change(budget, edit{alerts: c.alerts})
		got := g.limit(budget).AlertUnits
		equal(t, "thresholds", len(got), c.want)
		for i := 1; i < len(got); i++ {
			equal(t, "ascending", got[i-1] < got[i], true)
		}
	}
}

// Another organization's limits, and those of the other kind, cannot be changed, reset or deleted.
func TestOtherLimitsAreNotFound(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	budget, rate := other.tokenBudget(100), other.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 5)
	g.raise(budget, 7)
	g.reset(budget)
	g.changeRate(rate, 7)
	other.raise(rate, 7)
	other.reset(rate)
	other.changeRate(budget, 7)
	equal(t, "deleted", g.deleteLimit(budget, db.LimitKindBUDGET), false)
	equal(t, "deleted as a budget", other.deleteLimit(rate, db.LimitKindBUDGET), false)
	equal(t, "amount", other.limit(budget).MaxUnits, 100)
	equal(t, "generation", other.limit(budget).Generation, 1)
	equal(t, "limit", other.limit(rate).MaxUnits, 5)
}
