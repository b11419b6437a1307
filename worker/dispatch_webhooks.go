package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"bursar/webhook/dispatch"
	"bursar/worker/job"
)

// webhookDispatcher works [job.DispatchWebhooks].
type webhookDispatcher struct {
	river.WorkerDefaults[job.DispatchWebhooks]
	dispatcher *dispatch.Dispatcher
	stopping   <-chan struct{} // closed when the worker stops: no further delivery is begun
}

// Timeout implements [river.Worker].
func (*webhookDispatcher) Timeout(*river.Job[job.DispatchWebhooks]) time.Duration {
	return dispatch.MaxRun
}

// Work implements [river.Worker].
func (d *webhookDispatcher) Work(ctx context.Context, _ *river.Job[job.DispatchWebhooks]) error {
	return d.dispatcher.Run(ctx, d.stopping)
}
