package worker

import (
	"log/slog"
	"testing"
	"time"

	"bursar/db"
)

// What clients were promised is kept: request ids for 48 hours and more, closed reservations for a week, open ones and
// current secrets for good. What is older goes.
func TestCleanUpKeepsWhatWasPromised(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Exec(`insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
		select $1, age, $2, '', gen_random_uuid(), clock_timestamp() - age::interval
		from unnest(array['49 hours', '71 hours', '73 hours', '30 days']) age`, f.Organization.ID, f.Key.ID)
	f.Exec(`insert into control_requests (organization_id, request_id, fingerprint, object_id, created_at)
		select $1, age, '', gen_random_uuid(), clock_timestamp() - age::interval
		from unnest(array['49 hours', '71 hours', '73 hours', '30 days']) age`, f.Organization.ID)
	f.Exec(`insert into reservations (organization_id, id, api_key_id, request_id, fingerprint, status, requests, tokens, cost_nanos,
			counter_ids, period_numbers, admitted_at, expires_at, closed_at)
		select $1, uuid_v7(clock_timestamp() - age::interval), $2, age, '', case closed when true then 'SETTLED' else 'HELD' end::reservation_status, 1, 1, 1, '{}',
			'{}', clock_timestamp() - age::interval, clock_timestamp() - age::interval,
			case closed when true then clock_timestamp() - age::interval end
		from (values ('49 hours', true), ('6 days', true), ('8 days', true), ('9 days', false)) r (age, closed)`,
		f.Organization.ID, f.Key.ID)
	f.Exec(`insert into api_key_secrets (organization_id, api_key_id, secret_hash, transition_ends_at)
		select $1, $2, sha256(age::bytea), clock_timestamp() - age::interval from unnest(array['-1 hours', '1 hour', '25 hours']) age`,
		f.Organization.ID, f.Key.ID)

	must(t, work(t.Context(), &cleaner{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 1}))
	for query, want := range map[string]string{
		`select string_agg(request_id, ', ' order by recorded_at desc) from usage_event_requests`: "49 hours, 71 hours",
		`select string_agg(request_id, ', ' order by created_at desc) from control_requests`:      "49 hours, 71 hours",
		`select string_agg(request_id, ', ' order by admitted_at desc) from reservations`:         "49 hours, 6 days, 9 days",
		`select count(*)::text from api_key_secrets`:                                              "3",
	} {
		var kept string
		must(t, f.Pool.QueryRow(t.Context(), query).Scan(&kept))
		if kept != want {
			t.Errorf("kept %s, want %s", kept, want)
		}
	}
}

// The ledger has a partition for this month and the two to come, and making them again is harmless.
func TestPartitionsAreAhead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	creator := &partitionCreator{pool: f.Pool, logger: slog.New(slog.DiscardHandler)}
	must(t, work(t.Context(), creator))
	must(t, work(t.Context(), creator))
	now := time.Now().UTC()
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for months := range monthsAhead + 1 {
		var exists bool
		name := "usage_events_" + first.AddDate(0, months, 0).Format("2006_01")
		must(t, f.Pool.QueryRow(t.Context(), `select to_regclass($1) is not null`, name).Scan(&exists))
		if !exists {
			t.Errorf("there is no %s", name)
		}
	}
	if made, err := db.New().CreateUsagePartitions(t.Context(), f.Pool, monthsAhead); err != nil || made != 0 {
		t.Errorf("%d partitions were still missing, error %v", made, err)
	}
}

// The ledger's months go past the retention that was asked for, and without one none goes; verification stays clean.
func TestCleanUpDropsTheLedgersOldMonths(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Budget(db.LimitPeriodNONE, 1_000_000, time.Now().AddDate(-1, 0, 0))
	old := time.Now().UTC().AddDate(0, -7, 0)
	f.Exec(`select create_usage_partitions(2, $1)`, old)
	must(t, f.Record(5, old))
	must(t, f.Record(7, time.Time{}))
	partitions := func() (number int) {
		must(t, f.Pool.QueryRow(t.Context(), `select count(*) from pg_inherits where inhparent = 'usage_events'::regclass`).Scan(&number))
		return number
	}
	before := partitions()
	clean := &cleaner{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: cleanUpChunk, keep: 3}
	must(t, work(t.Context(), clean))
	if now := partitions(); now != before {
		t.Errorf("%d partitions are left of %d that are not rolled up", now, before)
	}
	must(t, work(t.Context(), &usageRoller{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 10}))
	must(t, work(t.Context(), &cleaner{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: cleanUpChunk}))
	if now := partitions(); now != before {
		t.Errorf("%d partitions are left of %d without a retention", now, before)
	}
	must(t, work(t.Context(), clean))
	if now := partitions(); now != before-3 {
		t.Errorf("%d partitions are left of %d, want three to go", now, before)
	}
	differences, err := db.New().FindLedgerDifferences(t.Context(), f.Pool, f.Organization.ID)
	if err != nil || len(differences) != 0 {
		t.Errorf("differences from the ledger: %+v, error %v", differences, err)
	}
}

// Counts of denied requests are kept as long as the ledger: past the retention that was asked for they go by whole months, and without one
// none goes.
func TestCleanUpKeepsDenialsAsLongAsTheLedger(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Exec(`insert into denial_counts (organization_id, id, hour, api_key_id, reason, denials, requests)
		select $1, uuid_v7(h.hour), h.hour, $2, 'KEY_DISABLED', n, n
		from generate_series(0, 5) n
		cross join lateral (select (date_trunc('month', now() at time zone 'UTC') - n * interval '1 month') at time zone 'UTC' as hour) h`,
		f.Organization.ID, f.Key.ID)
	for _, c := range []struct {
		months int32
		want   string
	}{{0, "0,1,2,3,4,5"}, {5, "0,1,2,3,4,5"}, {3, "0,1,2,3"}} {
		must(t, work(t.Context(), &cleaner{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 1, keep: c.months}))
		var kept string
		must(t, f.Pool.QueryRow(t.Context(), `select string_agg(denials::text, ',' order by denials) from denial_counts`).Scan(&kept))
		if kept != c.want {
			t.Errorf("with a retention of %d months %s are kept, want %s", c.months, kept, c.want)
		}
	}
}
