package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"bursar/delivery"
	"bursar/worker/job"
)

// enqueueTimeout is how long enqueuing a job, or a note of when it is next checked, may take.
const enqueueTimeout = 5 * time.Second

// mailWatch enqueues [job.DispatchAlerts] when mail is due. Every worker does, not the leader alone: a leader that was killed is
// replaced after 15 seconds, and mail must be on its way sooner as long as any worker lives. Their jobs are unique, so
// that together they enqueue at most one a second.
type mailWatch struct {
	client   *river.Client[pgx.Tx]
	periodic periodicJob
	runs     *jobRuns
	logger   *slog.Logger
}

func newMailWatch(client *river.Client[pgx.Tx], config Config, runs *jobRuns) *delivery.Watcher {
	watch := &mailWatch{client: client, periodic: runs.jobs[job.DispatchAlerts{}.Kind()], runs: runs, logger: config.Logger}
	return &delivery.Watcher{
		Pool: config.Pool, Interval: config.DispatchInterval, Recheck: job.DispatchPeriod, Due: watch.enqueue, Idle: watch.plan,
		Logger: config.Logger,
	}
}

// enqueue adds a run. If that fails, mail is still due, and the watcher calls again.
func (w *mailWatch) enqueue(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, enqueueTimeout)
	defer cancel()
	if _, err := w.client.Insert(ctx, w.periodic.args, w.periodic.insertOpts()); err != nil {
		w.logger.WarnContext(ctx, "no run of the mail was enqueued", "error", err)
	}
}

// plan has the operator see when it is next looked for due mail.
func (w *mailWatch) plan(ctx context.Context, wait time.Duration) {
	w.runs.plan(ctx, w.periodic, w.runs.clock.Now().Add(wait))
}
