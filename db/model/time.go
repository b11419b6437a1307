package model

import (
	"time"

	"bursar/db"
)

// MoveTo sets the clock, also back. Periods that are over end, and new ones begin at zero: of a budget each one up to now, of a
// rate the window of now, because nobody can look at those before it.
func (m *Model) MoveTo(now time.Time) {
	m.Now = now
	for _, l := range m.Limits {
		for p := l.Current(); p.over(now); p = l.Current() {
			next := *p
			next.Number++
			next.begin(*p.End)
			if l.Kind == db.LimitKindRATE {
				next.begin(now)
			}
			p.Amount = l.amount(p.Amount, func(r *Raise) bool { return r.Until == nil || !r.Until.Before(*p.End) })
			l.Periods = append(l.Periods, &next)
			l.dropRaises(func(r *Raise) bool { return r.Until != nil && !r.Until.After(next.Start) })
		}
	}
}

// over tells whether a period is not the one of an instant: it has ended, or it is a rate's and begins later, because the clock was
// ahead. A budget's period that begins later goes on.
func (p *Period) over(now time.Time) bool {
	return p.End != nil && (!now.Before(*p.End) || p.Limit.Kind == db.LimitKindRATE && now.Before(p.Start))
}

// TurnBack puts the clock back. Whoever looked at what had expired by then has closed it for good: all that had must have been
// looked at.
func (m *Model) TurnBack(now time.Time) {
	for _, r := range m.Reservations {
		r.status = m.Status(r)
	}
	m.MoveTo(now)
}

// begin makes a copy of the period before into one that begins at zero.
func (p *Period) begin(at time.Time) {
	p.Start, p.End = Calendar(p.Length, p.Place, at)
	p.Charges, p.fired, p.exhausted, p.refused, p.Closed = nil, nil, false, false, nil
}

// ClosePeriods is the reset job: history shows an organization's ended periods as closed. It returns how many it closed.
func (m *Model) ClosePeriods(o *Organization) (closed int32) {
	for _, l := range m.Limits {
		if l.Organization != o.ID || l.Kind != db.LimitKindBUDGET {
			continue
		}
		for _, p := range l.Periods[:len(l.Periods)-1] {
			if p.Closed == nil {
				p.Closed = new(m.Now)
				closed++
			}
		}
	}
	return closed
}
