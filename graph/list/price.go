package list

import (
	"context"
	"strings"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// Prices returns a page of prices.
func (l *Lists) Prices(ctx context.Context, filter *model.PriceFilter, part page.Arguments) (*model.PriceConnection, error) {
	p, err := page.New(part)
	if filter == nil {
		filter = &model.PriceFilter{}
	}
	of, ofErr := pricesOf(ctx, filter)
	if err := validate.Together(err, validate.PriceFilter(filter), ofErr); err != nil {
		return nil, err
	}
	rows, err := l.Queries.ListPrices(ctx, l.Within(ctx), &db.ListPricesParams{
		OrganizationID: of.OrganizationID, Everybodys: of.Everybodys, Provider: of.Provider, Model: of.Model, IsPrefix: of.IsPrefix,
		Search: of.Search, At: of.At, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number,
	})
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.PriceConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), p,
		func(price *db.Price) string { return page.CursorOf(price.ID) },
		func(cursor string, node *db.Price) *model.PriceEdge {
			return &model.PriceEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.Queries.CountPrices(ctx, l.Within(ctx), of) })
	return connection, err
}

// pricesOf returns what a filter asks for: of an organization its own prices alone, else for a caller of one also everybody's.
func pricesOf(ctx context.Context, filter *model.PriceFilter) (*db.CountPricesParams, error) {
	of := &db.CountPricesParams{OrganizationID: caller.Organization(ctx), Everybodys: true, At: filter.At,
		Provider: lowered(filter.Provider), Search: lowered(filter.Search)}
	if named := lowered(filter.Model); named != nil {
		pattern, isPrefix := validate.ModelPattern(*named)
		of.Model, of.IsPrefix = &pattern, isPrefix
	}
	external := validate.Given(filter.OrganizationID)
	if external == nil {
		return of, nil
	}
	organizationID, err := lookup.OrganizationID(ctx, "filter.organizationId", *external)
	of.OrganizationID, of.Everybodys = &organizationID, false
	return of, err
}

// lowered returns a text in lower case, as prices keep names; nil for none.
func lowered(text *string) *string {
	if text = validate.Given(text); text == nil {
		return nil
	}
	return new(strings.ToLower(*text))
}
