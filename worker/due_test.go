package worker

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
	"bursar/worker/job"
)

// restless returns a configuration that looks for work as often as it may.
func (f *fixture) restless(sender mail.Sender) Config {
	config := f.config(sender)
	config.DispatchInterval, config.SweepInterval, config.RollUpInterval = time.Second, time.Second, time.Second
	return config
}

// start starts a worker that ends with the test at the latest.
func (f *fixture) start(config Config) *Worker {
	f.T.Helper()
	worker, err := New(config)
	must(f.T, err)
	f.T.Cleanup(func() { must(f.T, worker.Stop(context.Background())) })
	must(f.T, worker.Start(f.T.Context()))
	return worker
}

// eventually asks the database until it answers true.
func (f *fixture) eventually(what, query string, arguments ...any) {
	f.T.Helper()
	ctx, cancel := context.WithTimeout(f.T.Context(), testTimeout)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		var answer bool
		must(f.T, f.Pool.QueryRow(f.T.Context(), query, arguments...).Scan(&answer))
		if answer {
			return
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			f.T.Fatalf("%s", what)
		}
	}
}

// jobRows returns how many jobs have been enqueued so far, by kind. None is deleted within a test's time.
func (f *fixture) jobRows() map[string]int {
	f.T.Helper()
	rows, err := f.Pool.Query(f.T.Context(), `select kind, count(*) from river_job group by kind`)
	must(f.T, err)
	defer rows.Close()
	byKind := map[string]int{}
	for rows.Next() {
		var kind string
		var number int
		must(f.T, rows.Scan(&kind, &number))
		byKind[kind] = number
	}
	must(f.T, rows.Err())
	return byKind
}

// A worker that has nothing to do enqueues nothing, however often it looks: only the jobs of a start run, and those that are due
// by the calendar. The operator sees all the same when each job is looked at next.
func TestIdleWorkerEnqueuesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	began := time.Now()
	worker := f.start(f.restless(&deliverytest.Sender{}))
	f.eventually("not all jobs are looked at once a second", `select min(j.next_run_at) > $1 from jobs j
		where j.kind in ('dispatch_alerts', 'sweep_reservations', 'roll_up_usage')`, began.Add(5*time.Second))
	must(t, worker.Stop(t.Context()))
	byCalendar := map[string]bool{job.ClosePeriods{}.Kind(): true, job.CreateUsagePartitions{}.Kind(): true, job.CleanUp{}.Kind(): true}
	for kind, number := range f.jobRows() {
		if !byCalendar[kind] || number > 2 { // a reset may be due just now
			t.Errorf("%d jobs of kind %s were enqueued in 5 seconds in which nothing was due", number, kind)
		}
	}
}

// What becomes due while a worker looks on is worked: expired reservations, new usage and mail, each by one kind of job.
func TestWhatBecomesDueIsWorked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	sender := &deliverytest.Sender{}
	worker := f.start(f.restless(sender))
	f.eventually("the worker does not lead", `select count(*) = 3 from river_job where state = 'completed'`)
	if rows := f.jobRows(); rows[job.SweepReservations{}.Kind()]+rows[job.RollUpUsage{}.Kind()] != 0 {
		t.Errorf("before anything was due these were enqueued: %v", rows)
	}
	completed, unsubscribe := worker.Client().Subscribe(river.EventKindJobCompleted)
	defer unsubscribe()
	f.reserve(10, time.Now().Add(-time.Hour))
	awaitKind(t, completed, job.SweepReservations{}.Kind())
	f.eventually("the reservation holds on", `select status = 'EXPIRED' from reservations`)
	must(t, f.Record(10, time.Time{}))
	awaitKind(t, completed, job.RollUpUsage{}.Kind())
	if left, err := db.New().HasUsageToRollUp(t.Context(), f.Pool); err != nil || left {
		t.Errorf("usage is left to roll up: %t, error %v", left, err)
	}
	f.Alert()
	f.eventually("the alert is not mailed", `select status = 'SENT' from alert_deliveries`)
}

// An alert is on its way to its recipients at once although workers look for mail once in a minute: they are notified.
// Two workers enqueue a run or two for it, no more.
func TestAlertIsMailedAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	sent := make(chan time.Time, 1)
	sender := &deliverytest.Sender{Answer: func(context.Context, []mail.Message) ([]mail.Result, error) {
		sent <- time.Now()
		return nil, nil
	}}
	for range 2 {
		f.start(f.config(sender))
	}
	f.eventually("no worker watches", `select next_run_at > clock_timestamp() + interval '50 seconds' from jobs where kind = 'dispatch_alerts'`)
	raised := time.Now()
	f.Alert()
	select {
	case at := <-sent:
		took := at.Sub(raised)
		t.Logf("the alert was mailed after %s", took)
		if took > 5*time.Second { // it takes a tenth of a second, but the machine may be busy
			t.Errorf("the alert was mailed after %s", took)
		}
	case <-time.After(testTimeout):
		t.Fatal("the alert is not mailed")
	}
	f.eventually("the outcome is not noted", `select status = 'SENT' from alert_deliveries`)
	if runs := f.jobRows()[job.DispatchAlerts{}.Kind()]; runs < 1 || runs > 2 {
		t.Errorf("%d runs were enqueued for one alert, want 1 or 2", runs)
	}
}
