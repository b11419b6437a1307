package export

import (
	"context"
	"slices"
	"time"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/lookup"
	"bursar/graph/validate"
)

// maxLocal is how many buckets of a time zone an export has at most: 27 years of days.
const maxLocal = 10_000

// zone is where the days, weeks and months of an export begin, unless they are UTC's and weeks begin on Sunday.
type zone struct {
	name   string
	week   db.Weekday
	starts []time.Time // of its buckets, ascending, and the end of the last one
}

// zoneOf reads the parameters timeZone and weekStartsOn; nil: UTC and Sunday.
func zoneOf(q *query) *zone {
	z := &zone{name: validate.ValueOr(q.one("timeZone"), "UTC"), week: oneOf(q, "weekStartsOn", db.Sunday, db.AllWeekdayValues()...)}
	if z.name == "UTC" {
		if z.week == db.Sunday {
			return nil
		}
		return z
	}
	q.errs = append(q.errs, validate.TimeZone("timeZone", z.name))
	return z
}

// read finds the buckets from the one that contains an instant to the one that contains another. Answers BAD_USER_INPUT for a zone that the database does not know, and for one whose
// buckets do not begin at whole hours of UTC, by which usage is kept: days are exact, or refused.
func (z *zone) read(ctx context.Context, find *lookup.Finder, interval db.UsageInterval, first, last time.Time) error {
	if err := find.KnownZones(ctx, lookup.Zone{Field: "timeZone", Name: &z.name}); err != nil {
		return err
	}
	rows, err := find.Queries.ListLocalBuckets(ctx, find.Within(ctx), &db.ListLocalBucketsParams{
		BucketInterval: interval, TimeZone: z.name, WeekStartsOn: z.week.Number(), FromTime: first, ToTime: last, Number: maxLocal + 1})
	if err != nil {
		return db.Fault(err)
	}
	if len(rows) > maxLocal+1 {
		return fault.BadInput("to", "at most %d buckets of a time zone after from", maxLocal)
	}
	for _, row := range rows {
		if row.DividesHour {
			return fault.OfConstraint("usage_time_zone_check")
		}
		z.starts = append(z.starts, row.At)
	}
	return nil
}

// later returns the first instant of the bucket that is a number of buckets after one; the end after the last one.
func (z *zone) later(start time.Time, number int) time.Time {
	return z.starts[min(z.index(start)+number, len(z.starts)-1)]
}

// between returns the first instants of the buckets from one on and before another.
func (z *zone) between(first, end time.Time) []time.Time {
	return z.starts[z.index(first):z.index(end)]
}

func (z *zone) index(start time.Time) int {
	at, _ := slices.BinarySearchFunc(z.starts, start, time.Time.Compare)
	return at
}
