package control

import (
	"context"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// SetEstimatePolicy sets how much of the output that requests may have is held.
func (c *Changes) SetEstimatePolicy(ctx context.Context, input model.SetEstimatePolicyInput) (*model.SetEstimatePolicyPayload, error) {
	s, err := c.find.Subject(ctx, "subjectId", input.SubjectID)
	percent, percentErr := validate.EstimatePolicy(&input)
	if err == nil && s.WorkspaceID != nil {
		err = fault.BadInput("subjectId", "must be an API key or an organization")
	}
	if err := validate.Together(err, percentErr); err != nil {
		return nil, err
	}
	params := &db.SetEstimatePolicyParams{OrganizationID: s.OrganizationID, APIKeyID: s.APIKeyID, Percent: percent}
	if input.Policy != nil {
		params.Policy = new(string(*input.Policy))
	}
	if err := c.Change(ctx, func(tx pgx.Tx) error { return c.Queries.SetEstimatePolicy(ctx, tx, params) }); err != nil {
		return nil, err
	}
	payload := &model.SetEstimatePolicyPayload{}
	payload.Subject, err = c.find.SubjectOfPayload(ctx, input.SubjectID)
	return payload, err
}

// SetUnpricedPolicy sets what becomes of requests without a price.
func (c *Changes) SetUnpricedPolicy(ctx context.Context, input model.SetUnpricedPolicyInput) (*model.SetUnpricedPolicyPayload, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	if err := validate.Together(err, validate.ExpectedVersion(input.ExpectedVersion)); err != nil {
		return nil, err
	}
	payload := &model.SetUnpricedPolicyPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if err := c.expectOfOrganization(ctx, tx, input.ExpectedVersion, organizationID, "organizationId"); err != nil {
			return err
		}
		payload.Organization, err = c.Queries.SetUnpricedPolicy(ctx, tx, &db.SetUnpricedPolicyParams{ID: organizationID, UnpricedPolicy: input.Policy})
		return lookup.Missing(err, "organizationId", "organization")
	})
}
