package db

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/fault"
	"bursar/id"
)

// Fault returns the error of a request without an answer; nil when there is an answer.
func (a *UsageAnswer) Fault() error {
	if a.Error == nil {
		return nil
	}
	switch fault.Code(*a.Error) {
	case fault.Unauthenticated:
		return fault.ErrToken
	case fault.NotFound:
		return fault.ErrNoKeyOrReservation
	case fault.IdempotencyMismatch:
		return fault.ErrRequestIDReused
	case fault.ReservationClosed:
		return fault.ErrReservationClosed
	}
	return fault.ErrInternal.Because(fmt.Errorf("unknown answer %q", *a.Error))
}

// Deny takes the error away from an answer that denies: a repeated request whose reservation holds nothing any more is denied, and has an
// error as well for servers of release 1, which do not know the denial's reason.
func (a *UsageAnswer) Deny() {
	if len(a.Refusals()) > 0 {
		a.Error = nil
	}
}

// Refusals returns why the request is denied: what Denials has, but for what limits in SHADOW would have denied.
func (a *UsageAnswer) Refusals() []*Denial {
	if !slices.ContainsFunc(a.Denials, isShadow) {
		return a.Denials
	}
	return slices.DeleteFunc(slices.Clone(a.Denials), isShadow)
}

// ShadowDenials returns what limits in SHADOW would have denied; nil for nothing.
func (a *UsageAnswer) ShadowDenials() (shadow []*Denial) {
	for _, d := range a.Denials {
		if d.Shadow {
			shadow = append(shadow, d)
		}
	}
	return shadow
}

func isShadow(d *Denial) bool { return d.Shadow }

// Decision returns the decision in the answer.
func (a *UsageAnswer) Decision() *UsageAnswer { return a }

// ExternalAPIKeyID returns the key's external id; nil for an unknown key.
func (a *UsageAnswer) ExternalAPIKeyID() *string { return id.APIKey.FormatPointer(a.APIKeyID) }

// Denier is what denies a request.
type Denier string

// What denies a request.
const (
	DeniedByNothing     Denier = "" // it is admitted
	DeniedByKey         Denier = "KEY"
	DeniedByReservation Denier = "RESERVATION" // that of its requestId holds nothing any more
	DeniedByBudget      Denier = "BUDGET"
	DeniedByRate        Denier = "RATE" // or by what the key holds, or by a policy's number of groups, and no budget does
	// DeniedByLease says that a lease is denied, and requests may pass one by one.
	DeniedByLease Denier = "LEASE"
)

// DeniedBy returns what denies the request: the key or the reservation, else a budget if one does, else a rate limit.
func (a *UsageAnswer) DeniedBy() Denier {
	denier := DeniedByNothing
	for _, d := range a.Refusals() {
		switch {
		case d.Reason == DenialReasonRESERVATIONCLOSED:
			return DeniedByReservation
		case d.Reason == DenialReasonLEASESNOTALLOWED, d.Reason == DenialReasonLEASETOOSMALL:
			return DeniedByLease
		case d.Reason == DenialReasonPRICEUNKNOWN: // so that nobody knows what to hold of a budget
			denier = DeniedByBudget
		case d.Reason == DenialReasonPOLICYGROUPSEXHAUSTED:
			denier = cmp.Or(denier, DeniedByRate)
		case d.Limit == nil:
			return DeniedByKey
		case d.DeniedByBudget():
			denier = DeniedByBudget
		case denier == DeniedByNothing:
			denier = DeniedByRate
		}
	}
	return denier
}

// Decisive returns the denial that decides the HTTP status: the key's or the reservation's, else the first of a budget, else the first; nil
// when nothing denies the request.
func (a *UsageAnswer) Decisive() (decisive *Denial) {
	for _, d := range a.Refusals() {
		switch {
		case d.Limit == nil:
			return d
		case decisive == nil, !decisive.DeniedByBudget() && d.DeniedByBudget():
			decisive = d
		}
	}
	return decisive
}

// RetryAfterSeconds returns the whole seconds from the decision to the latest end of a denying period, rounded up; nil
// when allowed and when only a change of a limit helps. Nobody knows when one of too many open requests ends: a second, for those.
func (a *UsageAnswer) RetryAfterSeconds() *int {
	var latest time.Time
	for _, d := range a.Refusals() {
		at := d.RetryAt
		if d.TooManyOpen() {
			at = new(a.DecidedAt.Add(time.Second))
		}
		if at == nil {
			return nil
		}
		if at.After(latest) {
			latest = *at
		}
	}
	if latest.IsZero() {
		return nil
	}
	seconds := int(math.Ceil(latest.Sub(a.DecidedAt).Seconds()))
	return &seconds
}

// TooManyOpen tells whether too many reservations are open at the same time, of which each may end at any moment.
func (d *Denial) TooManyOpen() bool {
	return d.Reason == DenialReasonRATELIMITED && d.Limit != nil && d.Limit.Type == LimitTypePARALLELREQUESTS
}

// DeniedByBudget tells whether a budget has no room, and not the key's share of it.
func (d *Denial) DeniedByBudget() bool {
	return d.Limit != nil && d.Limit.Kind == LimitKindBUDGET && d.Reason != DenialReasonHOLDSEXCEEDED
}

// Bound returns what the key may hold of the limit: US dollars or tokens.
func (d *Denial) Bound() decimal.Decimal {
	return amount(d.Limit.Type, decimal.NewFromInt(d.BoundUnits))
}

// LimitID returns the external id of the limit that refuses; nil when none does.
func (d *Denial) LimitID() *string {
	if d.Limit == nil {
		return nil
	}
	external := d.Limit.ExternalID()
	return &external
}

// Estimate returns what the request asked of the limit that denies: US dollars, tokens or requests.
func (d *Denial) Estimate() decimal.Decimal {
	return amount(d.Limit.Type, decimal.NewFromInt(d.EstimateUnits))
}

// Cost returns what the reservation holds, in US dollars.
func (r *Reservation) Cost() decimal.Decimal { return dollars(r.CostNanos) }

// ExternalAPIKeyID returns the external id of the key that the reservation was made for.
func (r *Reservation) ExternalAPIKeyID() string { return id.APIKey.Format(r.APIKeyID) }

// Cost returns what was given back, in US dollars.
func (h *ReleasedHold) Cost() decimal.Decimal { return h.CostNanos.Shift(-9) }

// Cost returns the event's cost in US dollars.
func (e *UsageEvent) Cost() decimal.Decimal { return dollars(e.CostNanos) }

// Repriceable returns the event's id if a repricing may correct it; nil for one whose cost a gateway gave, and for a correction.
func (e *UsageEvent) Repriceable() *uuid.UUID {
	if e.Corrects != nil || e.PriceID == nil && !e.Unpriced {
		return nil
	}
	return &e.ID
}

// Tokens returns input and output tokens together.
func (e *UsageEvent) Tokens() int64 { return e.InputTokens + e.OutputTokens }

// ProviderName returns the provider; nil when the gateway did not report it.
func (e *UsageEvent) ProviderName() *string { return named(e.Provider) }

// ModelName returns the model; nil when the gateway did not report it.
func (e *UsageEvent) ModelName() *string { return named(e.Model) }

func named(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
