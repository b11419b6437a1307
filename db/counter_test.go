package db_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
)

// copied compares what counters copy with their limits, and counts those of a limit that are equal to it.
const copied = `select count(*) filter (where (c.subject_id, c.subject_type, c.kind, c.type, c.period, c.max_units, c.alert_units, c.generation)
	= (l.subject_id, l.subject_type, l.kind, l.type, l.period, l.max_units, l.alert_units, l.generation)) from limits l
	left join counters c on c.organization_id = l.organization_id and c.limit_id = l.id`

// A counter follows its limit whatever plain SQL does to the limit: it is made and deleted with it, keeps what was used under another
// amount, thresholds or subject, and begins at zero with another generation, whose predecessor becomes history.
func TestCountersFollowTheirLimits(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 40)
	g.book(reportTokens(100))
	equal(t, "exhausted", query[bool](g, `select exhaustion_alerted from counters`), true)
	for _, c := range []struct {
		statement string
		used      int64
		exhausted bool
	}{
		{`update limits set alert_units = '{50, 60}'`, 100, true},
		{`update limits set max_units = 200`, 100, false},
		{`update limits set api_key_id = null`, 100, false},
		{`update limits set workspace_id = (select w.id from workspaces w where w.organization_id = limits.organization_id)`, 100, false},
		{`update limits set generation = generation + 1, type = 'COST', period = 'WEEKLY', max_units = 2000000000, alert_units = '{}'`, 0, false},
		{`update limits set generation = generation + 1, generation_started_at = clock_timestamp()`, 0, false},
	} {
		g.exec(c.statement)
		equal(t, "counters after "+c.statement, query[int](g, copied), 1)
		equal(t, "used after "+c.statement, query[int64](g, `select used_units::bigint from counters`), c.used)
		equal(t, "exhausted after "+c.statement, query[bool](g, `select exhaustion_alerted from counters`), c.exhausted)
	}
	periods := g.history(budget)
	equal(t, "ended periods", len(periods), 2)
	g.ended(periods[0], 100, 0)
	equal(t, "type of the first", periods[0].Type, db.LimitTypeTOKENS)
	equal(t, "generation of the second", periods[1].Generation, 2)
	g.verified()

	g.exec(`insert into limits (organization_id, kind, type, period, max_units) values ($1, 'RATE', 'TOKENS', 'HOUR', 5)`, g.Organization.ID)
	equal(t, "counters", query[int](g, copied), 2)
	equal(t, "a window that is open", query[bool](g, `select clock_timestamp() between period_start and period_end from counters where kind = 'RATE'`), true)
	g.exec(`delete from limits`)
	equal(t, "counters of deleted limits", query[int](g, `select count(*) from counters`), 0)
	equal(t, "their periods", query[int](g, `select count(*) from budget_periods`), 0)
}

// A counter cannot be made to differ from its limit, also not by plain SQL: what it copies, and that there is one, changes with the limit
// alone, and a limit counts in another unit or time with another generation alone.
func TestCountersCannotDifferFromTheirLimits(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.tokenBudget(100)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 1000)
	for statement, want := range map[string]string{
		`update counters set max_units = 1000000 where kind = 'BUDGET'`:                                          "counters_limit_check",
		`update counters set alert_units = '{5}' where kind = 'BUDGET'`:                                          "counters_limit_check",
		`update counters set subject_id = organization_id`:                                                       "counters_limit_check",
		`update counters set subject_type = 'WORKSPACE'`:                                                         "counters_limit_check",
		`update counters set generation = 2`:                                                                     "counters_limit_check",
		`update counters set type = 'TOKENS'`:                                                                    "counters_limit_check",
		`update counters set limit_id = (select l.id from limits l where l.kind = 'RATE') where kind = 'BUDGET'`: "counters_limit_id_subject_id_key",
		`update counters set organization_id = gen_random_uuid()`:                                                "counters_limit_check",
		`delete from counters`:                                                                                   "counters_limit_check",
		`truncate counters cascade`:                                                                              "counters_limit_check",
		`insert into counters (organization_id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation, period_start)
			select organization_id, id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation, now() from limits
			where period = 'NONE'`: "counters_limit_id_subject_id_key",
		`update limits set type = 'COST', max_units = 2000000000 where kind = 'BUDGET'`: "limits_generation_check",
		`update limits set period = 'WEEKLY' where kind = 'BUDGET'`:                     "limits_generation_check",
	} {
		_, err := g.Pool.Exec(context.Background(), statement)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.ConstraintName != want {
			t.Errorf("%s: %v, want %s", statement, err, want)
		}
	}
	equal(t, "counters that follow", query[int](g, copied), 2)
}

// The audit log has what a limit had used before a change and after it, as it had when the counter was a part of the limit's row:
// a reset ends what was used, and a deleted limit had used it.
func TestAuditHasWhatWasUsed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	budget := g.tokenBudget(1000)
	used := func(of json.RawMessage) string {
		var row map[string]any
		if of != nil {
			must(t, 0, json.Unmarshal(of, &row))
		}
		text, _ := row["used"].(string)
		return text
	}
	for _, c := range []struct {
		change        func() error
		before, after string
	}{
		{func() error { return nil }, "", "0"}, // that it was created
		{func() error { g.book(reportTokens(800)); g.raise(budget, 2000); return nil }, "800", "800"},
		{func() error {
			_, err := db.New().ResetBudgetLimit(ctx, g.Pool, &db.ResetBudgetLimitParams{OrganizationID: g.Organization.ID, ID: budget})
			return err
		}, "800", "0"},
		{func() error {
			g.now = query[time.Time](g, `select clock_timestamp()`)
			g.book(reportTokens(7))
			_, err := db.New().DeleteLimit(ctx, g.Pool, &db.DeleteLimitParams{OrganizationID: g.Organization.ID, ID: budget, Kind: "BUDGET"})
			return err
		}, "7", ""},
	} {
		must(t, 0, c.change())
		entries := g.audit()
		last := entries[len(entries)-1]
		equal(t, "used before", used(last.Before), c.before)
		equal(t, "used after", used(last.After), c.after)
	}
}
