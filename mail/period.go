package mail

import (
	"fmt"
	"time"
)

// The values of an [Alert]'s PeriodicReset.
const (
	resetNone      = "NONE"
	resetDaily     = "DAILY"
	resetWeekly    = "WEEKLY"
	resetMonthly   = "MONTHLY"
	resetQuarterly = "QUARTERLY"
	resetYearly    = "YEARLY"
	resetEveryDays = "EVERY_DAYS"
)

// cadence is how often the budget resets, as an adjective and a space; "" if never.
func cadence(a Alert) string {
	switch a.PeriodicReset {
	case resetDaily:
		return "daily "
	case resetWeekly:
		return "weekly "
	case resetMonthly:
		return "monthly "
	case resetQuarterly:
		return "quarterly "
	case resetYearly:
		return "yearly "
	case resetEveryDays:
		if a.ResetDays > 0 { // 0: the budget was deleted, or is of another kind by now
			return fmt.Sprintf("%d-day ", a.ResetDays)
		}
		return "periodic "
	}
	return ""
}

// perPeriod is what an amount is for: " a week", " in total".
func perPeriod(a Alert) string {
	switch a.PeriodicReset {
	case resetDaily:
		return " a day"
	case resetWeekly:
		return " a week"
	case resetMonthly:
		return " a month"
	case resetQuarterly:
		return " a quarter"
	case resetYearly:
		return " a year"
	case resetEveryDays:
		if a.ResetDays == 1 {
			return " a day"
		} else if a.ResetDays > 1 {
			return fmt.Sprintf(" in %d days", a.ResetDays)
		}
		return " in a period"
	}
	return " in total"
}

// Local returns an instant with the name of a time zone and how many seconds its clocks are ahead of UTC then, which is how mail spells it out. The
// database has both: Go's data of time zones may be of another release.
func Local(instant time.Time, zone string, offset int32) time.Time {
	return instant.In(time.FixedZone(zone, int(offset)))
}

// formatTime spells an instant out, in UTC: "Sunday 29 November 2026, 00:00 UTC".
func formatTime(instant time.Time) string { return formatLocal(instant.UTC()) }

// formatLocal spells an instant out in the time zone that [Local] gave it.
func formatLocal(instant time.Time) string {
	if instant.Location() == time.Local { // of a server, whose name says nothing
		instant = instant.UTC()
	}
	zone, _ := instant.Zone()
	return instant.Format("Monday 2 January 2006, 15:04 ") + zone
}
