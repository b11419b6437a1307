package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
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

// newReservationList checks the arguments of reservations.
func (r *Resolver) newReservationList(ctx context.Context, filter *model.ReservationFilter, first *int, after *string) (*reservationList, error) {
	p, err := page.New(first, after)
	if filter == nil {
		filter = &model.ReservationFilter{}
	}
	apiKeyID, ownerID, own := validate.Given(filter.APIKeyID), validate.Given(filter.OwnerID), callerOrganization(ctx)
	switch {
	case apiKeyID != nil && ownerID != nil:
		return nil, validate.Together(err, fault.BadInput("filter.ownerId", "give either an apiKeyId or an ownerId"))
	case apiKeyID != nil:
		key, keyErr := r.apiKey(ctx, "filter.apiKeyId", *apiKeyID)
		if err := validate.Together(err, keyErr); err != nil {
			return nil, err
		}
		return &reservationList{Page: p, organizationID: key.OrganizationID, apiKeyID: &key.ID}, nil
	case ownerID != nil:
		owner, ownerErr := r.owner(ctx, "filter.ownerId", *ownerID)
		if err := validate.Together(err, ownerErr); err != nil {
			return nil, err
		}
		return &reservationList{Page: p, organizationID: owner.OrganizationID, workspaceID: owner.WorkspaceID}, nil
	case own == nil:
		return nil, validate.Together(err, fault.BadInput("filter", "the operator gives an apiKeyId or an ownerId"))
	}
	return &reservationList{Page: p, organizationID: *own}, err
}

func (r *Resolver) listReservations(ctx context.Context, list *reservationList) ([]*db.Reservation, error) {
	if list.apiKeyID != nil {
		return r.queries.ListReservationsOfAPIKey(ctx, r.within(ctx), &db.ListReservationsOfAPIKeyParams{
			OrganizationID: list.organizationID, APIKeyID: *list.apiKeyID, After: list.After, Number: list.Number})
	}
	return r.queries.ListReservations(ctx, r.within(ctx), &db.ListReservationsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, After: list.After, Number: list.Number})
}

func (r *Resolver) countReservations(ctx context.Context, list *reservationList) (int64, error) {
	return r.queries.CountReservations(ctx, r.within(ctx), &db.CountReservationsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, APIKeyID: list.apiKeyID})
}
