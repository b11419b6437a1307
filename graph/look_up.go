package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
)

// organizationOf returns the organization that a row names; nil for none.
func organizationOf[V any](ctx context.Context, r *Resolver, row *V, named func(*V) *uuid.UUID) (*db.Organization, error) {
	return refer(ctx, row, "organization", named, func(o *db.Organization) uuid.UUID { return o.ID },
		func(ids []uuid.UUID) ([]*db.Organization, error) {
			return r.queries.FindOrganizations(ctx, r.within(ctx), &db.FindOrganizationsParams{IDs: ids, OrganizationID: callerOrganization(ctx)})
		})
}

// workspaceOf returns the workspace that a row names; nil for none.
func workspaceOf[V any](ctx context.Context, r *Resolver, row *V, named func(*V) *uuid.UUID) (*db.Workspace, error) {
	return refer(ctx, row, "workspace", named, func(w *db.Workspace) uuid.UUID { return w.ID },
		func(ids []uuid.UUID) ([]*db.Workspace, error) {
			return r.queries.FindWorkspaces(ctx, r.within(ctx), &db.FindWorkspacesParams{IDs: ids, OrganizationID: callerOrganization(ctx)})
		})
}

// memberOf returns the member that a row names, also one who was removed since; nil for none.
func memberOf[V any](ctx context.Context, r *Resolver, row *V, named func(*V) *uuid.UUID) (*db.Member, error) {
	return refer(ctx, row, "member", named, func(m *db.Member) uuid.UUID { return m.ID },
		func(ids []uuid.UUID) ([]*db.Member, error) {
			return r.queries.FindPeople(ctx, r.within(ctx), &db.FindPeopleParams{IDs: ids, OrganizationID: callerOrganization(ctx)})
		})
}

// refer returns the row that another row names by its id; nil when it names none, or one that does not exist. The rows that the other
// rows of its batch name are read with it.
func refer[V, T any](
	ctx context.Context, row *V, what string, named func(*V) *uuid.UUID, rowID func(*T) uuid.UUID, find func([]uuid.UUID) ([]*T, error),
) (*T, error) {
	wanted := named(row)
	if wanted == nil {
		return nil, nil
	}
	byID, err := loader.Load(ctx, row, what, func(rows []*V) (map[uuid.UUID]*T, error) {
		found, err := find(distinct(rows, named))
		byID := make(map[uuid.UUID]*T, len(found))
		for _, one := range loader.Loaded(ctx, found) {
			byID[rowID(one)] = one
		}
		return byID, err
	})
	return byID[*wanted], err
}

// distinct returns the ids that rows name, each once.
func distinct[V any](rows []*V, named func(*V) *uuid.UUID) []uuid.UUID {
	ids, seen := []uuid.UUID{}, map[uuid.UUID]bool{}
	for _, row := range rows {
		if id := named(row); id != nil && !seen[*id] {
			seen[*id] = true
			ids = append(ids, *id)
		}
	}
	return ids
}

// group returns rows by key, in their order.
func group[K comparable, V any](rows []*V, key func(*V) K) map[K][]*V {
	groups := map[K][]*V{}
	for _, row := range rows {
		groups[key(row)] = append(groups[key(row)], row)
	}
	return groups
}
