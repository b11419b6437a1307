package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
)

// organizationOf returns the organization that a row names; nil for none.
func organizationOf[V any](ctx context.Context, r *Resolver, row *V, named func(*V) *uuid.UUID) (*db.Organization, error) {
	return loader.Refer(ctx, row, "organization", named, func(o *db.Organization) uuid.UUID { return o.ID },
		func(ids []uuid.UUID) ([]*db.Organization, error) {
			return r.queries.FindOrganizations(ctx, r.within(ctx), &db.FindOrganizationsParams{IDs: ids, OrganizationID: callerOrganization(ctx)})
		})
}

// workspaceOf returns the workspace that a row names; nil for none.
func workspaceOf[V any](ctx context.Context, r *Resolver, row *V, named func(*V) *uuid.UUID) (*db.Workspace, error) {
	return loader.Refer(ctx, row, "workspace", named, func(w *db.Workspace) uuid.UUID { return w.ID },
		func(ids []uuid.UUID) ([]*db.Workspace, error) {
			return r.queries.FindWorkspaces(ctx, r.within(ctx), &db.FindWorkspacesParams{IDs: ids, OrganizationID: callerOrganization(ctx)})
		})
}

// memberOf returns the member that a row names, also one who was removed since; nil for none.
func memberOf[V any](ctx context.Context, r *Resolver, row *V, named func(*V) *uuid.UUID) (*db.Member, error) {
	return loader.Refer(ctx, row, "member", named, func(m *db.Member) uuid.UUID { return m.ID },
		func(ids []uuid.UUID) ([]*db.Member, error) {
			return r.queries.FindPeople(ctx, r.within(ctx), &db.FindPeopleParams{IDs: ids, OrganizationID: callerOrganization(ctx)})
		})
}
