package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// reservationList is the checked input of reservations.
type reservationList struct {
	page.Page
	organizationID uuid.UUID
	workspaceID    *uuid.UUID // only those of keys that this workspace owned
	apiKeyID       *uuid.UUID // only those of this key; no workspace then
}

// Reservations returns a page of held reservations.
func (l *Lists) Reservations(ctx context.Context, filter *model.ReservationFilter, part page.Arguments) (*model.ReservationConnection, error) {
	list, err := l.newReservationList(ctx, filter, part)
	if err != nil {
		return nil, err
	}
	rows, err := l.listReservations(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.ReservationConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(rows, list.Page,
		func(r *db.Reservation) string { return page.CursorOf(r.ID) },
		func(cursor string, node *db.Reservation) *model.ReservationEdge {
			return &model.ReservationEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countReservations(ctx, list) })
	return connection, err
}

// newReservationList checks the arguments of reservations.
func (l *Lists) newReservationList(ctx context.Context, filter *model.ReservationFilter, part page.Arguments) (*reservationList, error) {
	p, err := page.New(part)
	if filter == nil {
		filter = &model.ReservationFilter{}
	}
	apiKeyID, ownerID, own := validate.Given(filter.APIKeyID), validate.Given(filter.OwnerID), caller.Organization(ctx)
	switch {
	case apiKeyID != nil && ownerID != nil:
		return nil, validate.Together(err, fault.BadInput("filter.ownerId", "give either an apiKeyId or an ownerId"))
	case apiKeyID != nil:
		key, keyErr := l.find.APIKey(ctx, "filter.apiKeyId", *apiKeyID)
		if err := validate.Together(err, keyErr); err != nil {
			return nil, err
		}
		return &reservationList{Page: p, organizationID: key.OrganizationID, apiKeyID: &key.ID}, nil
	case ownerID != nil:
		owner, ownerErr := l.find.Owner(ctx, "filter.ownerId", *ownerID)
		if err := validate.Together(err, ownerErr); err != nil {
			return nil, err
		}
		return &reservationList{Page: p, organizationID: owner.OrganizationID, workspaceID: owner.WorkspaceID}, nil
	case own == nil:
		return nil, validate.Together(err, fault.BadInput("filter", "the operator gives an apiKeyId or an ownerId"))
	}
	return &reservationList{Page: p, organizationID: *own}, err
}

func (l *Lists) listReservations(ctx context.Context, list *reservationList) ([]*db.Reservation, error) {
	if list.apiKeyID != nil {
		return l.Queries.ListReservationsOfAPIKey(ctx, l.Within(ctx), &db.ListReservationsOfAPIKeyParams{
			OrganizationID: list.organizationID, APIKeyID: *list.apiKeyID, After: list.After, Before: list.Before,
			Backward: list.Backward, Number: list.Number})
	}
	return l.Queries.ListReservations(ctx, l.Within(ctx), &db.ListReservationsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, After: list.After, Before: list.Before,
		Backward: list.Backward, Number: list.Number})
}

func (l *Lists) countReservations(ctx context.Context, list *reservationList) (int64, error) {
	return l.Queries.CountReservations(ctx, l.Within(ctx), &db.CountReservationsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, APIKeyID: list.apiKeyID})
}
