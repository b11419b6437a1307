package db

import (
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
func (r *RaiseRequest) Group() []*PolicyGroupValue { return raisedGroup(r.GroupBy, r.GroupValues) }

// PolicyRaise is a raise of a policy's budget.
type PolicyRaise struct{ *BudgetRaise }

// Values returns the group that is raised; nil: all of them.
func (r PolicyRaise) Values() []*PolicyGroupValue { return raisedGroup(r.GroupBy, r.GroupValues) }

func raisedGroup(attributes []string, values []*string) []*PolicyGroupValue {
	if attributes == nil {
		return nil
	}
	return GroupValues(attributes, values)
}
