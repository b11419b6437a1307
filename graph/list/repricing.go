package list

import (
	"context"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// Repricings returns a page of repricings, newest first.
func (l *Lists) Repricings(ctx context.Context, filter *model.RepricingFilter, part page.Arguments) (*model.RepricingConnection, error) {
	p, err := page.New(part)
	if filter == nil {
		filter = &model.RepricingFilter{}
	}
	organizationID, ofErr := l.find.ListedOrganization(ctx, "filter.organizationId", validate.Given(filter.OrganizationID))
	if err := validate.Together(err, ofErr); err != nil {
		return nil, err
	}
	rows, err := l.Queries.ListRepricings(ctx, l.Within(ctx), &db.ListRepricingsParams{
		OrganizationID: organizationID, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number,
	})
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.RepricingConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), p,
		func(r *db.Repricing) string { return page.CursorOf(r.ID) },
		func(cursor string, node *db.Repricing) *model.RepricingEdge {
			return &model.RepricingEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) {
		return l.Queries.CountRepricings(ctx, l.Within(ctx), organizationID)
	})
	return connection, err
}
