package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/worker/job"
)

// recordNotices puts a table in the place of the notices, so that a test sees who would be told, and in which order.
func (f *fixture) recordNotices() {
	f.T.Helper()
	f.query(`create table notices (budget_limit_id uuid not null)`)
	f.query(`create or replace function raise_reset_notices(p_organization_id uuid, p_budget_limit_ids uuid[], p_now timestamptz)
		returns integer language sql volatile as $$
			insert into notices select unnest(p_budget_limit_ids);
			select cardinality(p_budget_limit_ids)
		$$`)
}

func (f *fixture) recordedNotices(budget uuid.UUID) (number int) {
	f.T.Helper()
	must(f.T, f.Pool.QueryRow(context.Background(), `select count(*) from notices where budget_limit_id = $1`, budget).Scan(&number))
	return number
}

// Workers that were stopped for two weeks close both weeks of each budget as soon as one starts, in order, with what was
// used in each; recipients of a budget that was exhausted are told once, and of one that was not, never.
func TestTwoWeeksWithoutWorkers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.recordNotices()
	thisWeek := lastSunday(time.Now())
	first, second := thisWeek.AddDate(0, 0, -14), thisWeek.AddDate(0, 0, -7)
	exhausted := f.budget(db.LimitPeriodWEEKLY, 1000, first.Add(time.Hour))
	var roomy uuid.UUID
	must(t, f.Pool.QueryRow(t.Context(), `select id from create_limit($1, $2, null, 'BUDGET', 'TOKENS', 'WEEKLY', 1000000, '{}', $3)`,
		f.Organization.ID, f.Workspace.ID, first.Add(time.Hour)).Scan(&roomy))
	must(t, f.record(400, first.Add(2*time.Hour)))
	must(t, f.record(700, second.Add(-time.Microsecond))) // exhausts the first week
	must(t, f.record(1300, second))                       // and the second

	worker := f.worker(&fakeSender{})
	completed, unsubscribe := worker.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	must(t, worker.Start(t.Context()))
	awaitKind(t, completed, job.ClosePeriods{}.Kind())
	for _, budget := range []uuid.UUID{exhausted, roomy} {
		periods, _ := f.periods(budget)
		if len(periods) != 2 {
			t.Fatalf("history %+v, want two weeks", periods)
		}
		for i, want := range []closedPeriod{{1, first, 1100, true}, {2, second, 1300, true}} {
			if got := periods[i]; got.number != want.number || !got.start.Equal(want.start) || got.used != want.used || !got.closed {
				t.Errorf("week %d is %+v, want %+v", i+1, got, want)
			}
		}
	}
	_, err := worker.Client().Insert(t.Context(), job.ClosePeriods{}, nil)
	must(t, err)
	awaitKind(t, completed, job.ClosePeriods{}.Kind())
	if got := [2]int{f.recordedNotices(exhausted), f.recordedNotices(roomy)}; got != [2]int{1, 0} {
		t.Errorf("told %v times of the exhausted and the roomy budget, want once and never", got)
	}
	must(t, worker.Stop(t.Context()))
}

// 10,000 budgets of one organization are closed in under 10 seconds, in transactions of which none keeps its requests
// waiting for long, and nothing is decided otherwise for it.
func TestTenThousandBudgetsReset(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const budgets = 10_000
	week := lastSunday(time.Now()).AddDate(0, 0, -7)
	f.query(`insert into api_keys (organization_id, workspace_id, name, prefix)
		select $1, $2, 'key ' || n, 'bsr_' from generate_series(1, $3) n`, f.Organization.ID, f.Workspace.ID, budgets)
	f.query(`insert into limits (organization_id, api_key_id, kind, type, period, max_units, period_start, period_end, used_units)
		select $1, k.id, 'BUDGET', 'TOKENS', 'WEEKLY', 1000, $2, $2::timestamptz + interval '7 days', 600
		from api_keys k where k.organization_id = $1 and k.id <> $3`, f.Organization.ID, week, f.Key.ID)
	budget := f.budget(db.LimitPeriodMONTHLY, 1_000_000, time.Time{})

	done := make(chan error, 1)
	began := time.Now()
	go func() {
		done <- work(context.WithoutCancel(t.Context()), &periodCloser{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: closeChunk})
	}()
	var longest time.Duration
	records := int64(0)
	for closing := true; closing; {
		select {
		case err := <-done:
			must(t, err)
			closing = false
		default:
			asked := time.Now()
			must(t, f.record(1, time.Time{}))
			longest = max(longest, time.Since(asked))
			records++
		}
	}
	took := time.Since(began)
	t.Logf("%d budgets in %s; of %d reports meanwhile the slowest took %s", budgets, took, records, longest)
	if took > 10*time.Second {
		t.Errorf("the reset took %s", took)
	}
	var closed, current, used int64
	must(t, f.Pool.QueryRow(t.Context(), `select
			(select count(*) from budget_periods p where p.closed_at is not null and p.used_units = 600),
			(select count(*) from limits l where l.period = 'WEEKLY' and l.period_start = $1 and l.used_units = 0 and l.period_number = 2),
			(select l.used_units::bigint from limits l where l.id = $2)`,
		week.AddDate(0, 0, 7), budget).Scan(&closed, &current, &used))
	if closed != budgets || current != budgets || used != records {
		t.Errorf("%d closed, %d begun anew, %d tokens recorded meanwhile; want %d, %d and %d", closed, current, used, budgets, budgets, records)
	}
}
