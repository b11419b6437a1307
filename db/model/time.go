package db_test

import (
	"time"

	"bursar/db"
)

// calendar returns the period or window of the UTC calendar that contains an instant: half-open, weeks begin on Sunday. No
// end for NONE, which has no calendar and begins at the instant itself.
func calendar(length db.LimitPeriod, at time.Time) (start time.Time, end *time.Time) {
	year, month, day := at.Date()
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	switch length {
	case db.LimitPeriodMINUTE:
		start = at.Truncate(time.Minute)
		return start, new(start.Add(time.Minute))
	case db.LimitPeriodHOUR:
		start = at.Truncate(time.Hour)
		return start, new(start.Add(time.Hour))
	case db.LimitPeriodDAY:
		return midnight, new(midnight.AddDate(0, 0, 1))
	case db.LimitPeriodWEEKLY:
		start = midnight.AddDate(0, 0, -int(midnight.Weekday()))
		return start, new(start.AddDate(0, 0, 7))
	case db.LimitPeriodMONTHLY:
		start = time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return start, new(start.AddDate(0, 1, 0))
	}
	return at, nil
}

// moveTo sets the clock. Periods that are over end, and new ones begin at zero: of a budget each one up to now, of a rate
// the window of now, because nobody can look at those before it.
func (m *model) moveTo(now time.Time) {
	m.now = now
	for _, l := range m.limits {
		for p := l.current(); p.end != nil && !now.Before(*p.end); p = l.current() {
			next := *p
			next.number++
			next.begin(*p.end)
			if l.kind == db.LimitKindRATE {
				next.begin(now)
			}
			l.periods = append(l.periods, &next)
		}
	}
}

// begin makes a copy of the period before into one that begins at zero.
func (p *modelPeriod) begin(at time.Time) {
	p.start, p.end = calendar(p.length, at)
	p.charges, p.fired, p.exhausted, p.closed = nil, nil, false, nil
}

// closePeriods is the reset job: history shows an organization's ended periods as closed.
func (m *model) closePeriods(o *modelOrganization) (closed int32) {
	for _, l := range m.limits {
		if l.organization != o.id || l.kind != db.LimitKindBUDGET {
			continue
		}
		for _, p := range l.periods[:len(l.periods)-1] {
			if p.closed == nil {
				p.closed = new(m.now)
				closed++
			}
		}
	}
	return closed
}
