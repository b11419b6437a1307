package worker

import "time"

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

// halfPastSchedule is due at the 30th minute of every hour: far from the resets, whose own job it would otherwise keep out.
type halfPastSchedule struct{}

// Next implements [river.PeriodicSchedule].
func (halfPastSchedule) Next(current time.Time) time.Time {
	next := current.UTC().Truncate(time.Hour).Add(30 * time.Minute)
	if !next.After(current) {
		next = next.Add(time.Hour)
	}
	return next
}
