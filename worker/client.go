package worker

import (
	"cmp"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"bursar/webhook/dispatch"
	"bursar/worker/job"
)

const (
	// mailQueueWorkers is how many runs of the mail, and so calls to the provider, one worker makes at the same time. A call that
	// hangs delays no other.
	mailQueueWorkers = 4
	// webhookQueueWorkers is how many runs of webhooks one worker makes at the same time; each has several deliveries under way. One that waits for
	// slow targets delays no other.
	webhookQueueWorkers = 2
	// jobTimeout is how long a job may run unless its kind says otherwise.
	jobTimeout = 30 * time.Second
	// riverRescuesAfter has River take no job from its worker: heartbeat does.
	riverRescuesAfter = 100 * 365 * 24 * time.Hour
	// jobRetention is how long finished jobs are kept for River UI. While mail is due there is one a second.
	jobRetention = time.Hour
	// failureRetention is how long failed jobs are kept.
	failureRetention = 24 * time.Hour
)

// NewInsertOnlyClient returns a River client that can show and enqueue jobs and works none. A nil logger is
// [slog.Default].
func NewInsertOnlyClient(pool *pgxpool.Pool, logger *slog.Logger) (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: riverLogger(cmp.Or(logger, slog.Default()))})
}

func newClient(
	config Config, clock *databaseClock, jobs []periodicJob, runs *jobRuns, stopping <-chan struct{},
) (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(config.Pool), &river.Config{
		CompletedJobRetentionPeriod: jobRetention,
		CancelledJobRetentionPeriod: failureRetention,
		DiscardedJobRetentionPeriod: failureRetention,
		ErrorHandler:                &failureLog{config.Logger},
		JobTimeout:                  jobTimeout,
		Logger:                      riverLogger(config.Logger),
		Middleware:                  append(slices.Clone(config.Middleware), runs),
		PeriodicJobs:                riverJobs(jobs),
		Queues: map[string]river.QueueConfig{
			// Each kind runs once at most, and each job uses one connection.
			job.QueueResets:      {MaxWorkers: 1},
			job.QueueUsage:       {MaxWorkers: 1},
			job.QueueReprices:    {MaxWorkers: 1},
			job.QueueSimulations: {MaxWorkers: 1},
			job.QueueMaintenance: {MaxWorkers: 2},
			job.QueueMail:        {MaxWorkers: mailQueueWorkers},
			job.QueueWebhooks:    {MaxWorkers: webhookQueueWorkers},
		},
		RescueStuckJobsAfter: riverRescuesAfter,
		SoftStopTimeout:      softStop,
		// The field is where River takes another clock; it changes nothing else.
		Test:    river.TestConfig{Time: clock},
		Workers: workers(config, stopping),
	})
}

// jobTimeouts returns how long a job of each kind may run.
func jobTimeouts() map[string]time.Duration {
	return map[string]time.Duration{
		job.ClosePeriods{}.Kind():          timeoutOf(&periodCloser{}),
		job.DispatchAlerts{}.Kind():        timeoutOf(&alertDispatcher{}),
		job.DispatchWebhooks{}.Kind():      timeoutOf(&webhookDispatcher{}),
		job.RollUpUsage{}.Kind():           timeoutOf(&usageRoller{}),
		job.RepriceUsage{}.Kind():          timeoutOf(&usageRepricer{}),
		job.SimulateLimits{}.Kind():        timeoutOf(&limitSimulator{}),
		job.SweepReservations{}.Kind():     timeoutOf(&reservationSweeper{}),
		job.CreateUsagePartitions{}.Kind(): timeoutOf(&partitionCreator{}),
		job.CleanUp{}.Kind():               timeoutOf(&cleaner{}),
	}
}

// timeoutOf returns the timeout of a kind; one that names none has that of all.
func timeoutOf[T river.JobArgs](worker river.Worker[T]) time.Duration {
	return cmp.Or(worker.Timeout(nil), jobTimeout)
}

func workers(config Config, stopping <-chan struct{}) *river.Workers {
	all := river.NewWorkers()
	river.AddWorker(all, &alertDispatcher{dispatcher: config.Dispatcher, stopping: stopping})
	river.AddWorker(all, &webhookDispatcher{dispatcher: dispatch.New(config.Webhooks), stopping: stopping})
	river.AddWorker(all, &periodCloser{pool: config.Pool, logger: config.Logger, chunk: closeChunk})
	river.AddWorker(all, &usageRoller{pool: config.Pool, logger: config.Logger, chunk: rollUpChunk})
	river.AddWorker(all, &usageRepricer{pool: config.Pool, logger: config.Logger, chunk: repriceChunk})
	river.AddWorker(all, &limitSimulator{pool: config.Pool, logger: config.Logger, page: simulationPage, timeout: simulationTimeout})
	river.AddWorker(all, &reservationSweeper{pool: config.Pool, logger: config.Logger, chunk: sweepChunk})
	river.AddWorker(all, &partitionCreator{pool: config.Pool, logger: config.Logger})
	river.AddWorker(all, &cleaner{pool: config.Pool, logger: config.Logger, chunk: cleanUpChunk, keep: int32(config.UsageRetention)})
	return all
}
