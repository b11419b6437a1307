package db_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
)

// alerts returns the tenant's alerts, the highest first.
func (g *gateway) alerts() []*db.Alert {
	g.T.Helper()
	return rowsOf[db.Alert](g, `select * from alerts a where a.organization_id = $1
		order by a.raised_at desc, a.threshold_units desc nulls first`, g.Organization.ID)
}

// raised fails the test unless usage has raised exactly these alerts of a budget; 0 stands for EXHAUSTED, -1 for REFUSED.
func (g *gateway) raised(budget uuid.UUID, want ...int64) {
	g.T.Helper()
	got := query[[]int64](g, `select coalesce(array_agg(coalesce(threshold_units, case kind when 'REFUSED' then -1 else 0 end)
		order by period_number, threshold_units nulls last, kind desc), '{}') from alerts where budget_limit_id = $1 and kind in ('THRESHOLD', 'EXHAUSTED', 'REFUSED')`, budget)
	same := len(got) == len(want)
	for i := range got {
		same = same && got[i] == want[i]
	}
	if !same {
		g.T.Errorf("alerts %v, want %v (0 is EXHAUSTED, -1 REFUSED)", got, want)
	}
}

// mailed fails the test unless exactly these alerts of a budget have a delivery; 0 stands for EXHAUSTED, -1 for
// REFUSED.
func (g *gateway) mailed(budget uuid.UUID, want ...int64) {
	g.T.Helper()
	got := query[[]int64](g, `select coalesce(array_agg(coalesce(a.threshold_units, case a.kind when 'REFUSED' then -1 else 0 end)
		order by a.period_number, a.threshold_units nulls last, a.kind desc), '{}') from alerts a join alert_deliveries d on d.alert_id = a.id
		where a.budget_limit_id = $1 and a.kind in ('THRESHOLD', 'EXHAUSTED', 'REFUSED')`, budget)
	same := len(got) == len(want)
	for i := range got {
		same = same && got[i] == want[i]
	}
	if !same {
		g.T.Errorf("mails %v, want %v (0 is EXHAUSTED, -1 REFUSED)", got, want)
	}
}

// A threshold fires when used reaches it, not before, and once.
func TestThresholdFiresWhenReached(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 80, 50)
	g.book(reportTokens(49))
	g.raised(budget)
	g.book(reportTokens(1))
	g.raised(budget, 50)
	g.book(reportTokens(29))
	g.raised(budget, 50)
	g.book(reportTokens(1))
	g.raised(budget, 50, 80)
	g.book(reportTokens(19))
	g.raised(budget, 50, 80)
	g.book(reportTokens(1))
	g.raised(budget, 50, 80, 0)
	g.book(reportTokens(100))
	g.raised(budget, 50, 80, 0)
	g.mailed(budget, 50, 80, 0)
	equal(t, "used in the alert", g.alerts()[0].UsedUnits.String(), "100")
}

// Reservations fire nothing: settled usage decides.
func TestReservationsFireNoThreshold(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	reservation := g.admit(estimateTokens(100))
	g.raised(budget)
	g.book(reportTokens(50).settling(reservation))
	g.raised(budget, 50)
}

// Of several alerts of one report each is recorded and the highest alone is mailed.
func TestOnlyTheHighestIsMailed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 20, 50, 80)
	g.book(reportTokens(60))
	g.raised(budget, 20, 50)
	g.mailed(budget, 50)
	g.book(reportTokens(60))
	g.raised(budget, 20, 50, 80, 0)
	g.mailed(budget, 50, 0)
}

// A new period arms every threshold and EXHAUSTED again, exactly once each.
func TestNewPeriodArmsAll(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100, 50)
	g.book(reportTokens(120))
	next := g.at(*g.limit(budget).PeriodEnd)
	next.book(reportTokens(70))
	next.raised(budget, 50, 0, 50)
	next.book(reportTokens(70))
	next.raised(budget, 50, 0, 50, 0)
}

// Rate limits and budgets without thresholds raise no threshold alert.
func TestNoThresholdsNoAlert(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 1)
	g.book(reportTokens(99))
	g.deny(estimateTokens(1), db.DenialReasonRATELIMITED)
	equal(t, "alerts", len(g.alerts()), 0)
	g.book(reportTokens(1))
	g.raised(budget, 0)
}

// One report alerts for every budget that it fills: the key's, the workspace's and the organization's, one mail each.
func TestEachBudgetAlertsForItself(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for _, on := range []db.SubjectType{onKey, onWorkspace, onOrganization} {
		budget := g.budget(on, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100, 10)
		defer g.mailed(budget, 10)
	}
	g.book(reportTokens(10))
	equal(t, "alerts", len(g.alerts()), 3)
}

// However many reports race, each threshold of a budget raises exactly one alert, and each alert at most one mail.
func TestConcurrentReportsRaiseEachAlertOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(1000, 100, 250, 400)
	var waiting sync.WaitGroup
	start := make(chan struct{})
	for range 50 {
		waiting.Go(func() {
			<-start
			if _, err := g.recordOn(g.Pool, nil, reportTokens(10)); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	waiting.Wait()
	g.raised(budget, 100, 250, 400)
	g.mailed(budget, 100, 250, 400)
	equal(t, "used", g.limit(budget).UsedUnits.String(), "500")
	g.verified()
}

// An alert is recorded in the transaction that crossed the threshold: rolled back, there is neither usage nor alert.
func TestAlertIsAsDurableAsItsUsage(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.rolledBack(func(on db.DBTX) {
		_, err := g.recordOn(on, &g.now, reportTokens(60))
		must(t, 0, err)
	})
	g.raised(budget)
	g.book(reportTokens(60))
	g.raised(budget, 50)
}
