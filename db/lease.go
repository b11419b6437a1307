package db

import (
	"time"

	"github.com/shopspring/decimal"

	"bursar/id"
)

// Lease is a reservation that a gateway hands out by itself and that several records draw on, as an answer shows it.
type Lease struct {
	*Reservation
	decidedAt time.Time
}

// Lease returns the lease in the answer; nil when there is none.
func (a *UsageAnswer) Lease() *Lease {
	if a.Reservation == nil {
		return nil
	}
	return &Lease{a.Reservation, a.DecidedAt}
}

// LeasesOf returns those reservations that are leases, as they stand at an instant.
func LeasesOf(reservations []*Reservation, at time.Time) (leases []*Lease) {
	for _, r := range reservations {
		if r.IsLease() {
			leases = append(leases, &Lease{r, at})
		}
	}
	return leases
}

// IsNode marks a type of GraphQL's interface Node.
func (*Lease) IsNode() {}

// held returns an amount of the lease as it stands: 0 once it is closed.
func (l *Lease) held(amount int64) int64 {
	if l.Status != ReservationStatusHELD {
		return 0
	}
	return amount
}

// ExternalID returns the lease's id.
func (l *Lease) ExternalID() string { return id.Lease.Format(l.ID) }

// HeldRequests returns the requests that the lease holds.
func (l *Lease) HeldRequests() int64 { return l.held(l.Requests) }

// HeldTokens returns the tokens that the lease holds.
func (l *Lease) HeldTokens() int64 { return l.held(l.Tokens) }

// HeldCost returns the US dollars that the lease holds.
func (l *Lease) HeldCost() decimal.Decimal { return dollars(l.held(l.CostNanos)) }

// ExpiresInMilliseconds returns how long the lease holds from the decision on, rounded down; 0 when it does not.
func (l *Lease) ExpiresInMilliseconds() int {
	return int(max(0, l.held(l.ExpiresAt.Sub(l.decidedAt).Milliseconds())))
}

// IsLease tells whether the reservation is a lease.
func (r *Reservation) IsLease() bool { return r.Leased != nil }

// LeaseGrant is what a lease was granted.
type LeaseGrant struct {
	Requests, Tokens int64
	Cost             decimal.Decimal // US dollars
}

// Granted returns what a lease was granted; nil for a reservation that is none.
func (r *Reservation) Granted() *LeaseGrant {
	if !r.IsLease() {
		return nil
	}
	return &LeaseGrant{r.Leased[0], r.Leased[1], dollars(r.Leased[2])}
}
