package db_test

import (
	"testing"

	"bursar/db"
)

// percents sets the thresholds in percent of a budget.
func (g *gateway) percents(budget any, percents ...int16) {
	g.T.Helper()
	g.exec(`select update_budget_limit($1, $2, null, null, null, null, jsonb_build_object('alert_percents', to_jsonb($3::smallint[])), $4)`,
		g.Organization.ID, budget, append([]int16{}, percents...), g.now)
}

// A threshold in percent is reached at that share of the amount, rounded up to a whole unit; it follows the amount when that changes, and an amount that was
// set as such stays. Raises move neither. Each is alerted once, also when it was set both ways, and says as what it was set.
func TestPercentFollowsTheAmount(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1001, 500)
	g.percents(budget, 50, 90)
	g.book(reportTokens(500))
	g.raised(budget, 500)
	g.book(reportTokens(1)) // 50 % of 1001 is 500.5
	g.raised(budget, 500, 501)
	equal(t, "set as 50 %", query[int64](g, `select threshold_units from alerts where threshold_percent = 50`), 501)
	equal(t, "set as an amount", query[int64](g, `select threshold_units from alerts where threshold_percent is null`), 500)

	g.raise(budget, 2000)
	status := db.BudgetLimit{LimitStatus: g.limit(budget)}
	equal(t, "amounts", len(status.AlertUnits), 1)
	thresholds := status.Thresholds()
	for i, want := range []int64{500, 1000, 1800} {
		equal(t, "threshold", thresholds[i].Amount.IntPart(), want)
	}
	equal(t, "of the counter", query[string](g, `select alert_units::text from counters where limit_id = $1`, budget), "{500,1000,1800}")
	must(t, 0, g.raiseBy(budget, 1000, nil))
	equal(t, "with a raise", query[string](g, `select alert_units::text from counters where limit_id = $1`, budget), "{500,1000,1800}")
	g.book(reportTokens(499))
	g.raised(budget, 500, 501, 1000)
	g.percents(budget, 25, 50) // 25 % is the amount that was set as such
	g.book(reportTokens(1))
	g.raised(budget, 500, 501, 1000)
	g.percents(budget, 40) // at or below what is used: fires now
	g.raised(budget, 500, 501, 800, 1000)
	g.verified()
}

// 99 % of what has no whole unit below the amount is the amount itself, of which EXHAUSTED tells; the largest amount does not overflow.
func TestPercentOfTheSmallestAndTheLargest(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for amount, want := range map[int64]string{1: "{}", 2: "{1}", 9223372036854775807: "{4611686018427387904,9131138316486228049}"} {
		budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, amount)
		g.percents(budget, 50, 99)
		equal(t, "thresholds", query[string](g, `select alert_units::text from counters where limit_id = $1`, budget), want)
		equal(t, "as Go has them", len(db.BudgetLimit{LimitStatus: g.limit(budget)}.Thresholds()), query[int](g, `select cardinality(alert_units) from counters where limit_id = $1`, budget))
		g.exec(`select delete_limit($1, $2, 'BUDGET')`, g.Organization.ID, budget)
	}
}

// The database refuses what is no percent of a budget.
func TestWrongPercents(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	for _, wrong := range []string{"{0}", "{100}", "{-1}", "{NULL}"} {
		_, err := g.Pool.Exec(t.Context(), `update limits set alert_percents = $2 where id = $1`, budget, wrong)
		if constraint := violated(err); constraint != "limits_alert_percents_check" {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
