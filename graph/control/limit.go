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
		Type: input.Type, Amount: input.Amount, AlertThresholds: input.AlertThresholds,
		AlertThresholdPercents: input.AlertThresholdPercents, AlertRecipients: input.AlertRecipients, PeriodicReset: input.PeriodicReset, ResetDays: input.ResetDays,
		ResetAnchor: input.ResetAnchor, TimeZone: input.TimeZone, WeekStartsOn: input.WeekStartsOn, DayOfMonth: input.DayOfMonth,
		Enabled: input.Enabled, Mode: input.Mode})
	zoneErr := c.find.KnownZones(ctx, lookup.Zone{Field: "timeZone", Name: input.TimeZone})
	if err := validate.Together(err, budgetErr, zoneErr); err != nil {
		return nil, err
	}
	created, subject, err := c.changeLimit(ctx, "", func(tx pgx.Tx) (*db.LimitStatus, error) {
		if err := c.nameRecipients(ctx, tx, s.OrganizationID, nil, namedList{"alertRecipients", input.AlertRecipients}); err != nil {
			return nil, err
		}
		return c.createLimit(ctx, tx, s, params)
	})
	return &model.CreateBudgetLimitPayload{BudgetLimit: &db.BudgetLimit{LimitStatus: created}, Subject: subject}, err
}

// UpdateBudgetLimit changes a budget.
func (c *Changes) UpdateBudgetLimit(ctx context.Context, input model.UpdateBudgetLimitInput) (*model.UpdateBudgetLimitPayload, error) {
	limit, err := c.find.Limit(ctx, "id", input.ID, id.BudgetLimit)
	if err != nil {
		return nil, err
	}
	if validate.ExpectedVersion(input.ExpectedVersion) == nil { // first: what is wrong otherwise may be so because it was changed
		if err := expect(input.ExpectedVersion, "limit", limit); err != nil {
			return nil, err
		}
	}
	params, err := validate.UpdateBudgetLimit(limit, &input)
	zoneErr := c.find.KnownZones(ctx, lookup.Zone{Field: "timeZone", Name: input.TimeZone})
	if err := validate.Together(err, zoneErr); err != nil {
		return nil, err
	}
	changed, subject, err := c.changeLimit(ctx, "", func(tx pgx.Tx) (*db.LimitStatus, error) {
		if err := c.expectOfLimit(ctx, tx, input.ExpectedVersion, limit); err != nil {
			return nil, err
		}
		named := namedList{"alertRecipients", input.AlertRecipients}
		if err := c.nameRecipients(ctx, tx, limit.OrganizationID, []*db.LimitStatus{limit}, named); err != nil {
			return nil, err
		}
		return c.Queries.UpdateBudgetLimit(ctx, tx, params)
	})
	return &model.UpdateBudgetLimitPayload{BudgetLimit: &db.BudgetLimit{LimitStatus: changed}, Subject: subject}, lookup.Missing(err, "id", "budget")
}

// DeleteBudgetLimit deletes a budget.
func (c *Changes) DeleteBudgetLimit(ctx context.Context, input model.DeleteBudgetLimitInput) (*model.DeleteBudgetLimitPayload, error) {
	subject, err := c.deleteLimit(ctx, input.ID, id.BudgetLimit, db.LimitKindBUDGET)
	return &model.DeleteBudgetLimitPayload{DeletedID: input.ID, Subject: subject}, err
}

// ResetBudgetLimit begins a new period of a budget.
func (c *Changes) ResetBudgetLimit(ctx context.Context, input model.ResetBudgetLimitInput) (*model.ResetBudgetLimitPayload, error) {
	limit, err := c.find.Limit(ctx, "id", input.ID, id.BudgetLimit)
	if err := validate.Together(err, validate.ResetBudgetLimit(&input)); err != nil {
		return nil, err
	}
	reset, subject, err := c.changeLimit(ctx, validate.ValueOr(input.Reason, ""), func(tx pgx.Tx) (*db.LimitStatus, error) {
		return c.Queries.ResetBudgetLimit(ctx, tx, &db.ResetBudgetLimitParams{OrganizationID: limit.OrganizationID, ID: limit.ID})
	})
	return &model.ResetBudgetLimitPayload{BudgetLimit: &db.BudgetLimit{LimitStatus: reset}, Subject: subject}, lookup.Missing(err, "id", "budget")
}

// CreateRateLimit creates a rate limit.
func (c *Changes) CreateRateLimit(ctx context.Context, input model.CreateRateLimitInput) (*model.CreateRateLimitPayload, error) {
	s, err := c.find.Subject(ctx, "subjectId", input.SubjectID)
	params, rateErr := validate.RateLimit(&model.RateLimitInput{
		Type: input.Type, Limit: input.Limit, Interval: input.Interval, Enabled: input.Enabled, Mode: input.Mode})
	if err := validate.Together(err, rateErr); err != nil {
		return nil, err
	}
	created, subject, err := c.changeLimit(ctx, "", func(tx pgx.Tx) (*db.LimitStatus, error) { return c.createLimit(ctx, tx, s, params) })
	return &model.CreateRateLimitPayload{RateLimit: &db.RateLimit{LimitStatus: created}, Subject: subject}, err
}

// UpdateRateLimit changes a rate limit.
func (c *Changes) UpdateRateLimit(ctx context.Context, input model.UpdateRateLimitInput) (*model.UpdateRateLimitPayload, error) {
	limit, err := c.find.Limit(ctx, "id", input.ID, id.RateLimit)
	if err := validate.Together(err, validate.UpdateRateLimit(&input)); err != nil {
		return nil, err
	}
	changed, subject, err := c.changeLimit(ctx, "", func(tx pgx.Tx) (*db.LimitStatus, error) {
		if err := c.expectOfLimit(ctx, tx, input.ExpectedVersion, limit); err != nil {
			return nil, err
		}
		return c.Queries.UpdateRateLimit(ctx, tx,
			&db.UpdateRateLimitParams{
				OrganizationID: limit.OrganizationID, ID: limit.ID, MaxUnits: input.Limit, Enabled: input.Enabled, Mode: input.Mode})
	})
	return &model.UpdateRateLimitPayload{RateLimit: &db.RateLimit{LimitStatus: changed}, Subject: subject}, lookup.Missing(err, "id", "rate limit")
}

// DeleteRateLimit deletes a rate limit.
func (c *Changes) DeleteRateLimit(ctx context.Context, input model.DeleteRateLimitInput) (*model.DeleteRateLimitPayload, error) {
	subject, err := c.deleteLimit(ctx, input.ID, id.RateLimit, db.LimitKindRATE)
	return &model.DeleteRateLimitPayload{DeletedID: input.ID, Subject: subject}, err
}

// changeLimit runs a change of a limit in one transaction, with a reason for the audit log. It returns the limit and, for the payload, what
// it stands on.
func (c *Changes) changeLimit(
	ctx context.Context, reason string, change func(tx pgx.Tx) (*db.LimitStatus, error),
) (limit *db.LimitStatus, subject model.LimitSubject, err error) {
	err = c.ChangeBecause(ctx, reason, func(tx pgx.Tx) (err error) {
		limit, err = change(tx)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	subject, err = c.find.SubjectOfPayload(ctx, limit.ExternalSubjectID())
	return limit, subject, err
}

// createLimit creates a checked limit on a subject.
func (c *Changes) createLimit(ctx context.Context, tx pgx.Tx, s *lookup.Subject, params *db.CreateLimitParams) (*db.LimitStatus, error) {
	params.OrganizationID, params.WorkspaceID, params.APIKeyID = s.OrganizationID, s.WorkspaceID, s.APIKeyID
	return c.Queries.CreateLimit(ctx, tx, params)
}

// deleteLimit deletes the limit of a kind with an id, and returns what it stood on, for the payload. Answers NOT_FOUND for another
// organization's.
func (c *Changes) deleteLimit(ctx context.Context, external string, prefix id.Prefix, kind db.LimitKind) (model.LimitSubject, error) {
	limit, err := c.find.Limit(ctx, "id", external, prefix)
	if err != nil {
		return nil, err
	}
	err = c.Change(ctx, func(tx pgx.Tx) error {
		deleted, err := c.Queries.DeleteLimit(ctx, tx,
			&db.DeleteLimitParams{OrganizationID: limit.OrganizationID, ID: limit.ID, Kind: kind})
		if err == nil && !deleted {
			return lookup.NotFound("id", "limit")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.find.SubjectOfPayload(ctx, limit.ExternalSubjectID())
}
