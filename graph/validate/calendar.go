package validate

import (
	"bursar/db"
	"bursar/fault"
)

// maxZone is how many bytes the name of a time zone has at most. The longest of IANA's has 32.
const maxZone = 64

// Calendar is what an input says of where a budget's periods begin; nil is not given.
type Calendar struct {
	ResetDays    *int
	ResetAnchor  *string
	TimeZone     *string
	WeekStartsOn *db.Weekday
	DayOfMonth   *int
}

// check tells what is wrong with a calendar for the periods that a budget will have; hasDays: it has resetDays already. Whether there is such
// a time zone, the database knows.
func (c *Calendar) check(period db.LimitPeriod, hasDays bool) error {
	return Together(c.checkDays(period, hasDays), c.checkZone(period), c.checkWeek(period), c.checkMonth(period))
}

func (c *Calendar) checkDays(period db.LimitPeriod, hasDays bool) error {
	var daysErr, anchorErr error
	isEveryDays := period == db.LimitPeriodEVERYDAYS
	switch {
	case c.ResetDays != nil && !isEveryDays:
		daysErr = fault.BadInput("resetDays", "is only for a budget whose periodicReset is EVERY_DAYS")
	case c.ResetDays != nil:
		daysErr = within("resetDays", int64(*c.ResetDays), 1, 365)
	case isEveryDays && !hasDays:
		daysErr = fault.BadInput("resetDays", "must be given with periodicReset EVERY_DAYS")
	}
	if c.ResetAnchor != nil && !isEveryDays {
		anchorErr = fault.BadInput("resetAnchor", "is only for a budget whose periodicReset is EVERY_DAYS")
	}
	return Together(daysErr, anchorErr)
}

// checkZone refuses a time zone that periods of NONE do not have, and a name that means a fixed offset to PostgreSQL.
func (c *Calendar) checkZone(period db.LimitPeriod) error {
	switch {
	case c.TimeZone == nil || *c.TimeZone == "UTC":
		return nil
	case period == db.LimitPeriodNONE:
		return fault.OfConstraint("limits_time_zone_check")
	}
	return TimeZone("timeZone", *c.TimeZone)
}

// TimeZone refuses what is no name of a region's time zone, as far as that can be told without the database.
func TimeZone(field, name string) error {
	if region, is := fixedZone(name); is {
		return fault.BadInput(field, "%s is an abbreviation, which has no daylight saving here; name the time zone of a region, such as %s", name, region)
	}
	return text(field, name, maxZone)
}

// fixedZone returns the time zone of a region for a name that is an abbreviation to PostgreSQL although it is listed as a time zone. The
// regions are those that IANA has made these names links to since its release 2024b.
func fixedZone(name string) (region string, is bool) {
	switch name {
	case "CET", "MET":
		return "Europe/Brussels", true
	case "EET":
		return "Europe/Athens", true
	case "WET":
		return "Europe/Lisbon", true
	case "EST":
		return "America/Panama or America/New_York", true
	case "MST":
		return "America/Phoenix or America/Denver", true
	case "HST":
		return "Pacific/Honolulu", true
	case "GMT":
		return "Etc/GMT or Europe/London", true
	case "UCT", "Zulu":
		return "UTC", true
	}
	return "", false
}

func (c *Calendar) checkWeek(period db.LimitPeriod) error {
	if c.WeekStartsOn != nil && c.WeekStartsOn.Number() != 0 && period != db.LimitPeriodWEEKLY {
		return fault.BadInput("weekStartsOn", "is only for a budget whose periodicReset is WEEKLY")
	}
	return nil
}

func (c *Calendar) checkMonth(period db.LimitPeriod) error {
	if c.DayOfMonth == nil {
		return nil
	}
	if err := within("dayOfMonth", int64(*c.DayOfMonth), 1, 31); err != nil {
		return err
	}
	switch period {
	case db.LimitPeriodMONTHLY, db.LimitPeriodQUARTERLY, db.LimitPeriodYEARLY:
	default:
		if *c.DayOfMonth != 1 {
			return fault.BadInput("dayOfMonth", "is only for a budget whose periodicReset is MONTHLY, QUARTERLY or YEARLY")
		}
	}
	return nil
}

// weekday returns the number of a day of the week; nil for nil.
func (c *Calendar) weekday() *int16 {
	if c.WeekStartsOn == nil {
		return nil
	}
	return new(c.WeekStartsOn.Number())
}

// short returns a number that is checked, as the database takes it; nil for nil.
func short(n *int) *int16 {
	if n == nil {
		return nil
	}
	return new(int16(*n)) //nolint:gosec // at most 365
}
