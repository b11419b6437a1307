package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/selection"
	"bursar/graph/validate"
	"bursar/id"
)

// RaiseRequest finds the request for a raise with an id. Answers NOT_FOUND for another organization's.
func (f *Finder) RaiseRequest(ctx context.Context, field, external string) (*db.RaiseRequest, error) {
	_, parsed, err := validate.ID(field, external, id.RaiseRequest)
	if err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindRaiseRequests(ctx, f.Within(ctx),
		&db.FindRaiseRequestsParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "request for a raise")
}

// BudgetOfRequest returns the budget that is to be raised, which exists as long as the request does. Those of the requests of its batch are read
// with it.
func (f *Finder) BudgetOfRequest(ctx context.Context, request *db.RaiseRequest) (*db.BudgetLimit, error) {
	limit, err := loader.Refer(ctx, request, "budget", func(r *db.RaiseRequest) *uuid.UUID { return &r.BudgetLimitID },
		func(l *db.LimitStatus) uuid.UUID { return l.ID },
		func(ids []uuid.UUID) ([]*db.LimitStatus, error) {
			return f.budgets(ctx, ids)
		})
	if err != nil || limit == nil {
		return nil, err
	}
	return &db.BudgetLimit{LimitStatus: limit}, nil
}

// Budget finds the budget with an id, also one of a policy, which stands on what the policy stands on. Answers NOT_FOUND for another
// organization's, and FORBIDDEN to a MEMBER when it stands on a key that somebody else created.
func (f *Finder) Budget(ctx context.Context, field, external string) (*db.LimitStatus, error) {
	_, parsed, err := validate.ID(field, external, id.BudgetLimit)
	if err != nil {
		return nil, err
	}
	rows, err := f.budgets(ctx, []uuid.UUID{parsed})
	budget, err := Found(rows, err, field, "limit")
	if err != nil {
		return nil, err
	}
	if budget.ExternalID() != external {
		return nil, NotFound(field, "limit")
	}
	return budget, f.visibleLimit(ctx, field, budget)
}

// budgets returns the limits that have the given ids, and the budgets of policies.
func (f *Finder) budgets(ctx context.Context, ids []uuid.UUID) ([]*db.LimitStatus, error) {
	own := caller.Organization(ctx)
	rows, err := f.Queries.FindLimits(ctx, f.Within(ctx), &db.FindLimitsParams{IDs: ids, OrganizationID: own})
	if err != nil || len(rows) == len(ids) {
		return rows, err
	}
	ofPolicies, err := f.Queries.FindPolicyBudgets(ctx, f.Within(ctx), &db.FindPolicyBudgetsParams{IDs: ids, OrganizationID: own})
	return append(rows, ofPolicies...), err
}

// PolicyOfBudget returns the policy of a budget for a mutation's payload; nil for another budget, and when the client did not ask for it.
func (f *Finder) PolicyOfBudget(ctx context.Context, budget *db.LimitStatus) (*db.Policy, error) {
	if budget.Policy == nil || !selection.Has(ctx, "policy") {
		return nil, nil //nolint:nilnil // not asked for, or none
	}
	return f.PolicyIn(ctx, f.Within(ctx), "id", budget.Policy.ID)
}

// PolicyOfRequest returns the policy whose budget is to be raised; nil for another budget, and to a MEMBER. Those of the requests of its batch are read
// with it.
func (f *Finder) PolicyOfRequest(ctx context.Context, request *db.RaiseRequest) (*db.Policy, error) {
	if caller.OwnKeysOnly(ctx) != nil {
		return nil, nil //nolint:nilnil // which a MEMBER does not see
	}
	budget, err := f.BudgetOfRequest(ctx, request)
	if err != nil || budget == nil || budget.Policy == nil {
		return nil, err
	}
	node, err := nodeOf(ctx, f, request, "policy", func(*db.RaiseRequest) string { return budget.Policy.ExternalID() })
	policy, _ := node.(*db.Policy) // nil: there is none
	return policy, err
}

// MemberOfRequest returns who asks for a raise, also one who was removed. Those of the requests of its batch are read with them.
func (f *Finder) MemberOfRequest(ctx context.Context, request *db.RaiseRequest) (*db.Member, error) {
	node, err := nodeOf(ctx, f, request, "member", func(r *db.RaiseRequest) string { return id.Member.Format(r.MemberID) })
	member, _ := node.(*db.Member) // nil: there is none
	return member, err
}
