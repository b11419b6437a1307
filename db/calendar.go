package db

import (
	"slices"
	"time"
)

// Weekday is a day of the week as GraphQL names it.
type Weekday string

// Sunday is the day on which weeks begin where nothing else is said.
const Sunday = Weekday("SUNDAY")

// weekdays are the days by their numbers in the database and in Go.
func weekdays() []Weekday {
	return []Weekday{Sunday, "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"}
}

// AllWeekdayValues returns the days of the week, Sunday first.
func AllWeekdayValues() []Weekday { return weekdays() }

// Valid tells whether it is a day of the week.
func (d Weekday) Valid() bool { return slices.Contains(weekdays(), d) }

// Number returns the day's number: 0 for Sunday to 6 for Saturday.
func (d Weekday) Number() int16 { return int16(slices.Index(weekdays(), d)) } //nolint:gosec // 0 to 6

// Calendar is where the periods of a budget begin; nil: at 00:00 UTC, on Sunday, on the 1st.
type Calendar struct {
	TimeZone     string  `json:"time_zone"`      // of the IANA data that PostgreSQL has
	WeekStartsOn int16   `json:"week_starts_on"` // 0 Sunday to 6 Saturday; of WEEKLY, else 0
	DayOfMonth   int16   `json:"day_of_month"`   // 1 to 31, of MONTHLY, QUARTERLY and YEARLY, else 1
	ResetDays    *int16  `json:"reset_days"`     // of EVERY_DAYS, else nil
	ResetAnchor  *string `json:"reset_anchor"`   // of EVERY_DAYS, as 2006-01-02, else nil
	LocalEnd     string  `json:"local_end"`      // what clocks there show when the period ends, as 2006-01-02T15:04:05
}

// LocalPeriodEnd returns what the clocks of the budget's time zone show when its period ends, as "1 December 2026 00:00 Europe/Berlin". PostgreSQL
// has computed it: Go's data of time zones may be of another release. It is "" where periods follow UTC alone.
func (s *LimitStatus) LocalPeriodEnd() string {
	if s.Calendar == nil {
		return ""
	}
	local, err := time.Parse("2006-01-02T15:04:05", s.Calendar.LocalEnd)
	if err != nil {
		return ""
	}
	return local.Format("2 January 2006 15:04 ") + s.Calendar.TimeZone
}

// TimeZone returns the name of the time zone at whose midnights a budget's periods begin.
func (s *LimitStatus) TimeZone() string {
	if s.Calendar == nil {
		return "UTC"
	}
	return s.Calendar.TimeZone
}

// WeekStartsOn returns on which day a WEEKLY budget's periods begin.
func (s *LimitStatus) WeekStartsOn() Weekday {
	if s.Calendar == nil {
		return weekdays()[0]
	}
	return weekdays()[s.Calendar.WeekStartsOn]
}

// DayOfMonth returns on which day of a month, of a quarter's first month or of January a budget's periods begin.
func (s *LimitStatus) DayOfMonth() int {
	if s.Calendar == nil {
		return 1
	}
	return int(s.Calendar.DayOfMonth)
}

// ResetDays returns how many days a period of EVERY_DAYS has; nil for others.
func (s *LimitStatus) ResetDays() *int {
	if s.Calendar == nil || s.Calendar.ResetDays == nil {
		return nil
	}
	return new(int(*s.Calendar.ResetDays))
}

// ResetAnchor returns the first day of one of the periods of EVERY_DAYS, as 2006-01-02; nil for others.
func (s *LimitStatus) ResetAnchor() *string {
	if s.Calendar == nil {
		return nil
	}
	return s.Calendar.ResetAnchor
}
