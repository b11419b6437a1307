package control

import (
	"context"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// CreateBudgetLimit creates a budget.
func (c *Changes) CreateBudgetLimit(ctx context.Context, input model.CreateBudgetLimitInput) (*model.CreateBudgetLimitPayload, error) {
	s, err := c.find.Subject(ctx, "subjectId", input.SubjectID)
	params, budgetErr := validate.BudgetLimit(&model.BudgetLimitInput{
		Type: input.Type, Amount: input.Amount, AlertThresholds: input.AlertThresholds, PeriodicReset: input.PeriodicReset})
	if err := validate.Together(err, budgetErr); err != nil {
		return nil, err
	}
	payload := &model.CreateBudgetLimitPayload{BudgetLimit: &db.BudgetLimit{}}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.BudgetLimit.LimitStatus, err = c.createLimit(ctx, tx, s, params)
		return err
	})
}

// UpdateBudgetLimit changes a budget.
func (c *Changes) UpdateBudgetLimit(ctx context.Context, input model.UpdateBudgetLimitInput) (*model.UpdateBudgetLimitPayload, error) {
	limit, err := c.find.Limit(ctx, "id", input.ID, id.BudgetLimit)
	if err != nil {
		return nil, err
	}
	params, err := validate.UpdateBudgetLimit(limit, &input)
	if err != nil {
		return nil, err
	}
	payload := &model.UpdateBudgetLimitPayload{BudgetLimit: &db.BudgetLimit{}}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.BudgetLimit.LimitStatus, err = c.Queries.UpdateBudgetLimit(ctx, tx, params)
		return lookup.Missing(err, "id", "budget")
	})
}

// DeleteBudgetLimit deletes a budget.
func (c *Changes) DeleteBudgetLimit(ctx context.Context, input model.DeleteBudgetLimitInput) (*model.DeleteBudgetLimitPayload, error) {
	return &model.DeleteBudgetLimitPayload{DeletedID: input.ID}, c.deleteLimit(ctx, input.ID, id.BudgetLimit, db.LimitKindBUDGET)
}

// ResetBudgetLimit begins a new period of a budget.
func (c *Changes) ResetBudgetLimit(ctx context.Context, input model.ResetBudgetLimitInput) (*model.ResetBudgetLimitPayload, error) {
	limit, err := c.find.Limit(ctx, "id", input.ID, id.BudgetLimit)
	if err := validate.Together(err, validate.ResetBudgetLimit(&input)); err != nil {
		return nil, err
	}
	payload := &model.ResetBudgetLimitPayload{BudgetLimit: &db.BudgetLimit{}}
	return payload, c.ChangeBecause(ctx, validate.ValueOr(input.Reason, ""), func(tx pgx.Tx) (err error) {
		payload.BudgetLimit.LimitStatus, err = c.Queries.ResetBudgetLimit(ctx, tx,
			&db.ResetBudgetLimitParams{OrganizationID: limit.OrganizationID, ID: limit.ID})
		return lookup.Missing(err, "id", "budget")
	})
}

// CreateRateLimit creates a rate limit.
func (c *Changes) CreateRateLimit(ctx context.Context, input model.CreateRateLimitInput) (*model.CreateRateLimitPayload, error) {
	s, err := c.find.Subject(ctx, "subjectId", input.SubjectID)
	params, rateErr := validate.RateLimit(&model.RateLimitInput{Type: input.Type, Limit: input.Limit, Interval: input.Interval})
	if err := validate.Together(err, rateErr); err != nil {
		return nil, err
	}
	payload := &model.CreateRateLimitPayload{RateLimit: &db.RateLimit{}}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.RateLimit.LimitStatus, err = c.createLimit(ctx, tx, s, params)
		return err
	})
}

// UpdateRateLimit changes a rate limit.
func (c *Changes) UpdateRateLimit(ctx context.Context, input model.UpdateRateLimitInput) (*model.UpdateRateLimitPayload, error) {
	limit, err := c.find.Limit(ctx, "id", input.ID, id.RateLimit)
	if err := validate.Together(err, validate.UpdateRateLimit(&input)); err != nil {
		return nil, err
	}
	payload := &model.UpdateRateLimitPayload{RateLimit: &db.RateLimit{}}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.RateLimit.LimitStatus, err = c.Queries.UpdateRateLimit(ctx, tx,
			&db.UpdateRateLimitParams{OrganizationID: limit.OrganizationID, ID: limit.ID, MaxUnits: input.Limit})
		return lookup.Missing(err, "id", "rate limit")
	})
}

// DeleteRateLimit deletes a rate limit.
func (c *Changes) DeleteRateLimit(ctx context.Context, input model.DeleteRateLimitInput) (*model.DeleteRateLimitPayload, error) {
	return &model.DeleteRateLimitPayload{DeletedID: input.ID}, c.deleteLimit(ctx, input.ID, id.RateLimit, db.LimitKindRATE)
}

// createLimit creates a checked limit on a subject.
func (c *Changes) createLimit(ctx context.Context, tx pgx.Tx, s *lookup.Subject, params *db.CreateLimitParams) (*db.LimitStatus, error) {
	params.OrganizationID, params.WorkspaceID, params.APIKeyID = s.OrganizationID, s.WorkspaceID, s.APIKeyID
	return c.Queries.CreateLimit(ctx, tx, params)
}

// deleteLimit deletes the limit of a kind with an id. Answers NOT_FOUND for another organization's.
func (c *Changes) deleteLimit(ctx context.Context, external string, prefix id.Prefix, kind db.LimitKind) error {
	limit, err := c.find.Limit(ctx, "id", external, prefix)
	if err != nil {
		return err
	}
	return c.Change(ctx, func(tx pgx.Tx) error {
		deleted, err := c.Queries.DeleteLimit(ctx, tx,
			&db.DeleteLimitParams{OrganizationID: limit.OrganizationID, ID: limit.ID, Kind: kind})
		if err == nil && !deleted {
			return lookup.NotFound("id", "limit")
		}
		return err
	})
}
