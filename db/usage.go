package db

import (
	"fmt"
	"math"
	"time"

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

// Decision returns the decision in the answer.
func (a *UsageAnswer) Decision() *UsageAnswer { return a }

// ExternalAPIKeyID returns the key's external id; nil for an unknown key.
func (a *UsageAnswer) ExternalAPIKeyID() *string { return id.APIKey.FormatPointer(a.APIKeyID) }

// Denier is what denies a request.
type Denier string

// What denies a request.
const (
	DeniedByNothing Denier = "" // it is admitted
	DeniedByKey     Denier = "KEY"
	DeniedByBudget  Denier = "BUDGET"
	DeniedByRate    Denier = "RATE" // and no budget does
)

// DeniedBy returns what denies the request: the key, else a budget if one does, else a rate limit.
func (a *UsageAnswer) DeniedBy() Denier {
	denier := DeniedByNothing
	for _, d := range a.Denials {
		switch {
		case d.Limit == nil:
			return DeniedByKey
		case d.Limit.Kind == LimitKindBUDGET:
			denier = DeniedByBudget
		case denier == DeniedByNothing:
			denier = DeniedByRate
		}
	}
	return denier
}

// RetryAfterSeconds returns the whole seconds from the decision to the latest end of a denying period, rounded up; nil
// when allowed and when only a change of a limit helps.
func (a *UsageAnswer) RetryAfterSeconds() *int {
	var latest time.Time
	for _, d := range a.Denials {
		if d.RetryAt == nil {
			return nil
		}
		if d.RetryAt.After(latest) {
			latest = *d.RetryAt
		}
	}
	if latest.IsZero() {
		return nil
	}
	seconds := int(math.Ceil(latest.Sub(a.DecidedAt).Seconds()))
	return &seconds
}

// LimitID returns the external id of the limit that refuses; nil when the key itself was refused.
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

// Cost returns the event's cost in US dollars.
func (e *UsageEvent) Cost() decimal.Decimal { return dollars(e.CostNanos) }

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
