package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"bursar/delivery"
	"bursar/worker/job"
)

// alertDispatcher works [job.DispatchAlerts].
type alertDispatcher struct {
	river.WorkerDefaults[job.DispatchAlerts]
	dispatcher *delivery.Dispatcher
	stopping   <-chan struct{} // closed when the worker stops: no further call is begun
}

// Timeout implements [river.Worker].
func (*alertDispatcher) Timeout(*river.Job[job.DispatchAlerts]) time.Duration { return delivery.MaxRun }

// Work implements [river.Worker].
func (d *alertDispatcher) Work(ctx context.Context, _ *river.Job[job.DispatchAlerts]) error {
	return d.dispatcher.Run(ctx, d.stopping)
}
