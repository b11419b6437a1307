// Package model is the oracle of the tests: what Bursar promises about limits, reservations, usage and alerts, in plain Go.
//
// It stores requests and computes each sum from them, so that it has no counter that could be wrong. It knows no database;
// a test asks it what it asks the database's functions, and compares. Of package db it takes the names of statuses, reasons and
// units alone.
//
// Ids of what a request makes are the database's to choose: a test sets them after the first answer.
package model

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
)

// Model is some organizations with all that ever happened to them, at one instant.
type Model struct {
	Now           time.Time // moved by MoveTo
	Organizations []*Organization
	Keys          []*Key
	Limits        []*Limit // that exist
	Reservations  []*Reservation
	Events        []*Event
	Alerts        []*Alert
	Prices        []*Price
	Multipliers   []*Multiplier
	Policies      []*Policy
}

// Organization is an organization and who hears of its alerts.
type Organization struct {
	ID         uuid.UUID
	Plan       db.Plan
	Governance bool                   // what the operator set; decides for PRO alone
	Percent    int64                  // of the smallest budget above a key, which the key may hold; 0: any
	Longest    time.Duration          // for which a reservation holds; 0: any
	Unpriced   bool                   // requests without a price are admitted
	NoLeases   bool                   // none are granted
	Leasing    time.Duration          // for which a lease lasts at most
	Managers   []string               // addresses of owners and admins
	Added      map[uuid.UUID][]string // addresses by subject, in whatever case
}

// Key is an API key.
type Key struct {
	ID, Organization, Workspace uuid.UUID // no workspace: the organization's own
	Creator                     string    // address
	Secrets                     []Secret  // the last one is the current one
	Enabled, Revoked, Mails     bool
	Expires                     *time.Time // nil: never
}

// Secret is a secret of a key.
type Secret struct {
	Hash string
	Ends *time.Time // of the transition, when the key was rotated; nil for the current one
}

// Limit is a limit with all of its periods or windows; the last one is the current one.
type Limit struct {
	ID, Organization, Subject uuid.UUID
	On                        db.SubjectType
	Kind                      db.LimitKind
	Disabled, Shadow          bool // it refuses nothing; one in SHADOW says what it would have refused, and alerts
	Periods                   []*Period
	Raises                    []*Raise // that may be in force
	Named                     []*Named // who hears of single alerts
	Group                     *Group   // of a policy, that it is of; nil: of none
}

// Period is a period of a budget or a window of a rate, with the limit as it was in it.
type Period struct {
	Limit              *Limit
	Number, Generation int32
	Unit               db.LimitType
	Length             db.LimitPeriod
	Place              Place
	Start              time.Time
	End, Closed        *time.Time // End is nil for a limit without a reset, Closed while history does not show the period as ended
	Amount             int64      // without raises in the current one, with those of its end in one that has ended
	Thresholds         []int64    // ascending
	Charges            []Usage    // what was settled
	fired              []int64    // thresholds that have raised an alert
	exhausted          bool       // EXHAUSTED was raised, and the amount not since
	refused            bool       // REFUSED was raised
}

// Usage is an amount of each unit.
type Usage struct{ Requests, Tokens, Nanos int64 }

// Reservation is a request that was admitted.
type Reservation struct {
	ID, Organization, Key uuid.UUID
	Asked                 Estimate
	Held                  Usage       // what was asked for, or what its price makes of it
	Price                 *Price      // fixed for its usage; nil: none
	Multiplier            *Multiplier // of the price; nil: 1
	Admitted, Expires     time.Time
	Leased                *Usage // what a lease was granted, of which Held is left; nil for a reservation
	charged               []*Period
	status                db.ReservationStatus // HELD past its expiry means EXPIRED
}

// Event is usage that was recorded.
type Event struct {
	ID, Organization, Key uuid.UUID
	Told                  Report
	Requests              int64  // what was told, or what its absence means
	Counted               int64  // of the requests, those that its reservation had not counted
	Charge                       // what it costs
	Provider, Model, Tier string // what was told, or what the reservation is for
	At                    time.Time
	OnLease               bool // what it names is no reservation
	charged               []*Period
}

// in picks the amount that a limit of a unit counts.
func (u Usage) in(unit db.LimitType) int64 {
	switch unit {
	case db.LimitTypeCOST:
		return u.Nanos
	case db.LimitTypeTOKENS:
		return u.Tokens
	}
	if unit == db.LimitTypePARALLELREQUESTS {
		return 1 // the request itself
	}
	return u.Requests
}

// Used is what was settled in a period, in its unit.
func (p *Period) Used() decimal.Decimal {
	sum := decimal.Zero
	if p.Unit == db.LimitTypePARALLELREQUESTS {
		return sum // they are held alone
	}
	for _, c := range p.Charges {
		sum = sum.Add(whole(c.in(p.Unit)))
	}
	return sum
}

// Alerted tells whether something in the period has raised an alert that it will not raise again.
func (p *Period) Alerted() bool { return p.exhausted || p.refused || len(p.fired) > 0 }

// Reserved is what open reservations hold of a period, in its unit; a rate's requests are not held but count at once.
func (m *Model) Reserved(p *Period) decimal.Decimal {
	sum := decimal.Zero
	for _, r := range m.Reservations {
		if m.Status(r) == db.ReservationStatusHELD {
			sum = sum.Add(r.Holds(p))
		}
	}
	return sum
}

// Holds is what a reservation holds of a period while it is open.
func (r *Reservation) Holds(p *Period) decimal.Decimal {
	if !slices.Contains(r.charged, p) {
		return decimal.Zero
	}
	if p.Limit.Kind == db.LimitKindRATE && p.Unit != db.LimitTypeTOKENS && r.Leased != nil {
		return whole(r.Held.Requests) // each may be open, and counts when it is recorded
	}
	if p.Limit.Kind == db.LimitKindRATE && p.Unit == db.LimitTypeREQUESTS {
		return decimal.Zero
	}
	return whole(r.Held.in(p.Unit))
}

// Status is a reservation's status now: one that is past its expiry has expired, and so has one whose key has, whoever noticed.
func (m *Model) Status(r *Reservation) db.ReservationStatus {
	k := m.Named(uuid.Nil, r.Key, nil)
	if r.status == db.ReservationStatusHELD && (!m.Now.Before(r.Expires) || k.Expires != nil && !m.Now.Before(*k.Expires)) {
		return db.ReservationStatusEXPIRED
	}
	return r.status
}

// Current is the period or window that counts now.
func (l *Limit) Current() *Period { return l.Periods[len(l.Periods)-1] }

// Organization returns an organization, which must exist.
func (m *Model) Organization(id uuid.UUID) *Organization {
	return m.Organizations[slices.IndexFunc(m.Organizations, func(o *Organization) bool { return o.ID == id })]
}

// governed tells whether an organization's plan lets it create and change limits.
func (o *Organization) governed() bool {
	return o.Plan == db.PlanENTERPRISE || o.Plan == db.PlanPRO && o.Governance
}

func whole(n int64) decimal.Decimal { return decimal.NewFromInt(n) }
