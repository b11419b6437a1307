package importer

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"bursar/db"
)

const (
	maxResetDays = 365
	daySeconds   = 24 * 60 * 60
)

// Calendar says how periods of the other system are told.
type Calendar struct {
	Location  *time.Location // at whose midnights periods begin
	WeekStart time.Weekday   // when nothing else says
	Assumed   bool           // whether that is a guess, which the report says
	Now       time.Time
}

var durationForm = regexp.MustCompile(`^(\d{1,9})(mo|[smhdw]?)[a-z]*$`)

// Duration makes a budget's period of a text such as 30d or 1mo, of which a month is calendar's, as LiteLLM reads it; false when no period of ours is
// like it, which the report says. next is when the present one ends there; nil: not known. over tells that it has ended.
func (c *Calendar) Duration(r *Record, field string, next *time.Time, limit *Limit) (ok, over bool) {
	text := strings.ToLower(strings.TrimSpace(r.Show(field)))
	switch text {
	case "hourly":
		text = "1h"
	case "daily":
		text = "1d"
	case "weekly":
		text = "7d"
	case "monthly":
		text = "30d"
	}
	if !r.Has(field) {
		limit.Period = db.LimitPeriodNONE
		return true, false
	}
	form := durationForm.FindStringSubmatch(text)
	if form == nil {
		r.Add(Changed, field, "it is no length of time that can be read: the budget begins again every midnight, as there")
		limit.Period = db.LimitPeriodDAILY
		return true, c.Phase(r, field, next, limit)
	}
	number, _ := strconv.ParseInt(form[1], 10, 64) // at most nine digits
	if number == 0 {
		r.Add(Lost, field, "it is no time: the budget is left out")
		return false, false
	}
	if form[2] == "mo" {
		ok = c.months(r, field, number, limit)
	} else {
		ok = c.days(r, field, number*seconds(form[2]), limit)
	}
	if length := number * seconds(form[2]); ok && form[2] != "mo" && seconds(form[2]) < daySeconds && length > daySeconds {
		r.Add(Changed, field, "there a budget of that many hours begins again every midnight; here it lasts as long as it says")
	}
	if !ok {
		return false, false
	}
	return true, c.Phase(r, field, next, limit)
}

// seconds returns how long a unit is; one without a name is a second.
func seconds(unit string) int64 {
	switch unit {
	case "m":
		return 60
	case "h":
		return 60 * 60
	case "d":
		return daySeconds
	case "w":
		return 7 * daySeconds
	}
	return 1
}

func (c *Calendar) months(r *Record, field string, number int64, limit *Limit) bool {
	switch number {
	case 1:
		limit.Period = db.LimitPeriodMONTHLY
	case 3:
		limit.Period = db.LimitPeriodQUARTERLY
	case 12:
		limit.Period = db.LimitPeriodYEARLY
	default:
		r.Add(Lost, field, "budgets begin again every 1, 3 or 12 months: it is left out")
		return false
	}
	return true
}

func (c *Calendar) days(r *Record, field string, length int64, limit *Limit) bool {
	switch days := length / daySeconds; {
	case length%daySeconds != 0:
		r.Add(Lost, field, "a budget's period is days: the budget is left out")
		return false
	case days == 1:
		limit.Period = db.LimitPeriodDAILY
	case days == 7:
		limit.Period = db.LimitPeriodWEEKLY
	case days == 30: // see the manual: there it is a calendar month as well
		limit.Period = db.LimitPeriodMONTHLY
	case days <= maxResetDays:
		number := int(days)
		limit.Period, limit.ResetDays = db.LimitPeriodEVERYDAYS, &number
	default:
		r.Add(Lost, field, "a budget's period is 365 days at most: the budget is left out")
		return false
	}
	return true
}

// Phase lets a period begin where the one there does, as its next reset says, and tells whether that is over.
func (c *Calendar) Phase(r *Record, field string, next *time.Time, limit *Limit) (over bool) {
	if limit.Period == db.LimitPeriodNONE {
		return false
	}
	if name := c.Location.String(); name != "UTC" {
		limit.TimeZone = name
	}
	if next != nil && !next.After(c.Now) {
		next, over = nil, true
	}
	if next == nil {
		if limit.Period == db.LimitPeriodWEEKLY {
			day := int(c.WeekStart)
			limit.WeekStartsOn = &day
			if c.Assumed {
				r.Add(Noted, field, "nothing says on which day its week begins: it begins on "+c.WeekStart.String())
			}
		}
		return over
	}
	local := next.In(c.Location)
	switch limit.Period {
	case db.LimitPeriodWEEKLY:
		day := int(local.Weekday())
		limit.WeekStartsOn = &day
	case db.LimitPeriodMONTHLY, db.LimitPeriodQUARTERLY, db.LimitPeriodYEARLY:
		day := local.Day()
		limit.DayOfMonth = &day
	case db.LimitPeriodEVERYDAYS:
		day := local.Format(time.DateOnly)
		limit.ResetAnchor = &day
	}
	if local.Hour()+local.Minute()+local.Second() > 0 {
		r.Report.Add(Noted, r.Name, field, "its period ends during a day there, and at the midnight before here", local.Format(time.RFC3339))
	}
	return over
}
