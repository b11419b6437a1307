package worker

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/delivery"
	"bursar/delivery/deliverytest"
	"bursar/mail"
	"bursar/worker/job"
)

// A stop ends within 10 seconds although the provider hangs, and hands back what was running: the job to the next worker,
// the mail to its next run.
func TestStopHandsBack(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits as long as a stop may take")
	f := newFixture(t)
	f.Alert()
	began := make(chan struct{}, 10)
	sender := &deliverytest.Sender{Answer: func(ctx context.Context, _ []mail.Message) ([]mail.Result, error) {
		began <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	worker := f.worker(sender)
	must(t, worker.Start(t.Context()))
	await(t, began)

	started := time.Now()
	must(t, worker.Stop(context.Background()))
	if took := time.Since(started); took > hardStop {
		t.Errorf("the stop took %s", took)
	}
	if delivery := f.Deliveries()[f.OwnerAddress()]; delivery.Status != db.DeliveryStatusQUEUED || time.Until(delivery.NextAttemptAt) > 0 {
		t.Errorf("the delivery is %+v, want it due", delivery)
	}
	var running int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*) from river_job where state = 'running'`).Scan(&running))
	if running != 0 {
		t.Errorf("%d jobs are left running", running)
	}

	next := &deliverytest.Sender{}
	successor := f.worker(next)
	completed, unsubscribe := successor.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	must(t, successor.Start(t.Context()))
	awaitKind(t, completed, job.DispatchAlerts{}.Kind())
	next.AssertSameCall(t, 1)
	must(t, successor.Stop(t.Context()))
}

// A worker that is asked to stop finishes the call that it makes and begins no other: what is left is the next worker's, and
// nothing is cut off that need not be.
func TestStopBeginsNoFurtherCall(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert("a@acme.test", "b@acme.test")
	var worker *Worker
	calling := make(chan struct{}, 3)
	sender := &deliverytest.Sender{Answer: func(ctx context.Context, _ []mail.Message) ([]mail.Result, error) {
		worker.quiesce()
		calling <- struct{}{}
		return nil, ctx.Err()
	}}
	config := f.config(sender)
	config.Dispatcher = f.dispatcher(delivery.Config{Sender: sender, MailsPerCall: 1})
	worker, err := New(config)
	must(t, err)
	must(t, worker.Start(t.Context()))
	await(t, calling)
	must(t, worker.Stop(context.Background()))
	sent, untried := 0, 0
	for _, delivery := range f.Deliveries() {
		switch {
		case delivery.Status == db.DeliveryStatusSENT:
			sent++
		case delivery.Attempts == 0 && delivery.FirstAttemptAt == nil:
			untried++
		}
	}
	if sent != 1 || untried != 2 {
		t.Errorf("%d sent and %d untried, want 1 and 2", sent, untried)
	}
}

// A stop does not wait for a job that ignores its end: it returns within 10 seconds and says so.
func TestStopGivesUpOnAJobThatHangs(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits as long as a stop may take")
	f := newFixture(t)
	f.Alert()
	began, release := make(chan struct{}, 10), make(chan struct{})
	sender := &deliverytest.Sender{Answer: func(context.Context, []mail.Message) ([]mail.Result, error) {
		began <- struct{}{}
		<-release
		return nil, deliverytest.ErrOutage
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
