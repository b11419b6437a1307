package db_test

import (
	"context"
	"testing"
	"time"

	"bursar/db"
)

// An export of sums, which reads its time part by part, reads each row of the ledger that is not rolled up about once: with each part those of
// its own time and of an hour before and after it. Its sums are those of the ledger.
func TestExportReadsTheTailOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	const rows, days, parts = 20_160, 14, 7 // a row a minute
	begin := noon.Truncate(24*time.Hour).AddDate(0, 0, -days)
	for _, at := range []time.Time{begin, noon} {
		g.exec(`select create_usage_partitions(1, $1)`, at)
	}
	g.exec(`insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
		select k.organization_id, uuid_v7(t.at), nextval('usage_events_position_seq'), k.id, k.workspace_id, 1, n, 1, 0, 1000, 'p', 'm-' || n % 3, 1, '{}',
			'{}', t.at, t.at
		from generate_series(0, $1::integer - 1) n
		cross join lateral (select $2::timestamptz + n * interval '1 minute' as at) t
		join api_keys k on k.id = $3`, rows, begin, g.Key.ID)
	g.exec(`analyze usage_events`)
	ctx := context.Background()
	tx, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	defer func() { _ = tx.Rollback(ctx) }()
	requests := int64(0)
	for part := range parts {
		first := begin.AddDate(0, 0, part*days/parts)
		sums, err := db.New().ExportUsage(ctx, tx, &db.ExportUsageParams{OrganizationID: g.Organization.ID, FirstStart: first,
			EndStart: first.AddDate(0, 0, days/parts), BucketInterval: db.UsageIntervalHOUR, Dimensions: db.Texts([]db.UsageDimension{db.UsageDimensionMODEL}),
			WithDenied: true, Number: 5000})
		for _, sum := range must(t, sums, err) {
			requests += sum.Requests.IntPart()
		}
	}
	equal(t, "requests", requests, rows)
	var read int64
	must(t, 0, tx.QueryRow(ctx, `select sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0))::bigint from pg_stat_xact_all_tables
		where relname like 'usage\_events%'`).Scan(&read))
	if most := int64(rows + parts*(2*60+200)); read < rows || read > most { // of each part two hours more, and look-ups of positions
		t.Errorf("%d rows of the ledger were read for %d in %d parts, want at most %d", read, rows, parts, most)
	}
}
