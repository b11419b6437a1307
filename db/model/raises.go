package model

import (
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// Raise adds to the amount of a budget for a while.
type Raise struct {
	Units    int64
	Until    *time.Time // the first instant without it; nil for a period that does not end by itself
	OfPeriod bool       // it ends with the period, also when that is reset by hand
}

// ended tells whether a raise is over at an instant.
func (r *Raise) ended(at time.Time) bool { return r.Until != nil && !r.Until.After(at) }

// Raise adds to the amount of a budget, until an instant or (nil) the end of its period; nil for none.
func (m *Model) Raise(organization, id uuid.UUID, units int64, until *time.Time) (*Limit, fault.Code) {
	l := m.Find(organization, id, db.LimitKindBUDGET)
	switch {
	case l == nil:
		return nil, ""
	case !m.Organization(organization).governed():
		return nil, fault.FeatureNotAvailable
	case units <= 0, until != nil && !until.After(m.Now):
		return nil, fault.BadUserInput
	}
	raise := &Raise{Units: units, Until: until, OfPeriod: until == nil}
	if until == nil {
		raise.Until = l.Current().End
	}
	l.dropRaises(func(r *Raise) bool { return r.ended(m.Now) })
	l.Raises = append(l.Raises, raise)
	l.Current().exhausted = false // it can be alerted again
	m.raise(l.Current(), nil)
	return l, ""
}

// Amount is what may be used in a period: with the raises that are in force now, or were at its end.
func (m *Model) Amount(p *Period) int64 {
	if p != p.Limit.Current() {
		return p.Amount
	}
	return p.Limit.amount(p.Amount, func(r *Raise) bool { return !r.ended(m.Now) })
}

// amountThen is what may be used when the current period has ended.
func (m *Model) amountThen(p *Period) int64 {
	if p.End == nil {
		return 0
	}
	return p.Limit.amount(p.Amount, func(r *Raise) bool { return !r.ended(*p.End) })
}

// amount adds some of a limit's raises to an amount, at most what 64 bits hold.
func (l *Limit) amount(base int64, counts func(*Raise) bool) int64 {
	for _, r := range l.Raises {
		if !counts(r) {
			continue
		}
		if base > math.MaxInt64-r.Units {
			return math.MaxInt64
		}
		base += r.Units
	}
	return base
}

func (l *Limit) dropRaises(drops func(*Raise) bool) { l.Raises = slices.DeleteFunc(l.Raises, drops) }

// enforced tells whether a limit refuses requests.
func (l *Limit) enforced() bool { return !l.Disabled && !l.Shadow }

// switchTo sets the switches that an edit names.
func (l *Limit) switchTo(e Edit) {
	if e.Enabled != nil {
		l.Disabled = !*e.Enabled
	}
	if e.Shadow != nil {
		l.Shadow = *e.Shadow
	}
}

// admitted is what the admission of a request uses of a period: the requests of a rate. What else it asks for is held until it is settled.
func (p *Period) admitted(requests int64) Usage {
	if p.Limit.Kind == db.LimitKindRATE {
		return Usage{Requests: requests}
	}
	return Usage{}
}
