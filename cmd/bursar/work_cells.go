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
	jobs atomic.Pointer[worker.Worker]
}

// keepBeginning is begin for one of several databases, which is tried again whatever keeps it from beginning.
func (c *workCommand) keepBeginning(ctx context.Context, of *worked, traces *tracing.Tracing, logger *slog.Logger) {
	for {
		err := c.begin(ctx, of, traces, logger)
		if err == nil {
			logger.Info("working")
		}
		if err == nil || ctx.Err() != nil {
			return
		}
		logger.Error("the jobs of a cell are not worked", "error", err)
		if fitness.Pause(ctx, unfitInterval) != nil {
			return
		}
	}
}

// stopAll stops the jobs of all databases at once.
func stopAll(all []*worked, logger *slog.Logger) {
	var stopping sync.WaitGroup
	for _, each := range all {
		if jobs := each.jobs.Load(); jobs != nil {
			stopping.Go(func() { stopJobs(jobs, drainLimit, logger) })
		}
	}
	stopping.Wait()
}
