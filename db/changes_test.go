package db_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// Guarantee: a look for changes reads what is new, and neither the audit log's, the alerts' and the ledger's older rows nor those of other
// organizations: its cost does not grow with them.
func TestLooksReadWhatIsNew(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ctx := t.Context()
	other := g.Factory.Organization(db.PlanENTERPRISE)
	for _, organizationID := range []uuid.UUID{g.Organization.ID, other.ID} {
		g.exec(`insert into audit_log (organization_id, action, actor, target_type, target_id)
			select $1, 'x', 'x', 'key', gen_random_uuid() from generate_series(1, 20000)`, organizationID)
		g.exec(`insert into usage_events (organization_id, id, position, api_key_id, requests, input_tokens, output_tokens, cached_input_tokens,
				cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
			select $1, gen_random_uuid(), nextval('usage_events_position_seq'), $2, 1, 1, 1, 0, 1, 1, '{}', '{}', now(), now()
			from generate_series(1, 20000)`, organizationID, g.Key.ID)
	}
	g.exec("analyze audit_log, usage_events")
	look := func(tx pgx.Tx, params *db.ListChangesParams) *db.OrganizationChange {
		t.Helper()
		params.OrganizationIDs, params.Most = []uuid.UUID{g.Organization.ID}, 100
		rows, err := db.New().ListChanges(ctx, tx, params)
		if must(t, 0, err); len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		return rows[0]
	}
	tx, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	defer func() { _ = tx.Rollback(ctx) }()
	known := look(tx, &db.ListChangesParams{Snapshots: []string{}, Positions: []int64{}})
	if known.Position == 0 || len(known.IDs) > 0 {
		t.Fatalf("without a snapshot: %+v", known)
	}
	must(t, 0, tx.Commit(ctx))
	g.exec("update api_keys set name = 'renamed' where id = $1", g.Key.ID)

	tx, err = g.Pool.Begin(ctx)
	must(t, 0, err)
	from := known.LookedAt
	found := look(tx, &db.ListChangesParams{Snapshots: []string{known.Snapshot}, Positions: []int64{known.Position}, RecordedFrom: &from})
	if slices.Sort(found.Prefixes); !slices.Equal(found.Prefixes, []string{"aud", "key"}) {
		t.Errorf("changed: %v", found.Prefixes)
	}
	var scans, read int
	must(t, 0, tx.QueryRow(ctx, `select sum(seq_scan), sum(coalesce(idx_tup_fetch, 0) + seq_tup_read) from pg_stat_xact_user_tables
		where relname = 'audit_log' or relname like 'usage_events%' or relname like 'alert%'`).Scan(&scans, &read))
	if scans > 2 || read > 100 { // of the alerts, which are empty
		t.Errorf("%d scans, %d rows read", scans, read)
	}
}

// Guarantee: entries whose transactions were of another cluster, as a dump brings them along, are no changes, however often is looked.
func TestLooksLeaveOutTransactionsOfAnotherCluster(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ctx := t.Context()
	const another = `pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000`
	g.exec(`insert into audit_log (organization_id, action, actor, target_type, target_id, transaction_id)
		select $1, 'x', 'x', 'key', $2, `+another+` from generate_series(1, 3)`, g.Organization.ID, g.Key.ID)
	g.exec(`insert into denial_counts (organization_id, id, hour, api_key_id, reason, denials, requests, transaction_id)
		values ($1, gen_random_uuid(), date_trunc('hour', now()), $2, 'BUDGET_EXHAUSTED', 1, 1, `+another+`)`, g.Organization.ID, g.Key.ID)
	look := func(params *db.ListChangesParams) *db.OrganizationChange {
		t.Helper()
		params.OrganizationIDs, params.Most = []uuid.UUID{g.Organization.ID}, 100
		rows, err := db.New().ListChanges(ctx, g.Pool, params)
		if must(t, 0, err); len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		return rows[0]
	}
	known := look(&db.ListChangesParams{Snapshots: []string{}, Positions: []int64{}})
	found := look(&db.ListChangesParams{Snapshots: []string{known.Snapshot}, Positions: []int64{known.Position}})
	if len(found.Prefixes) > 0 || found.More {
		t.Errorf("nothing was changed, and told are %v, more: %v", found.Prefixes, found.More)
	}
	g.exec("update api_keys set name = 'renamed' where id = $1", g.Key.ID)
	found = look(&db.ListChangesParams{Snapshots: []string{found.Snapshot}, Positions: []int64{found.Position}})
	if slices.Sort(found.Prefixes); !slices.Equal(found.Prefixes, []string{"aud", "key"}) {
		t.Errorf("changed: %v", found.Prefixes)
	}
}
