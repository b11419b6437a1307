package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
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

// newAlertList checks the arguments of alerts.
func (r *Resolver) newAlertList(ctx context.Context, filter *model.AlertFilter, first *int, after *string) (*alertList, error) {
	p, err := page.New(first, after)
	list := &alertList{Page: p, organizationID: callerOrganization(ctx), createdByID: ownKeysOnly(ctx)}
	if filter == nil {
		return list, err
	}
	list.kind = filter.Kind
	if subjectID := validate.Given(filter.SubjectID); subjectID != nil {
		s, subjectErr := r.subject(ctx, "filter.subjectId", *subjectID)
		if err := validate.Together(err, subjectErr); err != nil {
			return nil, err
		}
		list.organizationID, list.subjectID = &s.OrganizationID, &s.ID
	}
	return list, err
}

func (r *Resolver) listAlerts(ctx context.Context, list *alertList) ([]*db.Alert, error) {
	if list.organizationID == nil {
		return r.queries.ListEveryAlert(ctx, r.within(ctx), &db.ListEveryAlertParams{Kind: list.kind, After: list.After, Number: list.Number})
	}
	return r.queries.ListAlerts(ctx, r.within(ctx), &db.ListAlertsParams{
		OrganizationID: *list.organizationID, SubjectID: list.subjectID, CreatedByID: list.createdByID, Kind: list.kind,
		After: list.After, Number: list.Number,
	})
}

func (r *Resolver) countAlerts(ctx context.Context, list *alertList) (int64, error) {
	return r.queries.CountAlerts(ctx, r.within(ctx), &db.CountAlertsParams{
		OrganizationID: list.organizationID, SubjectID: list.subjectID, CreatedByID: list.createdByID, Kind: list.kind,
	})
}
