package export

import (
	"context"

	"github.com/google/uuid"

	"bursar/audit"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

var auditKind = kind{field: "auditLog", prepare: prepareAudit}

// auditLog is an export of the audit log, oldest entry first.
type auditLog struct {
	pages *audit.Pages
	file  string
}

// prepareAudit checks the parameters of audit.csv. Answers NOT_FOUND for a target without any entry, as for another organization's.
func prepareAudit(ctx context.Context, find *lookup.Finder, q *query) (export, error) {
	of := audit.Of{OrganizationID: caller.Organization(ctx)}
	of.From, of.To = q.span()
	of.Action = q.one("action")
	q.errs = append(q.errs, validate.At(validate.AuditFilter(&model.AuditFilter{Action: of.Action}), ""))
	if external := q.one("targetId"); external != nil {
		if _, targetID, ok := id.Parse(*external); ok {
			of.TargetID = &targetID
		} else {
			q.refuse("targetId", "is no id")
		}
	}
	var actorErr error
	if of.Actor = q.one("actorId"); of.Actor != nil {
		var organizationID uuid.UUID
		organizationID, actorErr = find.Actor(ctx, "actorId", *of.Actor)
		of.OrganizationID = &organizationID // in the log of another organization there is none of its entries
	}
	if err := validate.Together(q.err(), actorErr); err != nil {
		return nil, err
	}
	if err := knownTarget(ctx, find, &of); err != nil {
		return nil, err
	}
	return &auditLog{audit.PagesOf(of), fileName("audit", of.From, of.To, false)}, nil
}

func knownTarget(ctx context.Context, find *lookup.Finder, of *audit.Of) error {
	if of.TargetID == nil {
		return nil
	}
	known, err := find.Queries.IsAuditTarget(ctx, find.Within(ctx), &db.IsAuditTargetParams{TargetID: *of.TargetID, OrganizationID: of.OrganizationID})
	if err == nil && !known {
		return &fault.Fault{Code: fault.NotFound, Field: "targetId", Message: "targetId: no such thing"}
	}
	return db.Fault(err)
}

// name implements [export].
func (a *auditLog) name() string { return a.file }

// header implements [export].
func (*auditLog) header(p *page) {
	p.row("id", "organizationId", "at", "actor", "action", "targetId", "before", "after", "requestId", "reason")
}

// next implements [export].
func (a *auditLog) next(ctx context.Context, find *lookup.Finder, p *page) (more bool, err error) {
	entries, err := a.pages.Next(ctx, find.Within(ctx))
	if err != nil {
		return false, db.Fault(err)
	}
	for _, e := range entries {
		p.cell(e.ExternalID())
		p.cell(idOf(id.Organization, e.OrganizationID))
		p.instant(e.At)
		p.label(e.Actor)
		p.cell(e.Action)
		p.cell(e.ExternalTargetID())
		p.cell(string(e.Before))
		p.cell(string(e.After))
		p.labelPointer(e.RequestID)
		p.labelPointer(e.Reason)
		p.end()
	}
	return len(entries) > 0, nil
}
