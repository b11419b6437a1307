package db_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// A report looks at no ledger row that is rolled up, whatever it asks for: that is what makes it faster than the ledger, and
// the more so the longer the ledger is. How much faster, TestUsageIsFasterThanTheLedger measures.
func TestUsageReadsOnlyTheLedgersTail(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ctx := context.Background()
	const rows, tail = 20_000, 7
	g.exec(`select create_usage_partitions(1, $1)`, noon)
	g.exec(`insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
		select $1, uuid_v7(at), nextval('usage_events_position_seq'), $2, $3, 1, 1, 0, 0, n, 'openai', 'model-' || n % 5, 1, '{}', '{}', at, at
		from generate_series(1, $4::bigint) n, lateral (select $5::timestamptz + n * interval '3 minutes' as at) x`,
		g.Organization.ID, g.Key.ID, g.Workspace.ID, rows, noon)
	_, err := g.rollUpOn(g.Pool, rows-tail)
	must(t, 0, err)
	g.exec(`analyze`)
	for _, dimensions := range [][]string{{}, {"MODEL"}, {"API_KEY"}, {"WORKSPACE", "PROVIDER"}} {
		for _, interval := range db.AllUsageIntervalValues() {
			must(t, 0, pgx.BeginFunc(ctx, g.Pool, func(tx pgx.Tx) error {
				before := ledgerRowsRead(t, tx)
				buckets, err := db.New().ListUsage(ctx, tx, &db.ListUsageParams{OrganizationID: g.Organization.ID, BucketInterval: interval,
					FromTime: noon, ToTime: noon.AddDate(0, 2, 0), Dimensions: dimensions})
				if err != nil {
					return err
				}
				var requests int64
				for _, b := range buckets {
					requests += b.Requests.IntPart()
				}
				equal(t, "requests", requests, rows)
				equal(t, "ledger rows read", ledgerRowsRead(t, tx)-before, tail)
				return nil
			}))
		}
	}
}

// ledgerRowsRead returns how many rows of the ledger the transaction has read, and its session since the server last heard.
func ledgerRowsRead(t *testing.T, tx pgx.Tx) (rows int64) {
	t.Helper()
	must(t, 0, tx.QueryRow(context.Background(), `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint
		from pg_stat_xact_user_tables where relname like 'usage\_events%'`).Scan(&rows))
	return rows
}
