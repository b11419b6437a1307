// Package job holds the arguments of Bursar's background jobs and nothing else, so that whoever enqueues one needs none of
// the code that works it.
//
// No job takes an argument: each works off whatever is due in the whole database, so that one that was missed is made good
// by the next.
package job

import (
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// The queues, each with workers of its own, so that none waits for another's jobs.
const (
	// QueueMail is of the jobs that talk to the mail provider, which may be slow.
	QueueMail = "mail"
	// QueueWebhooks is of the jobs that talk to webhooks, which may be slow.
	QueueWebhooks = "webhooks"
	// QueueResets is of the jobs that close periods: people wait for the news.
	QueueResets = "resets"
	// QueueUsage is of the roll-ups, which may have a backlog of minutes.
	QueueUsage = "usage"
	// QueueReprices is of the job that prices usage again, which may take hours.
	QueueReprices = "reprices"
	// QueueSimulations is of the job that simulates limits, which may take minutes.
	QueueSimulations = "simulations"
	// QueueMaintenance is of the jobs that tidy, some of them every few seconds and some for minutes.
	QueueMaintenance = "maintenance"
)

// DispatchPeriod is the time in which at most one DispatchAlerts, and one DispatchWebhooks, is enqueued, by all workers together.
const DispatchPeriod = time.Second

// ClosePeriods closes the budget periods that are over, for their history.
type ClosePeriods struct{}

// DispatchAlerts sends the alert mail that is due.
type DispatchAlerts struct{}

// DispatchWebhooks sends webhooks what is due to them.
type DispatchWebhooks struct{}

// RollUpUsage adds new ledger rows to the usage by hour and by day.
type RollUpUsage struct{}

// RepriceUsage prices usage again for which that was asked; see repriceUsage.
type RepriceUsage struct{}

// SimulateLimits says what limits would have refused for which that was asked; see simulateLimits.
type SimulateLimits struct{}

// SweepReservations expires the reservations that hold past their expiry.
type SweepReservations struct{}

// CreateUsagePartitions makes the ledger's partitions for the months to come.
type CreateUsagePartitions struct{}

// CleanUp deletes what is past its time to keep.
type CleanUp struct{}

// Kind implements [river.JobArgs].
func (ClosePeriods) Kind() string { return "close_periods" }

// Kind implements [river.JobArgs].
func (DispatchAlerts) Kind() string { return "dispatch_alerts" }

// Kind implements [river.JobArgs].
func (DispatchWebhooks) Kind() string { return "dispatch_webhooks" }

// Kind implements [river.JobArgs].
func (RollUpUsage) Kind() string { return "roll_up_usage" }

// Kind implements [river.JobArgs].
func (RepriceUsage) Kind() string { return "reprice_usage" }

// Kind implements [river.JobArgs].
func (SimulateLimits) Kind() string { return "simulate_limits" }

// Kind implements [river.JobArgs].
func (SweepReservations) Kind() string { return "sweep_reservations" }

// Kind implements [river.JobArgs].
func (CreateUsagePartitions) Kind() string { return "create_usage_partitions" }

// Kind implements [river.JobArgs].
func (CleanUp) Kind() string { return "clean_up" }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (ClosePeriods) InsertOpts() river.InsertOpts { return oneAtATime(QueueResets) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
// Mail must go out within seconds whatever crashes. A run that hangs, or whose worker was killed and that counts as running until
// it is rescued, must not keep the next one out. So every worker enqueues a run when mail is due, and they are unique by the
// second instead of by their state.
func (DispatchAlerts) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: QueueMail, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: DispatchPeriod}}
}

// InsertOpts implements [river.JobArgsWithInsertOpts].
// They are unique by the second as those of DispatchAlerts are, and for the same reason.
func (DispatchWebhooks) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: QueueWebhooks, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: DispatchPeriod}}
}

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (RollUpUsage) InsertOpts() river.InsertOpts { return oneAtATime(QueueUsage) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (RepriceUsage) InsertOpts() river.InsertOpts { return oneAtATime(QueueReprices) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (SimulateLimits) InsertOpts() river.InsertOpts { return oneAtATime(QueueSimulations) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (SweepReservations) InsertOpts() river.InsertOpts { return oneAtATime(QueueMaintenance) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (CreateUsagePartitions) InsertOpts() river.InsertOpts { return oneAtATime(QueueMaintenance) }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (CleanUp) InsertOpts() river.InsertOpts { return oneAtATime(QueueMaintenance) }

// oneAtATime keeps a second job of the kind out while one waits or runs, in whichever process. A failed job is not tried
// again: it would keep its successor out until then, and the next period brings that one anyway.
func oneAtATime(queue string) river.InsertOpts {
	return river.InsertOpts{
		Queue:       queue,
		MaxAttempts: 1,
		UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}},
	}
}
