package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/selection"
)

// LimitSubjectOf returns the API key, the workspace or the organization that a row names by its type and id; nil when there is none any
// more. Those that the other rows of its batch name are read with it, in a statement for each type.
func LimitSubjectOf[V any](ctx context.Context, f *Finder, row *V, named func(*V) (db.SubjectType, uuid.UUID)) (model.LimitSubject, error) {
	of := func(wanted db.SubjectType) func(*V) *uuid.UUID {
		return func(row *V) *uuid.UUID {
			if kind, subjectID := named(row); kind == wanted {
				return &subjectID
			}
			return nil
		}
	}
	switch kind, _ := named(row); kind {
	case db.SubjectTypeAPIKEY:
		return limitSubject(apiKeyOf(ctx, f, row, of(kind)))
	case db.SubjectTypeWORKSPACE:
		return limitSubject(WorkspaceOf(ctx, f, row, of(kind)))
	}
	return limitSubject(OrganizationOf(ctx, f, row, of(db.SubjectTypeORGANIZATION)))
}

// limitSubject returns a row as a subject; nil for none.
func limitSubject[T any, S interface {
	*T
	model.LimitSubject
}](row *T, err error) (model.LimitSubject, error) {
	if row == nil {
		return nil, err
	}
	return S(row), err
}

// apiKeyOf returns the API key that a row names; nil for none.
func apiKeyOf[V any](ctx context.Context, f *Finder, row *V, named func(*V) *uuid.UUID) (*db.APIKey, error) {
	return loader.Refer(ctx, row, "API key", named, func(k *db.APIKey) uuid.UUID { return k.ID },
		func(ids []uuid.UUID) ([]*db.APIKey, error) {
			return f.Queries.FindAPIKeys(ctx, f.Within(ctx), &db.FindAPIKeysParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// SubjectOfPayload returns a subject as it stands now, for a mutation's payload that has it; nil when the client did not ask for it.
func (f *Finder) SubjectOfPayload(ctx context.Context, external string) (model.LimitSubject, error) {
	if !selection.Has(ctx, "subject") {
		return nil, nil //nolint:nilnil // not asked for
	}
	found, err := f.existing(ctx, []string{external})
	if err != nil {
		return nil, err
	}
	subject, _ := found[external].(model.LimitSubject) // a subject's id is of no other type
	return subject, nil
}

// OrganizationOfPayload returns an organization as it stands now, for a mutation's payload that has it; nil when the client did not ask for
// it.
func (f *Finder) OrganizationOfPayload(ctx context.Context, organizationID uuid.UUID) (*db.Organization, error) {
	if !selection.Has(ctx, "organization") {
		return nil, nil //nolint:nilnil // not asked for
	}
	rows, err := f.Queries.FindOrganizations(ctx, f.Within(ctx), &db.FindOrganizationsParams{IDs: []uuid.UUID{organizationID}})
	return Found(rows, err, "organization", "organization")
}

// LimitSubject returns what a limit stands on.
func (f *Finder) LimitSubject(ctx context.Context, limit *db.LimitStatus) (model.LimitSubject, error) {
	return LimitSubjectOf(ctx, f, limit, func(l *db.LimitStatus) (db.SubjectType, uuid.UUID) { return l.SubjectType, l.SubjectID })
}

// AlertSubject returns what the budget of an alert stands on; nil when it was deleted.
func (f *Finder) AlertSubject(ctx context.Context, alert *db.Alert) (model.LimitSubject, error) {
	return LimitSubjectOf(ctx, f, alert, func(a *db.Alert) (db.SubjectType, uuid.UUID) { return a.SubjectType(), a.SubjectID })
}

// RecipientSubject returns what a recipient was added to.
func (f *Finder) RecipientSubject(ctx context.Context, recipient *db.Recipient) (model.LimitSubject, error) {
	return LimitSubjectOf(ctx, f, recipient, func(r *db.Recipient) (db.SubjectType, uuid.UUID) { return r.SubjectType(), r.SubjectID })
}
