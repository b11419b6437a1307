package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// raiseBy raises a budget of tokens.
func (g *gateway) raiseBy(budget uuid.UUID, tokens int64, until *time.Time) error {
	_, err := g.Pool.Exec(context.Background(), `select raise_budget($1, $2, null, 'TOKENS', $3, $4, $5)`, g.Organization.ID, budget, tokens, until, g.now)
	return err
}

// A raise of the period counts with the next decision and ends with the period, at the very instant, although no job has run. The amount and the
// thresholds stay what they are; EXHAUSTED is raised when all of the raised amount is used; history has the raised amount.
func TestRaiseOfThePeriod(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 80)
	g.book(reportTokens(100))
	g.raised(budget, 80, 0)
	g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED)
	must(t, 0, g.raiseBy(budget, 50, nil))
	status := g.limit(budget)
	equal(t, "amount", status.MaxUnits, 100)
	equal(t, "raised", status.RaisedUnits, 50)
	equal(t, "left", status.Remaining().String(), "50")
	equal(t, "thresholds", len(status.AlertUnits), 1)
	held := g.admit(estimateTokens(50))
	g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED)
	g.book(reportTokens(50).settling(held))
	g.raised(budget, 80, -1, 0, 0)

	end := *g.limit(budget).PeriodEnd
	last := g.at(end.Add(-time.Microsecond))
	last.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED)
	next := g.at(end)
	equal(t, "raised in the next period", next.limit(budget).RaisedUnits, 0)
	next.deny(estimateTokens(101), db.DenialReasonESTIMATEEXCEEDSLIMIT)
	next.admit(estimateTokens(100))
	next.closePeriods()
	periods := next.history(budget)
	equal(t, "amount of the period before", periods[len(periods)-1].MaxUnits, 150)
	next.verified()
}

// A raise until an instant ends at it, also within a period and beyond one, whatever has run: of two decisions, the one before it is granted and the
// one at it is not. A reset by hand ends the raises of the period, and not the ones until an instant; another type ends all.
func TestRaiseUntilAnInstant(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	until := g.now.Add(time.Hour)
	must(t, 0, g.raiseBy(budget, 1000, &until))
	must(t, 0, g.raiseBy(budget, 10, nil))
	equal(t, "raised", g.limit(budget).RaisedUnits, 1010)
	g.reset(budget)
	equal(t, "raised after the reset", g.limit(budget).RaisedUnits, 1000)
	g.release(g.at(until.Add(-time.Microsecond)).admit(estimateTokens(1100)))
	g.at(until).deny(estimateTokens(101), db.DenialReasonESTIMATEEXCEEDSLIMIT)
	equal(t, "raised at its end", g.at(until).limit(budget).RaisedUnits, 0)
	unit, amount := db.LimitTypeCOST, 5*dollar
	g.change(budget, edit{unit: &unit, amount: &amount})
	equal(t, "raised in another unit", g.limit(budget).RaisedUnits, 0)
	equal(t, "raises that ended early", query[int](g, `select count(*) from budget_raises where ended_at is not null`), 2)
}

// Nothing is raised by nothing, until an instant that has passed, in another unit, or a hundred times and one; and no amount overflows.
func TestRaisesThatAreNone(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	for name, err := range map[string]error{
		"by nothing": g.raiseBy(budget, 0, nil), "until now": g.raiseBy(budget, 1, &g.now),
		"of dollars": g.raiseBy(g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, dollar), 1, nil),
	} {
		if code := fault.CodeOf(db.Fault(err)); code != fault.BadUserInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 100 {
		must(t, 0, g.raiseBy(budget, 1<<62, nil))
	}
	if code := fault.CodeOf(db.Fault(g.raiseBy(budget, 1, nil))); code != fault.BadUserInput {
		t.Errorf("the 101st: %s", code)
	}
	g.admit(estimateTokens(1_000_000_000_000))
	equal(t, "raised to the most", g.limit(budget).RaisedUnits, 1<<63-1-100)
}

// A request for a raise changes nothing until it is granted, and is decided once: granted it raises the budget by what was asked for, as by hand. Another
// one of the same member for the same budget takes the place of one that is open. It goes with its budget.
func TestRaiseRequests(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	ask := func(tokens int64) uuid.UUID {
		t.Helper()
		return query[uuid.UUID](g, `select id from request_raise($1, $2, null, $3, 'TOKENS', $4, null, $5)`, g.Organization.ID, budget, g.Owner.ID, tokens, g.now)
	}
	decide := func(request uuid.UUID, grants bool) string {
		t.Helper()
		return query[string](g, `select coalesce((select status::text from decide_raise_request($1, $2, $3, $4)), 'none')`, g.Organization.ID, request, grants, g.now)
	}
	replaced, granted := ask(1), ask(50)
	equal(t, "raised before", g.limit(budget).RaisedUnits, 0)
	equal(t, "the one that was replaced", decide(replaced, true), "none")
	equal(t, "granted", decide(granted, true), "GRANTED")
	equal(t, "declined afterwards", decide(granted, false), "GRANTED")
	equal(t, "granted again", decide(granted, true), "GRANTED")
	equal(t, "raised", g.limit(budget).RaisedUnits, 50)
	equal(t, "declined", decide(ask(7), false), "DECLINED")
	equal(t, "raised after that", g.limit(budget).RaisedUnits, 50)
	ask(8)
	g.deleteLimit(budget, db.LimitKindBUDGET)
	equal(t, "requests of a budget that is gone", query[int](g, `select count(*) from raise_requests`), 0)
}
