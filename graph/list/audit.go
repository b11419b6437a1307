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
	"bursar/graph/validate"
	"bursar/id"
)

// noted is how long before or after an entry's time its id may have been generated. Both happen within one statement.
const noted = time.Minute

// auditList is a checked request for a page of the audit log.
type auditList struct {
	page.Page
	organizationID *uuid.UUID // null for the operator: entries of every organization
	targetID       *uuid.UUID // only those about this object, which may have been deleted
	actor          *string    // only those of this member or access token
	action         *string
	from, to       *time.Time
	fromID, toID   *uuid.UUID // the smallest id to read, and the first that is too large; nil: no bound
}

// AuditLog returns a page of the audit log.
func (l *Lists) AuditLog(ctx context.Context, filter *model.AuditFilter, part page.Arguments) (*model.AuditEntryConnection, error) {
	list, err := l.newAuditList(ctx, filter, part)
	if err != nil {
		return nil, err
	}
	rows, err := l.listAuditLog(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.AuditEntryConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), list.Page,
		func(e *db.AuditEntry) string { return page.CursorOf(e.ID) },
		func(cursor string, node *db.AuditEntry) *model.AuditEntryEdge {
			return &model.AuditEntryEdge{Cursor: cursor, Node: node}
		})
	return connection, nil
}

// newAuditList checks the arguments of auditLog.
func (l *Lists) newAuditList(ctx context.Context, filter *model.AuditFilter, part page.Arguments) (*auditList, error) {
	p, err := page.New(part)
	list := &auditList{Page: p, organizationID: caller.Organization(ctx)}
	if filter == nil {
		return list, err
	}
	list.action, list.from, list.to = validate.Given(filter.Action), filter.From, filter.To
	list.fromID, list.toID = idsOf(filter.From, filter.To, noted)
	err = validate.Together(err, validate.AuditFilter(filter))
	if external := validate.Given(filter.TargetID); external != nil {
		_, targetID, ok := id.Parse(*external)
		if !ok {
			err = validate.Together(err, fault.BadInput("filter.targetId", "is no id"))
		}
		list.targetID = &targetID
	}
	return list, validate.Together(err, l.auditLogOf(ctx, list, filter))
}

// auditLogOf takes over the organization and the actor of a filter.
func (l *Lists) auditLogOf(ctx context.Context, list *auditList, filter *model.AuditFilter) (err error) {
	if list.organizationID, err = l.find.ListedOrganization(ctx, "filter.organizationId", validate.Given(filter.OrganizationID)); err != nil {
		return err
	}
	external := validate.Given(filter.ActorID)
	if external == nil {
		return nil
	}
	organizationID, err := l.find.Actor(ctx, "filter.actorId", *external)
	if err != nil {
		return err
	}
	list.actor = external // in the log of another organization there is none of its entries
	list.organizationID, err = lookup.Narrow(list.organizationID, organizationID, "filter.actorId", "member or access token of the organization")
	return err
}

// listAuditLog returns the entries of a page. Answers NOT_FOUND for a target without any entry, as for another organization's.
func (l *Lists) listAuditLog(ctx context.Context, a *auditList) ([]*db.AuditEntry, error) {
	entries, err := l.listedAuditEntries(ctx, a)
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(entries) == 0 && a.targetID != nil {
		known, err := l.Queries.IsAuditTarget(ctx, l.Within(ctx), &db.IsAuditTargetParams{TargetID: *a.targetID, OrganizationID: a.organizationID})
		if err != nil {
			return nil, db.Fault(err)
		}
		if !known {
			return nil, lookup.NotFound("filter.targetId", "thing")
		}
	}
	return entries, nil
}

func (l *Lists) listedAuditEntries(ctx context.Context, a *auditList) ([]*db.AuditEntry, error) {
	if a.organizationID == nil {
		return l.Queries.ListEveryAuditEntry(ctx, l.Within(ctx), &db.ListEveryAuditEntryParams{
			TargetID: a.targetID, Action: a.action, FromTime: a.from, ToTime: a.to, FromID: a.fromID, ToID: a.toID,
			After: a.After, Before: a.Before, Backward: a.Backward, Number: a.Number,
		})
	}
	return l.Queries.ListAuditLog(ctx, l.Within(ctx), &db.ListAuditLogParams{
		OrganizationID: *a.organizationID, TargetID: a.targetID, Actor: a.actor, Action: a.action, FromTime: a.from, ToTime: a.to,
		FromID: a.fromID, ToID: a.toID, After: a.After, Before: a.Before, Backward: a.Backward, Number: a.Number,
	})
}
