package db_test

import (
	"slices"

	"github.com/google/uuid"

	"bursar/db"
)

// modelAnswer is what a request is answered.
type modelAnswer struct {
	err               string // nothing else is promised with it
	allowed, replayed bool
	key               *modelKey
	limits            bool // whether the standing of the key's limits is told
	denials           []modelDenial
	reservation       *modelReservation
	status            db.ReservationStatus // of the reservation, when it was answered
	expires           string               // as status
	event             *modelEvent
}

type modelDenial struct {
	reason   db.DenialReason
	period   *modelPeriod // nil when the key itself is refused
	estimate int64
}

// key returns the key that an id or a secret names in a scope; nil for none.
func (m *model) key(scope, id uuid.UUID, secret []byte) *modelKey {
	for _, k := range m.keys {
		if scope != anyOrganization && scope != k.organization {
			continue
		}
		named := slices.ContainsFunc(k.secrets, func(s modelSecret) bool {
			return s.hash == string(secret) && (s.ends == nil || m.now.Before(*s.ends))
		})
		if named || len(secret) == 0 && k.id == id {
			return k
		}
	}
	return nil
}

// denials returns why a request is refused: for the key alone, or for every limit that does; none when it is admitted.
func (m *model) denials(k *modelKey, e estimate) []modelDenial {
	switch {
	case k == nil:
		return []modelDenial{{reason: db.DenialReasonKEYNOTFOUND}}
	case k.revoked:
		return []modelDenial{{reason: db.DenialReasonKEYREVOKED}}
	case k.expires != nil && !m.now.Before(*k.expires):
		return []modelDenial{{reason: db.DenialReasonKEYEXPIRED}}
	case !k.enabled:
		return []modelDenial{{reason: db.DenialReasonKEYDISABLED}}
	}
	all := []modelDenial{}
	for _, p := range m.currentOf(k) {
		wanted, taken := e.usage().in(p.unit), p.used().Add(m.reserved(p))
		if taken.LessThan(whole(p.amount)) && taken.Add(whole(wanted)).LessThanOrEqual(whole(p.amount)) {
			continue
		}
		reason := db.DenialReasonRATELIMITED
		switch {
		case wanted > p.amount:
			reason = db.DenialReasonESTIMATEEXCEEDSLIMIT
		case p.limit.kind == db.LimitKindBUDGET:
			reason = db.DenialReasonBUDGETEXHAUSTED
		}
		all = append(all, modelDenial{reason, p, wanted})
	}
	return all
}

func (e estimate) usage() modelUsage { return modelUsage{e.requests, e.tokens, e.nanos} }

// check answers without a trace.
func (m *model) check(e estimate) *modelAnswer {
	k := m.key(e.organization, e.key, e.secret)
	denials := m.denials(k, e)
	return &modelAnswer{key: k, limits: k != nil, denials: denials, allowed: len(denials) == 0}
}

// reserve admits or denies a request; what is admitted holds its estimate until it is closed or expires.
func (m *model) reserve(e estimate) *modelAnswer {
	k := m.key(e.organization, e.key, e.secret)
	for _, r := range m.reservations {
		if k == nil || e.id == "" || r.organization != k.organization || r.asked.id != e.id {
			continue
		}
		if r.key != k.id || r.asked.usage() != e.usage() || r.asked.ttl != e.ttl {
			return &modelAnswer{err: "IDEMPOTENCY_MISMATCH"}
		}
		return m.shown(&modelAnswer{key: k, limits: true, allowed: true, replayed: true}, r)
	}
	answer := m.check(e)
	if !answer.allowed {
		for _, d := range answer.denials {
			if d.reason == db.DenialReasonBUDGETEXHAUSTED {
				m.raise(d.period, true)
			}
		}
		return answer
	}
	r := &modelReservation{organization: k.organization, key: k.id, asked: e, status: db.ReservationStatusHELD,
		admitted: m.now, expires: m.now.Add(e.ttl), charged: m.currentOf(k)}
	m.reservations = append(m.reservations, r)
	for _, p := range r.charged {
		p.charges = append(p.charges, modelUsage{requests: e.requests})
	}
	return m.shown(answer, r)
}

// shown adds a reservation to an answer, as it stands now.
func (m *model) shown(a *modelAnswer, r *modelReservation) *modelAnswer {
	a.reservation, a.status, a.expires = r, m.status(r), micros(&r.expires)
	return a
}

// reservation returns a reservation by its id, within a scope; nil for none.
func (m *model) reservation(scope, id uuid.UUID) *modelReservation {
	for _, r := range m.reservations {
		if r.id == id && (scope == anyOrganization || scope == r.organization) {
			return r
		}
	}
	return nil
}

// record books what was used in full: where its reservation was admitted, else in the current periods.
func (m *model) record(told report) *modelAnswer {
	k, settled := m.key(told.organization, told.key, told.secret), (*modelReservation)(nil)
	if told.reservation != uuid.Nil {
		if settled = m.reservation(told.organization, told.reservation); settled == nil {
			return &modelAnswer{err: "NOT_FOUND"}
		}
		k = m.key(anyOrganization, settled.key, nil)
	}
	if k == nil {
		return &modelAnswer{err: "NOT_FOUND"}
	}
	for _, e := range m.events {
		if told.id == "" || e.organization != k.organization || e.told.id != told.id {
			continue
		}
		if e.key != k.id || string(e.told.fingerprint()) != string(told.fingerprint()) {
			return &modelAnswer{err: "IDEMPOTENCY_MISMATCH"}
		}
		return &modelAnswer{key: k, limits: true, allowed: true, replayed: true, event: e}
	}
	event := &modelEvent{organization: k.organization, key: k.id, told: told, requests: told.requests, at: m.now, charged: m.currentOf(k)}
	if told.requests < 0 {
		event.requests = 1
	}
	event.counted = event.requests
	if settled != nil {
		switch m.status(settled) {
		case db.ReservationStatusSETTLED, db.ReservationStatusRELEASED:
			return &modelAnswer{err: "RESERVATION_CLOSED"}
		}
		if told.requests < 0 {
			event.requests = settled.asked.requests
		}
		event.counted = max(0, event.requests-settled.asked.requests) // the rest counted when it was reserved
		event.charged = settled.charged
		settled.status = db.ReservationStatusSETTLED
	}
	m.events = append(m.events, event)
	for _, p := range event.charged {
		p.charges = append(p.charges, modelUsage{event.counted, told.input + told.output, told.nanos})
		m.raise(p, false)
	}
	return &modelAnswer{key: k, limits: true, allowed: true, event: event}
}

// release gives a hold back; what is closed already stays what it is.
func (m *model) release(scope, id uuid.UUID) *modelAnswer {
	r := m.reservation(scope, id)
	if r == nil {
		return &modelAnswer{err: "NOT_FOUND"}
	}
	if m.status(r) == db.ReservationStatusHELD {
		r.status = db.ReservationStatusRELEASED
	}
	return m.shown(&modelAnswer{key: m.key(anyOrganization, r.key, nil), allowed: true}, r)
}

// extend pushes an expiry to a time to live from now, never nearer than it was.
func (m *model) extend(scope, id uuid.UUID, h held) *modelAnswer {
	r := m.reservation(scope, id)
	if r == nil {
		return &modelAnswer{err: "NOT_FOUND"}
	}
	if m.status(r) != db.ReservationStatusHELD {
		return &modelAnswer{err: "RESERVATION_CLOSED"}
	}
	if later := m.now.Add(h.ttl); later.After(r.expires) {
		r.expires = later
	}
	return m.shown(&modelAnswer{key: m.key(anyOrganization, r.key, nil), allowed: true}, r)
}
