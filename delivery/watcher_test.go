package delivery

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// watch is a watcher that runs until the test ends. It goes on when the test has taken from a channel what it has found.
type watch struct {
	due  chan struct{}
	idle chan time.Duration
}

// watch starts a watcher that has mail that is due sent by run.
func (f *fixture) watch(interval time.Duration, run func(ctx context.Context)) *watch {
	f.T.Helper()
	w := &watch{due: make(chan struct{}), idle: make(chan time.Duration)}
	ctx, cancel := context.WithCancel(f.T.Context())
	ended := make(chan struct{})
	watcher := &Watcher{
		Pool: f.Pool, Interval: interval, Recheck: 10 * time.Millisecond, Logger: slog.New(slog.DiscardHandler),
		Watched: []Watched{{
			Next: db.New().NextMailDue,
			Due: func(ctx context.Context) {
				select {
				case w.due <- struct{}{}:
					run(ctx)
				case <-ctx.Done():
				}
			},
			Idle: func(ctx context.Context, wait time.Duration) {
				select {
				case w.idle <- wait:
				case <-ctx.Done():
				}
			},
		}},
	}
	go func() {
		defer close(ended)
		watcher.Run(ctx)
	}()
	f.T.Cleanup(func() {
		cancel()
		<-ended
	})
	return w
}

// awaitIdle takes looks until one finds nothing due, and returns how long the watcher waits then.
func (w *watch) awaitIdle(t *testing.T) time.Duration {
	t.Helper()
	deadline := time.After(testTimeout)
	for {
		select {
		case wait := <-w.idle:
			return wait
		case <-w.due:
		case <-deadline:
			t.Fatal("the watcher does not become idle")
		}
	}
}

// awaitDue takes looks until one finds mail due, and returns how many found none before.
func (w *watch) awaitDue(t *testing.T) (idle int) {
	t.Helper()
	deadline := time.After(testTimeout)
	for {
		select {
		case <-w.idle:
			idle++
		case <-w.due:
			return idle
		case <-deadline:
			t.Fatal("the watcher finds no mail due")
		}
	}
}

func (f *fixture) dispatch(sender *deliverytest.Sender) func(context.Context) {
	dispatcher := f.dispatcher(sender)
	return func(ctx context.Context) { _ = dispatcher.Run(ctx, nil) } // what failed shows in the deliveries
}

// A watcher is notified of mail when the transaction that queued it commits; it does not wait for its interval, here an hour.
func TestWatcherIsNotifiedOfMail(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	w := f.watch(time.Hour, f.dispatch(&deliverytest.Sender{}))
	if wait := w.awaitIdle(t); wait != time.Hour {
		t.Errorf("while nothing waits the next look is in %s, want an hour", wait)
	}
	f.Alert()
	w.awaitDue(t)
	w.awaitIdle(t)
	f.AssertAllSent(1)
}

// Mail of which no notification came is found after the interval.
func TestLostNotificationDelaysMailByTheInterval(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Exec(`alter table alert_deliveries disable trigger alert_deliveries_notify`)
	w := f.watch(100*time.Millisecond, f.dispatch(&deliverytest.Sender{}))
	w.awaitIdle(t)
	f.Alert()
	w.awaitDue(t)
	w.awaitIdle(t)
	f.AssertAllSent(1)
}

// Mail that was queued while the watcher's connection was broken is found as soon as it has another.
func TestWatcherLooksAfterItReconnects(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	w := f.watch(time.Hour, f.dispatch(&deliverytest.Sender{}))
	w.awaitIdle(t)
	var ended int
	must(t, f.Pool.QueryRow(t.Context(), `select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid() and query like '%NextMailDue%'`).Scan(&ended))
	if ended != 1 {
		t.Fatalf("%d connections watch, want 1", ended)
	}
	f.Alert()
	w.awaitDue(t)
	w.awaitIdle(t)
	f.AssertAllSent(1)
}

// A retry is due when its delay is over, however long the lease of the failed call would have been and the interval is.
func TestWatcherKnowsOfRetries(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	sender := &deliverytest.Sender{Answer: deliverytest.Failing(deliverytest.ErrOutage)}
	config := f.config(sender)
	config.Timeout, config.RetryAfter = MaxTimeout, 3*time.Second // more than a run waits for
	dispatcher := dispatcherOf(t, config)
	w := f.watch(time.Hour, func(ctx context.Context) { _ = dispatcher.Run(ctx, nil) })
	w.awaitIdle(t)
	f.Alert()
	w.awaitDue(t)
	if wait := w.awaitIdle(t); wait > 6*time.Second {
		t.Errorf("the next look is in %s, want it at the retry, after 3 to 4.5 s", wait)
	}
	sender.SetAnswer(nil)
	w.awaitDue(t)
	w.awaitIdle(t)
	sender.AssertSameCall(t, 2)
	f.AssertAllSent(1)
}

// The call of a worker that was killed is due again for all others when its lease expires.
func TestWatcherKnowsOfLeases(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	config := f.config(&deliverytest.Sender{})
	config.Timeout = 2 * time.Second
	if call, _, err := dispatcherOf(t, config).begin(t.Context()); err != nil || call == nil {
		t.Fatalf("began %v, error %v", call, err)
	}
	w := f.watch(time.Hour, f.dispatch(&deliverytest.Sender{}))
	if wait := w.awaitIdle(t); wait > 3*time.Second {
		t.Errorf("the next look is in %s, want it at the end of the lease, within 3 s", wait)
	}
	w.awaitDue(t)
	w.awaitIdle(t)
	f.AssertAllSent(1)
}

// A call that a stopping worker interrupts is due at once for all others, who are notified.
func TestWatcherIsNotifiedOfInterruptedCalls(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	calling := make(chan struct{})
	config := f.config(&deliverytest.Sender{Answer: func(ctx context.Context, _ []mail.Message) ([]mail.Result, error) {
		close(calling)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	config.Timeout = MaxTimeout
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() { stopped <- dispatcherOf(t, config).Run(ctx, nil) }()
	await(t, calling)
	w := f.watch(time.Hour, f.dispatch(&deliverytest.Sender{}))
	if wait := w.awaitIdle(t); wait < 10*time.Second {
		t.Errorf("the next look is in %s, want it at the end of the lease, after 22.5 s", wait)
	}
	stop()
	if err := <-stopped; err == nil {
		t.Error("an interrupted run reports success")
	}
	at := time.Now()
	w.awaitDue(t)
	if took := time.Since(at); took > 10*time.Second {
		t.Errorf("the call was found after %s, want it at once", took)
	}
	w.awaitIdle(t)
	f.AssertAllSent(1)
}

// While the provider wants no calls nothing is due, whatever waits: the watcher waits for the end of the pause.
func TestWatcherWaitsForTheThrottle(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	must(t, db.New().PauseMailCalls(t.Context(), f.Pool, &db.PauseMailCallsParams{Pause: time.Hour}))
	w := f.watch(2*time.Hour, f.dispatch(&deliverytest.Sender{}))
	if wait := w.awaitIdle(t); wait != 2*time.Hour {
		t.Errorf("while nothing waits the next look is in %s, want the interval", wait)
	}
	f.Alert()
	if wait := w.awaitIdle(t); wait > time.Hour || wait < 59*time.Minute {
		t.Errorf("during the pause the next look is in %s, want it at its end", wait)
	}
	f.MakeDue()
	must(t, db.New().NotifyMailDue(t.Context(), f.Pool))
	w.awaitDue(t)
	w.awaitIdle(t)
	f.AssertAllSent(1)
}

// Notifications that come while the watcher is busy cost one look together, not one each.
func TestNotificationsAreGathered(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	dispatch := f.dispatch(&deliverytest.Sender{})
	w := f.watch(time.Hour, func(ctx context.Context) {
		for range 50 {
			if err := db.New().NotifyMailDue(ctx, f.Pool); err != nil {
				t.Error(err)
			}
		}
		dispatch(ctx)
	})
	w.awaitIdle(t)
	f.Alert()
	w.awaitDue(t)
	w.awaitIdle(t)
	must(t, f.Record(500, time.Time{})) // EXHAUSTED
	if looks := w.awaitDue(t); looks > 3 {
		t.Errorf("%d looks for 50 notifications, want one or two", looks)
	}
	w.awaitIdle(t)
	f.AssertAllSent(2)
}
