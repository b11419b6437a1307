package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bursar/db/cells/pools"
	"bursar/db/fitness"
	"bursar/observe/tracing"
	"bursar/worker"
)

// unfitInterval is how long a cell that is unfit is left alone.
const unfitInterval = 10 * time.Second

// worked is a database whose jobs are worked.
type worked struct {
	pools.Work
	jobs  atomic.Pointer[worker.Worker]
	begun chan struct{} // is closed when jobs is set, or will not be
}

// keepBeginning is begin for one of several databases, which is tried again whatever keeps it from beginning.
func (c *workCommand) keepBeginning(ctx context.Context, of *worked, traces *tracing.Tracing, logger *slog.Logger) {
	defer close(of.begun)
	for ctx.Err() == nil {
		if err := c.begin(ctx, of, traces, logger); err == nil {
			logger.Info("working")
			return
		} else if ctx.Err() == nil {
			logger.Error("the jobs of a cell are not worked", "error", err)
		}
		_ = fitness.Pause(ctx, unfitInterval) // its error ends the loop
	}
}

// stopAll stops the jobs of all databases at once, also those that are beginning.
func stopAll(all []*worked, logger *slog.Logger) {
	var stopping sync.WaitGroup
	for _, each := range all {
		stopping.Go(func() {
			select {
			case <-each.begun:
				if jobs := each.jobs.Load(); jobs != nil {
					stopJobs(jobs, drainLimit, logger)
				}
			case <-time.After(drainLimit):
			}
		})
	}
	stopping.Wait()
}
