package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
	"bursar/db/dbtest"
)

// A statement that may work a quarter of the time takes at least four times as long as it works. Without a share it has no delays.
func TestThrottle(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ctx := context.Background()
	const works = 10 // times 20 ms; before the first there is no work to delay
	for share, least := range map[*float32]time.Duration{new(float32(0.25)): (works - 1) * 4 * 20 * time.Millisecond, nil: 0} {
		must(t, 0, pgx.BeginFunc(ctx, g.Pool, func(tx pgx.Tx) error {
			var took time.Duration
			var throttledAt *string
			err := tx.QueryRow(ctx, `select clock_timestamp() - statement_timestamp() from (
				select count(*) from generate_series(1, $2) where throttle($1) and pg_sleep(0.02) is not null) n`, share, works).Scan(&took)
			if err != nil {
				return err
			}
			if took < least {
				t.Errorf("took %s, want %s at least", took, least)
			}
			if err := tx.QueryRow(ctx, `select nullif(current_setting('bursar.throttled_at', true), '')`).Scan(&throttledAt); err != nil {
				return err
			}
			equal(t, "throttled", throttledAt != nil, share != nil)
			return nil
		}))
	}
}

// A throttled report has the same buckets as another. A report whose last whole day already has too many series reads no other day.
func TestReportsAreRefusedAfterOneDay(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	ctx := context.Background()
	const keys, days = 40, 20
	to := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	from := to.AddDate(0, 0, -days)
	g.exec(`insert into usage_days (organization_id, bucket_start, api_key_id, provider, model, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos)
		select $1, day, md5(n::text)::uuid, 'openai', 'gpt', 1, n, 0, 0, n
		from generate_series($2::timestamptz, $3::timestamptz - interval '1 day', interval '1 day') day, generate_series(1, $4::integer) n`,
		g.Organization.ID, from, to, keys)
	g.exec(`insert into usage_workspace_days (organization_id, bucket_start, provider, model, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos)
		select organization_id, bucket_start, provider, model, sum(requests), sum(input_tokens), 0, 0, sum(cost_nanos)
		from usage_days where organization_id = $1 group by 1, 2, 3, 4`, g.Organization.ID)
	g.exec(`analyze usage_days`)
	report := &db.ListUsageParams{OrganizationID: g.Organization.ID, BucketInterval: db.UsageIntervalDAY, FromTime: from, ToTime: to,
		Dimensions: []string{"API_KEY"}, Most: new(int32(keys * days))}
	buckets, err := db.New().ListUsage(ctx, g.Pool, report)
	equal(t, "buckets", len(must(t, buckets, err)), keys*days)
	report.Share = new(float32(0.5))
	throttled, err := db.New().ListUsage(ctx, g.Pool, report)
	equal(t, "throttled buckets are equal", slices.EqualFunc(must(t, throttled, err), buckets, func(a, b *db.UsageBucket) bool {
		return a.SameSeries(b) && a.BucketStart.Equal(b.BucketStart) && a.CostNanos.Equal(b.CostNanos)
	}), true)
	*report.Most--
	must(t, 0, pgx.BeginFunc(ctx, g.Pool, func(tx pgx.Tx) error {
		before := usageDaysRead(t, tx)
		err := pgx.BeginFunc(ctx, tx, func(nested pgx.Tx) error {
			_, err := db.New().ListUsage(ctx, nested, report)
			return err
		})
		refused, _ := errors.AsType[*pgconn.PgError](err)
		if refused == nil || refused.Code != "UB003" {
			t.Errorf("one bucket too many: %v", err)
		}
		equal(t, "rows read", usageDaysRead(t, tx)-before, keys)
		return nil
	}))
}

// A report reads the days that have usage and no others, even if it begins centuries ago.
func TestReportsOfCenturiesLookAtDaysWithUsage(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "makes years of usage")
	g := newGateway(t)
	ctx := context.Background()
	g.exec(`insert into usage_workspace_days (organization_id, bucket_start, provider, model, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos)
		select $1, day, '', '', 1, 0, 0, 0, 0 from generate_series($2::timestamptz, $2::timestamptz + interval '2 days', interval '1 day') day`,
		g.Organization.ID, noon.Truncate(24*time.Hour))
	for from, want := range map[time.Time]int64{noon.AddDate(-200, 0, 0): 3, noon.AddDate(-200, 0, 0).AddDate(0, 0, 1): 3, noon.AddDate(0, 0, 1): 2} {
		must(t, 0, pgx.BeginFunc(ctx, g.Pool, func(tx pgx.Tx) error {
			before := usageScans(t, tx)
			buckets, err := db.New().ListUsage(ctx, tx, &db.ListUsageParams{OrganizationID: g.Organization.ID,
				BucketInterval: db.UsageIntervalDAY, FromTime: from, ToTime: noon.AddDate(1, 0, 0), Dimensions: []string{}})
			if err != nil {
				return err
			}
			var requests int64
			for _, bucket := range buckets {
				requests += bucket.Requests.IntPart()
			}
			equal(t, "requests", requests, want)
			if scans := usageScans(t, tx) - before; scans < want || scans > want+2 { // a day each, and at most two for the first and the last
				t.Errorf("from %s: %d scans for %d days", from, scans, want)
			}
			return nil
		}))
	}
}

// usageScans returns how often the transaction has looked into the roll-up by day, and its session since the server last heard.
func usageScans(t *testing.T, tx pgx.Tx) (scans int64) {
	t.Helper()
	must(t, 0, tx.QueryRow(context.Background(), `select coalesce(seq_scan, 0) + coalesce(idx_scan, 0)
		from pg_stat_xact_user_tables where relname = 'usage_workspace_days'`).Scan(&scans))
	return scans
}

// usageDaysRead returns how many rows of the roll-up by day the transaction has read, and its session since the server last heard.
func usageDaysRead(t *testing.T, tx pgx.Tx) (rows int64) {
	t.Helper()
	must(t, 0, tx.QueryRow(context.Background(), `select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
		from pg_stat_xact_user_tables where relname = 'usage_days'`).Scan(&rows))
	return rows
}
