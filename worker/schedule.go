package worker

import (
	"time"

	"github.com/riverqueue/river"
)

// closeSchedule is when budget periods are closed: whenever budgets reset, and in between for what was missed.
type closeSchedule struct{}

var _ river.PeriodicSchedule = closeSchedule{}

// Next implements [river.PeriodicSchedule].
func (closeSchedule) Next(current time.Time) time.Time {
	reset, catchUp := resetSchedule{}.Next(current), catchUpSchedule{}.Next(current)
	if reset.Before(catchUp) {
		return reset
	}
	return catchUp
}

// resetSchedule is due whenever budgets reset: Sundays and the 1st of each month, 00:00 UTC. The job becomes available at
// that instant of the database's clock, so it never runs before the periods are over.
type resetSchedule struct{}

// Next implements [river.PeriodicSchedule].
func (resetSchedule) Next(current time.Time) time.Time {
	year, month, day := current.UTC().Date()
	untilSunday := 7 - int(current.UTC().Weekday())
	sunday := time.Date(year, month, day+untilSunday, 0, 0, 0, 0, time.UTC)
	first := time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC)
	if first.Before(sunday) {
		return first
	}
	return sunday
}

const (
	// catchUpInterval is how soon a reset is made good that failed, or whose worker was killed.
	catchUpInterval = 10 * time.Minute
	// catchUpOffset puts the catching up into the middle between two resets that could be: a run that takes as long as it may
	// has ended by the next, whose own job it would otherwise keep out.
	catchUpOffset = catchUpInterval / 2
)

// catchUpSchedule is due every ten minutes, at 5, 15 and so on.
type catchUpSchedule struct{}

// Next implements [river.PeriodicSchedule].
func (catchUpSchedule) Next(current time.Time) time.Time {
	next := current.UTC().Truncate(catchUpInterval).Add(catchUpOffset)
	if !next.After(current) {
		next = next.Add(catchUpInterval)
	}
	return next
}
