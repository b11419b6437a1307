package model

import (
	"bytes"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
)

// exceeding returns of which budgets a key would hold more than its share.
func (m *Model) exceeding(k *Key, e asking) []Denial {
	all := []Denial{}
	for _, unit := range []db.LimitType{db.LimitTypeCOST, db.LimitTypeTOKENS} {
		wanted := e.in(unit)
		smallest, bound := m.boundOf(k, unit)
		if smallest == nil || wanted == 0 {
			continue
		}
		if m.held(k, unit).Add(whole(wanted)).GreaterThan(bound) {
			all = append(all, Denial{Reason: db.DenialReasonHOLDSEXCEEDED, Period: smallest, Estimate: wanted, Bound: bound.IntPart()})
		}
	}
	return all
}

// boundOf returns what a key may hold of a unit, and the smallest budget above it, of which that is a share; nil when it may hold anything.
func (m *Model) boundOf(k *Key, unit db.LimitType) (smallest *Period, bound decimal.Decimal) {
	percent := m.Organization(k.Organization).Percent
	for _, p := range m.currentOf(k) {
		above := p.Limit.Kind == db.LimitKindBUDGET && p.Unit == unit && p.Limit.On != db.SubjectTypeAPIKEY && p.Limit.enforced()
		if above && (smallest == nil || m.smaller(p, smallest)) {
			smallest = p
		}
	}
	if percent == 0 || smallest == nil {
		return nil, bound
	}
	return smallest, whole(m.Amount(smallest)).Mul(whole(percent)).Div(whole(100)).Floor()
}

// smaller orders periods by their amount, and those of the same by their limit.
func (m *Model) smaller(p, other *Period) bool {
	if m.Amount(p) != m.Amount(other) {
		return m.Amount(p) < m.Amount(other)
	}
	return bytes.Compare(p.Limit.ID[:], other.Limit.ID[:]) < 0
}

// held is what a key's open reservations hold.
func (m *Model) held(k *Key, unit db.LimitType) decimal.Decimal {
	sum := decimal.Zero
	for _, r := range m.Reservations {
		if r.Key == k.ID && m.Status(r) == db.ReservationStatusHELD {
			sum = sum.Add(whole(r.Held.in(unit)))
		}
	}
	return sum
}

// lasting is how long a reservation of a key holds.
func (m *Model) lasting(k *Key, ttl time.Duration) time.Duration {
	if longest := m.Organization(k.Organization).Longest; longest > 0 {
		return min(ttl, longest)
	}
	return ttl
}

// ChangeKey changes what decides about a key. What has ended by then stays so, and what the key holds has ended if it may not be used
// afterwards. It tells whether any of this can be.
func (m *Model) ChangeKey(k *Key, change func()) (ends bool) {
	ends = k.Expires != nil && !m.Now.Before(*k.Expires)
	for _, r := range m.Reservations {
		if r.Key == k.ID {
			r.status = m.Status(r)
		}
	}
	change()
	if m.barred(k) != nil {
		m.ReleaseAll(k)
		ends = true
	}
	return ends
}

// ReleaseAll ends what a key holds.
func (m *Model) ReleaseAll(k *Key) {
	for _, r := range m.Reservations {
		if r.Key == k.ID && m.Status(r) == db.ReservationStatusHELD {
			r.status = db.ReservationStatusEXPIRED
		}
	}
}

// Release gives a hold back; what is closed already stays what it is.
func (m *Model) Release(scope, id uuid.UUID) *Answer {
	r := m.Reservation(scope, id)
	if r == nil || r.Leased != nil {
		return &Answer{Error: "NOT_FOUND"}
	}
	if m.Status(r) == db.ReservationStatusHELD {
		r.status = db.ReservationStatusRELEASED
	}
	return m.shown(&Answer{Key: m.Named(uuid.Nil, r.Key, nil), Allowed: true}, r)
}

// Extend pushes an expiry to a time to live from now, never nearer than it was.
func (m *Model) Extend(scope, id uuid.UUID, ttl time.Duration) *Answer {
	r := m.Reservation(scope, id)
	if r == nil || r.Leased != nil {
		return &Answer{Error: "NOT_FOUND"}
	}
	if m.Status(r) != db.ReservationStatusHELD {
		return &Answer{Error: "RESERVATION_CLOSED"}
	}
	if later := m.Now.Add(m.lasting(m.Named(uuid.Nil, r.Key, nil), ttl)); later.After(r.Expires) {
		r.Expires = later
	}
	return m.shown(&Answer{Key: m.Named(uuid.Nil, r.Key, nil), Allowed: true}, r)
}
