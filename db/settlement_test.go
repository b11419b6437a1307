package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// Settling after the period has ended charges the period that admitted the request; history shows it, the current one does not.
func TestSettlingIntoAnEndedPeriod(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for _, period := range []db.LimitPeriod{db.LimitPeriodWEEKLY, db.LimitPeriodMONTHLY} {
		for _, closed := range []bool{false, true} {
			g := newGatewayIn(t, pool)
			budget := g.budget(onKey, db.LimitTypeTOKENS, period, 100)
			g.book(reportTokens(5))
			next := g.at(*g.limit(budget).PeriodEnd)
			reservation := next.after(-time.Hour).admit(estimateTokens(60).lasting(24 * time.Hour))
			next.admit(estimateTokens(100).lasting(time.Minute))
			if closed {
				equal(t, "closed", next.closePeriods(), 1)
			}
			next.ended(next.history(budget)[0], 5, 60)
			next.book(reportTokens(70).settling(reservation))
			next.ended(next.history(budget)[0], 75, 0)
			next.counts(budget, 0, 100)
			g.verified()
		}
	}
}

// Settling several periods late still finds the period that admitted it.
func TestSettlingPeriodsLate(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	first := g.admit(estimateTokens(10).lasting(24 * time.Hour))
	second := g.after(7 * 24 * time.Hour).admit(estimateTokens(20).lasting(24 * time.Hour))
	fifth := g.after(28 * 24 * time.Hour)
	fifth.book(reportTokens(11).settling(first))
	fifth.book(reportTokens(22).settling(second))
	fifth.book(reportTokens(1))
	periods := g.history(budget)
	equal(t, "ended periods", len(periods), 4)
	for i, used := range []int64{11, 22, 0, 0} {
		fifth.ended(periods[i], used, 0)
	}
	fifth.counts(budget, 1, 0)
	g.verified()
}

// Settling after a manual reset charges the old generation.
func TestSettlingAfterAReset(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100)
	reservation := g.admit(estimateTokens(60))
	g.reset(budget)
	g.counts(budget, 0, 0)
	g.book(reportTokens(65).settling(reservation))
	g.counts(budget, 0, 0)
	equal(t, "ended generations", len(g.history(budget)), 1)
	g.ended(g.history(budget)[0], 65, 0)
	g.verified()
}

// Settling after a change of type or of period charges the old generation in its own unit.
func TestSettlingAfterAChangeOfTypeOrPeriod(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, change := range map[string]edit{
		"type":   {unit: new(db.LimitTypeCOST), amount: new(dollar)},
		"period": {period: new(db.LimitPeriodNONE)},
		"both":   {unit: new(db.LimitTypeCOST), amount: new(dollar), period: new(db.LimitPeriodWEEKLY)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100)
			reservation := g.admit(estimateTokens(60).costing(40))
			g.change(budget, change)
			g.book(reportTokens(65).costing(44).settling(reservation))
			g.counts(budget, 0, 0)
			equal(t, "generation", g.limit(budget).Generation, 2)
			g.ended(g.history(budget)[0], 65, 0)
			equal(t, "type of the old generation", g.history(budget)[0].Type, db.LimitTypeTOKENS)
			g.verified()
		})
	}
}

// Releasing, expiring and sweeping give a hold back in the period that admitted it and leave the current one alone.
func TestGivingBackInAnEndedPeriod(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, giveBack := range map[string]func(g *gateway, reservation uuid.UUID){
		"release":   func(g *gateway, reservation uuid.UUID) { g.release(reservation) },
		"sweep":     func(g *gateway, _ uuid.UUID) { g.after(23 * time.Hour).sweep() },
		"admission": func(g *gateway, _ uuid.UUID) { g.after(23 * time.Hour).admit(estimateTokens(0)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
			next := g.at(*g.limit(budget).PeriodEnd)
			reservation := next.after(-time.Hour).admit(estimateTokens(60).lasting(24 * time.Hour))
			next.admit(estimateTokens(30).lasting(24 * time.Hour))
			next.ended(next.history(budget)[0], 0, 60)
			giveBack(next, reservation)
			next.ended(next.history(budget)[0], 0, 0)
			next.counts(budget, 0, 30)
			g.verified()
		})
	}
}

// Usage that was not reserved goes to the current period, at its very first instant too.
func TestUnreservedUsageGoesToTheCurrentPeriod(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	end := *g.limit(budget).PeriodEnd
	g.at(end.Add(-time.Microsecond)).book(reportTokens(10))
	equal(t, "ended periods", len(g.history(budget)), 0)
	g.at(end).book(reportTokens(20))
	g.ended(g.history(budget)[0], 10, 0)
	g.at(end).counts(budget, 20, 0)
	g.verified()
}

// A hold of a rate window that has ended is charged nowhere, and settles to the budgets alone.
func TestSettlingAfterARateWindow(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(1000)
	rate := g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodMINUTE, 100)
	within, after := g.admit(estimateTokens(40)), g.admit(estimateTokens(50))
	g.book(reportTokens(45).settling(within))
	g.counts(rate, 45, 50)
	next := g.after(time.Minute)
	next.admit(estimateTokens(10))
	next.book(reportTokens(55).settling(after))
	next.counts(rate, 0, 10)
	next.counts(budget, 100, 10)
	g.verified()
}

// A limit that is created while a reservation is open does not see it; one that is deleted is charged nowhere.
func TestLimitsThatComeAndGo(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	gone := g.tokenBudget(100)
	reservation := g.admit(estimateTokens(10))
	g.deleteLimit(gone, db.LimitKindBUDGET)
	come := g.tokenBudget(100)
	g.book(reportTokens(15).settling(reservation))
	g.counts(come, 0, 0)
	g.book(reportTokens(3))
	g.counts(come, 3, 0)
	g.verified()
}
