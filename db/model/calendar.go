package model

import (
	"time"

	"bursar/db"
)

// Place is where the periods of a budget begin. Its time zone has a fixed offset, so that the oracle needs no data of time zones; the zero
// value is UTC, Sunday and the 1st.
type Place struct {
	Zone  string        // as PostgreSQL names it; "" for UTC
	Ahead time.Duration // of UTC
	Week  time.Weekday  // of WEEKLY
	Day   int           // of MONTHLY, QUARTERLY and YEARLY, less 1
	Days  int           // of EVERY_DAYS, else 0
	First time.Time     // of EVERY_DAYS: a day on which a period begins, 00:00 UTC
}

// In returns what of a place means something for a length. EVERY_DAYS without a first day begins on the day of an instant.
func (p Place) In(length db.LimitPeriod, at time.Time) Place {
	switch length {
	case db.LimitPeriodDAILY:
		return Place{Zone: p.Zone, Ahead: p.Ahead}
	case db.LimitPeriodWEEKLY:
		return Place{Zone: p.Zone, Ahead: p.Ahead, Week: p.Week}
	case db.LimitPeriodMONTHLY, db.LimitPeriodQUARTERLY, db.LimitPeriodYEARLY:
		return Place{Zone: p.Zone, Ahead: p.Ahead, Day: p.Day}
	case db.LimitPeriodEVERYDAYS:
		if p.First.IsZero() {
			p.First = midnight(at.Add(p.Ahead))
		}
		return Place{Zone: p.Zone, Ahead: p.Ahead, Days: p.Days, First: p.First}
	}
	return Place{}
}

// Calendar returns the period or window that contains an instant, half-open. No end for NONE, which has no calendar and begins at the instant
// itself.
func Calendar(length db.LimitPeriod, place Place, at time.Time) (start time.Time, end *time.Time) {
	switch length {
	case db.LimitPeriodSECOND:
		start = at.Truncate(time.Second)
		return start, new(start.Add(time.Second))
	case db.LimitPeriodWEEK:
		start = midnight(at)
		start = start.AddDate(0, 0, -int(start.Weekday()))
		return start, new(start.AddDate(0, 0, 7))
	case db.LimitPeriodMINUTE:
		start = at.Truncate(time.Minute)
		return start, new(start.Add(time.Minute))
	case db.LimitPeriodHOUR:
		start = at.Truncate(time.Hour)
		return start, new(start.Add(time.Hour))
	case db.LimitPeriodDAY:
		return midnight(at), new(midnight(at).AddDate(0, 0, 1))
	case db.LimitPeriodNONE:
		return at, nil
	}
	first, next := place.days(length, midnight(at.Add(place.Ahead)))
	return first.Add(-place.Ahead), new(next.Add(-place.Ahead))
}

// days returns the first day of the period that contains a day, and that of the next one.
func (p Place) days(length db.LimitPeriod, day time.Time) (first, next time.Time) {
	switch length {
	case db.LimitPeriodDAILY:
		return day, day.AddDate(0, 0, 1)
	case db.LimitPeriodWEEKLY:
		first = day.AddDate(0, 0, -(int(day.Weekday()-p.Week)+7)%7)
		return first, first.AddDate(0, 0, 7)
	case db.LimitPeriodEVERYDAYS:
		since := int(day.Sub(p.First) / (24 * time.Hour))
		first = day.AddDate(0, 0, -((since%p.Days)+p.Days)%p.Days)
		return first, first.AddDate(0, 0, p.Days)
	}
	months := map[db.LimitPeriod]int{db.LimitPeriodMONTHLY: 1, db.LimitPeriodQUARTERLY: 3, db.LimitPeriodYEARLY: 12}[length]
	month := time.Date(day.Year(), day.Month()-(day.Month()-1)%time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	if day.Before(p.dayIn(month)) {
		month = month.AddDate(0, -months, 0)
	}
	return p.dayIn(month), p.dayIn(month.AddDate(0, months, 0))
}

// dayIn returns the day of the month that begins on a day, or its last one.
func (p Place) dayIn(month time.Time) time.Time {
	return month.AddDate(0, 0, min(p.Day, month.AddDate(0, 1, -1).Day()-1))
}

func midnight(at time.Time) time.Time {
	year, month, day := at.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
