package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// usageEventList is the checked input of usageEvents.
type usageEventList struct {
	page.Page
	db.ListUsageEventsParams
}

// UsageEvents returns a page of the ledger.
func (l *Lists) UsageEvents(ctx context.Context, filter *model.UsageEventFilter, part page.Arguments) (*model.UsageEventConnection, error) {
	list, err := l.newUsageEventList(ctx, filter, part)
	if err != nil {
		return nil, err
	}
	rows, err := l.Queries.ListUsageEvents(ctx, l.Within(ctx), &list.ListUsageEventsParams)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.UsageEventConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), list.Page,
		func(e *db.UsageEvent) string { return page.CursorOf(e.ID) },
		func(cursor string, node *db.UsageEvent) *model.UsageEventEdge {
			return &model.UsageEventEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countUsageEvents(ctx, list) })
	return connection, err
}

// newUsageEventList checks the arguments of usageEvents.
func (l *Lists) newUsageEventList(ctx context.Context, filter *model.UsageEventFilter, part page.Arguments) (*usageEventList, error) {
	p, err := page.New(part)
	if filter == nil {
		filter = &model.UsageEventFilter{}
	}
	key, owner, ofErr := l.keyOrOwner(ctx, filter.APIKeyID, filter.OwnerID)
	if err := validate.Together(err, validate.UsageEventFilter(filter), ofErr); err != nil {
		return nil, err
	}
	list := &usageEventList{Page: p, ListUsageEventsParams: db.ListUsageEventsParams{
		CreatedByID: caller.OwnKeysOnly(ctx), Models: filter.Models, Providers: filter.Providers,
		ServiceTiers: db.Texts(filter.ServiceTiers), Unpriced: validate.ValueOr(filter.Unpriced, false), FromTime: filter.From, ToTime: filter.To, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number,
	}}
	if key != nil {
		list.OrganizationID, list.APIKeyIDs, list.CreatedByID = key.OrganizationID, []uuid.UUID{key.ID}, nil
	} else {
		list.OrganizationID, list.WorkspaceID = owner.OrganizationID, owner.WorkspaceID
	}
	return list, nil
}

// keyOrOwner finds the API key, or else the organization or workspace, of the fields apiKeyId and ownerId of a filter; the caller's organization
// when neither is given. Exactly one of them is returned.
func (l *Lists) keyOrOwner(ctx context.Context, apiKeyID, ownerID *string) (*db.APIKey, *lookup.Subject, error) {
	apiKeyID, ownerID, own := validate.Given(apiKeyID), validate.Given(ownerID), caller.Organization(ctx)
	switch {
	case apiKeyID != nil && ownerID != nil:
		return nil, nil, fault.BadInput("filter.ownerId", "give either an apiKeyId or an ownerId")
	case apiKeyID != nil:
		key, err := l.find.APIKey(ctx, "filter.apiKeyId", *apiKeyID)
		return key, nil, err
	case ownerID != nil:
		owner, err := l.find.Owner(ctx, "filter.ownerId", *ownerID)
		return nil, owner, err
	case own == nil:
		return nil, nil, fault.BadInput("filter", "the operator gives an apiKeyId or an ownerId")
	}
	return nil, &lookup.Subject{SubjectID: db.SubjectID{OrganizationID: *own, ID: *own}}, nil
}

func (l *Lists) countUsageEvents(ctx context.Context, list *usageEventList) (int64, error) {
	return l.Queries.CountUsageEvents(ctx, l.Within(ctx), &db.CountUsageEventsParams{
		OrganizationID: list.OrganizationID, WorkspaceID: list.WorkspaceID, APIKeyIDs: list.APIKeyIDs, CreatedByID: list.CreatedByID,
		Models: list.Models, Providers: list.Providers, ServiceTiers: list.ServiceTiers, Unpriced: list.Unpriced, FromTime: list.FromTime, ToTime: list.ToTime,
	})
}
