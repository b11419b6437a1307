package worker

import (
	"time"

	"github.com/riverqueue/river"

	"bursar/worker/job"
)

// periodicJobs lists what the leading worker enqueues. Jobs of long intervals also run when a worker takes the lead, which
// makes good what was missed while none ran.
func periodicJobs(config Config) []*river.PeriodicJob {
	return []*river.PeriodicJob{
		periodic(resetSchedule{}, job.ClosePeriods{}, true),
		// For budgets that another worker's run missed because it failed or the database was away.
		periodic(halfPastSchedule{}, job.ClosePeriods{}, false),
		periodic(river.PeriodicInterval(config.DispatchInterval), job.DispatchAlerts{}, true),
		periodic(river.PeriodicInterval(config.SweepInterval), job.SweepReservations{}, true),
		periodic(river.PeriodicInterval(config.RollUpInterval), job.RollUpUsage{}, true),
		periodic(river.PeriodicInterval(24*time.Hour), job.CreateUsagePartitions{}, true),
		periodic(river.PeriodicInterval(config.CleanUpInterval), job.CleanUp{}, true),
	}
}

func periodic(schedule river.PeriodicSchedule, args river.JobArgs, onStart bool) *river.PeriodicJob {
	return river.NewPeriodicJob(
		schedule,
		func() (river.JobArgs, *river.InsertOpts) { return args, nil },
		&river.PeriodicJobOpts{RunOnStart: onStart},
	)
}
