package db_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// What an overview shows is read from roll-ups: burn-downs, projections and counts look at no ledger row that is rolled up, the largest keys are
// found in one pass over the days and read in another, and the page of a key that is hardly used reads what was recorded between its own rows
// of an hour, and not what others have recorded since.
func TestOverviewReadsRollUps(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ctx := context.Background()
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1_000_000)
	const rows, keys, tail = 20_000, 50, 3
	g.exec(`select create_usage_partitions(1, $1)`, noon)
	g.exec(`insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
		select $1, uuid_v7(at), nextval('usage_events_position_seq'), case when n % 4000 = 0 then $2 else md5((n % $3)::text)::uuid end, $4, 1, 1, 0, 0, n % $3,
			'openai', 'model', 1, array[c.id], '{1}', at, at
		from generate_series(1, $5::bigint) n, lateral (select $6::timestamptz + n * interval '3 minutes' as at) x, counters c
		where c.limit_id = $7`, g.Organization.ID, g.Key.ID, keys, g.Workspace.ID, rows, noon, budget)
	_, err := g.rollUpOn(g.Pool, rows-tail)
	must(t, 0, err)
	g.exec(`analyze`)
	days := query[int64](g, `select count(*) from usage_days`)
	for name, c := range map[string]struct {
		read              func(on db.DBTX) (int, error)
		want              int
		mostRows, mostDay int64
	}{
		"burn-down": {func(on db.DBTX) (int, error) {
			points, err := db.New().ListBurnDowns(ctx, on, &db.ListBurnDownsParams{OrganizationIDs: []uuid.UUID{g.Organization.ID},
				BudgetLimitIDs: []uuid.UUID{budget}, BucketInterval: db.UsageIntervalMONTH, Most: 1000})
			return int(points[len(points)-1].UsedUnits.IntPart()), err
		}, rows, tail, 0},
		"count": {func(on db.DBTX) (int, error) {
			count, err := db.New().CountUsageEvents(ctx, on, &db.CountUsageEventsParams{OrganizationID: g.Organization.ID, APIKeyIDs: []uuid.UUID{g.Key.ID}})
			return int(count), err
		}, rows / 4000, tail + 2, 60}, // a row of each of two months says when the ledger begins
		"page of a key": {func(on db.DBTX) (int, error) {
			events, err := db.New().ListUsageEvents(ctx, on, &db.ListUsageEventsParams{OrganizationID: g.Organization.ID,
				APIKeyIDs: []uuid.UUID{g.Key.ID}, Number: 51})
			return len(events), err
		}, rows / 4000, tail + 2 + rows/4000, 0},
		"largest keys": {func(on db.DBTX) (int, error) {
			buckets, err := db.New().ListUsage(ctx, on, &db.ListUsageParams{OrganizationID: g.Organization.ID, BucketInterval: db.UsageIntervalMONTH,
				FromTime: noon, ToTime: noon.AddDate(0, 2, 0), Dimensions: []string{"API_KEY"}, OrderBy: new(db.UsageOrderCOST), Top: new(int32(5))})
			return len(buckets), err
		}, 3 * 6, 3 * tail, 2*days + days/keys*6}, // of few keys, a pass is cheaper than looking each up
	} {
		must(t, 0, pgx.BeginFunc(ctx, g.Pool, func(tx pgx.Tx) error {
			ledger, day := ledgerRowsRead(t, tx), usageDaysRead(t, tx)
			got, err := c.read(tx)
			if err != nil {
				return err
			}
			equal(t, name, got, c.want)
			if read := ledgerRowsRead(t, tx) - ledger; read > c.mostRows {
				t.Errorf("%s: %d rows of the ledger were read, at most %d are needed", name, read, c.mostRows)
			}
			if read := usageDaysRead(t, tx) - day; read > c.mostDay {
				t.Errorf("%s: %d days were read, at most %d are needed", name, read, c.mostDay)
			}
			return nil
		}))
	}
}
