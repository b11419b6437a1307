package db_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
)

const (
	measuredRows = 5_000_000
	measuredTail = 1_000 // of them are not rolled up
	measuredDays = 90
)

// measured returns the organization with the most usage of a database, which it loads if there is none: 1,000 keys in 20
// workspaces, 12 models of 3 providers, 90 days.
func measured(t *testing.T, pool *pgxpool.Pool, from time.Time) uuid.UUID {
	t.Helper()
	ctx := context.Background()
	var organization uuid.UUID
	err := pool.QueryRow(ctx, `select organization_id from rollup_watermarks order by position desc limit 1`).Scan(&organization)
	if err == nil {
		return organization
	}
	tenant := dbtest.NewTenant(t, pool)
	organization = tenant.Organization.ID
	for _, statement := range []string{
		`select create_usage_partitions(4, '` + from.Format(time.RFC3339) + `')`,
		`insert into workspaces (organization_id, name, slug)
			select organization_id, 'w', 'w-' || n from workspaces, generate_series(1, 19) n`,
		`insert into api_keys (organization_id, workspace_id, name, prefix)
			select w.organization_id, w.id, 'k', 'bsr_' from workspaces w, generate_series(1, 50)`,
		`create table measured_keys as
			select row_number() over () - 1 as number, organization_id, id, workspace_id, array[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()] as counter_ids
			from api_keys where prefix = 'bsr_'; alter table measured_keys add primary key (number); analyze measured_keys`,
	} {
		if _, err := pool.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	const chunk = 500_000
	for first := 0; first < measuredRows; first += chunk {
		_, err := pool.Exec(ctx, `insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens,
				output_tokens, cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
			select k.organization_id, uuid_v7(at), n + 1, k.id, k.workspace_id, 1, n % 4000, n % 900, 0, n % 1000000, 'provider-' || m % 3,
				'model-' || m, 1, k.counter_ids, '{1,1,1}', at, at
			from generate_series($1::bigint, $2::bigint) n
			cross join lateral (select $3::timestamptz + n * $4::interval as at, (n * 7919 % 12) as m) x
			join measured_keys k on k.number = n * 104729 % 1000`,
			first, first+chunk-1, from, time.Duration(measuredDays)*24*time.Hour/measuredRows)
		if err != nil {
			t.Fatal(err)
		}
	}
	for left := int64(measuredRows - measuredTail); left > 0; {
		added, err := db.New().RollUpUsage(ctx, pool, &db.RollUpUsageParams{OrganizationID: organization, Number: int32(min(left, 50_000))})
		left -= must(t, added, err)
	}
	_, err = pool.Exec(ctx, `vacuum analyze`)
	return must(t, organization, err)
}

// fastest returns the shortest of some runs.
func fastest(runs int, run func()) time.Duration {
	shortest := time.Duration(1<<63 - 1)
	for range runs {
		began := time.Now()
		run()
		shortest = min(shortest, time.Since(began))
	}
	return shortest
}

// Usage by day and model of an organization with 1,000 keys and 5,000,000 ledger rows in 90 days comes at least 50 times
// faster than by aggregating the ledger, and says the same.
//
// It runs where BURSAR_MEASURE_URL names a database with the schema and nothing else in it; it loads the rows, which takes
// minutes, and keeps them for the next run.
func TestUsageIsFasterThanTheLedger(t *testing.T) {
	url := os.Getenv("BURSAR_MEASURE_URL")
	if url == "" {
		t.Skip("BURSAR_MEASURE_URL is not set")
	}
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, url)
	must(t, 0, err)
	defer pool.Close()
	from := time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)
	organization := measured(t, pool, from)
	to := from.AddDate(0, 0, measuredDays)

	sums := map[string]int64{}
	ledger := fastest(2, func() {
		rows, err := pool.Query(ctx, `select period_start('DAY', recorded_at) as day, model, sum(requests), sum(input_tokens),
				sum(output_tokens), sum(cached_input_tokens), sum(cost_nanos)::bigint
			from usage_events where organization_id = $1 and recorded_at >= $2 and recorded_at < $3 group by 1, 2`, organization, from, to)
		must(t, 0, err)
		var day time.Time
		var model string
		var requests, input, output, cached, nanos int64
		_, err = pgx.ForEachRow(rows, []any{&day, &model, &requests, &input, &output, &cached, &nanos}, func() error {
			sums[day.UTC().String()+model] = nanos
			return nil
		})
		must(t, 0, err)
	})
	usage := func(dimensions ...string) []*db.UsageBucket {
		buckets, err := db.New().ListUsage(ctx, pool, &db.ListUsageParams{
			OrganizationID: organization, FromTime: from, ToTime: to, BucketInterval: "DAY", Dimensions: dimensions})
		return must(t, buckets, err)
	}
	var buckets []*db.UsageBucket
	rolledUp := fastest(10, func() { buckets = usage("MODEL") })
	byKey := fastest(2, func() { usage("API_KEY") })
	equal(t, "cells", len(buckets), len(sums))
	for _, b := range buckets {
		equal(t, "nano-dollars", b.CostNanos.IntPart(), sums[b.BucketStart.UTC().String()+b.Model])
	}
	ratio := float64(ledger) / float64(rolledUp)
	t.Logf("usage by day and model: %s; the ledger: %s; %.0f times faster (1,000 series by key: %s)", rolledUp, ledger, ratio, byKey)
	if ratio < 50 {
		t.Errorf("%.1f times faster, want 50", ratio)
	}
}
