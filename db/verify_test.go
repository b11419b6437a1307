package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
)

// unguarded is what whoever edits the ledger, or makes counters differ from their limits, would find out to do: no trigger fires.
const unguarded = `(select set_config('session_replication_role', 'replica', true) offset 0) s`

// Every kind of tampering with a counter, a roll-up, a reservation or the ledger is found, and named.
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, c := range map[string]struct{ statement, want string }{
		"a budget's used":      {`update counters set used_units = used_units + 1 where organization_id = $1 and kind = 'BUDGET'`, "used of BUDGET TOKENS"},
		"a budget's reserved":  {`update counters set reserved_units = reserved_units - 1 where organization_id = $1 and kind = 'BUDGET'`, "reserved of BUDGET TOKENS"},
		"a rate's used":        {`update counters set used_units = 0 where organization_id = $1 and kind = 'RATE'`, "used of RATE REQUESTS"},
		"an ended period":      {`update budget_periods set used_units = 1 where organization_id = $1`, "used of BUDGET TOKENS"},
		"a copied amount":      {`update counters set max_units = max_units + 1 from ` + unguarded + ` where organization_id = $1 and kind = 'RATE'`, "counter that follows RATE REQUESTS"},
		"copied thresholds":    {`update counters set alert_units = '{7}' from ` + unguarded + ` where organization_id = $1 and kind = 'BUDGET'`, "counter that follows BUDGET TOKENS"},
		"a missing counter":    {`delete from counters using ` + unguarded + ` where organization_id = $1 and kind = 'RATE'`, "counter that follows RATE REQUESTS"},
		"an hour":              {`update usage_hours set cost_nanos = cost_nanos - 1 where organization_id = $1`, "usage_hours cost_nanos"},
		"a day":                {`update usage_days set requests = requests + 1 where organization_id = $1`, "usage_days requests"},
		"an hour's searches":   {`update usage_hours set web_searches = 1 where organization_id = $1`, "usage_hours web_searches"},
		"a day's tier":         {`update usage_days set service_tier = 'FLEX' where organization_id = $1`, "usage_days requests"},
		"unpriced requests":    {`update usage_days set unpriced_requests = 1 where organization_id = $1`, "usage_days unpriced_requests"},
		"unpriced events":      {`update usage_hours set unpriced_events = 1 where organization_id = $1`, "usage_hours unpriced_events"},
		"a missing hour":       {`delete from usage_hours where organization_id = $1`, "usage_hours input_tokens"},
		"an invented day":      {`update usage_days set model = 'other' where organization_id = $1`, "usage_days input_tokens"},
		"a key's day":          {`update usage_key_days set images = images + 1 where organization_id = $1`, "usage_key_days images"},
		"a key's missing day":  {`delete from usage_key_days where organization_id = $1`, "usage_key_days cost_nanos"},
		"an owner's day":       {`update usage_owner_days set requests = requests + 1 where organization_id = $1`, "usage_owner_days requests"},
		"a day's denials":      {`insert into denial_days (organization_id, day, requests) values ($1, '2025-03-11Z', 1)`, "denial_days requests"},
		"an hour of a budget":  {`update budget_hours set units = units + 1 where organization_id = $1`, "budget_hours units"},
		"a missing charge":     {`delete from budget_hours where organization_id = $1`, "budget_hours units"},
		"an hour's events":     {`update usage_hours set events = events + 1 where organization_id = $1`, "usage_hours events"},
		"a workspace's events": {`update usage_workspace_days set events = 0 where organization_id = $1`, "usage_workspace_days events"},
		"an hour's positions":  {`update usage_hours set last_position = last_position + 1 where organization_id = $1`, "usage_hours positions"},
		"a watermark":          {`update rollup_watermarks set position = position - 1 where organization_id = $1`, "usage_hours requests"},
		"a reservation":        {`update reservations set status = 'RELEASED', closed_at = now() where organization_id = $1 and status = 'HELD'`, "reserved of BUDGET TOKENS"},
		"an unsettled one":     {`update reservations set status = 'SETTLED', closed_at = now() where organization_id = $1 and status = 'HELD'`, "ledger rows of a reservation"},
		"a partition's row":    {`delete from usage_events using ` + unguarded + ` where organization_id = $1`, "used of BUDGET TOKENS"},
		"a partition's amount": {`update usage_events set input_tokens = 1 from ` + unguarded + ` where organization_id = $1`, "usage_days input_tokens"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			g.now = g.now.AddDate(-1, 0, 0)
			g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1000)
			g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 1000)
			g.book(reportTokens(7).costing(3))
			g.now = g.now.AddDate(0, 0, 7)
			g.book(reportTokens(5).costing(3))
			g.book(reportTokens(5).settling(g.admit(estimateTokens(9))))
			g.admit(estimateTokens(20))
			g.rollUp()
			g.verified()
			g.exec(c.statement, g.Organization.ID)
			differences, err := db.New().FindLedgerDifferences(context.Background(), g.Pool, g.Organization.ID)
			found := []string{}
			for _, d := range must(t, differences, err) {
				found = append(found, d.What)
				if d.Stored.Equal(d.Expected) || d.OrganizationID != g.Organization.ID {
					t.Errorf("no difference: %+v", d)
				}
			}
			if !strings.Contains(strings.Join(found, ", "), c.want) {
				t.Errorf("found %v, want %s", found, c.want)
			}
		})
	}
}

// The ledger and the audit log are append-only: no row of theirs is changed or deleted, and neither is emptied.
func TestAppendOnly(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.book(reportTokens(5))
	for _, statement := range []string{
		`update usage_events set cost_nanos = 0`, `delete from usage_events`, `truncate usage_events`,
		`update audit_log set actor = 'nobody'`, `delete from audit_log`, `truncate audit_log`,
	} {
		_, err := g.Pool.Exec(context.Background(), statement)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != pgerrcode.RestrictViolation {
			t.Errorf("%s: %v, want it refused", statement, err)
		}
	}
	equal(t, "ledger rows", query[int64](g, `select count(*) from usage_events`), 1)
}

// The ledger's count is what a verification went through.
func TestLedgerCount(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1000)
	g.book(reportTokens(5))
	g.admit(estimateTokens(5))
	g.reset(budget)
	g.neighbour().book(reportTokens(5))
	count, err := db.New().CountLedger(context.Background(), g.Pool, g.Organization.ID)
	equal(t, "count", *must(t, count, err), db.CountLedgerRow{UsageEvents: 1, Reservations: 1, Limits: 1, BudgetPeriods: 1})
}
