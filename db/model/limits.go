package model

import (
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// dollar is the least amount of a budget of cost, in nano-dollars.
const dollar = int64(1_000_000_000)

// Edit is a change of a budget; what is nil stays.
type Edit struct {
	Unit       *db.LimitType
	Length     *db.LimitPeriod
	Place      *Place
	Amount     *int64
	Thresholds []int64
	Enabled    *bool
	Shadow     *bool
	Named      []*Named
}

// LimitsOf returns the limits that a request by a key must pass: the key's, its workspace's and its organization's.
func (m *Model) LimitsOf(k *Key) []*Limit {
	all := []*Limit{}
	for _, l := range m.Limits {
		if l.Group == nil && (l.Subject == k.ID || l.Subject == k.Organization || l.Subject == k.Workspace) {
			all = append(all, l)
		}
	}
	return all
}

// currentOf returns the current periods of a key's limits.
func (m *Model) currentOf(k *Key) []*Period {
	all := []*Period{}
	for _, l := range m.LimitsOf(k) {
		all = append(all, l.Current())
	}
	return all
}

// Find returns an organization's limit of a kind; nil when there is none.
func (m *Model) Find(organization, id uuid.UUID, kind db.LimitKind) *Limit {
	for _, l := range m.Limits {
		if l.Group == nil && l.Organization == organization && l.ID == id && l.Kind == kind {
			return l
		}
	}
	return nil
}

// refused returns the code of the error that answers the wish for such a limit on a subject, "" for none; except is the
// limit that is edited.
func (m *Model) refused(subject uuid.UUID, kind db.LimitKind, p *Period, except *Limit) fault.Code {
	switch {
	case p.Amount <= 0, p.Unit == db.LimitTypeCOST && p.Amount < dollar:
		return fault.BadUserInput
	case slices.ContainsFunc(p.Thresholds, func(t int64) bool { return t <= 0 || t >= p.Amount }):
		return fault.BadUserInput
	case p.Length == db.LimitPeriodEVERYDAYS && p.Place.Days == 0:
		return fault.BadUserInput
	}
	for _, l := range m.Limits {
		if c := l.Current(); l != except && l.Group == nil && l.Subject == subject && l.Kind == kind && c.Unit == p.Unit && c.Length == p.Length {
			return fault.Conflict
		}
	}
	return ""
}

// Create makes a limit that counts from now, or returns the code of the error.
func (m *Model) Create(l *Limit, p *Period) (*Limit, fault.Code) {
	if !m.Organization(l.Organization).governed() {
		return nil, fault.FeatureNotAvailable
	}
	p.Thresholds, p.Place = ascending(p.Thresholds), p.Place.In(p.Length, m.Now)
	if code := m.refused(l.Subject, l.Kind, p, nil); code != "" {
		return nil, code
	}
	p.Limit, p.Number, p.Generation = l, 1, 1
	p.begin(m.Now)
	l.Periods = []*Period{p}
	l.keepNamed()
	m.Limits = append(m.Limits, l)
	return l, ""
}

// EditBudget changes a budget, nil for none. What was used stays, but for another type or period: they begin a generation.
func (m *Model) EditBudget(organization, id uuid.UUID, e Edit) (*Limit, fault.Code) {
	l := m.Find(organization, id, db.LimitKindBUDGET)
	if l == nil {
		return nil, ""
	}
	if !m.Organization(organization).governed() {
		return nil, fault.FeatureNotAvailable
	}
	p := l.Current()
	edited := *p
	if e.Unit != nil {
		edited.Unit = *e.Unit
	}
	if e.Length != nil {
		edited.Length = *e.Length
	}
	if e.Place != nil {
		edited.Place = *e.Place
	}
	edited.Place = edited.Place.In(edited.Length, m.Now)
	if e.Amount != nil {
		edited.Amount = *e.Amount
	}
	if e.Thresholds != nil {
		edited.Thresholds = ascending(e.Thresholds)
	}
	if code := m.refused(l.Subject, l.Kind, &edited, l); code != "" {
		return nil, code
	}
	if edited.Unit != p.Unit || edited.Length != p.Length || edited.Place != p.Place {
		m.beginGeneration(l, edited)
	} else {
		p.exhausted = p.exhausted && edited.Amount <= p.Amount // raising the amount arms EXHAUSTED again
		p.Amount, p.Thresholds = edited.Amount, edited.Thresholds
	}
	l.switchTo(e)
	if e.Named != nil {
		l.Named = e.Named
	}
	l.keepNamed()
	m.raise(l.Current(), nil)
	return l, ""
}

// EditRate changes the limit of a rate and its switches, nil for none; its window goes on.
func (m *Model) EditRate(organization, id uuid.UUID, e Edit) (*Limit, fault.Code) {
	l := m.Find(organization, id, db.LimitKindRATE)
	switch {
	case l == nil:
		return nil, ""
	case !m.Organization(organization).governed():
		return nil, fault.FeatureNotAvailable
	case e.Amount != nil && *e.Amount <= 0:
		return nil, fault.BadUserInput
	}
	if e.Amount != nil {
		l.Current().Amount = *e.Amount
	}
	l.switchTo(e)
	return l, ""
}

// Reset begins a generation of a budget at zero, inside the same calendar period; nil for none.
func (m *Model) Reset(organization, id uuid.UUID) (*Limit, fault.Code) {
	l := m.Find(organization, id, db.LimitKindBUDGET)
	switch {
	case l == nil:
		return nil, ""
	case !m.Organization(organization).governed():
		return nil, fault.FeatureNotAvailable
	}
	m.beginGeneration(l, *l.Current())
	return l, ""
}

func (m *Model) beginGeneration(l *Limit, next Period) {
	last := l.Current()
	last.Closed, last.Amount = new(m.Now), m.Amount(last)
	l.dropRaises(func(r *Raise) bool { return r.OfPeriod || last.Unit != next.Unit || r.ended(m.Now) })
	next.Generation++
	next.Number++
	next.begin(m.Now)
	l.Periods = append(l.Periods, &next)
}

// Remove deletes a limit with its history, whatever the plan, and tells whether there was one. Its alerts stay.
func (m *Model) Remove(organization, id uuid.UUID, kind db.LimitKind) bool {
	l := m.Find(organization, id, kind)
	m.Limits = slices.DeleteFunc(m.Limits, func(other *Limit) bool { return other == l })
	return l != nil
}

func ascending(thresholds []int64) []int64 {
	return slices.Compact(slices.Sorted(slices.Values(thresholds)))
}
