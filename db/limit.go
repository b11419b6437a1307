package db

import (
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/id"
)

// BudgetLimit is a limit of kind BUDGET.
type BudgetLimit struct{ *LimitStatus }

// RateLimit is a limit of kind RATE.
type RateLimit struct{ *LimitStatus }

// IsNode marks a type of GraphQL's interface Node.
func (BudgetLimit) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (RateLimit) IsNode() {}

// ExternalID returns the limit's external id.
func (s *LimitStatus) ExternalID() string {
	if s.Kind == LimitKindBUDGET {
		return id.BudgetLimit.Format(s.ID)
	}
	return id.RateLimit.Format(s.ID)
}

// ExternalSubjectID returns the external id of the limit's subject.
func (s *LimitStatus) ExternalSubjectID() string {
	switch s.SubjectType {
	case SubjectTypeAPIKEY:
		return id.APIKey.Format(s.SubjectID)
	case SubjectTypeWORKSPACE:
		return id.Workspace.Format(s.SubjectID)
	}
	return id.Organization.Format(s.SubjectID)
}

// Max returns the amount or the limit, with raises: US dollars, tokens or requests.
func (s *LimitStatus) Max() decimal.Decimal {
	return amount(s.Type, decimal.NewFromInt(s.MaxUnits+s.RaisedUnits))
}

// Amount returns the amount without raises: US dollars, tokens or requests.
func (s *LimitStatus) Amount() decimal.Decimal { return amount(s.Type, decimal.NewFromInt(s.MaxUnits)) }

// Enforced tells whether the limit refuses requests: it is enabled, and not in SHADOW.
func (s *LimitStatus) Enforced() bool { return s.Enabled && s.Mode != LimitModeSHADOW }

// Used returns the settled usage: US dollars, tokens or requests.
func (s *LimitStatus) Used() decimal.Decimal { return amount(s.Type, s.UsedUnits) }

// Reserved returns what open reservations hold: US dollars or tokens.
func (s *LimitStatus) Reserved() decimal.Decimal {
	return amount(s.Type, decimal.NewFromInt(s.ReservedUnits))
}

// Remaining returns what may still be reserved, never below 0: US dollars, tokens or requests.
func (s *LimitStatus) Remaining() decimal.Decimal { return amount(s.Type, s.remainingUnits()) }

// Exhausted tells whether used and reserved have reached the maximum.
func (s *LimitStatus) Exhausted() bool { return s.remainingUnits().IsZero() }

// BudgetThreshold is a threshold of a budget: the amount at which it is reached, and the percent as which it was set; nil for one that was set as an amount.
type BudgetThreshold struct {
	Amount  decimal.Decimal
	Percent *int
}

// Thresholds returns all thresholds of a budget, ascending, as thresholds_of has them. One that was set both ways is the amount.
func (b BudgetLimit) Thresholds() []*BudgetThreshold {
	all := []*BudgetThreshold{}
	for _, units := range b.AlertUnits {
		all = append(all, &BudgetThreshold{Amount: amount(b.Type, decimal.NewFromInt(units))})
	}
	for _, percent := range b.AlertPercents {
		units := b.percentUnits(percent)
		of := amount(b.Type, decimal.NewFromInt(units))
		if units < b.MaxUnits && !slices.ContainsFunc(all, func(t *BudgetThreshold) bool { return t.Amount.Equal(of) }) {
			all = append(all, &BudgetThreshold{of, new(int(percent))})
		}
	}
	slices.SortStableFunc(all, func(x, y *BudgetThreshold) int { return x.Amount.Cmp(y.Amount) })
	return all
}

// AlertThresholdPercents returns the thresholds that were set in percent.
func (s *LimitStatus) AlertThresholdPercents() []int {
	percents := make([]int, len(s.AlertPercents))
	for i, percent := range s.AlertPercents {
		percents[i] = int(percent)
	}
	return percents
}

// AlertThresholds returns a budget's thresholds that were set as amounts: US dollars, tokens or requests.
func (s *LimitStatus) AlertThresholds() []decimal.Decimal { return amounts(s.Type, s.AlertUnits) }

func (s *LimitStatus) remainingUnits() decimal.Decimal {
	left := decimal.NewFromInt(s.MaxUnits + s.RaisedUnits).Sub(s.UsedUnits).Sub(decimal.NewFromInt(s.ReservedUnits))
	return decimal.Max(left, decimal.Zero)
}

// Raised returns what raises that are in force add to the amount: US dollars, tokens or requests.
func (b BudgetLimit) Raised() decimal.Decimal {
	return amount(b.Type, decimal.NewFromInt(b.RaisedUnits))
}

// Interval returns the window; nil for one that counts open reservations.
func (r RateLimit) Interval() *LimitPeriod {
	if r.Period == LimitPeriodNONE {
		return nil
	}
	return &r.Period
}

// Limit returns the requests or tokens that a window admits.
func (r RateLimit) Limit() int64 { return r.MaxUnits }

// Used returns the requests or tokens of this window, exactly: what is reported beyond the limit counts, so it may pass 64 bits.
func (r RateLimit) Used() decimal.Decimal { return r.UsedUnits }

// Reserved returns the tokens that open reservations hold in this window.
func (r RateLimit) Reserved() int64 { return r.ReservedUnits }

// Remaining returns the requests or tokens that this window still admits, at most the limit.
func (r RateLimit) Remaining() int64 { return r.remainingUnits().IntPart() }

// Amount returns the period's amount: US dollars or tokens.
func (p *BudgetPeriod) Amount() decimal.Decimal {
	return amount(p.Type, decimal.NewFromInt(p.MaxUnits))
}

// Used returns what was used in the period: US dollars or tokens.
func (p *BudgetPeriod) Used() decimal.Decimal { return amount(p.Type, p.UsedUnits) }

// SubjectID is a subject of limits and recipients, with its organization.
type SubjectID struct{ OrganizationID, ID uuid.UUID }

// LimitMode says whether a limit refuses requests, or only says what it would refuse.
type LimitMode string

// The modes of limits.
const (
	LimitModeENFORCE LimitMode = "ENFORCE"
	LimitModeSHADOW  LimitMode = "SHADOW"
)

// AllLimitModeValues returns the modes of limits.
func AllLimitModeValues() []LimitMode { return []LimitMode{LimitModeENFORCE, LimitModeSHADOW} }

// UnenforcedMode says why a counter refuses nothing.
type UnenforcedMode string

// Why a counter refuses nothing: its limit is in SHADOW, or is not enabled.
const (
	UnenforcedModeSHADOW   UnenforcedMode = "SHADOW"
	UnenforcedModeDISABLED UnenforcedMode = "DISABLED"
)

// RaiseRequestStatus says what has become of a request for a raise.
type RaiseRequestStatus string

// What may become of a request for a raise.
const (
	RaiseRequestStatusOPEN     RaiseRequestStatus = "OPEN"
	RaiseRequestStatusGRANTED  RaiseRequestStatus = "GRANTED"
	RaiseRequestStatusDECLINED RaiseRequestStatus = "DECLINED"
)
