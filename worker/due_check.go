package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// checkTimeout is how long it may take to find out whether a job has anything to do.
const checkTimeout = 30 * time.Second

// dueCheck enqueues a job of which a run is worth a row only when there is something to do. The leader's schedule asks for a
// check; River's own periodic jobs cannot ask the database, because that would block their scheduler.
type dueCheck struct {
	client   *river.Client[pgx.Tx]
	pool     *pgxpool.Pool
	periodic periodicJob
	runs     *jobRuns
	logger   *slog.Logger
}

// run checks whenever the schedule asks for it, until ctx ends.
func (c *dueCheck) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.periodic.asked:
			if err := c.check(ctx); err != nil && ctx.Err() == nil {
				c.logger.WarnContext(ctx, "cannot find out whether a job is due; the next check will", "job", c.periodic.args.Kind(), "error", err)
			}
		}
	}
}

func (c *dueCheck) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	now := c.runs.clock.Now()
	due, err := c.periodic.due(ctx, c.pool)
	if err != nil {
		return err
	}
	if !due {
		c.runs.plan(ctx, c.periodic, c.periodic.schedule.Next(now))
		return nil
	}
	_, err = c.client.Insert(ctx, c.periodic.args, c.periodic.insertOpts())
	return err
}
