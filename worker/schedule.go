package worker

import (
	"time"

	"github.com/riverqueue/river"
)

const (
	// resetInterval is how often budgets may reset: clocks everywhere are whole quarters of an hour off UTC, so midnight is at one of these.
	resetInterval = 15 * time.Minute
	// catchUpDelay is how soon after that a reset is made good that failed, or whose worker was killed. A run that takes as long as it may
	// has ended by then, and one that catches up by the next reset, whose own job it would otherwise keep out.
	catchUpDelay = 5 * time.Minute
)

// closeSchedule is when budget periods are closed: whenever budgets may reset, and five minutes later for what was missed. The job becomes
// available at that instant of the database's clock, so it never runs before the periods are over.
type closeSchedule struct{}

var _ river.PeriodicSchedule = closeSchedule{}

// Next implements [river.PeriodicSchedule].
func (closeSchedule) Next(current time.Time) time.Time {
	reset := current.UTC().Truncate(resetInterval)
	if catchUp := reset.Add(catchUpDelay); catchUp.After(current) {
		return catchUp
	}
	return reset.Add(resetInterval)
}
