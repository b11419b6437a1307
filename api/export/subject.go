package export

import (
	"context"

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

// usageScopeOf is scopeOf for usage.csv, which has a subject, API keys, or both, as the field usage does.
func usageScopeOf(ctx context.Context, find *lookup.Finder, q *query) (*scope, error) {
	keys, keysErr := find.APIKeys(ctx, "apiKeyIds", q.list("apiKeyIds"))
	if len(keys) > 0 && q.one("subjectId") == nil {
		return &scope{organizationID: keys[0].OrganizationID, apiKeyIDs: idsOf(keys)}, nil
	}
	s, err := scopeOf(ctx, find, q, "subjectId", id.Organization, id.Workspace, id.APIKey)
	if err := validate.Together(err, keysErr); err != nil || keys == nil {
		return s, err
	}
	switch {
	case s.apiKeyIDs != nil:
		return nil, fault.BadInput("apiKeyIds", "give either an API key as subjectId or apiKeyIds")
	case keys[0].OrganizationID != s.organizationID:
		return nil, lookup.NotFound("apiKeyIds.0", "API key")
	}
	s.apiKeyIDs = idsOf(keys)
	return s, nil
}

func idsOf(keys []*db.APIKey) []uuid.UUID {
	ids := make([]uuid.UUID, len(keys))
	for i, key := range keys {
		ids[i] = key.ID
	}
	return ids
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
