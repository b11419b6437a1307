package control

import (
	"context"

	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// RaiseBudget adds to the amount of a budget for a while.
func (c *Changes) RaiseBudget(ctx context.Context, input model.RaiseBudgetInput) (*model.RaiseBudgetPayload, error) {
	budget, err := c.find.Budget(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	units, err := validate.Raise(budget, input.By, input.Until, input.Reason)
	group, groupErr := validate.RaisedGroup(budget, input.GroupValues)
	if err := validate.Together(err, groupErr); err != nil {
		return nil, err
	}
	raised, subject, err := c.changeLimit(ctx, validate.ValueOr(input.Reason, ""), func(tx pgx.Tx) (*db.LimitStatus, error) {
		return c.Queries.RaiseBudget(ctx, tx,
			&db.RaiseBudgetParams{OrganizationID: budget.OrganizationID, ID: budget.ID, GroupValues: group, Type: budget.Type, Units: units, Until: input.Until})
	})
	if err != nil {
		return nil, lookup.Missing(err, "id", "budget")
	}
	payload := &model.RaiseBudgetPayload{BudgetLimit: &db.BudgetLimit{LimitStatus: raised}, Subject: subject}
	payload.Policy, err = c.find.PolicyOfBudget(ctx, raised)
	return payload, err
}

// RequestRaise asks for a raise of a budget. A MEMBER asks for those of API keys that they created alone.
func (c *Changes) RequestRaise(ctx context.Context, input model.RequestRaiseInput) (*model.RequestRaisePayload, error) {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	if principal.MemberID == nil {
		return nil, fault.New(fault.Forbidden, "only a member asks for a raise; this access token is bound to none")
	}
	budget, err := c.find.Budget(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	if caller.OwnKeysOnly(ctx) != nil && budget.SubjectType != db.SubjectTypeAPIKEY {
		return nil, caller.NotOwn("id")
	}
	units, err := validate.Raise(budget, input.By, input.Until, input.Reason)
	group, groupErr := validate.RaisedGroup(budget, input.GroupValues)
	if err := validate.Together(err, groupErr); err != nil {
		return nil, err
	}
	payload := &model.RequestRaisePayload{}
	err = c.ChangeBecause(ctx, validate.ValueOr(input.Reason, ""), func(tx pgx.Tx) (err error) {
		payload.RaiseRequest, err = c.Queries.RequestRaise(ctx, tx, &db.RequestRaiseParams{OrganizationID: budget.OrganizationID, ID: budget.ID, GroupValues: group,
			MemberID: *principal.MemberID, Type: budget.Type, Units: units, Until: input.Until})
		return err
	})
	return payload, lookup.Missing(err, "id", "budget")
}

// DecideRaise grants or declines a request for a raise.
func (c *Changes) DecideRaise(ctx context.Context, input model.DecideRaiseInput, grants bool) (*model.DecideRaisePayload, error) {
	request, err := c.find.RaiseRequest(ctx, "id", input.ID)
	if err := validate.Together(err, validate.DecideRaise(&input)); err != nil {
		return nil, err
	}
	payload := &model.DecideRaisePayload{}
	err = c.ChangeBecause(ctx, validate.ValueOr(input.Reason, ""), func(tx pgx.Tx) (err error) {
		payload.RaiseRequest, err = c.Queries.DecideRaiseRequest(ctx, tx,
			&db.DecideRaiseRequestParams{OrganizationID: request.OrganizationID, ID: request.ID, Grants: grants})
		return err
	})
	return payload, lookup.Missing(err, "id", "request for a raise")
}
