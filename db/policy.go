package db

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/id"
)

// PolicyGroupName names a group of a policy, in answers of enforcement.
type PolicyGroupName struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name"`
	Attributes []string  `json:"attributes"`
	GroupID    uuid.UUID `json:"group_id"` // zero in answers of enforcement
	Values     []*string `json:"values"`   // beside Attributes; nil: requests do not have the attribute; nil as a whole: no group
}

// PolicyGroupValue is what the requests of a group have for an attribute; nil: they do not have it.
type PolicyGroupValue struct {
	Attribute string
	Value     *string
}

// PolicyBudgetLimit is a budget of a policy.
type PolicyBudgetLimit struct{ *LimitStatus }

// PolicyRateLimit is a rate limit of a policy.
type PolicyRateLimit struct{ RateLimit }

// IsNode marks a type of GraphQL's interface Node.
func (*Policy) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (PolicyBudgetLimit) IsNode() {}

// ExternalPolicyID returns the external id of the policy that the budget is of.
func (l PolicyBudgetLimit) ExternalPolicyID() string { return id.Policy.Format(l.SubjectID) }

// Thresholds returns the budget's thresholds as they were set, with their amounts.
func (l PolicyBudgetLimit) Thresholds() []*BudgetThreshold { return BudgetLimit(l).Thresholds() }

// AlertThresholdPercents returns the thresholds that were set in percent.
func (l PolicyBudgetLimit) AlertThresholdPercents() []int {
	return BudgetLimit(l).AlertThresholdPercents()
}

// Raised returns what raises of all groups that are in force add to the amount: US dollars, tokens or requests.
func (l PolicyBudgetLimit) Raised() decimal.Decimal { return BudgetLimit(l).Raised() }

// ExternalPolicyID returns the external id of the policy that the rate limit is of.
func (l PolicyRateLimit) ExternalPolicyID() string { return id.Policy.Format(l.SubjectID) }

// ExternalID returns the policy's external id.
func (p *Policy) ExternalID() string { return id.Policy.Format(p.ID) }

// LastChange returns the policy's version, when it was changed last, and by whom.
func (p *Policy) LastChange() Change {
	return changeOf(p.Version, p.CreatedAt, p.UpdatedAt, p.UpdatedBy)
}

// LastChangedAt returns when the policy was changed last, or when it was created.
func (p *Policy) LastChangedAt() time.Time { return p.LastChange().At }

// ExternalID returns the policy's external id.
func (n *PolicyGroupName) ExternalID() string { return id.Policy.Format(n.ID) }

// GroupValues returns the values of the group; none where there is no group.
func (n *PolicyGroupName) GroupValues() []*PolicyGroupValue {
	return GroupValues(n.Attributes, n.Values)
}

// GroupValues returns values of a group beside the attributes by which its policy groups.
func GroupValues(attributes []string, values []*string) []*PolicyGroupValue {
	all := make([]*PolicyGroupValue, len(values))
	for i, value := range values {
		all[i] = &PolicyGroupValue{Attribute: attributes[i], Value: value}
	}
	return all
}

// Values returns the values of the group.
func (g *ListedGroup) Values() []*PolicyGroupValue { return GroupValues(g.GroupBy, g.GroupValues) }

// ExternalLimitID returns the external id of the limit of which a group has an amount of its own.
func (o *ListPolicyOverridesRow) ExternalLimitID() string {
	return (&LimitStatus{Kind: o.Kind, ID: o.LimitID}).ExternalID()
}

// Amount returns the group's own amount: US dollars, tokens or requests.
func (o *ListPolicyOverridesRow) Amount() decimal.Decimal {
	return amount(o.Type, decimal.NewFromInt(o.MaxUnits))
}

// Values returns the values of the group.
func (o *ListPolicyOverridesRow) Values() []*PolicyGroupValue {
	return GroupValues(o.GroupBy, o.GroupValues)
}

// Refusing returns the policy that denies the request, and the group; nil when none does.
func (d *Denial) Refusing() *PolicyGroupName {
	if d.Limit != nil {
		return d.Limit.Policy
	}
	return d.Policy
}
