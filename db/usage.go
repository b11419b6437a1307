package db

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"bursar/fault"
	"bursar/id"
)

// ErrTooLarge is a sum that does not fit into 64 bits.
var ErrTooLarge = errors.New("the sum does not fit into 64 bits")

// Fault returns what kept the request from being answered; nil when it was.
func (a *UsageAnswer) Fault() error {
	if a.Error == nil {
		return nil
	}
	switch fault.Code(*a.Error) {
	case fault.Unauthenticated:
		return fault.New(fault.Unauthenticated, "the token is unknown, expired or revoked")
	case fault.NotFound:
		return fault.New(fault.NotFound, "no such key or reservation")
	case fault.IdempotencyMismatch:
		return fault.New(fault.IdempotencyMismatch, "this requestId was used before with other contents; give every request its own")
	case fault.ReservationClosed:
		return fault.New(fault.ReservationClosed, "the reservation was settled or released already, or has expired")
	}
	return fault.New(fault.Internal, "internal error").Because(fmt.Errorf("unknown answer %q", *a.Error))
}

// Decision returns the answer as the decision that it contains.
func (a *UsageAnswer) Decision() *UsageAnswer { return a }

// ExternalAPIKeyID returns the key's id as clients know it; nil for an unknown key.
func (a *UsageAnswer) ExternalAPIKeyID() *string { return id.APIKey.FormatPointer(a.APIKeyID) }

// HTTPStatus returns what a gateway should answer: 200, 401 for the key, 412 if a budget denies, else 429.
func (a *UsageAnswer) HTTPStatus() int {
	status := 200
	for _, d := range a.Denials {
		switch {
		case d.Limit == nil:
			return 401
		case d.Limit.Kind == LimitKindBUDGET:
			status = 412
		case status == 200:
			status = 429
		}
	}
	return status
}

// RetryAfterSeconds returns the whole seconds from the decision to the latest end of a denying period, rounded up; nil
// when allowed and when waiting does not help.
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

// LimitID returns the refusing limit's id as clients know it; nil when the key itself was refused.
func (d *Denial) LimitID() *string {
	if d.Limit == nil {
		return nil
	}
	external := d.Limit.ExternalID()
	return &external
}

// Message returns the reason in a sentence.
func (d *Denial) Message() string {
	switch d.Reason {
	case DenialReasonKEYNOTFOUND:
		return "There is no such API key."
	case DenialReasonKEYDISABLED:
		return "The API key is disabled."
	case DenialReasonKEYEXPIRED:
		return "The API key has expired."
	case DenialReasonKEYREVOKED:
		return "The API key was revoked."
	}
	limit := d.Limit
	name := fmt.Sprintf("The %s %s limit of %s", limit.periodName(), limit.typeName(), limit.amountText(limit.Max()))
	if d.Reason == DenialReasonESTIMATEEXCEEDSLIMIT {
		return fmt.Sprintf("%s is smaller than the estimate of %s.", name,
			limit.amountText(amount(limit.Type, decimal.NewFromInt(d.EstimateUnits))))
	}
	until := "until the limit is raised or reset"
	if d.RetryAt != nil {
		until = "until " + d.RetryAt.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s has %s left, %s.", name, limit.amountText(limit.Remaining()), until)
}

func (s *LimitStatus) periodName() string {
	return map[LimitPeriod]string{
		LimitPeriodNONE: "total", LimitPeriodWEEKLY: "weekly", LimitPeriodMONTHLY: "monthly",
		LimitPeriodMINUTE: "per-minute", LimitPeriodHOUR: "hourly", LimitPeriodDAY: "daily",
	}[s.Period]
}

func (s *LimitStatus) typeName() string {
	return map[LimitType]string{LimitTypeCOST: "cost", LimitTypeTOKENS: "token", LimitTypeREQUESTS: "request"}[s.Type]
}

func (s *LimitStatus) amountText(d decimal.Decimal) string {
	if s.Type == LimitTypeCOST {
		return "$" + d.String()
	}
	return d.String()
}

// Cost returns what the reservation holds, in US dollars.
func (r *Reservation) Cost() decimal.Decimal { return dollars(r.CostNanos) }

// Cost returns the event's cost in US dollars.
func (e *UsageEvent) Cost() decimal.Decimal { return dollars(e.CostNanos) }

// Tokens returns input and output tokens together.
func (e *UsageEvent) Tokens() int64 { return e.InputTokens + e.OutputTokens }

// ProviderName returns who was paid; nil when the gateway did not say.
func (e *UsageEvent) ProviderName() *string { return named(e.Provider) }

// ModelName returns what was called; nil when the gateway did not say.
func (e *UsageEvent) ModelName() *string { return named(e.Model) }

func named(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// whole returns a count as 64 bits; ErrTooLarge past them.
func whole(d decimal.Decimal) (int64, error) {
	if !d.IsInteger() || d.GreaterThan(decimal.NewFromInt(math.MaxInt64)) {
		return 0, ErrTooLarge
	}
	return d.IntPart(), nil
}
