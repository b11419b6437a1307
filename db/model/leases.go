package model

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// Wish is what is asked of a lease.
type Wish struct {
	Organization, Key uuid.UUID // as in Estimate
	Secret            []byte    // hash; in place of the key
	ID                string    // for repetitions; empty for none
	Usage
	TTL time.Duration
}

// asked is the wish as an estimate: that of a reservation with the same request id.
func (w Wish) asked() Estimate {
	return Estimate{ID: w.ID, Requests: w.Requests, Tokens: w.Tokens, Nanos: w.Nanos, TTL: w.TTL}
}

// Lease grants a lease, or denies it: of each limit at most half of what is left.
func (m *Model) Lease(w Wish) *Answer {
	k := m.Named(w.Organization, w.Key, w.Secret)
	for _, r := range m.Reservations {
		if k == nil || w.ID == "" || r.Organization != k.Organization || r.Asked.ID != w.ID {
			continue
		}
		if r.Leased == nil || r.Key != k.ID || !r.Asked.repeats(w.asked()) {
			return &Answer{Error: "IDEMPOTENCY_MISMATCH"}
		}
		groups, exhausted := m.leasedGroups(k)
		denials := m.barredNow(k, exhausted)
		if len(denials) == 0 && m.Status(r) != db.ReservationStatusHELD {
			denials = []Denial{{Reason: db.DenialReasonRESERVATIONCLOSED}}
		}
		return m.shown(&Answer{Key: k, Limits: true, Groups: groups, Allowed: len(denials) == 0, Replayed: true, Denials: denials}, r)
	}
	groups, exhausted := m.leasedGroups(k)
	denials := m.barredNow(k, exhausted)
	switch {
	case denials != nil:
	case m.Organization(k.Organization).NoLeases, m.needsAttributes(k):
		denials = []Denial{{Reason: db.DenialReasonLEASESNOTALLOWED}}
	default:
		var granted Usage
		if granted, denials = m.size(k, w.Usage, periodsOf(groups)); len(denials) == 0 {
			return m.shown(&Answer{Key: k, Limits: true, Groups: groups, Allowed: true}, m.grant(k, w, granted, periodsOf(groups)))
		}
	}
	return &Answer{Key: k, Limits: k != nil, Groups: groups, Denials: denials}
}

// leasedGroups are the groups of policies in which a lease of a key is held: those of requests of which nothing is known.
func (m *Model) leasedGroups(k *Key) ([]*Group, bool) {
	if m.barred(k) != nil {
		return nil, false
	}
	return m.groups(k, Attributes{}, true)
}

// needsAttributes tells whether a policy that a key may fall under looks at what single requests are for.
func (m *Model) needsAttributes(k *Key) bool {
	return slices.ContainsFunc(m.Policies, func(p *Policy) bool {
		return !p.Shadow && p.Organization == k.Organization && (p.Workspace == uuid.Nil || p.Workspace == k.Workspace) &&
			(len(p.GroupBy) > 0 || p.Models != "")
	})
}

// size returns what a lease of a key may hold, or why there is none.
func (m *Model) size(k *Key, granted Usage, more []*Period) (Usage, []Denial) {
	full, small := []Denial{}, []Denial{}
	wanted := granted
	for _, p := range append(m.currentOf(k), more...) {
		if !p.Limit.enforced() {
			continue
		}
		left := whole(m.Amount(p)).Sub(p.Used()).Sub(m.Reserved(p))
		denial := Denial{Reason: db.DenialReasonRATELIMITED, Period: p, Estimate: 1, Next: m.amountThen(p)}
		if p.Limit.Kind == db.LimitKindBUDGET {
			denial.Reason = db.DenialReasonBUDGETEXHAUSTED
		}
		if !left.IsPositive() {
			full = append(full, denial)
			continue
		}
		unit, asked := &granted.Requests, wanted.Requests
		switch p.Unit {
		case db.LimitTypeCOST:
			unit, asked = &granted.Nanos, wanted.Nanos
		case db.LimitTypeTOKENS:
			unit, asked = &granted.Tokens, wanted.Tokens
		}
		share := left.Div(whole(2)).Floor().IntPart()
		if *unit = min(*unit, share); share < 1 && asked > 0 {
			denial.Reason = db.DenialReasonLEASETOOSMALL
			small = append(small, denial)
		}
	}
	if len(full) == 0 {
		full = small
	}
	return m.sizeHeld(k, wanted, granted, full)
}

// sizeHeld bounds what a lease may hold by what its key may.
func (m *Model) sizeHeld(k *Key, wanted, granted Usage, denials []Denial) (Usage, []Denial) {
	for _, of := range []struct {
		unit    db.LimitType
		wanted  int64
		granted *int64
	}{{db.LimitTypeCOST, wanted.Nanos, &granted.Nanos}, {db.LimitTypeTOKENS, wanted.Tokens, &granted.Tokens}} {
		smallest, bound := m.boundOf(k, of.unit)
		if smallest == nil {
			continue
		}
		share := bound.Sub(m.held(k, of.unit)).Div(whole(2)).Floor().IntPart()
		if *of.granted = min(*of.granted, share); share < 1 && of.wanted > 0 {
			denials = append(denials, Denial{Reason: db.DenialReasonHOLDSEXCEEDED, Period: smallest, Estimate: of.wanted, Bound: bound.IntPart()})
		}
	}
	return granted, denials
}

// grant stores a lease, which ends with the first of its limits' periods, or its key, at the latest.
func (m *Model) grant(k *Key, w Wish, granted Usage, more []*Period) *Reservation {
	charged := append(m.currentOf(k), more...)
	expires := m.Now.Add(m.leasing(k, w.TTL))
	for _, p := range charged {
		if p.End != nil && p.End.Before(expires) {
			expires = *p.End
		}
	}
	if k.Expires != nil && k.Expires.Before(expires) {
		expires = *k.Expires
	}
	r := &Reservation{Organization: k.Organization, Key: k.ID, Asked: w.asked(), Held: granted, Leased: &granted,
		status: db.ReservationStatusHELD, Admitted: m.Now, Expires: expires, charged: charged}
	m.Reservations = append(m.Reservations, r)
	return r
}

// leasing is how long a lease of a key lasts at most.
func (m *Model) leasing(k *Key, ttl time.Duration) time.Duration {
	return m.lasting(k, min(ttl, m.Organization(k.Organization).Leasing))
}

// draw takes what was recorded on a lease out of what it holds.
func (m *Model) draw(lease *Reservation, e *Event) {
	if m.Status(lease) != db.ReservationStatusHELD {
		return
	}
	lease.Held.Requests = max(0, lease.Held.Requests-e.Requests)
	lease.Held.Tokens = max(0, lease.Held.Tokens-e.Told.Input-e.Told.Output)
	lease.Held.Nanos = max(0, lease.Held.Nanos-e.Nanos)
}

// ReturnLease gives back what a lease holds, but for what is kept, which lasts for a time from now (0: as long as it did).
func (m *Model) ReturnLease(scope, id uuid.UUID, keep Usage, ttl time.Duration) *Answer {
	r := m.Reservation(scope, id)
	if r == nil || r.Leased == nil {
		return &Answer{Error: "NOT_FOUND"}
	}
	k := m.Named(uuid.Nil, r.Key, nil)
	if r.status = m.Status(r); r.status == db.ReservationStatusHELD {
		kept := Usage{min(r.Held.Requests, keep.Requests), min(r.Held.Tokens, keep.Tokens), min(r.Held.Nanos, keep.Nanos)}
		switch {
		case kept == Usage{}:
			r.status = db.ReservationStatusRELEASED
		case ttl > 0:
			r.Expires = m.Now.Add(m.leasing(k, ttl))
			fallthrough
		default:
			r.Held = kept
		}
	}
	return m.shown(&Answer{Key: k, Allowed: true}, r)
}
