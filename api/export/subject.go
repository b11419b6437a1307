package export

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/validate"
	"bursar/id"
)

// scope says whose rows an export has.
type scope struct {
	organizationID uuid.UUID
	workspaceID    *uuid.UUID  // only those of keys that this workspace owned; nil: any
	apiKeyIDs      []uuid.UUID // only those of these keys; nil: any
}

// scopeOf returns the scope of what a parameter names by an id of one of the types. Without it, it is the caller's organization, or the keys
// that a MEMBER created.
func scopeOf(ctx context.Context, find *lookup.Finder, q *query, name string, types ...id.Prefix) (*scope, error) {
	external, own := q.one(name), caller.Organization(ctx)
	switch {
	case external != nil:
		if _, _, err := validate.ID(name, *external, types...); err != nil {
			return nil, err
		}
		s, err := find.Subject(ctx, name, *external)
		if err != nil {
			return nil, err
		}
		found := &scope{organizationID: s.OrganizationID, workspaceID: s.WorkspaceID}
		if s.APIKeyID != nil {
			found.apiKeyIDs = []uuid.UUID{*s.APIKeyID}
		}
		return found, nil
	case own == nil:
		return nil, fault.BadInput(name, "the operator says of what: an organization, a workspace or an API key")
	}
	found := &scope{organizationID: *own}
	if member := caller.OwnKeysOnly(ctx); member != nil {
		keys, err := find.Queries.ListAPIKeyIDsOf(ctx, find.Within(ctx), &db.ListAPIKeyIDsOfParams{OrganizationID: *own, MemberID: *member})
		if err != nil {
			return nil, db.Fault(err)
		}
		found.apiKeyIDs = keys
	}
	return found, nil
}

// narrow confines a scope to API keys of its organization, which a parameter names.
func (s *scope) narrow(ctx context.Context, find *lookup.Finder, q *query, name string) error {
	external := q.names(name)
	if external == nil {
		return nil
	}
	keys, errs := []uuid.UUID{}, []error{}
	for _, e := range external {
		key, err := find.APIKey(ctx, name, e)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if key.OrganizationID != s.organizationID || s.apiKeyIDs != nil && !slices.Contains(s.apiKeyIDs, key.ID) {
			errs = append(errs, lookup.NotFound(name, "API key of the subject"))
		}
		keys = append(keys, key.ID)
	}
	s.apiKeyIDs = keys
	return validate.Together(errs...)
}

// organization returns the row of an organization that the caller may see.
func (s *scope) organization(ctx context.Context, find *lookup.Finder) (*db.Organization, error) {
	rows, err := find.Queries.FindOrganizations(ctx, find.Within(ctx),
		&db.FindOrganizationsParams{IDs: []uuid.UUID{s.organizationID}, OrganizationID: caller.Organization(ctx)})
	return lookup.Found(rows, err, "organization", "organization")
}

// idOf returns the external id of a row, or nothing for the zero id.
func idOf(prefix id.Prefix, row uuid.UUID) string {
	if row == uuid.Nil {
		return ""
	}
	return prefix.Format(row)
}
