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

// APIKeys returns a page of API keys.
func (l *Lists) APIKeys(ctx context.Context, filter *model.APIKeyFilter, first *int, after *string) (*model.APIKeyConnection, error) {
	list, err := l.newAPIKeyList(ctx, filter, first, after)
	if err != nil {
		return nil, err
	}
	keys, err := l.listAPIKeys(ctx, list)
	if err != nil {
		return nil, err
	}
	connection := &model.APIKeyConnection{}
	connection.Edges, connection.PageInfo = page.Connect(keys, list.Page, func(k *db.APIKey) uuid.UUID { return k.ID },
		func(cursor string, node *db.APIKey) *model.APIKeyEdge {
			return &model.APIKeyEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countAPIKeys(ctx, list) })
	return connection, err
}

// newAPIKeyList checks the arguments of apiKeys.
func (l *Lists) newAPIKeyList(ctx context.Context, filter *model.APIKeyFilter, first *int, after *string) (*apiKeyList, error) {
	p, err := page.New(first, after)
	list := &apiKeyList{Page: p, organizationID: caller.Organization(ctx), createdByID: caller.OwnKeysOnly(ctx)}
	if filter == nil {
		return list, err
	}
	list.status, list.search = filter.Status, validate.Given(filter.Search)
	err = validate.Together(err, validate.APIKeyFilter(filter))
	if ownerID := validate.Given(filter.OwnerID); ownerID != nil {
		owner, ownerErr := l.find.Owner(ctx, "filter.ownerId", *ownerID)
		if err := validate.Together(err, ownerErr); err != nil {
			return nil, err
		}
		list.organizationID, list.workspaceID, list.unassigned = &owner.OrganizationID, owner.WorkspaceID, owner.WorkspaceID == nil
	}
	return list, err
}

// listAPIKeys returns the keys of a page. Their statuses are read with them.
func (l *Lists) listAPIKeys(ctx context.Context, list *apiKeyList) ([]*db.APIKey, error) {
	rows, err := l.listedAPIKeys(ctx, list)
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

func (l *Lists) listedAPIKeys(ctx context.Context, list *apiKeyList) ([]*db.ListAPIKeysRow, error) {
	if list.organizationID != nil {
		return l.Queries.ListAPIKeys(ctx, l.Within(ctx), &db.ListAPIKeysParams{
			OrganizationID: *list.organizationID, WorkspaceID: list.workspaceID, Unassigned: list.unassigned,
			CreatedByID: list.createdByID, Search: list.search, Status: list.status, After: list.After, Number: list.Number,
		})
	}
	every, err := l.Queries.ListEveryAPIKey(ctx, l.Within(ctx),
		&db.ListEveryAPIKeyParams{Search: list.search, Status: list.status, After: list.After, Number: list.Number})
	rows := make([]*db.ListAPIKeysRow, len(every))
	for i, row := range every {
		rows[i] = (*db.ListAPIKeysRow)(row)
	}
	return rows, err
}

func (l *Lists) countAPIKeys(ctx context.Context, list *apiKeyList) (int64, error) {
	return l.Queries.CountAPIKeys(ctx, l.Within(ctx), &db.CountAPIKeysParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, Unassigned: list.unassigned,
		CreatedByID: list.createdByID, Search: list.search, Status: list.status,
	})
}

// StatusOf returns a key's status now; those of its batch are read with it, unless the page primed them.
func (l *Lists) StatusOf(ctx context.Context, key *db.APIKey) (db.ApiKeyStatus, error) {
	statuses, err := loader.Load(ctx, key, "status", func(keys []*db.APIKey) (map[uuid.UUID]db.ApiKeyStatus, error) {
		rows, err := l.Queries.ListAPIKeyStatuses(ctx, l.Within(ctx), &db.ListAPIKeyStatusesParams{
			IDs: loader.Distinct(keys, func(k *db.APIKey) *uuid.UUID { return &k.ID }), OrganizationID: caller.Organization(ctx)})
		statuses := make(map[uuid.UUID]db.ApiKeyStatus, len(rows))
		for _, row := range rows {
			statuses[row.ID] = row.Status
		}
		return statuses, err
	})
	return statuses[key.ID], err
}
