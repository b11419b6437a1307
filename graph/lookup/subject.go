package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/validate"
	"bursar/id"
)

// Subject is an organization, a workspace or an API key that the caller may see.
type Subject struct {
	db.SubjectID
	WorkspaceID *uuid.UUID // set for a workspace alone
	APIKeyID    *uuid.UUID // set for an API key alone
}

// OrganizationID returns the id of an organization that the caller may act on.
func OrganizationID(ctx context.Context, field, external string) (uuid.UUID, error) {
	_, parsed, err := validate.ID(field, external, id.Organization)
	if err != nil {
		return uuid.Nil, err
	}
	if own := caller.Organization(ctx); own != nil && *own != parsed {
		return uuid.Nil, NotFound(field, "organization")
	}
	return parsed, nil
}

// Subject finds the organization, workspace or API key with an id. Answers NOT_FOUND for another organization's, and
// FORBIDDEN to a MEMBER for anything but their own keys.
func (f *Finder) Subject(ctx context.Context, field, external string) (*Subject, error) {
	s, err := f.AnySubject(ctx, field, external)
	if err == nil && s.APIKeyID == nil && caller.OwnKeysOnly(ctx) != nil {
		return nil, caller.NotOwn(field)
	}
	return s, err
}

// AnySubject is Subject for what a MEMBER may also do with workspaces and the organization.
func (f *Finder) AnySubject(ctx context.Context, field, external string) (*Subject, error) {
	prefix, parsed, err := validate.ID(field, external, id.APIKey, id.Workspace, id.Organization)
	if err != nil {
		return nil, err
	}
	switch prefix {
	case id.APIKey:
		key, err := f.APIKey(ctx, field, external)
		if err != nil {
			return nil, err
		}
		return &Subject{SubjectID: key.Subject(), APIKeyID: &key.ID}, nil
	case id.Workspace:
		rows, err := f.Queries.FindWorkspaces(ctx, f.Within(ctx), &db.FindWorkspacesParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
		workspace, err := Found(rows, err, field, "workspace")
		if err != nil {
			return nil, err
		}
		return &Subject{SubjectID: workspace.Subject(), WorkspaceID: &workspace.ID}, nil
	}
	if _, err := OrganizationID(ctx, field, external); err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindOrganizations(ctx, f.Within(ctx), &db.FindOrganizationsParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
	owner, err := Found(rows, err, field, "organization")
	if err != nil {
		return nil, err
	}
	return &Subject{SubjectID: owner.Subject()}, nil
}

// ListedOrganization returns the organization to whose rows a list is restricted: that of an id, or else the caller's; nil is every one, for
// the operator who gives none. Answers NOT_FOUND for another organization than the caller's.
func (f *Finder) ListedOrganization(ctx context.Context, field string, external *string) (*uuid.UUID, error) {
	if external == nil {
		return caller.Organization(ctx), nil
	}
	if _, _, err := validate.ID(field, *external, id.Organization); err != nil {
		return nil, err
	}
	found, err := f.AnySubject(ctx, field, *external)
	if err != nil {
		return nil, err
	}
	return &found.OrganizationID, nil
}

// Narrow returns the organization of what another field of a filter names, to which a list is restricted further. Answers NOT_FOUND about that
// field when the list is restricted to another organization.
func Narrow(listed *uuid.UUID, to uuid.UUID, field, what string) (*uuid.UUID, error) {
	if listed != nil && *listed != to {
		return nil, NotFound(field, what)
	}
	return &to, nil
}

// Owner finds the organization or workspace with an id.
func (f *Finder) Owner(ctx context.Context, field, external string) (*Subject, error) {
	if _, _, err := validate.ID(field, external, id.Workspace, id.Organization); err != nil {
		return nil, err
	}
	return f.AnySubject(ctx, field, external)
}
