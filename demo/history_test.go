package demo

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
)

// create makes the demo organization with its history.
func create(t *testing.T, pool *pgxpool.Pool) *Demo {
	t.Helper()
	d, err := Create(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := AddHistory(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	t.Logf("the history took %s", time.Since(began))
	return d
}

// wantNoDifference fails the test if the books do not agree with the ledger.
func wantNoDifference(t *testing.T, pool *pgxpool.Pool, d *Demo) {
	t.Helper()
	_, organizationID, _ := id.Parse(d.OrganizationID)
	differences, err := db.New().FindLedgerDifferences(t.Context(), pool, organizationID)
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range differences {
		t.Errorf("%+v", *difference)
	}
}

// Guarantee: the history has what pages show: usage on each day of a month by most keys and all models, budgets near their thresholds and used up, alerts
// with their mails, holds, and keys in every status. Counters, periods and roll-ups are what the ledger says.
func TestHistoryIsComplete(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "looks at the rows of a history, which TestHistoryIsMadeOnce makes, too")
	pool := server.New(t)
	d := create(t, pool)
	wantNoDifference(t, pool, d)
	for what, least := range map[string]int{
		"usage_events": 3000, "(select distinct api_key_id from usage_events) k": 15, "(select distinct model from usage_events) m": 8,
		"usage_events where service_tier = 'BATCH'": 20, "usage_events where reasoning_tokens > 0": 100, "usage_events where cache_write_1h_tokens > 0": 100,
		"(select distinct bucket_start from usage_days) d": historyDays, "budget_periods where used_units > 0 and closed_at is not null": 10,
		"alerts where kind = 'THRESHOLD'": 10, "alerts where kind = 'EXHAUSTED'": 2, "alert_deliveries where status = 'DELIVERED'": 20,
		"counters where kind = 'BUDGET' and exhaustion_alerted": 1, "reservations where status = 'HELD' and expires_at > clock_timestamp()": 5,
		"counters where reserved_units > 0": 5, "api_keys where not enabled": 1, "api_keys where revoked_at is not null": 1,
		"api_keys where expires_at < clock_timestamp()": 1, "denial_counts": 10, "audit_log where action = 'createDemoHistory'": 3,
	} {
		if got := count(t, pool, what); got < least {
			t.Errorf("%s: %d rows, want at least %d", what, got, least)
		}
	}
	for _, what := range []string{
		"usage_events where metadata ->> 'demo' is null", "usage_events where recorded_at >= clock_timestamp()", "alert_deliveries where status = 'QUEUED'",
		"budget_periods where closed_at is null", "counters where used_units >= max_units and kind = 'BUDGET' and not exhaustion_alerted",
		"counters c where kind = 'BUDGET' and exists (select from unnest(alert_units) a (units) where a.units <= c.used_units and a.units <> all (c.alerted_units))",
		"usage_events e where not exists (select from rollup_watermarks w where w.organization_id = e.organization_id and w.position >= e.position)",
	} {
		if got := count(t, pool, what); got != 0 {
			t.Errorf("%s: %d rows", what, got)
		}
	}
}

// Guarantee: the history is made once, also by processes that start at the same time, and while others use the organization.
func TestHistoryIsMadeOnce(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	d, err := Create(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var using, adding sync.WaitGroup
	using.Go(func() {
		for ctx.Err() == nil {
			record(ctx, t, pool)
		}
	})
	for range 3 {
		adding.Go(func() {
			if err := AddHistory(t.Context(), pool); err != nil {
				t.Error(err)
			}
		})
	}
	adding.Wait()
	record(t.Context(), t, pool)
	stop()
	using.Wait()
	rows := count(t, pool, "usage_events where metadata ->> 'demo' = 'true'")
	if err := AddHistory(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if again := count(t, pool, "usage_events where metadata ->> 'demo' = 'true'"); again != rows || count(t, pool, "audit_log where action = 'createDemoHistory'") != 3 {
		t.Errorf("%d rows, then %d", rows, again)
	}
	if used := count(t, pool, "usage_events where metadata ->> 'demo' is null"); used == 0 {
		t.Error("nobody has used the organization meanwhile")
	}
	wantNoDifference(t, pool, d)
}

// record records usage of a key that has a history.
func record(ctx context.Context, t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	_, err := pool.Exec(ctx, `select from api_keys k join access_tokens a on a.role = 'GATEWAY'
		cross join lateral record_usage(array[a.id], array[k.organization_id], array[''::bytea], array[k.id], array[1],
			array['00000000-0000-0000-0000-000000000000'::uuid], array[''], array[''::bytea], array[[1],[10],[10],[0],[0]], array[1000],
			array[['x'],['y'],['{}']], array['0001-01-01 00:00:00+00'::timestamptz]) r
		where k.name = 'Voice agent'`)
	if err != nil && ctx.Err() == nil {
		t.Error(err)
	}
}

// Guarantee: an organization that was moved to another database has no history made where it was.
func TestHistoryMovesAlong(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	organization, err := db.New().CreateOrganization(t.Context(), pool, &db.CreateOrganizationParams{Name: "Demo", Slug: Slug, Plan: db.PlanENTERPRISE})
	if err != nil {
		t.Fatal(err)
	}
	for _, residence := range []db.Residence{db.ResidenceLEAVING, db.ResidenceLEFT} {
		if _, err := pool.Exec(t.Context(), "select set_residence($1, $2)", organization.ID, residence); err != nil {
			t.Fatal(err)
		}
		if err := AddHistory(t.Context(), pool); err != nil {
			t.Errorf("%s: %v", residence, err)
		}
	}
}

// Guarantee: an organization that Create has not made has no history, although it has the demo's name.
func TestHistoryIsTheDemosAlone(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	if _, err := db.New().CreateOrganization(t.Context(), pool, &db.CreateOrganizationParams{Name: "Demo", Slug: Slug, Plan: db.PlanENTERPRISE}); err != nil {
		t.Fatal(err)
	}
	if err := AddHistory(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"usage_events", "alerts", "reservations", "api_keys", "budget_periods"} {
		if got := count(t, pool, table); got != 0 {
			t.Errorf("%s: %d rows", table, got)
		}
	}
}
