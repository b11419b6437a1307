package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// apiKeyList is the checked input of apiKeys.
type apiKeyList struct {
	page.Page
	organizationID *uuid.UUID // null for the operator: keys of every organization
	workspaceID    *uuid.UUID // only those of this workspace
	unassigned     bool       // only those that belong to no workspace
	createdByID    *uuid.UUID // only those that this member created
	status         *db.ApiKeyStatus
	search         *string
}

// newAPIKeyList checks the arguments of apiKeys.
func (r *Resolver) newAPIKeyList(ctx context.Context, filter *model.APIKeyFilter, first *int, after *string) (*apiKeyList, error) {
	p, err := page.New(first, after)
	list := &apiKeyList{Page: p, organizationID: callerOrganization(ctx), createdByID: ownKeysOnly(ctx)}
	if filter == nil {
		return list, err
	}
	list.status, list.search = filter.Status, validate.Given(filter.Search)
	err = validate.Together(err, validate.APIKeyFilter(filter))
	if ownerID := validate.Given(filter.OwnerID); ownerID != nil {
		owner, ownerErr := r.owner(ctx, "filter.ownerId", *ownerID)
		if err := validate.Together(err, ownerErr); err != nil {
			return nil, err
		}
		list.organizationID, list.workspaceID, list.unassigned = &owner.OrganizationID, owner.WorkspaceID, owner.WorkspaceID == nil
	}
	return list, err
}

// listAPIKeys returns the keys of a page. Their statuses are read with them.
func (r *Resolver) listAPIKeys(ctx context.Context, list *apiKeyList) ([]*db.APIKey, error) {
	rows, err := r.listedAPIKeys(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	keys, statuses := make([]*db.APIKey, len(rows)), make(map[uuid.UUID]db.ApiKeyStatus, len(rows))
	for i, row := range rows {
		keys[i], statuses[row.APIKey.ID] = &row.APIKey, row.Status
	}
	loader.Prime(ctx, loader.Loaded(ctx, keys), "status", statuses)
	return keys, nil
}

func (r *Resolver) listedAPIKeys(ctx context.Context, list *apiKeyList) ([]*db.ListAPIKeysRow, error) {
	if list.organizationID != nil {
		return r.queries.ListAPIKeys(ctx, r.within(ctx), &db.ListAPIKeysParams{
			OrganizationID: *list.organizationID, WorkspaceID: list.workspaceID, Unassigned: list.unassigned,
			CreatedByID: list.createdByID, Search: list.search, Status: list.status, After: list.After, Number: list.Number,
		})
	}
	every, err := r.queries.ListEveryAPIKey(ctx, r.within(ctx),
		&db.ListEveryAPIKeyParams{Search: list.search, Status: list.status, After: list.After, Number: list.Number})
	rows := make([]*db.ListAPIKeysRow, len(every))
	for i, row := range every {
		rows[i] = (*db.ListAPIKeysRow)(row)
	}
	return rows, err
}

func (r *Resolver) countAPIKeys(ctx context.Context, list *apiKeyList) (int64, error) {
	return r.queries.CountAPIKeys(ctx, r.within(ctx), &db.CountAPIKeysParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, Unassigned: list.unassigned,
		CreatedByID: list.createdByID, Search: list.search, Status: list.status,
	})
}

// statusOf returns a key's status now; those of its batch are read with it, unless the page primed them.
func (r *Resolver) statusOf(ctx context.Context, key *db.APIKey) (db.ApiKeyStatus, error) {
	statuses, err := loader.Load(ctx, key, "status", func(keys []*db.APIKey) (map[uuid.UUID]db.ApiKeyStatus, error) {
		rows, err := r.queries.ListAPIKeyStatuses(ctx, r.within(ctx), &db.ListAPIKeyStatusesParams{
			IDs: loader.Distinct(keys, func(k *db.APIKey) *uuid.UUID { return &k.ID }), OrganizationID: callerOrganization(ctx)})
		statuses := make(map[uuid.UUID]db.ApiKeyStatus, len(rows))
		for _, row := range rows {
			statuses[row.ID] = row.Status
		}
		return statuses, err
	})
	return statuses[key.ID], err
}
