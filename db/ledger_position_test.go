package db_test

import (
	"context"
	"testing"
	"time"

	"bursar/db"
)

// The position of an instant is that of the first row that was recorded at it or after it, whatever lies between positions, in every partition,
// and for instants before the first and after the last row.
func TestLedgerPositions(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.exec(`select create_usage_partitions(2, timestamptz '2026-01-15')`)
	g.exec(`insert into usage_events (organization_id, id, position, api_key_id, requests, input_tokens, output_tokens, cached_input_tokens,
			cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
		select case n % 3 when 0 then gen_random_uuid() else $1 end, uuid_v7(r.at), n * n, $2, 1, 0, 0, 0, 0, 1, '{}', '{}', r.at, r.at
		from generate_series(1, 300) n
		cross join lateral (select timestamptz '2026-01-10 00:00:00Z' + n / 2 * interval '7 hours' as at) r`, g.Organization.ID, g.Key.ID)
	confined := db.NewTenantDB(server.ServerPool(t, g.Pool)).For(&g.Organization.ID)
	for at := time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC); at.Before(time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)); at = at.Add(209 * time.Minute) {
		want := query[int64](g, `select coalesce(min(position) filter (where recorded_at >= $2), max(position) + 1) from usage_events where organization_id = $1`,
			g.Organization.ID, at)
		got, err := db.New().FindLedgerPosition(context.Background(), confined, &db.FindLedgerPositionParams{OrganizationID: g.Organization.ID, At: at})
		before := query[int64](g, `select count(*) from usage_events where organization_id = $1 and position < $2 and recorded_at >= $3`, g.Organization.ID, got, at)
		after := query[int64](g, `select count(*) from usage_events where organization_id = $1 and position >= $2 and recorded_at < $3`, g.Organization.ID, got, at)
		if must(t, got, err) > want || before != 0 || after != 0 {
			t.Fatalf("at %s: position %d, want %d at most; %d rows before it are later, %d after it earlier", at, got, want, before, after)
		}
	}
}
