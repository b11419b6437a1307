package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/loader"
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
	status         db.ReservationStatus
	leases         *bool // only leases, or only others; both if nil
}

// Reservations returns a page of reservations.
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
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), list.Page,
		func(r *db.Reservation) string { return page.CursorOf(r.ID) },
		func(cursor string, node *db.Reservation) *model.ReservationEdge {
			return &model.ReservationEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countReservations(ctx, list) })
	return connection, err
}

// newReservationList checks the arguments of reservations. A MEMBER lists those of one key that they created.
func (l *Lists) newReservationList(ctx context.Context, filter *model.ReservationFilter, part page.Arguments) (*reservationList, error) {
	p, err := page.New(part)
	if filter == nil {
		filter = &model.ReservationFilter{}
	}
	key, owner, ofErr := l.keyOrOwner(ctx, filter.APIKeyID, filter.OwnerID)
	list := &reservationList{Page: p, status: validate.ValueOr(filter.Status, db.ReservationStatusHELD), leases: filter.Leases}
	if err := validate.Together(err, ofErr, list.heldLeases()); err != nil {
		return nil, err
	}
	if key != nil {
		list.organizationID, list.apiKeyID = key.OrganizationID, &key.ID
		return list, nil
	}
	list.organizationID, list.workspaceID = owner.OrganizationID, owner.WorkspaceID
	return list, l.find.OfOwnKey(ctx, "filter.apiKeyId", nil)
}

// heldLeases refuses to tell leases from others among those that are closed, of which there may be many.
func (l *reservationList) heldLeases() error {
	if l.leases != nil && l.status != db.ReservationStatusHELD {
		return fault.BadInput("filter.leases", "must not be given with a status other than HELD")
	}
	return nil
}

func (l *Lists) listReservations(ctx context.Context, list *reservationList) ([]*db.Reservation, error) {
	switch {
	case list.status != db.ReservationStatusHELD:
		return l.Queries.ListReservationsByStatus(ctx, l.Within(ctx), &db.ListReservationsByStatusParams{OrganizationID: list.organizationID,
			WorkspaceID: list.workspaceID, APIKeyID: list.apiKeyID, Status: list.status, After: list.After, Before: list.Before,
			Backward: list.Backward, Number: list.Number})
	case list.apiKeyID != nil:
		return l.Queries.ListReservationsOfAPIKey(ctx, l.Within(ctx), &db.ListReservationsOfAPIKeyParams{
			OrganizationID: list.organizationID, APIKeyID: *list.apiKeyID, Leases: list.leases, After: list.After, Before: list.Before,
			Backward: list.Backward, Number: list.Number})
	}
	return l.Queries.ListReservations(ctx, l.Within(ctx), &db.ListReservationsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, Leases: list.leases, After: list.After, Before: list.Before,
		Backward: list.Backward, Number: list.Number})
}

func (l *Lists) countReservations(ctx context.Context, list *reservationList) (int64, error) {
	if list.status != db.ReservationStatusHELD {
		return l.Queries.CountReservationsByStatus(ctx, l.Within(ctx), &db.CountReservationsByStatusParams{
			OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, APIKeyID: list.apiKeyID, Status: list.status})
	}
	return l.Queries.CountReservations(ctx, l.Within(ctx), &db.CountReservationsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, APIKeyID: list.apiKeyID, Leases: list.leases})
}
