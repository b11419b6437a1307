package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/validate"
	"bursar/id"
)

// maxOverrides is how many amounts of single groups of a policy are listed.
const maxOverrides = 1000

// Policy finds the policy with an id.
func (f *Finder) Policy(ctx context.Context, field, external string) (*db.Policy, error) {
	_, parsed, err := validate.ID(field, external, id.Policy)
	if err != nil {
		return nil, err
	}
	return f.PolicyIn(ctx, f.Within(ctx), field, parsed)
}

// PolicyIn finds a policy.
func (f *Finder) PolicyIn(ctx context.Context, on db.DBTX, field string, policyID uuid.UUID) (*db.Policy, error) {
	rows, err := f.Queries.FindPolicies(ctx, on, &db.FindPoliciesParams{IDs: []uuid.UUID{policyID}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "policy")
}

// PoliciesOf returns the policies of an organization. Those of the other organizations of its batch are read with them.
func (f *Finder) PoliciesOf(ctx context.Context, organization *db.Organization) ([]*db.Policy, error) {
	policies, err := loader.Load(ctx, organization, "policies", func(all []*db.Organization) (map[uuid.UUID][]*db.Policy, error) {
		rows, err := f.Queries.ListPolicies(ctx, f.Within(ctx), loader.Distinct(all, organizationID))
		return loader.Group(loader.Loaded(ctx, rows), func(p *db.Policy) uuid.UUID { return p.OrganizationID }), err
	})
	return policies[organization.ID], err
}

// PolicyOf returns the policy whose budget an alert is about; nil when it was deleted, and for another budget.
func (f *Finder) PolicyOf(ctx context.Context, alert *db.Alert) (*db.Policy, error) {
	return loader.Refer(ctx, alert, "policy", func(a *db.Alert) *uuid.UUID { return a.PolicyID },
		func(p *db.Policy) uuid.UUID { return p.ID }, func(ids []uuid.UUID) ([]*db.Policy, error) {
			return f.Queries.FindPolicies(ctx, f.Within(ctx), &db.FindPoliciesParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

func policyID(p *db.Policy) *uuid.UUID { return &p.ID }

// ConditionsOf returns the conditions of a policy. Those of the other policies of its batch are read with them.
func (f *Finder) ConditionsOf(ctx context.Context, policy *db.Policy) ([]*db.PolicyCondition, error) {
	conditions, err := loader.Load(ctx, policy, "conditions", func(all []*db.Policy) (map[uuid.UUID][]*db.PolicyCondition, error) {
		rows, err := f.Queries.ListPolicyConditions(ctx, f.Within(ctx), loader.Distinct(all, policyID))
		return loader.Group(rows, func(c *db.PolicyCondition) uuid.UUID { return c.PolicyID }), err
	})
	return conditions[policy.ID], err
}

// OverridesOf returns the amounts of single groups of a policy. Those of the other policies of its batch are read with them.
func (f *Finder) OverridesOf(ctx context.Context, policy *db.Policy) ([]*db.ListPolicyOverridesRow, error) {
	overrides, err := loader.Load(ctx, policy, "overrides", func(all []*db.Policy) (map[uuid.UUID][]*db.ListPolicyOverridesRow, error) {
		rows, err := f.Queries.ListPolicyOverrides(ctx, f.Within(ctx),
			&db.ListPolicyOverridesParams{PolicyIDs: loader.Distinct(all, policyID), Number: maxOverrides})
		return loader.Group(rows, func(o *db.ListPolicyOverridesRow) uuid.UUID { return o.PolicyID }), err
	})
	return overrides[policy.ID], err
}

// PolicyBudgetsOf returns the budgets of a policy.
func (f *Finder) PolicyBudgetsOf(ctx context.Context, policy *db.Policy) ([]*db.PolicyBudgetLimit, error) {
	limits, err := f.limitsOfPolicy(ctx, policy)
	budgets := []*db.PolicyBudgetLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindBUDGET {
			budgets = append(budgets, &db.PolicyBudgetLimit{LimitStatus: limit})
		}
	}
	return budgets, err
}

// PolicyRatesOf returns the rate limits of a policy.
func (f *Finder) PolicyRatesOf(ctx context.Context, policy *db.Policy) ([]*db.PolicyRateLimit, error) {
	limits, err := f.limitsOfPolicy(ctx, policy)
	rates := []*db.PolicyRateLimit{}
	for _, limit := range limits {
		if limit.Kind == db.LimitKindRATE {
			rates = append(rates, &db.PolicyRateLimit{RateLimit: db.RateLimit{LimitStatus: limit}})
		}
	}
	return rates, err
}

// limitsOfPolicy returns the limits of a policy. Those of the other policies of its batch are read with them.
func (f *Finder) limitsOfPolicy(ctx context.Context, policy *db.Policy) ([]*db.LimitStatus, error) {
	limits, err := loader.Load(ctx, policy, "limits", func(all []*db.Policy) (map[uuid.UUID][]*db.LimitStatus, error) {
		rows, err := f.Queries.ListPolicyLimits(ctx, f.Within(ctx), loader.Distinct(all, policyID))
		return loader.Group(rows, func(l *db.LimitStatus) uuid.UUID { return l.SubjectID }), err
	})
	return limits[policy.ID], err
}

// LimitsOfGroup returns the limits of a policy as they stand for a group. Those of the other groups of its page are read with them.
func (f *Finder) LimitsOfGroup(ctx context.Context, group *db.ListedGroup) ([]*db.LimitStatus, error) {
	limits, err := loader.Load(ctx, group, "limits", func(all []*db.ListedGroup) (map[uuid.UUID][]*db.LimitStatus, error) {
		rows, err := f.Queries.ListGroupLimits(ctx, f.Within(ctx), &db.ListGroupLimitsParams{
			OrganizationIDs: loader.Distinct(all, func(g *db.ListedGroup) *uuid.UUID { return &g.OrganizationID }),
			GroupIDs:        loader.Distinct(all, func(g *db.ListedGroup) *uuid.UUID { return &g.ID })})
		return loader.Group(rows, func(l *db.LimitStatus) uuid.UUID { return l.Policy.GroupID }), err
	})
	return limits[group.ID], err
}
