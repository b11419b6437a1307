package control

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// SetPrice makes a price of an organization, or everybody's.
func (c *Changes) SetPrice(ctx context.Context, input model.SetPriceInput) (*model.SetPricePayload, error) {
	params, rates, err := validate.SetPrice(&input)
	organizationID, ownerErr := priceOwner(ctx, input.OrganizationID)
	if err := validate.Together(ownerErr, err); err != nil {
		return nil, err
	}
	params.OrganizationID = organizationID
	if params.Rates, err = json.Marshal(rates); err != nil {
		return nil, fault.ErrInternal.Because(err)
	}
	payload := &model.SetPricePayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if organizationID != nil {
			if _, err := c.find.OrganizationIn(ctx, tx, "organizationId", *organizationID); err != nil {
				return err
			}
		}
		payload.Price, err = c.Queries.SetPrice(ctx, tx, params)
		return err
	})
}

// priceOwner returns whose price is set; nil: everybody's, which the operator alone sets.
func priceOwner(ctx context.Context, external *string) (*uuid.UUID, error) {
	if external = validate.Given(external); external != nil {
		organizationID, err := lookup.OrganizationID(ctx, "organizationId", *external)
		return &organizationID, err
	}
	if caller.Organization(ctx) != nil {
		return nil, &fault.Fault{Code: fault.Forbidden, Field: "organizationId",
			Message: "organizationId: everybody's prices are set by the operator alone; give your organization for a price of its own"}
	}
	return nil, nil //nolint:nilnil // everybody's
}

// EndPrice ends a price.
func (c *Changes) EndPrice(ctx context.Context, input model.EndPriceInput) (*model.EndPricePayload, error) {
	_, priceID, err := validate.ID("id", input.ID, id.Price)
	if err != nil {
		return nil, err
	}
	payload := &model.EndPricePayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		rows, err := c.Queries.FindPrices(ctx, tx, &db.FindPricesParams{IDs: []uuid.UUID{priceID}, OrganizationID: caller.Organization(ctx)})
		price, err := lookup.Found(rows, err, "id", "price")
		switch {
		case err != nil:
			return err
		case price.OrganizationID == nil && caller.Organization(ctx) != nil:
			return &fault.Fault{Code: fault.Forbidden, Field: "id", Message: "id: everybody's prices are ended by the operator alone"}
		}
		payload.Price, err = c.Queries.EndPrice(ctx, tx, &db.EndPriceParams{ID: priceID, EffectiveTo: input.EffectiveTo})
		return lookup.Missing(err, "id", "price that is in effect then")
	})
}

// SetPriceMultiplier sets what an organization pays of prices.
func (c *Changes) SetPriceMultiplier(ctx context.Context, input model.SetPriceMultiplierInput) (*model.SetPriceMultiplierPayload, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	params, multiplierErr := validate.SetPriceMultiplier(&input)
	if err := validate.Together(err, multiplierErr); err != nil {
		return nil, err
	}
	params.OrganizationID = organizationID
	payload := &model.SetPriceMultiplierPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if payload.Organization, err = c.find.OrganizationIn(ctx, tx, "organizationId", organizationID); err != nil {
			return err
		}
		_, err = c.Queries.SetPriceMultiplier(ctx, tx, params)
		return err
	})
}

// RepriceUsage asks for usage of an organization to be priced again.
func (c *Changes) RepriceUsage(ctx context.Context, input model.RepriceUsageInput) (*model.RepriceUsagePayload, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	if err := validate.Together(err, validate.RepriceUsage(&input)); err != nil {
		return nil, err
	}
	payload := &model.RepriceUsagePayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if _, err = c.find.OrganizationIn(ctx, tx, "organizationId", organizationID); err != nil {
			return err
		}
		payload.Repricing, err = c.Queries.CreateRepricing(ctx, tx,
			&db.CreateRepricingParams{OrganizationID: organizationID, Model: input.Model, FromTime: input.From, ToTime: input.To})
		return err
	})
}
