package list

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
	"bursar/id"
)

// drawnBefore is how long before an entry's time its id may have been generated. Both happen within one statement.
const drawnBefore = time.Minute

// auditList is a checked request for a page of the audit log.
type auditList struct {
	page.Page
	organizationID *uuid.UUID // null for the operator: entries of every organization
	targetID       *uuid.UUID // only those about this object, which may have been deleted
	action         *string
	from, to       *time.Time
	fromID         *uuid.UUID // the smallest id to read; null: no bound
	before         *uuid.UUID // ids to read are smaller: the cursor, or the bound of the time if it is smaller; null: no bound
}

// AuditLog returns a page of the audit log.
func (l *Lists) AuditLog(ctx context.Context, filter *model.AuditFilter, first *int, after *string) (*model.AuditEntryConnection, error) {
	list, err := newAuditList(ctx, filter, first, after)
	if err != nil {
		return nil, err
	}
	rows, err := l.listAuditLog(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.AuditEntryConnection{}
	connection.Edges, connection.PageInfo = page.Connect(rows, list.Page, func(e *db.AuditEntry) uuid.UUID { return e.ID },
		func(cursor string, node *db.AuditEntry) *model.AuditEntryEdge {
			return &model.AuditEntryEdge{Cursor: cursor, Node: node}
		})
	return connection, nil
}

// newAuditList checks the arguments of auditLog.
func newAuditList(ctx context.Context, filter *model.AuditFilter, first *int, after *string) (*auditList, error) {
	p, err := page.New(first, after)
	list := &auditList{Page: p, organizationID: caller.Organization(ctx), before: p.After}
	if filter == nil {
		return list, err
	}
	list.action, list.from, list.to = validate.Given(filter.Action), filter.From, filter.To
	err = validate.Together(err, validate.AuditFilter(filter))
	if external := validate.Given(filter.TargetID); external != nil {
		_, targetID, ok := id.Parse(*external)
		if !ok {
			err = validate.Together(err, fault.BadInput("filter.targetId", "is no id"))
		}
		list.targetID = &targetID
	}
	list.narrow()
	return list, err
}

// narrow sets the bounds of ids from the bounds of time: ids begin with the time at which they were generated.
func (l *auditList) narrow() {
	if l.from != nil {
		fromID := id.FirstAt(l.from.Add(-drawnBefore))
		l.fromID = &fromID
	}
	if l.to != nil {
		end := id.FirstAt(l.to.Add(time.Millisecond)) // an id is generated before its entry's time, never after
		if l.before == nil || bytes.Compare(end[:], l.before[:]) < 0 {
			l.before = &end
		}
	}
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
			TargetID: a.targetID, Action: a.action, FromTime: a.from, ToTime: a.to, FromID: a.fromID, Before: a.before, Number: a.Number,
		})
	}
	return l.Queries.ListAuditLog(ctx, l.Within(ctx), &db.ListAuditLogParams{
		OrganizationID: *a.organizationID, TargetID: a.targetID, Action: a.action, FromTime: a.from, ToTime: a.to, FromID: a.fromID,
		Before: a.before, Number: a.Number,
	})
}
