package export

import (
	"time"

	"bursar/db"
)

// bucketStart returns the first instant of the bucket that contains an instant, UTC; weeks begin on Sunday.
func bucketStart(interval db.UsageInterval, at time.Time) time.Time {
	at = at.UTC()
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	switch interval {
	case db.UsageIntervalHOUR:
		return at.Truncate(time.Hour)
	case db.UsageIntervalWEEK:
		return day.AddDate(0, 0, -int(day.Weekday()))
	case db.UsageIntervalMONTH:
		return monthOf(at)
	default:
		return day
	}
}

// bucketsLater returns the first instant of the bucket that is a number of buckets after one.
func bucketsLater(interval db.UsageInterval, start time.Time, number int) time.Time {
	switch interval {
	case db.UsageIntervalHOUR:
		return start.Add(time.Duration(number) * time.Hour)
	case db.UsageIntervalWEEK:
		return start.AddDate(0, 0, 7*number)
	case db.UsageIntervalMONTH:
		return start.AddDate(0, number, 0)
	default:
		return start.AddDate(0, 0, number)
	}
}

// monthOf returns the first instant of the month that contains an instant, UTC.
func monthOf(at time.Time) time.Time {
	at = at.UTC()
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}
