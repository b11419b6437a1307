package db_test

import (
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// limitsOf returns the limits that a request by a key must pass: the key's, its workspace's and its organization's.
func (m *model) limitsOf(k *modelKey) []*modelLimit {
	all := []*modelLimit{}
	for _, l := range m.limits {
		if l.subject == k.id || l.subject == k.organization || l.subject == k.workspace {
			all = append(all, l)
		}
	}
	return all
}

// currentOf returns the current periods of a key's limits.
func (m *model) currentOf(k *modelKey) []*modelPeriod {
	all := []*modelPeriod{}
	for _, l := range m.limitsOf(k) {
		all = append(all, l.current())
	}
	return all
}

// find returns an organization's limit of a kind; nil when there is none.
func (m *model) find(organization, id uuid.UUID, kind db.LimitKind) *modelLimit {
	for _, l := range m.limits {
		if l.organization == organization && l.id == id && l.kind == kind {
			return l
		}
	}
	return nil
}

// refused returns the code of the error that answers the wish for such a limit on a subject, "" for none; except is the
// limit that is edited.
func (m *model) refused(subject uuid.UUID, kind db.LimitKind, p *modelPeriod, except *modelLimit) fault.Code {
	switch {
	case p.amount <= 0, p.unit == db.LimitTypeCOST && p.amount < dollar:
		return fault.BadUserInput
	case slices.ContainsFunc(p.thresholds, func(t int64) bool { return t <= 0 || t >= p.amount }):
		return fault.BadUserInput
	}
	for _, l := range m.limits {
		if c := l.current(); l != except && l.subject == subject && l.kind == kind && c.unit == p.unit && c.length == p.length {
			return fault.Conflict
		}
	}
	return ""
}

// create makes a limit that counts from now; its id is the database's to say.
func (m *model) create(l *modelLimit, p *modelPeriod) (*modelLimit, fault.Code) {
	if !m.organization(l.organization).governed() {
		return nil, fault.FeatureNotAvailable
	}
	p.thresholds = ascending(p.thresholds)
	if code := m.refused(l.subject, l.kind, p, nil); code != "" {
		return nil, code
	}
	p.limit, p.number, p.generation = l, 1, 1
	p.begin(m.now)
	l.periods = []*modelPeriod{p}
	m.limits = append(m.limits, l)
	return l, ""
}

// edit changes a budget, nil for none. What was used stays, but for another type or period: they begin a generation.
func (m *model) edit(organization, id uuid.UUID, e edit) (*modelLimit, fault.Code) {
	l := m.find(organization, id, db.LimitKindBUDGET)
	if l == nil {
		return nil, ""
	}
	if !m.organization(organization).governed() {
		return nil, fault.FeatureNotAvailable
	}
	p := l.current()
	edited := *p
	if e.unit != nil {
		edited.unit = *e.unit
	}
	if e.period != nil {
		edited.length = *e.period
	}
	if e.amount != nil {
		edited.amount = *e.amount
	}
	if e.alerts != nil {
		edited.thresholds = ascending(e.alerts)
	}
	if code := m.refused(l.subject, l.kind, &edited, l); code != "" {
		return nil, code
	}
	if edited.unit != p.unit || edited.length != p.length {
		m.beginGeneration(l, edited)
	} else {
		p.exhausted = p.exhausted && edited.amount <= p.amount // raising the amount arms EXHAUSTED again
		p.amount, p.thresholds = edited.amount, edited.thresholds
	}
	m.raise(l.current(), false)
	return l, ""
}

// editRate changes the limit of a rate, nil for none; its window goes on.
func (m *model) editRate(organization, id uuid.UUID, limit int64) (*modelLimit, fault.Code) {
	l := m.find(organization, id, db.LimitKindRATE)
	switch {
	case l == nil:
		return nil, ""
	case !m.organization(organization).governed():
		return nil, fault.FeatureNotAvailable
	case limit <= 0:
		return nil, fault.BadUserInput
	}
	l.current().amount = limit
	return l, ""
}

// reset begins a generation of a budget at zero, inside the same calendar period; nil for none.
func (m *model) reset(organization, id uuid.UUID) (*modelLimit, fault.Code) {
	l := m.find(organization, id, db.LimitKindBUDGET)
	switch {
	case l == nil:
		return nil, ""
	case !m.organization(organization).governed():
		return nil, fault.FeatureNotAvailable
	}
	m.beginGeneration(l, *l.current())
	return l, ""
}

func (m *model) beginGeneration(l *modelLimit, next modelPeriod) {
	l.current().closed = new(m.now)
	next.generation++
	next.number++
	next.begin(m.now)
	l.periods = append(l.periods, &next)
}

// remove deletes a limit with its history, whatever the plan, and tells whether there was one. Its alerts stay.
func (m *model) remove(organization, id uuid.UUID, kind db.LimitKind) bool {
	l := m.find(organization, id, kind)
	m.limits = slices.DeleteFunc(m.limits, func(other *modelLimit) bool { return other == l })
	return l != nil
}

func ascending(thresholds []int64) []int64 {
	return slices.Compact(slices.Sorted(slices.Values(thresholds)))
}
