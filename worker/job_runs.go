package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"bursar/db"
)

const (
	// noteRunTimeout bounds the note of how a run ended, which is also made while the worker stops.
	noteRunTimeout = 2 * time.Second
	// maxNotedError is how much of an error is kept, in bytes; the log has all of it.
	maxNotedError = 2000
)

// jobRuns notes each run of a periodic job in the table that the operator looks at. That a note cannot be made is logged and
// keeps no job from running.
type jobRuns struct {
	river.MiddlewareDefaults
	pool   *pgxpool.Pool
	clock  *databaseClock
	logger *slog.Logger
	jobs   map[string]periodicJob // by kind
}

var _ rivertype.WorkerMiddleware = (*jobRuns)(nil)

func newJobRuns(config Config, clock *databaseClock, jobs []periodicJob) *jobRuns {
	runs := &jobRuns{pool: config.Pool, clock: clock, logger: config.Logger, jobs: map[string]periodicJob{}}
	for _, periodic := range jobs {
		runs.jobs[periodic.args.Kind()] = periodic
	}
	return runs
}

// register makes the jobs known before the first of them runs.
func (r *jobRuns) register(ctx context.Context) error {
	for kind, periodic := range r.jobs {
		queue := river.QueueDefault
		if args, ok := periodic.args.(river.JobArgsWithInsertOpts); ok {
			queue = args.InsertOpts().Queue
		}
		err := db.New().RegisterJob(ctx, r.pool, &db.RegisterJobParams{
			Kind: kind, Queue: queue, Schedule: periodic.words, NextRunAt: r.clock.Now(),
		})
		if err != nil {
			return fmt.Errorf("register the job %s: %w", kind, err)
		}
	}
	return nil
}

// plan notes when a job that does not run now is next enqueued or checked.
func (r *jobRuns) plan(ctx context.Context, periodic periodicJob, next time.Time) {
	ctx, cancel := context.WithTimeout(ctx, noteRunTimeout)
	defer cancel()
	kind := periodic.args.Kind()
	if err := db.New().PlanJobRun(ctx, r.pool, &db.PlanJobRunParams{Kind: kind, NextRunAt: next}); err != nil {
		r.logger.WarnContext(ctx, "the next check of a job was not noted", "job", kind, "error", err)
	}
}

// Work implements [rivertype.WorkerMiddleware].
func (r *jobRuns) Work(ctx context.Context, row *rivertype.JobRow, doInner func(context.Context) error) (err error) {
	periodic, known := r.jobs[row.Kind]
	if !known {
		return doInner(ctx)
	}
	began, beginErr := db.New().BeginJobRun(ctx, r.pool, &db.BeginJobRunParams{Kind: row.Kind, NextRunAt: periodic.schedule.Next(row.ScheduledAt)})
	if beginErr != nil || began == nil {
		r.logger.WarnContext(ctx, "the start of a job was not noted", "job", row.Kind, "error", beginErr)
		return doInner(ctx)
	}
	err = errors.New("the job panicked; the log says more")
	defer func() { r.end(ctx, row, *began, err) }()
	err = doInner(ctx)
	return err
}

// end notes how a run ended, also when it ended because the worker stops.
func (r *jobRuns) end(ctx context.Context, row *rivertype.JobRow, began time.Time, failure error) {
	note := &db.EndJobRunParams{Kind: row.Kind, StartedAt: began, State: db.JobStateSUCCEEDED}
	if failure != nil {
		note.State = db.JobStateFAILED
		if errors.Is(ctx.Err(), context.Canceled) {
			note.State = db.JobStateINTERRUPTED // by the stop of the worker or by the operator
		}
		text := failure.Error()
		note.Error = new(strings.ToValidUTF8(text[:min(len(text), maxNotedError)], ""))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteRunTimeout)
	defer cancel()
	if err := db.New().EndJobRun(ctx, r.pool, note); err != nil {
		r.logger.WarnContext(ctx, "the end of a job was not noted", "job", row.Kind, "error", err)
	}
}
