package model

import (
	"slices"

	"github.com/google/uuid"

	"bursar/db"
)

// Report is usage that has happened.
type Report struct {
	Organization                          uuid.UUID // as in Estimate
	Key                                   uuid.UUID
	Secret                                []byte // hash; in place of the key
	Reservation                           uuid.UUID
	ID                                    string // for repetitions; empty for none
	Requests                              int64  // NotGiven
	Input, Output, Cached, Written, Nanos int64  // NotGiven nano-dollars are computed
	Provider, Model                       string
	User                                  string // in the metadata; empty: not told
	Parts                                 Parts
}

// Parts are those of the tokens that have prices of their own, and what was used beside tokens.
type Parts struct {
	Written1h, AudioInput  int64 // of Written, and of Input
	Reasoning, AudioOutput int64 // of Output
	Images, Searches       int64
	Tier                   string // empty: not told
}

// repeats tells whether a report has the contents of another, whoever sent it.
func (r Report) repeats(other Report) bool {
	contents := func(r Report) [11]any {
		return [11]any{r.User, r.Reservation, r.Requests, r.Input, r.Output, r.Cached, r.Written, r.Nanos, r.Provider, r.Model, r.Parts}
	}
	return contents(r) == contents(other)
}

// Record books what was used in full: where its reservation was admitted, else in the current periods.
func (m *Model) Record(told Report) *Answer {
	k, settled := m.Named(told.Organization, told.Key, told.Secret), (*Reservation)(nil)
	if told.Reservation != uuid.Nil {
		if settled = m.Reservation(told.Organization, told.Reservation); settled == nil {
			return &Answer{Error: "NOT_FOUND"}
		}
		k = m.Named(uuid.Nil, settled.Key, nil)
	}
	if k == nil {
		return &Answer{Error: "NOT_FOUND"}
	}
	groups, added := m.groupsOfReport(k, told, settled)
	for _, e := range m.Events {
		if told.ID == "" || e.Organization != k.Organization || e.Told.ID != told.ID {
			continue
		}
		if e.Key != k.ID || !told.repeats(e.Told) {
			return &Answer{Error: "IDEMPOTENCY_MISMATCH"}
		}
		return &Answer{Key: k, Limits: true, Groups: groups, Allowed: true, Replayed: true, Event: e}
	}
	event := &Event{Organization: k.Organization, Key: k.ID, Told: told, Requests: told.Requests, At: m.Now, charged: append(m.currentOf(k), periodsOf(groups)...)}
	if told.Requests < 0 {
		event.Requests = 1
	}
	event.Counted = event.Requests
	if settled != nil && settled.Leased != nil {
		event.charged, event.OnLease = append(slices.Clone(settled.charged), added...), true
	} else if settled != nil {
		switch m.Status(settled) {
		case db.ReservationStatusSETTLED, db.ReservationStatusRELEASED:
			return &Answer{Error: "RESERVATION_CLOSED"}
		}
		if told.Requests < 0 {
			event.Requests = settled.Asked.Requests
		}
		event.Counted = max(0, event.Requests-settled.Asked.Requests) // the rest counted when it was reserved
		event.charged = append(slices.Clone(settled.charged), added...)
		settled.status = db.ReservationStatusSETTLED
	}
	if event.OnLease {
		m.price(event, nil)
		m.draw(settled, event)
	} else {
		m.price(event, settled)
	}
	m.Events = append(m.Events, event)
	for _, p := range event.charged {
		requests := event.Requests
		if p.Limit.Kind == db.LimitKindRATE && !slices.Contains(added, p) {
			requests = event.Counted
		}
		p.Charges = append(p.Charges, Usage{requests, told.Input + told.Output, event.Nanos})
		m.raise(p, nil)
	}
	return &Answer{Key: k, Limits: true, Groups: groups, Allowed: true, Event: event}
}

// groupsOfReport returns the groups that a report is charged to: of one without a reservation its own, else its reservation's and those that it
// adds, with the current periods of the latter.
func (m *Model) groupsOfReport(k *Key, told Report, settled *Reservation) (groups []*Group, added []*Period) {
	if settled == nil {
		groups, _ = m.groups(k, Attributes{told.Provider, told.Model, told.User}, true)
		return groups, nil
	}
	groups = m.groupsCharged(settled.charged)
	merged, differs := Attributes{told.Provider, told.Model, told.User}.merged(settled.Asked.attributes())
	if !differs {
		return groups, nil
	}
	more, _ := m.groups(k, merged, true)
	for _, p := range periodsOf(more) {
		if !slices.ContainsFunc(settled.charged, func(charged *Period) bool { return charged.Limit == p.Limit }) {
			added = append(added, p)
		}
	}
	for _, g := range more {
		if !slices.Contains(groups, g) && len(g.Limits) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, added
}
