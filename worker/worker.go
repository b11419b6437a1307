// Package worker works Bursar's background jobs on River: it mails alerts, makes the history of budgets, rolls usage up,
// expires reservations and tidies. Nothing that is decided waits for it: with every worker stopped, budgets reset and
// reservations expire all the same; mail and history wait, and catch up.
//
// Any number of workers may run. Whichever River elects schedules the periodic jobs, and all of them share the work.
package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

const (
	// softStop is how long running jobs get to finish before their contexts are cancelled.
	softStop = 5 * time.Second
	// hardStop is the longest that a stop takes in all.
	hardStop = 10 * time.Second
)

// Worker works jobs from Start to Stop, once.
type Worker struct {
	client    *river.Client[pgx.Tx]
	runs      *jobRuns
	heartbeat *heartbeat
	// schedulers enqueue jobs that are due, until their contexts end.
	schedulers []func(ctx context.Context)
	// stopping is closed when Stop begins, so that jobs that can end early do so.
	stopping chan struct{}
	// quiesce closes stopping.
	quiesce func()

	mutex  sync.Mutex
	cancel context.CancelFunc // ends the schedulers; nil when they do not run
	ended  sync.WaitGroup     // of the schedulers
}

// New returns a worker that has not started. It does not connect.
func New(config Config) (*Worker, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	jobs, clock, stopping := periodicJobs(config), &databaseClock{}, make(chan struct{})
	runs := newJobRuns(config, clock, jobs)
	client, err := newClient(config, clock, jobs, runs, stopping)
	if err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	heartbeat := &heartbeat{pool: config.Pool, client: client, clock: clock, logger: config.Logger}
	schedulers := []func(context.Context){newWatcher(client, config, runs).Run, heartbeat.run}
	for _, periodic := range jobs {
		if periodic.due != nil {
			check := &dueCheck{client: client, pool: config.Pool, periodic: periodic, runs: runs, logger: config.Logger}
			schedulers = append(schedulers, check.run)
		}
	}
	return &Worker{
		client: client, runs: runs, heartbeat: heartbeat, schedulers: schedulers, stopping: stopping, quiesce: sync.OnceFunc(func() { close(stopping) }),
	}, nil
}

// Start begins to work jobs and returns; it fails when the database cannot be reached. An outage later on is waited out.
// Cancelling the context stops the worker as Stop does, without waiting for it.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.heartbeat.begin(ctx); err != nil {
		return fmt.Errorf("worker: start: %w", err)
	}
	if err := w.runs.register(ctx); err != nil {
		return fmt.Errorf("worker: start: %w", err)
	}
	if err := w.client.Start(ctx); err != nil {
		return fmt.Errorf("worker: start: %w", err)
	}
	w.startSchedulers(ctx)
	return nil
}

func (w *Worker) startSchedulers(ctx context.Context) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.cancel != nil {
		return
	}
	ctx, w.cancel = context.WithCancel(ctx)
	for _, scheduler := range w.schedulers {
		w.ended.Go(func() { scheduler(ctx) })
	}
}

// stopSchedulers returns whether they ran.
func (w *Worker) stopSchedulers() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.cancel == nil {
		return false
	}
	w.cancel()
	w.ended.Wait()
	w.cancel = nil
	return true
}

// Stop takes no more jobs and begins no further call to the mail provider, gives what runs 5 seconds to finish and then
// cancels it, which puts it back for the next worker. It returns within 10 seconds in all, or when ctx ends: with an error if
// a job is still running then, which is taken from this worker when that has not been seen for half a minute. Stopping a worker that does not run
// does nothing.
func (w *Worker) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, hardStop)
	defer cancel()
	w.quiesce()
	stopped := w.stopSchedulers()
	if err := w.client.Stop(ctx); err != nil {
		return fmt.Errorf("worker: stop: %w", err)
	}
	if stopped {
		w.heartbeat.end(ctx)
	}
	return nil
}

// Problem returns why the worker does not work its jobs now, nil when it does: it has not started or stops, or the database has not heard from
// it for so long that other workers take its jobs.
func (w *Worker) Problem() error {
	select {
	case <-w.stopping:
		return errors.New("the worker stops")
	default:
	}
	switch silent, begun := w.heartbeat.silent(); {
	case !begun:
		return errors.New("the worker has not started")
	case silent > silence:
		return fmt.Errorf("the worker could not tell the database that it runs for %s; the log says why", silent.Round(time.Second))
	}
	return nil
}

// Client returns the River client, for River UI and for enqueuing jobs.
func (w *Worker) Client() *river.Client[pgx.Tx] { return w.client }
