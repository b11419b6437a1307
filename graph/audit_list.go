package graph

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
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

// newAuditList checks the arguments of auditLog.
func newAuditList(ctx context.Context, filter *model.AuditFilter, first *int, after *string) (*auditList, error) {
	p, err := page.New(first, after)
	list := &auditList{Page: p, organizationID: callerOrganization(ctx), before: p.After}
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
func (r *Resolver) listAuditLog(ctx context.Context, l *auditList) ([]*db.AuditEntry, error) {
	entries, err := r.listedAuditEntries(ctx, l)
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(entries) == 0 && l.targetID != nil {
		known, err := r.queries.IsAuditTarget(ctx, r.within(ctx), &db.IsAuditTargetParams{TargetID: *l.targetID, OrganizationID: l.organizationID})
		if err != nil {
			return nil, db.Fault(err)
		}
		if !known {
			return nil, notFound("filter.targetId", "thing")
		}
	}
	return entries, nil
}

func (r *Resolver) listedAuditEntries(ctx context.Context, l *auditList) ([]*db.AuditEntry, error) {
	if l.organizationID == nil {
		return r.queries.ListEveryAuditEntry(ctx, r.within(ctx), &db.ListEveryAuditEntryParams{
			TargetID: l.targetID, Action: l.action, FromTime: l.from, ToTime: l.to, FromID: l.fromID, Before: l.before, Number: l.Number,
		})
	}
	return r.queries.ListAuditLog(ctx, r.within(ctx), &db.ListAuditLogParams{
		OrganizationID: *l.organizationID, TargetID: l.targetID, Action: l.action, FromTime: l.from, ToTime: l.to, FromID: l.fromID,
		Before: l.before, Number: l.Number,
	})
}
