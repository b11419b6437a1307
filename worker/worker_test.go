package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"bursar/db"
	"bursar/mail"
	"bursar/worker/job"
)

// A worker that starts makes good whatever was missed, every kind of job included, without waiting for its hour.
func TestWorkerCatchesUpOnStart(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	sender := &fakeSender{}
	worker := f.worker(sender)
	completed, unsubscribe := worker.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	must(t, worker.Start(t.Context()))

	missing := map[string]bool{}
	for _, args := range allArgs() {
		missing[args.Kind()] = true
	}
	deadline := time.After(patience)
	for len(missing) > 0 {
		select {
		case event := <-completed:
			delete(missing, event.Job.Kind)
		case <-deadline:
			t.Fatalf("%v did not complete", missing)
		}
	}
	if status := f.deliveries()[f.owner()].Status; status != db.DeliveryStatusSENT {
		t.Errorf("the alert's delivery is %s, want it sent", status)
	}
	must(t, worker.Stop(t.Context()))
}

// A stop ends within 10 seconds although the provider hangs, and hands back what was running: the job to the next worker,
// the mail to its next run.
func TestStopHandsBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	began := make(chan struct{}, 1)
	sender := &fakeSender{answer: func(ctx context.Context, _ mail.Message) error {
		began <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}}
	worker := f.worker(sender)
	must(t, worker.Start(t.Context()))
	await(t, began)

	started := time.Now()
	must(t, worker.Stop(context.Background()))
	if took := time.Since(started); took > hardStop {
		t.Errorf("the stop took %s", took)
	}
	if delivery := f.deliveries()[f.owner()]; delivery.Status != db.DeliveryStatusQUEUED || time.Until(delivery.NextAttemptAt) > 0 {
		t.Errorf("the delivery is %+v, want it due", delivery)
	}
	var running int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*) from river_job where state = 'running'`).Scan(&running))
	if running != 0 {
		t.Errorf("%d jobs are left running", running)
	}

	next := &fakeSender{}
	successor := f.worker(next)
	completed, unsubscribe := successor.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	must(t, successor.Start(t.Context()))
	awaitKind(t, completed, job.DispatchAlerts{}.Kind())
	assertOneKey(t, next, 1)
	must(t, successor.Stop(t.Context()))
}

// A stop does not wait for a job that ignores its end: it returns within 10 seconds and says so.
func TestStopGivesUpOnAJobThatHangs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	began, release := make(chan struct{}, 1), make(chan struct{})
	sender := &fakeSender{answer: func(context.Context, mail.Message) error {
		began <- struct{}{}
		<-release
		return errOutage
	}}
	worker := f.worker(sender)
	must(t, worker.Start(t.Context()))
	await(t, began)
	started := time.Now()
	if err := worker.Stop(context.Background()); err == nil {
		t.Error("the stop claims that everything has ended")
	}
	if took := time.Since(started); took > hardStop+2*time.Second {
		t.Errorf("the stop took %s", took)
	}
	close(release)
	must(t, worker.Stop(context.Background()))
}

// A job whose worker was killed counts as running and keeps its successors out. It is cleared away within about a minute,
// not River's hour, and mail goes on.
func TestKilledWorkersJobIsRescued(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.alert()
	sent := make(chan struct{}, 1)
	worker := f.worker(&fakeSender{answer: func(context.Context, mail.Message) error {
		sent <- struct{}{}
		return nil
	}})
	_, err := worker.Client().Insert(t.Context(), job.DispatchAlerts{}, nil)
	must(t, err)
	f.query(`update river_job set state = 'running', attempt = 1, attempted_by = '{killed}',
		attempted_at = now() - make_interval(secs => $1)`, rescueAfter.Seconds()+1)
	must(t, worker.Start(t.Context()))
	await(t, sent)
	must(t, worker.Stop(t.Context()))
}

// While a job of a kind waits or runs no other of the kind is enqueued, by whomever.
func TestJobsAreOneAtATime(t *testing.T) {
	t.Parallel()
	client, err := NewInsertOnlyClient(server.New(t), slog.New(slog.DiscardHandler))
	must(t, err)
	for _, args := range allArgs() {
		for _, want := range []bool{false, true} {
			inserted, err := client.Insert(t.Context(), args, nil)
			must(t, err)
			if inserted.UniqueSkippedAsDuplicate != want {
				t.Errorf("%s: skipped %t, want %t", args.Kind(), inserted.UniqueSkippedAsDuplicate, want)
			}
		}
	}
	waiting, err := client.JobList(t.Context(), river.NewJobListParams().States(rivertype.JobStateAvailable))
	if err != nil || len(waiting.Jobs) != len(allArgs()) {
		t.Errorf("%d jobs wait, error %v, want one of each kind", len(waiting.Jobs), err)
	}
}

// A configuration that cannot work is refused when the worker is made, not with the first mail.
func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, spoil := range map[string]func(*Config){
		"no pool":           func(c *Config) { c.Pool = nil },
		"no sender":         func(c *Config) { c.Sender = nil },
		"no from":           func(c *Config) { c.MailFrom = "" },
		"negative rate":     func(c *Config) { c.MailsPerSecond = -1 },
		"too short":         func(c *Config) { c.DispatchInterval = time.Millisecond },
		"negative interval": func(c *Config) { c.RollUpInterval = -time.Minute },
	} {
		config := f.config(&fakeSender{})
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
	}
}

func await(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		t.Fatal("the signal did not come")
	}
}

func awaitKind(t *testing.T, events <-chan *river.Event, kind string) {
	t.Helper()
	deadline := time.After(patience)
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
