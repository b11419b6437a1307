package db_test

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
)

// model is what Bursar promises, in plain Go: it keeps what was asked for and sums every number anew, so that there is no
// counter that could be wrong. TestFunctionsAreTheModel holds the database's functions against it.
type model struct {
	now           time.Time
	organizations []*modelOrganization
	keys          []*modelKey
	limits        []*modelLimit // that exist
	reservations  []*modelReservation
	events        []*modelEvent
	alerts        []*modelAlert
}

type modelOrganization struct {
	id         uuid.UUID
	plan       db.Plan
	governance bool                   // what the operator set; decides for PRO alone
	managers   []string               // addresses of owners and admins
	added      map[uuid.UUID][]string // addresses by subject, in whatever case
}

type modelKey struct {
	id, organization, workspace uuid.UUID // no workspace: the organization's own
	creator                     string    // address
	secrets                     []modelSecret
	enabled, revoked, mails     bool
	expires                     *time.Time
}

type modelSecret struct {
	hash string
	ends *time.Time // of the transition, when the key was rotated
}

// modelLimit is a limit with all of its periods or windows; the last one is the current one.
type modelLimit struct {
	id, organization, subject uuid.UUID
	on                        db.SubjectType
	kind                      db.LimitKind
	periods                   []*modelPeriod
}

// modelPeriod is a period of a budget or a window of a rate, with the limit as it was in it.
type modelPeriod struct {
	limit              *modelLimit
	number, generation int32
	unit               db.LimitType
	length             db.LimitPeriod
	start              time.Time
	end, closed        *time.Time
	amount             int64
	thresholds         []int64
	charges            []modelUsage
	fired              []int64 // thresholds
	exhausted          bool    // EXHAUSTED was raised, and the amount not since
}

// modelUsage is an amount of each unit.
type modelUsage struct{ requests, tokens, nanos int64 }

type modelReservation struct {
	id, organization, key uuid.UUID
	asked                 estimate
	status                db.ReservationStatus // HELD past its expiry means EXPIRED
	admitted, expires     time.Time
	charged               []*modelPeriod
}

type modelEvent struct {
	id, organization, key uuid.UUID
	told                  report
	requests, counted     int64
	charged               []*modelPeriod
	at                    time.Time
}

// in picks the amount that a limit of a unit counts.
func (u modelUsage) in(unit db.LimitType) int64 {
	switch unit {
	case db.LimitTypeCOST:
		return u.nanos
	case db.LimitTypeTOKENS:
		return u.tokens
	}
	return u.requests
}

// used is what was settled in a period, in its unit.
func (p *modelPeriod) used() decimal.Decimal {
	sum := decimal.Zero
	for _, c := range p.charges {
		sum = sum.Add(whole(c.in(p.unit)))
	}
	return sum
}

// reserved is what open reservations hold of a period, in its unit; requests are not held but count at once.
func (m *model) reserved(p *modelPeriod) decimal.Decimal {
	sum := decimal.Zero
	for _, r := range m.reservations {
		if m.status(r) == db.ReservationStatusHELD {
			sum = sum.Add(r.holds(p))
		}
	}
	return sum
}

// holds is what a reservation holds of a period while it is open.
func (r *modelReservation) holds(p *modelPeriod) decimal.Decimal {
	if !slices.Contains(r.charged, p) {
		return decimal.Zero
	}
	return whole(modelUsage{tokens: r.asked.tokens, nanos: r.asked.nanos}.in(p.unit))
}

// status is a reservation's status now: one that is past its expiry has expired, whoever noticed.
func (m *model) status(r *modelReservation) db.ReservationStatus {
	if r.status == db.ReservationStatusHELD && !m.now.Before(r.expires) {
		return db.ReservationStatusEXPIRED
	}
	return r.status
}

func (l *modelLimit) current() *modelPeriod { return l.periods[len(l.periods)-1] }

func (m *model) organization(id uuid.UUID) *modelOrganization {
	return m.organizations[slices.IndexFunc(m.organizations, func(o *modelOrganization) bool { return o.id == id })]
}

// governed tells whether an organization's plan lets it create and change limits.
func (o *modelOrganization) governed() bool {
	return o.plan == db.PlanENTERPRISE || o.plan == db.PlanPRO && o.governance
}
