package observe

import (
	"log/slog"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// Guarantee: the metrics count every mail that waits, with the age of the oldest, and what became of mail in the last day alone,
// so that a scrape does not read the mail of all years and a failure is seen for a day.
func TestDeliveriesAreMeasured(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	metrics, err := newMetrics(pool, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, scrape(t, metrics.Handler()), `bursar_mail_deliveries{status="QUEUED"} 0`, "bursar_mail_oldest_queued_seconds 0\n")
	tenant := dbtest.NewTenant(t, pool)
	for _, statement := range []string{
		`select create_limit(o.id, null, null, 'BUDGET', 'TOKENS', 'NONE', 100, '{}', null) from organizations o`,
		`update counters set used_units = 100`,
		`select raise_alerts(o.id, array(select id from counters), array[null::integer], null, now()) from organizations o`,
		`delete from alert_deliveries`,
		`insert into alert_deliveries (organization_id, alert_id, address, email, status, queued_at, next_attempt_at, status_at)
			select a.organization_id, a.id, s.address, s.address, s.status::delivery_status, now() - s.age, now(), now() - s.age
			from alerts a, (values
				('a', 'QUEUED', interval '40 days'), ('b', 'QUEUED', '1 second'), ('c', 'SENT', '25 hours'), ('d', 'SENT', '23 hours'),
				('e', 'BOUNCED', '23 hours'), ('f', 'SENT', '40 days')) s (address, status, age)`,
		`update alert_deliveries set status = 'FAILED' where address = 'f'`, // it comes to its status now
		`update alert_deliveries set attempts = 5, status = status where address = 'c'`,
	} {
		if _, err := tenant.Pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	contains(t, scrape(t, metrics.Handler()), `bursar_mail_deliveries{status="QUEUED"} 2`, `bursar_mail_deliveries{status="SENT"} 1`,
		`bursar_mail_deliveries{status="BOUNCED"} 1`, `bursar_mail_deliveries{status="FAILED"} 1`,
		`bursar_mail_deliveries{status="DELIVERED"} 0`, "bursar_mail_oldest_queued_seconds 3.456")
}

// Guarantee: the metrics tell of a job that nobody takes, of one that hangs, of one that fails, and of how far the roll-ups
// are behind.
func TestJobsAndRollupsAreMeasured(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	metrics, err := newMetrics(pool, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, scrape(t, metrics.Handler()), "bursar_rollup_lag_seconds 0\n", "bursar_rollup_lag_rows 0\n")

	tenant := dbtest.NewTenant(t, pool)
	for _, statement := range []string{
		`insert into river_job (kind, state, args, max_attempts, queue, scheduled_at, attempted_at, attempt, finalized_at) values
			('clean_up', 'available', '{}', 1, 'maintenance', now() - interval '1000 seconds', null, 0, null),
			('clean_up', 'available', '{}', 1, 'maintenance', now() - interval '500 seconds', null, 0, null),
			('roll_up_usage', 'running', '{}', 1, 'usage', now() - interval '2000 seconds', now() - interval '300 seconds', 1, null),
			('roll_up_usage', 'discarded', '{}', 1, 'usage', now(), now(), 1, now())`,
		`insert into jobs (kind, queue, schedule, next_run_at, state, started_at, finished_at, last_succeeded_at, runs, failures)
			values ('clean_up', 'maintenance', 'hourly', '2030-01-01Z', 'FAILED', now(), now(), '2020-01-01Z', 7, 3)`,
		`select create_usage_partitions(0, now() - interval '1000 seconds')`,
		`insert into usage_events (organization_id, id, position, api_key_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
			select o.id, gen_random_uuid(), nextval('usage_events_position_seq'), gen_random_uuid(), 1, 2, 3, 0, 4, 1, '{}', '{}', now(),
				now() - make_interval(secs => 1000 - n)
			from organizations o, generate_series(1, 5) n`,
	} {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.New().RollUpUsage(t.Context(), pool, &db.RollUpUsageParams{OrganizationID: tenant.Organization.ID, Number: 2}); err != nil {
		t.Fatal(err)
	}
	contains(t, scrape(t, metrics.Handler()),
		`bursar_jobs{job="clean_up",state="available"} 2`, `bursar_jobs{job="roll_up_usage",state="discarded"} 1`,
		`bursar_job_oldest_available_seconds{job="clean_up"} 100`, `bursar_job_oldest_running_seconds{job="roll_up_usage"} 30`,
		`bursar_job_runs_total{job="clean_up"} 7`, `bursar_job_failures_total{job="clean_up"} 3`,
		`bursar_job_last_success_timestamp_seconds{job="clean_up"} 1.5778368e+09`,
		`bursar_job_next_run_timestamp_seconds{job="clean_up"} 1.893456e+09`,
		"bursar_rollup_lag_rows 3\n", "bursar_rollup_lag_seconds 99")
}
