package db

import (
	"time"

	"github.com/shopspring/decimal"

	"bursar/id"
)

// By returns what the raise adds: US dollars, tokens or requests.
func (r *BudgetRaise) By() decimal.Decimal { return amount(r.Type, decimal.NewFromInt(r.Units)) }

// In tells whether the raise was in force in a period of its budget.
func (r *BudgetRaise) In(p *BudgetPeriod) bool {
	if r.BudgetLimitID != p.BudgetLimitID || r.Type != p.Type || p.PeriodEnd != nil && !r.GrantedAt.Before(*p.PeriodEnd) {
		return false
	}
	if r.OfPeriod || r.PeriodNumber >= p.PeriodNumber {
		return r.PeriodNumber == p.PeriodNumber
	}
	return r.Until.After(p.PeriodStart) && (r.EndedAt == nil || r.EndedAt.After(p.PeriodStart)) // until is of every raise that is of no period
}

// IsNode marks a type of GraphQL's interface Node.
func (*RaiseRequest) IsNode() {}

// ExternalID returns the request's external id.
func (r *RaiseRequest) ExternalID() string { return id.RaiseRequest.Format(r.ID) }

// By returns what was asked for: US dollars, tokens or requests.
func (r *RaiseRequest) By() decimal.Decimal { return amount(r.Type, decimal.NewFromInt(r.Units)) }

// Group returns the group of a policy that is to be raised; nil: all of them, and for a budget of no policy.
func (r *RaiseRequest) Group() []*PolicyGroupValue {
	if r.GroupID == nil {
		return nil
	}
	return GroupValues(r.GroupBy, r.GroupValues)
}

// PolicyRaise is a raise of a policy's budget.
type PolicyRaise struct{ *BudgetRaise }

// Values returns the group that is raised; nil: all of them.
func (r PolicyRaise) Values() []*PolicyGroupValue {
	if r.GroupID == nil {
		return nil
	}
	return GroupValues(r.GroupBy, r.GroupValues)
}

// firstStart returns when the first of some periods began.
func firstStart(periods []*BudgetPeriod) (first time.Time) {
	for i, p := range periods {
		if i == 0 || p.PeriodStart.Before(first) {
			first = p.PeriodStart
		}
	}
	return first
}

// RaisesOfPeriods returns what to read for the raises of some periods.
func RaisesOfPeriods(periods []*BudgetPeriod) *ListRaisesSinceParams {
	params := &ListRaisesSinceParams{Since: firstStart(periods)}
	for _, p := range periods {
		params.OrganizationIDs, params.BudgetLimitIDs = append(params.OrganizationIDs, p.OrganizationID), append(params.BudgetLimitIDs, p.BudgetLimitID)
	}
	return params
}
