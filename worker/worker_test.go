package worker

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
	"bursar/worker/job"
)

// A worker that starts makes good whatever was missed, every kind of job included, without waiting for its hour.
func TestWorkerCatchesUpOnStart(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.reserve(10, time.Now().Add(-time.Hour)) // has expired
	f.Alert()
	f.Exec(`insert into repricings (organization_id, from_time, to_time) select id, now() - interval '1 day', now() from organizations`)
	f.Exec(`insert into simulations (organization_id, limits, from_time, to_time) select id, '[]', now() - interval '1 day', now() from organizations`)
	f.Exec(`with made as (
		insert into webhooks (organization_id, name, url, format, events, secret)
		select id, 'Pager', 'https://127.0.0.1', 'STANDARD', '{EXHAUSTED}', decode(repeat('00', 32), 'hex') from organizations returning organization_id, id)
		insert into webhook_deliveries (organization_id, webhook_id, event) select organization_id, id, 'TEST' from made`)
	sender := &deliverytest.Sender{}
	worker := f.worker(sender)
	completed, unsubscribe := worker.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	must(t, worker.Start(t.Context()))

	missing := map[string]bool{}
	for _, args := range allArgs() {
		missing[args.Kind()] = true
	}
	deadline := time.After(testTimeout)
	for len(missing) > 0 {
		select {
		case event := <-completed:
			delete(missing, event.Job.Kind)
			if !strings.Contains(string(event.Job.Metadata), `"schedule"`) {
				t.Errorf("River UI does not show when %s runs: %s", event.Job.Kind, event.Job.Metadata)
			}
		case <-deadline:
			t.Fatalf("%v did not complete", missing)
		}
	}
	if status := f.Deliveries()[f.OwnerAddress()].Status; status != db.DeliveryStatusSENT {
		t.Errorf("the alert's delivery is %s, want it sent", status)
	}
	must(t, worker.Stop(t.Context()))
}

// Jobs that ended are shown for an hour, those that failed for a day; then they go.
func TestEndedJobsAreDeleted(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Exec(`insert into river_job (kind, state, args, max_attempts, queue, attempt, finalized_at)
		select 'of_old', s.state::river_job_state, '{}', 1, 'of_old', 1, now() - s.age
		from (values ('completed', interval '55 minutes'), ('completed', '65 minutes'), ('discarded', '23 hours'), ('discarded', '25 hours'),
			('cancelled', '23 hours'), ('cancelled', '25 hours')) s (state, age)`)
	worker := f.worker(&deliverytest.Sender{})
	must(t, worker.Start(t.Context()))
	var left int
	for left = 6; left > 3 && t.Context().Err() == nil; {
		must(t, f.Pool.QueryRow(t.Context(), `select count(*) from river_job where kind = 'of_old'`).Scan(&left))
	}
	var kept string
	must(t, f.Pool.QueryRow(t.Context(), `select string_agg(state::text, ' ' order by state::text) from river_job where kind = 'of_old'`).Scan(&kept))
	if kept != "cancelled completed discarded" {
		t.Errorf("kept %s", kept)
	}
	must(t, worker.Stop(t.Context()))
}

// A call to the mail provider that hangs keeps nothing else back: other mail goes out, and the jobs of other queues run.
func TestHangingCallKeepsNothingBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	first, others, release := make(chan struct{}), make(chan struct{}, 10), make(chan struct{})
	var once sync.Once
	worker := f.worker(&deliverytest.Sender{Answer: func(ctx context.Context, _ []mail.Message) ([]mail.Result, error) {
		hangs := false
		once.Do(func() { hangs = true })
		if !hangs {
			others <- struct{}{}
			return nil, nil
		}
		close(first)
		select {
		case <-release:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}})
	completed, unsubscribe := worker.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	must(t, worker.Start(t.Context()))
	await(t, first)
	must(t, f.Record(500, time.Time{})) // EXHAUSTED
	await(t, others)
	for _, args := range allArgs() {
		if args.Kind() == (job.DispatchAlerts{}).Kind() {
			continue
		}
		_, err := worker.Client().Insert(t.Context(), args, nil)
		must(t, err)
		awaitKind(t, completed, args.Kind())
	}
	close(release)
	must(t, worker.Stop(t.Context()))
}

// A run of the mail whose worker was killed counts as running until it is taken from it, after most of a minute. It does not keep
// the next run out: mail that is raised then is on its way within 10 seconds of its commit.
func TestKilledWorkersRunKeepsNoMailBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	sent := make(chan struct{}, 1)
	worker := f.worker(&deliverytest.Sender{Answer: func(context.Context, []mail.Message) ([]mail.Result, error) {
		sent <- struct{}{}
		return nil, nil
	}})
	now := time.Now() // read once: a second that begins between two readings would put both into one period
	for i := range mailQueueWorkers {
		at := now.Add(-time.Duration(i) * job.DispatchPeriod)
		inserted, err := worker.Client().Insert(t.Context(), job.DispatchAlerts{}, &river.InsertOpts{ScheduledAt: at})
		if must(t, err); inserted.UniqueSkippedAsDuplicate {
			t.Fatal("two runs fell into one period")
		}
	}
	f.Exec(`update river_job set state = 'running', attempt = 1, attempted_by = '{killed}', attempted_at = now()`)
	// another worker leads and was killed too: nobody else takes the lead for a quarter of a minute
	f.Exec(`insert into river_leader (name, leader_id, elected_at, expires_at) values ('default', 'killed', now(), now() + interval '50 seconds')`)
	must(t, worker.Start(t.Context()))
	committed := time.Now()
	f.Alert()
	await(t, sent)
	if took := time.Since(committed); took > 10*time.Second {
		t.Errorf("the mail was on its way after %s, want 10 s at most", took)
	}
	must(t, worker.Stop(t.Context()))
}

// While a job of a kind waits or runs no other of the kind is enqueued, by whomever; of the runs of the mail one a
// second is.
func TestJobsAreOneAtATime(t *testing.T) {
	t.Parallel()
	client, err := NewInsertOnlyClient(server.New(t), slog.New(slog.DiscardHandler))
	must(t, err)
	for _, args := range allArgs() {
		if args.Kind() == (job.DispatchAlerts{}).Kind() {
			continue // below: two that follow each other can fall into two periods
		}
		for _, want := range []bool{false, true} {
			inserted, err := client.Insert(t.Context(), args, nil)
			must(t, err)
			if inserted.UniqueSkippedAsDuplicate != want {
				t.Errorf("%s: skipped %t, want %t", args.Kind(), inserted.UniqueSkippedAsDuplicate, want)
			}
		}
	}
	waiting, err := client.JobList(t.Context(), river.NewJobListParams().States(rivertype.JobStateAvailable))
	if err != nil || len(waiting.Jobs) != len(allArgs())-1 {
		t.Errorf("%d jobs wait, error %v, want one of each kind", len(waiting.Jobs), err)
	}
	at := time.Now().Truncate(job.DispatchPeriod).Add(time.Hour)
	for _, c := range []struct {
		at   time.Time
		want bool
	}{{at, false}, {at.Add(job.DispatchPeriod - 1), true}, {at.Add(job.DispatchPeriod), false}} {
		inserted, err := client.Insert(t.Context(), job.DispatchAlerts{}, &river.InsertOpts{ScheduledAt: c.at})
		must(t, err)
		if inserted.UniqueSkippedAsDuplicate != c.want {
			t.Errorf("a run of the mail at %s: skipped %t, want %t", c.at, inserted.UniqueSkippedAsDuplicate, c.want)
		}
	}
}

// A configuration that cannot work is refused when the worker is made, not with the first mail.
func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, spoil := range map[string]func(*Config){
		"no pool":           func(c *Config) { c.Pool = nil },
		"no dispatcher":     func(c *Config) { c.Dispatcher = nil },
		"negative months":   func(c *Config) { c.UsageRetention = -1 },
		"too short":         func(c *Config) { c.DispatchInterval = time.Millisecond },
		"negative interval": func(c *Config) { c.RollUpInterval = -time.Minute },
	} {
		config := f.config(&deliverytest.Sender{})
		spoil(&config)
		if _, err := New(config); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// worker returns a worker that ends with the test at the latest.
func (f *fixture) worker(sender mail.Sender) *Worker {
	f.T.Helper()
	worker, err := New(f.config(sender))
	must(f.T, err)
	f.T.Cleanup(func() { must(f.T, worker.Stop(context.Background())) })
	return worker
}

func allArgs() []river.JobArgs {
	return []river.JobArgs{
		job.ClosePeriods{}, job.DispatchAlerts{}, job.RollUpUsage{}, job.SweepReservations{}, job.CreateUsagePartitions{}, job.CleanUp{},
		job.RepriceUsage{}, job.DispatchWebhooks{}, job.SimulateLimits{},
	}
}

func await(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(testTimeout):
		t.Fatal("the signal did not come")
	}
}

func awaitKind(t *testing.T, events <-chan *river.Event, kind string) {
	t.Helper()
	deadline := time.After(testTimeout)
	for {
		select {
		case event := <-events:
			if event.Job.Kind == kind {
				return
			}
		case <-deadline:
			t.Fatalf("no job of kind %s ended", kind)
		}
	}
}
