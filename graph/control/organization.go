package control

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/placement"
	"bursar/graph/validate"
	"bursar/id"
)

// CreateOrganization creates an organization.
func (c *Changes) CreateOrganization(ctx context.Context, input model.CreateOrganizationInput) (*model.CreateOrganizationPayload, error) {
	if err := validate.CreateOrganization(&input); err != nil {
		return nil, err
	}
	payload := &model.CreateOrganizationPayload{}
	params := &db.CreateOrganizationParams{Name: input.Name, Slug: input.Slug, Plan: validate.ValueOr(input.Plan, db.PlanFREE)}
	wanted := placement.Wanted{Cell: validate.Given(input.Cell), Region: validate.Given(input.Region)}
	return payload, c.places.Create(ctx, input.Slug, wanted, func(ctx context.Context, organizationID *uuid.UUID) error {
		params.ID = organizationID
		return c.Change(ctx, func(tx pgx.Tx) (err error) {
			payload.Organization, err = c.Queries.CreateOrganization(ctx, tx, params)
			return err
		})
	})
}

// UpdateOrganization changes an organization.
func (c *Changes) UpdateOrganization(ctx context.Context, input model.UpdateOrganizationInput) (*model.UpdateOrganizationPayload, error) {
	_, organizationID, err := validate.ID("id", input.ID, id.Organization)
	if err := validate.Together(err, validate.UpdateOrganization(&input)); err != nil {
		return nil, err
	}
	payload := &model.UpdateOrganizationPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if err := c.expectOfOrganization(ctx, tx, input.ExpectedVersion, organizationID, "id"); err != nil {
			return err
		}
		payload.Organization, err = c.Queries.UpdateOrganization(ctx, tx, &db.UpdateOrganizationParams{
			ID: organizationID, Name: input.Name, Plan: input.Plan, GovernanceEnabled: input.GovernanceEnabled,
			MemberDomains: input.MemberDomains,
		})
		return lookup.Missing(err, "id", "organization")
	})
}

// SetOrganizationQuotas sets quotas of an organization.
func (c *Changes) SetOrganizationQuotas(ctx context.Context, input model.SetOrganizationQuotasInput) (*model.SetOrganizationQuotasPayload, error) {
	_, organizationID, err := validate.ID("organizationId", input.OrganizationID, id.Organization)
	params, quotasErr := validate.SetQuotas(input.Quotas)
	if err := validate.Together(err, validate.ExpectedVersion(input.ExpectedVersion), quotasErr); err != nil {
		return nil, err
	}
	params.OrganizationID = organizationID
	payload := &model.SetOrganizationQuotasPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if err := c.expectOfOrganization(ctx, tx, input.ExpectedVersion, organizationID, "organizationId"); err != nil {
			return err
		}
		payload.Organization, err = c.setQuotas(ctx, tx, params)
		return err
	})
}

// SetHoldBounds bounds what one key may hold of the limits above it.
func (c *Changes) SetHoldBounds(ctx context.Context, input model.SetHoldBoundsInput) (*model.SetHoldBoundsPayload, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	percent, seconds, boundsErr := validate.HoldBounds(&input)
	if err := validate.Together(err, boundsErr); err != nil {
		return nil, err
	}
	payload := &model.SetHoldBoundsPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if err := c.expectOfOrganization(ctx, tx, input.ExpectedVersion, organizationID, "organizationId"); err != nil {
			return err
		}
		payload.Organization, err = c.Queries.SetHoldBounds(ctx, tx,
			&db.SetHoldBoundsParams{ID: organizationID, KeyHoldPercent: percent, KeyHoldSeconds: seconds})
		return lookup.Missing(err, "organizationId", "organization")
	})
}

// setQuotas sets quotas of an organization and returns it. The lock orders it and additions that are made at the same time.
func (c *Changes) setQuotas(ctx context.Context, tx pgx.Tx, params *db.SetQuotasParams) (*db.Organization, error) {
	if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{params.OrganizationID}); err != nil {
		return nil, err
	}
	if err := c.Queries.SetQuotas(ctx, tx, params); err != nil {
		return nil, err
	}
	rows, err := c.Queries.FindOrganizations(ctx, tx, &db.FindOrganizationsParams{IDs: []uuid.UUID{params.OrganizationID}})
	return lookup.Found(rows, err, "organizationId", "organization")
}
