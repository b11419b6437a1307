package db_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
)

// names sets whom a budget names for its alerts.
func (g *gateway) names(budget uuid.UUID, recipients string) {
	g.T.Helper()
	g.exec(`select update_budget_limit($1, $2, null, null, null, null, jsonb_build_object('alert_recipients', $3::jsonb), $4)`, g.Organization.ID, budget, recipients, g.now)
}

// toldOf fails the test unless exactly these mails are queued about a budget, each "address threshold"; EXHAUSTED and REFUSED by name, the reset as RESET.
func (g *gateway) toldOf(budget uuid.UUID, want ...string) {
	g.T.Helper()
	got := query[[]string](g, `select coalesce(array_agg(split_part(d.address, '@', 1) || ' ' || case d.purpose when 'RESET' then 'RESET' else coalesce(a.threshold_units::text, a.kind::text) end), '{}')
		from alerts a join alert_deliveries d on d.organization_id = a.organization_id and d.alert_id = a.id where a.budget_limit_id = $1`, budget)
	for _, list := range [][]string{got, want} {
		slices.Sort(list)
	}
	if !slices.Equal(got, want) {
		g.T.Errorf("told are %q, want %q", got, want)
	}
}

// local is the part of the tenant's owner's address before the domain.
func (g *gateway) local() string { return strings.Split(strings.ToLower(g.Owner.Email), "@")[0] }

// Each threshold, REFUSED and EXHAUSTED are told to whom the budget names for it, and to the subject's recipients where it says so or names nobody. Of several that one report
// crosses each address is told the highest that it hears of, once; who hears of EXHAUSTED hears of the reset.
func TestRecipientsByThreshold(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1000, 300)
	g.percents(budget, 50, 90)
	g.names(budget, `[
		{"kind": "THRESHOLD", "percent": 50, "emails": ["Lead@acme.test"], "subject_recipients": false},
		{"kind": "THRESHOLD", "percent": 90, "emails": ["lead@acme.test", "finance@acme.test"], "subject_recipients": false},
		{"kind": "REFUSED", "emails": ["ops@acme.test"], "subject_recipients": false},
		{"kind": "EXHAUSTED", "emails": ["LEAD@acme.test", "finance@acme.test"], "subject_recipients": true}]`)
	owner := g.local()
	g.book(reportTokens(550)) // 300 and 50 % at once
	g.toldOf(budget, "lead 500", owner+" 300")
	g.deny(estimateTokens(451), db.DenialReasonBUDGETEXHAUSTED)
	g.toldOf(budget, "lead 500", owner+" 300", "ops REFUSED")
	g.book(reportTokens(450)) // 90 % and EXHAUSTED at once
	exhausted := []string{"lead 500", owner + " 300", "ops REFUSED", "lead EXHAUSTED", "finance EXHAUSTED", owner + " EXHAUSTED"}
	g.toldOf(budget, slices.Clone(exhausted)...)
	next := g.at(*g.limit(budget).PeriodEnd)
	next.closePeriods()
	next.toldOf(budget, append(exhausted, "lead RESET", "finance RESET", owner+" RESET")...)
	next.verified()
}

// What is not given stays; a threshold that goes takes those along whom the budget names for it, and another amount keeps those of a percent. Every change is one of the budget's, in the
// version and in the audit log.
func TestNamedRecipientsFollowThresholds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(1000, 300)
	g.percents(budget, 50)
	version := g.limit(budget).Version
	g.names(budget, `[{"kind": "THRESHOLD", "units": 300, "emails": ["a@acme.test"], "subject_recipients": false},
		{"kind": "THRESHOLD", "percent": 50, "emails": ["b@acme.test"], "subject_recipients": true},
		{"kind": "THRESHOLD", "percent": 60, "emails": ["nobody@acme.test"], "subject_recipients": false}]`)
	equal(t, "named", len(g.limit(budget).AlertRecipients), 2)
	equal(t, "version", g.limit(budget).Version, version+1)
	equal(t, "audited", query[string](g, `select after -> 'alertRecipients' -> 0 ->> 'threshold' from audit_log where target_id = $1 order by id desc limit 1`, budget), "300")
	g.raise(budget, 2000)
	equal(t, "named, with another amount", len(g.limit(budget).AlertRecipients), 2)
	g.change(budget, edit{alerts: []int64{}})
	left := g.limit(budget).AlertRecipients
	equal(t, "named, without the amount", len(left), 1)
	equal(t, "left", left[0].Emails[0], "b@acme.test")
	g.book(reportTokens(1000))
	g.toldOf(budget, "b 1000", g.local()+" 1000")
	g.verified()
	g.exec(`update limits set alert_recipients = '[{"kind": "THRESHOLD", "units": 7, "emails": ["a@acme.test"], "subject_recipients": false}]' where id = $1`, budget)
	equal(t, "differences", query[int](g, `select count(*)::integer from find_ledger_differences($1)`, g.Organization.ID), 1)
}

// An amount and a percent that are the same threshold are one alert, told to whom the amount names; of two percents that are, to whom the lower names. Go tells the same of it.
func TestOneThresholdSetTwice(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for _, test := range []struct {
		amount   int64
		set      []int64
		percents []int16
		units    int64
		want     string
	}{{1000, []int64{500}, []int16{50}, 500, "amount"}, {2, nil, []int16{40, 50}, 1, "low"}} {
		budget := g.tokenBudget(test.amount, test.set...)
		g.percents(budget, test.percents...)
		rules := `[{"kind": "THRESHOLD", "percent": 50, "emails": ["high@acme.test"], "subject_recipients": false},
			{"kind": "THRESHOLD", "units": 500, "emails": ["amount@acme.test"], "subject_recipients": false},
			{"kind": "THRESHOLD", "percent": 40, "emails": ["low@acme.test"], "subject_recipients": false}]`
		g.names(budget, rules)
		status := g.limit(budget)
		equal(t, "as Go has it", status.RecipientsOf(db.AlertKindTHRESHOLD, test.units).Emails[0], test.want+"@acme.test")
		g.book(reportTokens(test.units))
		equal(t, "told", query[string](g, `select split_part(d.address, '@', 1) from alerts a join alert_deliveries d on d.organization_id = a.organization_id and d.alert_id = a.id
			where a.budget_limit_id = $1`, budget), test.want)
		g.deleteLimit(budget, db.LimitKindBUDGET)
	}
}

// A key that sends no mail tells nobody whom its budgets name, and a budget that is not enabled raises nothing.
func TestNobodyNamedIsToldOfASilentKey(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.names(budget, `[{"kind": "THRESHOLD", "units": 50, "emails": ["a@acme.test"], "subject_recipients": true}]`)
	g.exec(`update api_keys set email_notifications = false where id = $1`, g.Key.ID)
	g.book(reportTokens(60))
	g.raised(budget, 50)
	g.toldOf(budget)
}

// The database refuses what is no list, and what stands on a rate limit.
func TestWrongAlertRecipients(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget, limit := g.tokenBudget(100), g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodHOUR, 5)
	for wrong, id := range map[string]uuid.UUID{`{}`: budget, `[{}]`: limit} {
		_, err := g.Pool.Exec(t.Context(), `update limits set alert_recipients = $2 where id = $1`, id, wrong)
		if constraint := violated(err); constraint != "limits_alert_recipients_check" {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
