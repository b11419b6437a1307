package lookup

import (
	"context"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// PriceOf returns what usage costs, rate by rate. Answers NOT_FOUND for a model without a price.
func (f *Finder) PriceOf(ctx context.Context, input model.PriceOfInput) (*model.PriceOfPayload, error) {
	used, err := validate.PriceOf(&input)
	organizationID, ofErr := pricedFor(ctx, input.OrganizationID)
	if err := validate.Together(ofErr, err); err != nil {
		return nil, err
	}
	found, err := f.Queries.FindPriceOf(ctx, f.Within(ctx), &db.FindPriceOfParams{
		OrganizationID: organizationID, Provider: validate.ValueOr(input.Provider, ""), Model: input.Model, At: input.At})
	if err != nil {
		return nil, db.Fault(Missing(err, "model", "price: neither the organization nor everybody has one for it then, or several providers have different ones"))
	}
	used.Steps, used.StepRates, used.Multiplier = found.Price.Steps, found.Price.StepRates, found.Multiplier
	parts, err := f.Queries.ListPriceParts(ctx, f.Within(ctx), used)
	if err != nil {
		return nil, db.Fault(err)
	}
	payload := &model.PriceOfPayload{Price: loader.Loaded(ctx, []*db.Price{&found.Price})[0], Multiplier: found.Multiplier, Parts: make([]*model.PricePart, len(parts))}
	for i, p := range parts {
		payload.Parts[i] = &model.PricePart{Unit: p.Unit, Quantity: p.Quantity, PerMillion: decimal.New(p.Picos, -6),
			Cost: decimal.New(p.Quantity, 0).Mul(decimal.New(p.Picos, -12))}
		payload.Cost = p.TotalNanos.Shift(-9)
	}
	return payload, nil
}

// pricedFor returns for which organization a price is asked; nil: everybody's.
func pricedFor(ctx context.Context, external *string) (*uuid.UUID, error) {
	if external = validate.Given(external); external == nil {
		return caller.Organization(ctx), nil
	}
	organizationID, err := OrganizationID(ctx, "organizationId", *external)
	return &organizationID, err
}
