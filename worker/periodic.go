package worker

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"bursar/worker/job"
)

// periodicJob is a job that the leading worker enqueues by itself, at each of its schedules. All run when a worker takes the
// lead as well, which makes good what was missed while none ran.
type periodicJob struct {
	args      river.JobArgs
	words     string // what the operator is told of the schedules
	schedules []river.PeriodicSchedule
}

func periodicJobs(config Config) []periodicJob {
	return []periodicJob{
		{
			job.ClosePeriods{},
			"Sundays and the 1st at 00:00 UTC, and when a worker takes the lead; every 10m0s, at 5, 15 and so on, for what was missed",
			[]river.PeriodicSchedule{resetSchedule{}, catchUpSchedule{}},
		},
		every(job.DispatchAlerts{}, config.DispatchInterval),
		every(job.SweepReservations{}, config.SweepInterval),
		every(job.RollUpUsage{}, config.RollUpInterval),
		every(job.CreateUsagePartitions{}, partitionInterval),
		every(job.CleanUp{}, config.CleanUpInterval),
	}
}

// every returns a job that runs at an interval.
func every(args river.JobArgs, interval time.Duration) periodicJob {
	return periodicJob{args, fmt.Sprintf("every %s, and when a worker takes the lead", interval),
		[]river.PeriodicSchedule{river.PeriodicInterval(interval)}}
}

// insertOpts has River UI show the schedule with each run.
func (p periodicJob) insertOpts() *river.InsertOpts {
	metadata, err := json.Marshal(map[string]string{"schedule": p.words})
	if err != nil {
		panic(err) // it holds strings
	}
	return &river.InsertOpts{Metadata: metadata}
}

// riverJobs returns the jobs as River schedules them.
func riverJobs(jobs []periodicJob) []*river.PeriodicJob {
	var all []*river.PeriodicJob
	for _, periodic := range jobs {
		for i, schedule := range periodic.schedules {
			all = append(all, river.NewPeriodicJob(
				schedule,
				func() (river.JobArgs, *river.InsertOpts) { return periodic.args, periodic.insertOpts() },
				&river.PeriodicJobOpts{RunOnStart: i == 0},
			))
		}
	}
	return all
}

// next returns when the job is due after an instant.
func (p periodicJob) next(after time.Time) time.Time {
	due := make([]time.Time, len(p.schedules))
	for i, schedule := range p.schedules {
		due[i] = schedule.Next(after)
	}
	return slices.MinFunc(due, time.Time.Compare)
}
