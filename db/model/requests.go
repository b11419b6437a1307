package model

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// Estimate is a request for a check or a reservation.
type Estimate struct {
	Organization            uuid.UUID // the scope in which the key is looked for; zero is the operator's, every organization
	Key                     uuid.UUID
	Secret                  []byte // hash; in place of the key
	ID                      string // for repetitions; empty for none
	Requests, Tokens, Nanos int64  // NotGiven tokens and nano-dollars are computed
	TTL                     time.Duration
	Provider, Model, Tier   string // empty: not given
	Input, Output           int64  // tokens; NotGiven
	User                    string // in the metadata; empty: not given
}

// Answer is what a request is answered.
type Answer struct {
	Error             string // a code; nothing else is promised with it
	Allowed, Replayed bool
	Key               *Key
	Limits            bool     // whether the standing of the key's limits is told
	Groups            []*Group // of policies, whose limits are told with them
	Denials           []Denial
	Shadowed          []Denial // that limits in SHADOW would have made of a reservation
	Reservation       *Reservation
	Status            db.ReservationStatus // of the reservation, when it was answered
	Held              Usage                // as Status
	Expires           time.Time            // as Status
	Event             *Event
}

// Denial is one reason why a request is refused.
type Denial struct {
	Reason   db.DenialReason
	Period   *Period // nil when no limit refuses
	Estimate int64   // in the limit's unit
	Next     int64   // the limit's amount when its period ends, with raises
	Bound    int64   // of HOLDS_EXCEEDED
}

// Named returns the key that an id or a secret names in a scope; nil for none.
func (m *Model) Named(scope, id uuid.UUID, secret []byte) *Key {
	for _, k := range m.Keys {
		if scope != uuid.Nil && scope != k.Organization {
			continue
		}
		named := slices.ContainsFunc(k.Secrets, func(s Secret) bool {
			return s.Hash == string(secret) && (s.Ends == nil || m.Now.Before(*s.Ends))
		})
		if named || len(secret) == 0 && k.ID == id {
			return k
		}
	}
	return nil
}

// denials returns why a request is refused: for the key alone, or for every limit that does; none when it is admitted. shadowed is why
// limits in SHADOW would have refused it.
func (m *Model) denials(k *Key, e asking, groups []*Group, exhausted bool) (all, shadowed []Denial) {
	if barred := m.barredNow(k, exhausted); barred != nil {
		return barred, nil
	}
	periods := append(m.currentOf(k), periodsOf(groups)...)
	all = []Denial{}
	if e.unpriced && !m.Organization(k.Organization).Unpriced &&
		slices.ContainsFunc(periods, func(p *Period) bool { return p.Unit == db.LimitTypeCOST && p.Limit.enforced() }) {
		all = append(all, Denial{Reason: db.DenialReasonPRICEUNKNOWN})
	}
	for _, p := range periods {
		wanted, amount, taken := e.in(p.Unit), m.Amount(p), p.Used().Add(m.Reserved(p))
		if p.Limit.Disabled || taken.LessThan(whole(amount)) && taken.Add(whole(wanted)).LessThanOrEqual(whole(amount)) {
			continue
		}
		reason := db.DenialReasonRATELIMITED
		switch {
		case wanted > amount:
			reason = db.DenialReasonESTIMATEEXCEEDSLIMIT
		case p.Limit.Kind == db.LimitKindBUDGET:
			reason = db.DenialReasonBUDGETEXHAUSTED
		}
		denial := Denial{Reason: reason, Period: p, Estimate: wanted, Next: m.amountThen(p)}
		if p.Limit.Shadow {
			shadowed = append(shadowed, denial)
		} else {
			all = append(all, denial)
		}
	}
	return append(all, m.exceeding(k, e)...), shadowed
}

// barredNow is barred for a request for which a policy may have no further group, if exhausted.
func (m *Model) barredNow(k *Key, exhausted bool) []Denial {
	if barred := m.barred(k); barred != nil || !exhausted {
		return barred
	}
	return []Denial{{Reason: db.DenialReasonPOLICYGROUPSEXHAUSTED}}
}

// attributes are what policies look at.
func (e Estimate) attributes() Attributes { return Attributes{e.Provider, e.Model, e.User} }

// barred returns why a key may not be used, whatever its limits say; none when it may.
func (m *Model) barred(k *Key) []Denial {
	switch {
	case k == nil:
		return []Denial{{Reason: db.DenialReasonKEYNOTFOUND}}
	case k.Revoked:
		return []Denial{{Reason: db.DenialReasonKEYREVOKED}}
	case k.Expires != nil && !m.Now.Before(*k.Expires):
		return []Denial{{Reason: db.DenialReasonKEYEXPIRED}}
	case !k.Enabled:
		return []Denial{{Reason: db.DenialReasonKEYDISABLED}}
	}
	return nil
}

// repeats tells whether an estimate has the contents of another, whoever sent it.
func (e Estimate) repeats(other Estimate) bool {
	contents := func(e Estimate) [10]any {
		return [10]any{e.User, e.Requests, e.Tokens, e.Nanos, e.TTL, e.Provider, e.Model, e.Tier, e.Input, e.Output}
	}
	return contents(e) == contents(other)
}

// Check answers without a trace.
func (m *Model) Check(e Estimate) *Answer {
	k := m.Named(e.Organization, e.Key, e.Secret)
	groups, exhausted := m.groups(k, e.attributes(), false)
	answer := m.checked(k, m.asking(k, e), groups, exhausted)
	answer.Shadowed = nil // nothing is counted
	return answer
}

func (m *Model) checked(k *Key, e asking, groups []*Group, exhausted bool) *Answer {
	denials, shadowed := m.denials(k, e, groups, exhausted)
	return &Answer{Key: k, Limits: k != nil, Groups: groups, Denials: denials, Shadowed: shadowed, Allowed: len(denials) == 0}
}

// Reserve admits or denies a request; what is admitted holds its estimate until it is closed or expires.
func (m *Model) Reserve(e Estimate) *Answer {
	k := m.Named(e.Organization, e.Key, e.Secret)
	groups, exhausted := m.groups(k, e.attributes(), true)
	for _, r := range m.Reservations {
		if k == nil || e.ID == "" || r.Organization != k.Organization || r.Asked.ID != e.ID {
			continue
		}
		if r.Leased != nil || r.Key != k.ID || !r.Asked.repeats(e) {
			return &Answer{Error: "IDEMPOTENCY_MISMATCH"}
		}
		denials := m.barredNow(k, exhausted)
		if len(denials) == 0 && m.Status(r) != db.ReservationStatusHELD {
			denials = []Denial{{Reason: db.DenialReasonRESERVATIONCLOSED}}
		}
		return m.shown(&Answer{Key: k, Limits: true, Groups: groups, Allowed: len(denials) == 0, Replayed: true, Denials: denials}, r)
	}
	asking := m.asking(k, e)
	answer := m.checked(k, asking, groups, exhausted)
	if !answer.Allowed {
		for _, d := range answer.Denials {
			if d.Reason == db.DenialReasonBUDGETEXHAUSTED {
				m.raise(d.Period, &d.Estimate)
			}
		}
		return answer
	}
	r := &Reservation{Organization: k.Organization, Key: k.ID, Asked: e, Held: asking.Usage, Price: asking.price,
		Multiplier: asking.multiplier, status: db.ReservationStatusHELD, Admitted: m.Now, Expires: m.Now.Add(m.lasting(k, e.TTL)), charged: append(m.currentOf(k), periodsOf(groups)...)}
	m.Reservations = append(m.Reservations, r)
	for _, p := range r.charged {
		p.Charges = append(p.Charges, p.admitted(e.Requests))
	}
	return m.shown(answer, r)
}

// shown adds a reservation to an answer, as it stands now.
func (m *Model) shown(a *Answer, r *Reservation) *Answer {
	a.Reservation, a.Status, a.Expires, a.Held = r, m.Status(r), r.Expires, r.Held
	return a
}

// Reservation returns a reservation by its id, within a scope (zero is the operator's); nil for none.
func (m *Model) Reservation(scope, id uuid.UUID) *Reservation {
	for _, r := range m.Reservations {
		if r.ID == id && (scope == uuid.Nil || scope == r.Organization) {
			return r
		}
	}
	return nil
}
