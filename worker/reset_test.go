package worker

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/delivery/deliverytest"
	"bursar/worker/job"
)

// Workers that were stopped for two weeks close both weeks of each budget as soon as one starts, in order, with what was used
// in each. Recipients hear of everything that was raised meanwhile and of the reset, each once, and of a budget that was not
// exhausted nothing.
func TestTwoWeeksWithoutWorkers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Recipients("added@acme.test")
	thisWeek := deliverytest.LastSunday(time.Now())
	first, second := thisWeek.AddDate(0, 0, -14), thisWeek.AddDate(0, 0, -7)
	exhausted := f.Budget(db.LimitPeriodWEEKLY, 1000, first.Add(time.Hour), 500)
	var roomy uuid.UUID
	must(t, f.Pool.QueryRow(t.Context(), `select id from create_limit($1, $2, null, 'BUDGET', 'TOKENS', 'WEEKLY', 1000000, '{}', $3)`,
		f.Organization.ID, f.Workspace.ID, first.Add(time.Hour)).Scan(&roomy))
	must(t, f.Record(400, first.Add(2*time.Hour)))
	must(t, f.Record(700, second.Add(-time.Microsecond))) // crosses the threshold and exhausts the first week
	must(t, f.Record(1300, second))                       // and the second

	sender := &deliverytest.Sender{}
	worker := f.worker(sender)
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
	for until := time.Now().Add(testTimeout); slices.Contains(f.Statuses(), db.DeliveryStatusQUEUED); {
		if time.Now().After(until) {
			t.Fatalf("deliveries are %v, want none to wait", f.Statuses())
		}
		awaitKind(t, completed, job.DispatchAlerts{}.Kind())
	}
	must(t, worker.Stop(t.Context()))

	f.AssertAllSent(2 * 3) // two exhaustions and a reset, to two recipients
	for _, address := range []string{f.OwnerAddress(), "added@acme.test"} {
		told := map[string]int{}
		for _, message := range sender.Messages() {
			if message.To != address {
				continue
			}
			// what a mail is about, and what it names besides
			told["reset"] += strings.Count(message.Subject, "] Reset: ") + strings.Count(message.Text, "The budget had reset")
			told["exhausted"] += strings.Count(message.Subject, "] Exhausted: ") + strings.Count(message.Text, "Exhausted: all of")
			told["threshold"] += strings.Count(message.Subject, "] Approaching: ") + strings.Count(message.Text, "500 tokens (50 %)")
		}
		if told["reset"] != 1 || told["exhausted"] != 2 || told["threshold"] != 2 {
			t.Errorf("%s heard %v times, want of one reset, two exhaustions and two thresholds", address, told)
		}
	}
}

// 1,000 budgets of one organization are closed at a thousand a second, 500 of them exhausted, so that their recipients are
// told. It goes on in transactions of which none keeps the organization's requests waiting for long, and changes nothing about
// what is decided.
func TestThousandsOfBudgetsReset(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "makes and resets 1,000 budgets")
	f := newFixture(t)
	const budgets = 1_000
	week := deliverytest.LastSunday(time.Now()).AddDate(0, 0, -7)
	made := time.Now()
	f.Exec(`insert into api_keys (organization_id, workspace_id, name, prefix)
		select $1, $2, 'key ' || n, 'bsr_' from generate_series(1, $3) n`, f.Organization.ID, f.Workspace.ID, budgets)
	f.Exec(`insert into limits (organization_id, api_key_id, kind, type, period, max_units, generation_started_at)
		select $1, k.id, 'BUDGET', 'TOKENS', 'WEEKLY', case when row_number() over () % 2 = 0 then 600 else 1000 end, $2
		from api_keys k where k.organization_id = $1 and k.id <> $3`, f.Organization.ID, week, f.Key.ID)
	f.Exec(`update counters set used_units = 600 where organization_id = $1`, f.Organization.ID)
	f.Exec(`select raise_alerts($1, array(select id from counters), null::integer[], null, $2)`, f.Organization.ID, week.Add(time.Hour))
	making := time.Since(made)
	budget := f.Budget(db.LimitPeriodMONTHLY, 1_000_000, time.Time{})

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
			must(t, f.Record(1, time.Time{}))
			longest = max(longest, time.Since(asked))
			records++
		}
	}
	took := time.Since(began)
	t.Logf("%d budgets in %s, made in %s; of %d reports meanwhile the slowest took %s", budgets, took, making, records, longest)
	// To make them takes three times as long as to reset them. Where that takes long, the machine is busy with something else.
	if took > max(2*time.Second, making) {
		t.Errorf("the reset took %s, and making the budgets %s", took, making)
	}
	// who waits for the lock has it next: no report waits for much more than the transaction that runs when it comes, and what
	// a busy machine takes
	if transactions := int64(budgets / closeChunk); records < transactions/2 || longest > max(took/2, 10*time.Second) {
		t.Errorf("%d reports got through beside %d transactions, the slowest after %s", records, transactions, longest)
	}
	var closed, current, used, notices int64
	must(t, f.Pool.QueryRow(t.Context(), `select
			(select count(*) from budget_periods p where p.closed_at is not null and p.used_units = 600),
			(select count(*) from counters c where c.period = 'WEEKLY' and c.period_start = $1 and c.used_units = 0 and c.period_number = 2),
			(select c.used_units::bigint from counters c where c.limit_id = $2),
			(select count(*) from alert_deliveries d where d.purpose = 'RESET')`,
		week.AddDate(0, 0, 7), budget).Scan(&closed, &current, &used, &notices))
	if closed != budgets || current != budgets || used != records || notices != budgets/2 {
		t.Errorf("%d closed, %d begun anew, %d tokens recorded meanwhile, %d notices; want %d, %d, %d and %d",
			closed, current, used, notices, budgets, budgets, records, budgets/2)
	}
}
