package list

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// raisedWithin is how long before or after an alert's time its id may have been generated. Both happen within one call of enforcement.
const raisedWithin = time.Hour

// alertList is the checked input of alerts.
type alertList struct {
	page.Page
	organizationID *uuid.UUID // null for the operator: alerts of every organization
	subjectID      *uuid.UUID // only those of this subject's budgets
	createdByID    *uuid.UUID // only those of keys that this member created
	kind           *db.AlertKind
	from, to       *time.Time
	fromID, toID   *uuid.UUID // the smallest id to read, and the first that is too large; nil: no bound
}

// Alerts returns a page of alerts.
func (l *Lists) Alerts(ctx context.Context, filter *model.AlertFilter, part page.Arguments) (*model.AlertConnection, error) {
	list, err := l.newAlertList(ctx, filter, part)
	if err != nil {
		return nil, err
	}
	rows, err := l.listAlerts(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.AlertConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), list.Page,
		func(a *db.Alert) string { return page.CursorOf(a.ID) },
		func(cursor string, node *db.Alert) *model.AlertEdge {
			return &model.AlertEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countAlerts(ctx, list) })
	return connection, err
}

// newAlertList checks the arguments of alerts.
func (l *Lists) newAlertList(ctx context.Context, filter *model.AlertFilter, part page.Arguments) (*alertList, error) {
	p, err := page.New(part)
	list := &alertList{Page: p, organizationID: caller.Organization(ctx), createdByID: caller.OwnKeysOnly(ctx)}
	if filter == nil {
		return list, err
	}
	list.kind, list.from, list.to = filter.Kind, filter.From, filter.To
	list.fromID, list.toID = idsOf(filter.From, filter.To, raisedWithin)
	return list, validate.Together(err, validate.AlertFilter(filter), l.alertsOf(ctx, list, filter))
}

// alertsOf takes over the organization and the subject of a filter.
func (l *Lists) alertsOf(ctx context.Context, list *alertList, filter *model.AlertFilter) (err error) {
	if list.organizationID, err = l.find.ListedOrganization(ctx, "filter.organizationId", validate.Given(filter.OrganizationID)); err != nil {
		return err
	}
	subjectID := validate.Given(filter.SubjectID)
	if subjectID == nil {
		return nil
	}
	s, err := l.find.Subject(ctx, "filter.subjectId", *subjectID)
	if err != nil {
		return err
	}
	list.subjectID = &s.ID
	list.organizationID, err = lookup.Narrow(list.organizationID, s.OrganizationID, "filter.subjectId", "thing in the organization")
	return err
}

func (l *Lists) listAlerts(ctx context.Context, list *alertList) ([]*db.Alert, error) {
	if list.organizationID == nil {
		return l.Queries.ListEveryAlert(ctx, l.Within(ctx), &db.ListEveryAlertParams{
			Kind: list.kind, FromTime: list.from, ToTime: list.to, FromID: list.fromID, ToID: list.toID,
			After: list.After, Before: list.Before, Backward: list.Backward, Number: list.Number,
		})
	}
	return l.Queries.ListAlerts(ctx, l.Within(ctx), &db.ListAlertsParams{
		OrganizationID: *list.organizationID, SubjectID: list.subjectID, CreatedByID: list.createdByID, Kind: list.kind,
		FromTime: list.from, ToTime: list.to, FromID: list.fromID, ToID: list.toID,
		After: list.After, Before: list.Before, Backward: list.Backward, Number: list.Number,
	})
}

func (l *Lists) countAlerts(ctx context.Context, list *alertList) (int64, error) {
	return l.Queries.CountAlerts(ctx, l.Within(ctx), &db.CountAlertsParams{
		OrganizationID: list.organizationID, SubjectID: list.subjectID, CreatedByID: list.createdByID, Kind: list.kind,
		FromTime: list.from, ToTime: list.to,
	})
}
