package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/delivery"
	"bursar/worker/job"
)

// enqueueTimeout is how long enqueuing a job, or a note of when it is next checked, may take.
const enqueueTimeout = 5 * time.Second

// watch enqueues a job when something of it is due: [job.DispatchAlerts], [job.DispatchWebhooks]. Every worker does, not the leader alone: a leader
// that was killed is replaced after 15 seconds, and news must be on its way sooner as long as any worker lives. Their jobs are unique, so that
// together they enqueue at most one of each a second.
type watch struct {
	client   *river.Client[pgx.Tx]
	periodic periodicJob
	runs     *jobRuns
	logger   *slog.Logger
}

func newWatcher(client *river.Client[pgx.Tx], config Config, runs *jobRuns) *delivery.Watcher {
	watched := func(args river.JobArgs, next func(context.Context, db.DBTX) (time.Duration, error)) delivery.Watched {
		w := &watch{client: client, periodic: runs.jobs[args.Kind()], runs: runs, logger: config.Logger}
		return delivery.Watched{Next: next, Due: w.enqueue, Idle: w.plan}
	}
	return &delivery.Watcher{
		Pool: config.Pool, Interval: config.DispatchInterval, Recheck: job.DispatchPeriod, Logger: config.Logger,
		Watched: []delivery.Watched{watched(job.DispatchAlerts{}, db.New().NextMailDue), watched(job.DispatchWebhooks{}, db.New().NextWebhookDue)},
	}
}

// enqueue adds a run. If that fails, something is still due, and the watcher calls again.
func (w *watch) enqueue(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, enqueueTimeout)
	defer cancel()
	if _, err := w.client.Insert(ctx, w.periodic.args, w.periodic.insertOpts()); err != nil {
		w.logger.WarnContext(ctx, "no run was enqueued of what is due", "job", w.periodic.args.Kind(), "error", err)
	}
}

// plan has the operator see when it is next looked for what is due.
func (w *watch) plan(ctx context.Context, wait time.Duration) {
	w.runs.plan(ctx, w.periodic, w.runs.clock.Now().Add(wait))
}
