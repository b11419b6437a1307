package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// Simulations returns a page of simulations, newest first.
func (l *Lists) Simulations(ctx context.Context, filter *model.SimulationFilter, part page.Arguments) (*model.SimulationConnection, error) {
	p, err := page.New(part)
	if filter == nil {
		filter = &model.SimulationFilter{}
	}
	organizationID, ofErr := l.find.ListedOrganization(ctx, "filter.organizationId", validate.Given(filter.OrganizationID))
	var subjectID *uuid.UUID
	var subjectErr error
	if external := validate.Given(filter.SubjectID); external != nil {
		subject, err := l.find.AnySubject(ctx, "filter.subjectId", *external)
		if subjectErr = err; err == nil {
			subjectID = &subject.ID
			organizationID, subjectErr = lookup.Narrow(organizationID, subject.OrganizationID, "filter.subjectId", "subject")
		}
	}
	if err := validate.Together(err, ofErr, subjectErr); err != nil {
		return nil, err
	}
	rows, err := l.Queries.ListSimulations(ctx, l.Within(ctx), &db.ListSimulationsParams{
		OrganizationID: organizationID, SubjectID: subjectID, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number,
	})
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.SimulationConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), p,
		func(s *db.Simulation) string { return page.CursorOf(s.ID) },
		func(cursor string, node *db.Simulation) *model.SimulationEdge {
			return &model.SimulationEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) {
		return l.Queries.CountSimulations(ctx, l.Within(ctx), &db.CountSimulationsParams{OrganizationID: organizationID, SubjectID: subjectID})
	})
	return connection, err
}
