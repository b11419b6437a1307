package export

import (
	"context"

	"bursar/audit"
	"bursar/db"
	"bursar/fault"
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
	of := audit.Of{}
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
	organization, actor := q.one("organizationId"), q.one("actorId")
	if err := validate.Together(q.err(), auditLogOf(ctx, find, &of, organization, actor)); err != nil {
		return nil, err
	}
	if err := knownTarget(ctx, find, &of); err != nil {
		return nil, err
	}
	return &auditLog{audit.PagesOf(of), fileName("audit", of.From, of.To, false)}, nil
}

// auditLogOf sets whose entries an export has, and by whom: those of the caller's organization, or of every one for the operator, unless
// parameters say otherwise.
func auditLogOf(ctx context.Context, find *lookup.Finder, of *audit.Of, organization, actor *string) (err error) {
	if of.OrganizationID, err = find.ListedOrganization(ctx, "organizationId", organization); err != nil || actor == nil {
		return err
	}
	organizationID, err := find.Actor(ctx, "actorId", *actor)
	if err != nil {
		return err
	}
	of.Actor = actor // in the log of another organization there is none of its entries
	of.OrganizationID, err = lookup.Narrow(of.OrganizationID, organizationID, "actorId", "member or access token of the organization")
	return err
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
