package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// alertList is the checked input of alerts.
type alertList struct {
	page.Page
	organizationID *uuid.UUID // null for the operator: alerts of every organization
	subjectID      *uuid.UUID // only those of this subject's budgets
	createdByID    *uuid.UUID // only those of keys that this member created
	kind           *db.AlertKind
}

// Alerts returns a page of alerts.
func (l *Lists) Alerts(ctx context.Context, filter *model.AlertFilter, first *int, after *string) (*model.AlertConnection, error) {
	list, err := l.newAlertList(ctx, filter, first, after)
	if err != nil {
		return nil, err
	}
	rows, err := l.listAlerts(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.AlertConnection{}
	connection.Edges, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), list.Page, func(a *db.Alert) uuid.UUID { return a.ID },
		func(cursor string, node *db.Alert) *model.AlertEdge {
			return &model.AlertEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countAlerts(ctx, list) })
	return connection, err
}

// newAlertList checks the arguments of alerts.
func (l *Lists) newAlertList(ctx context.Context, filter *model.AlertFilter, first *int, after *string) (*alertList, error) {
	p, err := page.New(first, after)
	list := &alertList{Page: p, organizationID: caller.Organization(ctx), createdByID: caller.OwnKeysOnly(ctx)}
	if filter == nil {
		return list, err
	}
	list.kind = filter.Kind
	if subjectID := validate.Given(filter.SubjectID); subjectID != nil {
		s, subjectErr := l.find.Subject(ctx, "filter.subjectId", *subjectID)
		if err := validate.Together(err, subjectErr); err != nil {
			return nil, err
		}
		list.organizationID, list.subjectID = &s.OrganizationID, &s.ID
	}
	return list, err
}

func (l *Lists) listAlerts(ctx context.Context, list *alertList) ([]*db.Alert, error) {
	if list.organizationID == nil {
		return l.Queries.ListEveryAlert(ctx, l.Within(ctx), &db.ListEveryAlertParams{Kind: list.kind, After: list.After, Number: list.Number})
	}
	return l.Queries.ListAlerts(ctx, l.Within(ctx), &db.ListAlertsParams{
		OrganizationID: *list.organizationID, SubjectID: list.subjectID, CreatedByID: list.createdByID, Kind: list.kind,
		After: list.After, Number: list.Number,
	})
}

func (l *Lists) countAlerts(ctx context.Context, list *alertList) (int64, error) {
	return l.Queries.CountAlerts(ctx, l.Within(ctx), &db.CountAlertsParams{
		OrganizationID: list.organizationID, SubjectID: list.subjectID, CreatedByID: list.createdByID, Kind: list.kind,
	})
}
