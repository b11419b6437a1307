package list

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/selection"
	"bursar/graph/validate"
	"bursar/id"
)

// denialList is the checked input of denials.
type denialList struct {
	page.Page
	organizationID uuid.UUID
	workspaceID    *uuid.UUID // only those of keys that this workspace owned
	apiKeyID       *uuid.UUID // only those of this key
	createdByID    *uuid.UUID // only those of keys that this member created
	limitID        *uuid.UUID
	limit          *string // its external id
	reason         *db.DenialReason
	shadow         bool // what limits in SHADOW would have denied
	from           *time.Time
	fromID         *uuid.UUID // the smallest id to read; null: no bound
	toID           *uuid.UUID // ids are smaller; null: no bound
}

// Denials returns a page of counts of denied requests. Answers NOT_FOUND for a limit without counts that the caller may not see.
func (l *Lists) Denials(ctx context.Context, filter *model.DenialFilter, part page.Arguments) (*model.DenialCountConnection, error) {
	list, err := l.newDenialList(ctx, filter, part)
	if err != nil {
		return nil, err
	}
	rows, err := l.listDenialCounts(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.DenialCountConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), list.Page,
		func(c *db.DenialCount) string { return page.CursorOf(c.ID) },
		func(cursor string, node *db.DenialCount) *model.DenialCountEdge {
			return &model.DenialCountEdge{Cursor: cursor, Node: node}
		})
	if !selection.Has(ctx, "totalCount") && !selection.Has(ctx, "count") && !selection.Has(ctx, "requests") {
		return connection, nil
	}
	sums, err := l.sumDenialCounts(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection.TotalCount, connection.Count, connection.Requests = int(sums.Number), sums.Denials, sums.Requests
	return connection, nil
}

// newDenialList checks the arguments of denials.
func (l *Lists) newDenialList(ctx context.Context, filter *model.DenialFilter, part page.Arguments) (*denialList, error) {
	p, err := page.New(part)
	list := &denialList{Page: p, createdByID: caller.OwnKeysOnly(ctx)}
	if own := caller.Organization(ctx); own != nil {
		list.organizationID = *own
	}
	if filter == nil {
		filter = &model.DenialFilter{}
	}
	list.reason, list.shadow = filter.Reason, validate.ValueOr(filter.Shadow, false)
	list.bound(filter.From, filter.To)
	if filter.From != nil && filter.To != nil && !filter.To.After(*filter.From) {
		err = validate.Together(err, fault.BadInput("filter.to", "must be after from"))
	}
	err = validate.Together(err, l.denialsOfSubject(ctx, list, validate.Given(filter.SubjectID)),
		l.denialsOfKey(ctx, list, validate.Given(filter.APIKeyID)), l.denialsOfLimit(ctx, list, validate.Given(filter.LimitID)))
	if err == nil && list.organizationID == uuid.Nil {
		err = fault.BadInput("filter", "the operator gives a subjectId, an apiKeyId or a limitId")
	}
	return list, err
}

// bound sets the bounds of ids, which begin with the hour.
func (d *denialList) bound(from, to *time.Time) {
	if d.from = from; from != nil {
		fromID := id.FirstAt(*from)
		d.fromID = &fromID
	}
	if to != nil {
		end := id.FirstAt(to.Add(time.Millisecond - time.Nanosecond)) // an hour that begins within the millisecond is before it
		d.toID = &end
	}
}

func (l *Lists) denialsOfSubject(ctx context.Context, list *denialList, external *string) error {
	if external == nil {
		return nil
	}
	s, err := l.find.Subject(ctx, "filter.subjectId", *external)
	if err != nil {
		return err
	}
	list.organizationID, list.workspaceID, list.apiKeyID = s.OrganizationID, s.WorkspaceID, s.APIKeyID
	return nil
}

func (l *Lists) denialsOfKey(ctx context.Context, list *denialList, external *string) error {
	if external == nil {
		return nil
	}
	key, err := l.find.APIKey(ctx, "filter.apiKeyId", *external)
	if err != nil {
		return err
	}
	if list.organizationID != uuid.Nil && list.organizationID != key.OrganizationID || list.apiKeyID != nil && *list.apiKeyID != key.ID {
		return lookup.NotFound("filter.apiKeyId", "API key of the subject")
	}
	list.organizationID, list.apiKeyID = key.OrganizationID, &key.ID
	return nil
}

// denialsOfLimit takes over a limit, which may be deleted. The operator's must exist if nothing else says which organization is meant.
func (l *Lists) denialsOfLimit(ctx context.Context, list *denialList, external *string) error {
	if external == nil {
		return nil
	}
	_, limitID, err := validate.ID("filter.limitId", *external, id.BudgetLimit, id.RateLimit)
	if err != nil {
		return err
	}
	list.limitID, list.limit = &limitID, external
	if list.organizationID != uuid.Nil {
		return nil
	}
	limit, err := l.limitOfDenials(ctx, *external)
	if err == nil {
		list.organizationID = limit.OrganizationID
	}
	return err
}

func (l *Lists) limitOfDenials(ctx context.Context, external string) (*db.LimitStatus, error) {
	prefix, _, err := validate.ID("filter.limitId", external, id.BudgetLimit, id.RateLimit)
	if err != nil {
		return nil, err
	}
	return l.find.Limit(ctx, "filter.limitId", external, prefix)
}

// listDenialCounts returns the counts of a page. Where there are none of a limit, the limit must be one that the caller may see.
func (l *Lists) listDenialCounts(ctx context.Context, list *denialList) ([]*db.DenialCount, error) {
	rows, err := l.Queries.ListDenialCounts(ctx, l.Within(ctx), &db.ListDenialCountsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, APIKeyID: list.apiKeyID, CreatedByID: list.createdByID,
		LimitID: list.limitID, Reason: list.reason, Shadow: list.shadow, FromTime: list.from, FromID: list.fromID, ToID: list.toID,
		After: list.After, Before: list.Before, Backward: list.Backward, Number: list.Number,
	})
	if err == nil && len(rows) == 0 && list.limit != nil {
		_, err = l.limitOfDenials(ctx, *list.limit)
	}
	return rows, err
}

func (l *Lists) sumDenialCounts(ctx context.Context, list *denialList) (*db.SumDenialCountsRow, error) {
	return l.Queries.SumDenialCounts(ctx, l.Within(ctx), &db.SumDenialCountsParams{
		OrganizationID: list.organizationID, WorkspaceID: list.workspaceID, APIKeyID: list.apiKeyID, CreatedByID: list.createdByID,
		LimitID: list.limitID, Reason: list.reason, Shadow: list.shadow, FromTime: list.from, FromID: list.fromID, ToID: list.toID,
	})
}

// KeyOfDenials returns the API key that a count is of; nil when there is none. Those of its batch are read with it.
func (l *Lists) KeyOfDenials(ctx context.Context, count *db.DenialCount) (*db.APIKey, error) {
	return loader.Refer(ctx, count, "API key", func(c *db.DenialCount) *uuid.UUID { return c.APIKeyID },
		func(k *db.APIKey) uuid.UUID { return k.ID },
		func(ids []uuid.UUID) ([]*db.APIKey, error) {
			return l.Queries.FindAPIKeys(ctx, l.Within(ctx), &db.FindAPIKeysParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}
