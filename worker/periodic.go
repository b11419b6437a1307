package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/worker/job"
)

// periodicJob is a job that runs by itself. The leading worker enqueues it, or checks whether it is due, as its schedule says,
// and when it takes the lead, which makes good what was missed while none ran.
type periodicJob struct {
	args  river.JobArgs
	words string // when it runs, for the operator
	// schedule is one alone: River enqueues all that falls due together in one statement, which fails as a whole when two of its
	// rows are one unique job.
	schedule river.PeriodicSchedule
	// due tells whether the job has anything to do; it is enqueued only then. Nil: always.
	due func(ctx context.Context, database db.DBTX) (bool, error)
	// asked gets a signal when the schedule asks for a check. A signal that finds one waiting is dropped. Nil without due.
	asked chan struct{}
	// watched says that workers enqueue the job at other times than its schedule's; see mailWatch.
	watched bool
}

func periodicJobs(config Config) []periodicJob {
	return []periodicJob{
		{
			args: job.ClosePeriods{},
			words: "every quarter of an hour, when days may begin somewhere, and when a worker takes the lead; " +
				"five minutes after that for what was missed",
			schedule: closeSchedule{},
		},
		{
			args: job.DispatchAlerts{},
			words: fmt.Sprintf("when mail is due; every worker is notified of new mail, and looks every %s for mail of which no notification came",
				spell(config.DispatchInterval)),
			schedule: river.PeriodicInterval(config.DispatchInterval),
			watched:  true,
		},
		{
			args: job.DispatchWebhooks{},
			words: fmt.Sprintf("when a webhook is to be told something; every worker is notified of it, and looks every %s for what no notification came of",
				spell(config.DispatchInterval)),
			schedule: river.PeriodicInterval(config.DispatchInterval),
			watched:  true,
		},
		whenDue(job.SweepReservations{}, config.SweepInterval, "a reservation has expired, or its key holds something and may not be used", db.New().HasReservationsToSweep),
		whenDue(job.RepriceUsage{}, config.RepriceInterval, "usage is to be priced again", db.New().HasUnfinishedRepricings),
		whenDue(job.SimulateLimits{}, config.SimulateInterval, "somebody has asked what limits would have refused", db.New().HasSimulations),
		whenDue(job.RollUpUsage{}, config.RollUpInterval, "there is new usage", db.New().HasUsageToRollUp),
		every(job.CreateUsagePartitions{}, partitionInterval),
		every(job.CleanUp{}, config.CleanUpInterval),
	}
}

// spell writes an interval without its parts that are zero: 1h, 10m, 90s as 1m30s.
func spell(interval time.Duration) string {
	text := interval.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// every returns a job that runs at an interval.
func every(args river.JobArgs, interval time.Duration) periodicJob {
	return periodicJob{
		args: args, words: fmt.Sprintf("every %s, and when a worker takes the lead", spell(interval)),
		schedule: river.PeriodicInterval(interval),
	}
}

// whenDue returns a job that runs at an interval, but only if it has anything to do. The condition says in words when it has.
func whenDue(
	args river.JobArgs, interval time.Duration, condition string, due func(context.Context, db.DBTX) (bool, error),
) periodicJob {
	periodic := every(args, interval)
	periodic.words += "; only if " + condition
	periodic.due, periodic.asked = due, make(chan struct{}, 1)
	return periodic
}

// insertOpts has River UI show the schedule with each run.
func (p periodicJob) insertOpts() *river.InsertOpts {
	metadata, err := json.Marshal(map[string]string{"schedule": p.words})
	if err != nil {
		panic(err) // it holds strings
	}
	return &river.InsertOpts{Metadata: metadata}
}

// construct returns the job to enqueue at a scheduled time, or asks for a check and returns none. It must not block.
func (p periodicJob) construct() (river.JobArgs, *river.InsertOpts) {
	if p.due == nil {
		return p.args, p.insertOpts()
	}
	select {
	case p.asked <- struct{}{}:
	default:
	}
	return nil, nil
}

// riverJobs returns the jobs as River schedules them.
func riverJobs(jobs []periodicJob) []*river.PeriodicJob {
	var all []*river.PeriodicJob
	for _, periodic := range jobs {
		if periodic.watched {
			continue
		}
		all = append(all, river.NewPeriodicJob(periodic.schedule, periodic.construct, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return all
}
