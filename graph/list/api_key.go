package list

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// apiKeyList is the checked input of apiKeys.
type apiKeyList struct {
	page.Of[keyPosition]
	order          keyOrder
	organizationID *uuid.UUID // null for the operator: keys of every organization
	workspaceID    *uuid.UUID // only those of this workspace
	unassigned     bool       // only those that belong to no workspace
	createdByID    *uuid.UUID // only those that this member created
	statuses       []string   // only those in one of these; nil all
	search, prefix *string    // of which at most one is not null
}

// APIKeys returns a page of API keys.
func (l *Lists) APIKeys(ctx context.Context, filter *model.APIKeyFilter, orderBy *model.APIKeyOrder, part page.Arguments) (*model.APIKeyConnection, error) {
	list, err := l.newAPIKeyList(ctx, filter, orderBy, part)
	if err != nil {
		return nil, err
	}
	keys, err := l.listAPIKeys(ctx, list)
	if err != nil {
		return nil, err
	}
	connection := &model.APIKeyConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(keys, list.Of, list.order.cursor,
		func(cursor string, node *db.APIKey) *model.APIKeyEdge {
			return &model.APIKeyEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countAPIKeys(ctx, list) })
	return connection, err
}

// newAPIKeyList checks the arguments of apiKeys.
func (l *Lists) newAPIKeyList(ctx context.Context, filter *model.APIKeyFilter, orderBy *model.APIKeyOrder, part page.Arguments) (*apiKeyList, error) {
	order := newKeyOrder(orderBy)
	p, err := page.Cut(part, order.parse)
	list := &apiKeyList{Of: p, order: order, organizationID: caller.Organization(ctx), createdByID: caller.OwnKeysOnly(ctx)}
	if filter == nil {
		return list, err
	}
	list.statuses = statusesOf(filter)
	var searchErr, creatorErr error
	list.search, list.prefix, searchErr = validate.APIKeySearch(validate.Given(filter.Search))
	if creatorID := validate.Given(filter.CreatedByID); creatorID != nil {
		list.createdByID, creatorErr = l.find.Creator(ctx, "filter.createdById", *creatorID)
	}
	return list, validate.Together(err, searchErr, creatorErr, l.apiKeysOf(ctx, list, filter))
}

// apiKeysOf takes over the organization and the owner of a filter.
func (l *Lists) apiKeysOf(ctx context.Context, list *apiKeyList, filter *model.APIKeyFilter) (err error) {
	if list.organizationID, err = l.find.ListedOrganization(ctx, "filter.organizationId", validate.Given(filter.OrganizationID)); err != nil {
		return err
	}
	ownerID := validate.Given(filter.OwnerID)
	if ownerID == nil {
		return nil
	}
	owner, err := l.find.Owner(ctx, "filter.ownerId", *ownerID)
	if err != nil {
		return err
	}
	list.workspaceID, list.unassigned = owner.WorkspaceID, owner.WorkspaceID == nil
	list.organizationID, err = lookup.Narrow(list.organizationID, owner.OrganizationID, "filter.ownerId", "workspace of the organization")
	return err
}

// statusesOf returns the statuses of which a filter asks for one; nil for all.
func statusesOf(filter *model.APIKeyFilter) []string {
	if filter.Status == nil && filter.Statuses == nil {
		return nil
	}
	wanted := []string{}
	for _, status := range db.AllApiKeyStatusValues() {
		if (filter.Status == nil || *filter.Status == status) && (filter.Statuses == nil || slices.Contains(filter.Statuses, status)) {
			wanted = append(wanted, string(status))
		}
	}
	return wanted
}

// listAPIKeys returns the keys of a page. Their statuses are read with them.
func (l *Lists) listAPIKeys(ctx context.Context, list *apiKeyList) ([]*db.APIKey, error) {
	params := &db.ListAPIKeysParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, Unassigned: list.unassigned, CreatedByID: list.createdByID,
		Statuses: list.statuses, Search: list.search, Prefix: list.prefix, OrderedBy: string(list.order.field),
		Descending: list.order.descending != list.Backward, Number: list.Number,
	}
	list.order.bound(params, list.After, list.Before)
	rows, err := l.Queries.ListAPIKeys(ctx, l.Within(ctx), params)
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

func (l *Lists) countAPIKeys(ctx context.Context, list *apiKeyList) (int64, error) {
	return l.Queries.CountAPIKeys(ctx, l.Within(ctx), &db.CountAPIKeysParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, Unassigned: list.unassigned, CreatedByID: list.createdByID,
		Statuses: list.statuses, Search: list.search, Prefix: list.prefix,
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
