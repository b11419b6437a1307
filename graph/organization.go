package graph

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

func (r *Resolver) workspacesOf(ctx context.Context, organization *db.Organization, first *int, after *string) (*model.WorkspaceConnection, error) {
	p, err := page.New(first, after)
	if err != nil {
		return nil, err
	}
	rows, err := listOf(ctx, organization, "workspaces", p, func(w *db.Workspace) uuid.UUID { return w.OrganizationID },
		func(ids []uuid.UUID) ([]*db.Workspace, error) {
			return r.queries.ListWorkspaces(ctx, r.within(ctx), &db.ListWorkspacesParams{OrganizationIDs: ids, After: p.After, Number: p.Number})
		})
	if err != nil {
		return nil, err
	}
	connection := &model.WorkspaceConnection{}
	connection.Edges, connection.PageInfo = page.Connect(rows, p, func(w *db.Workspace) uuid.UUID { return w.ID },
		func(cursor string, node *db.Workspace) *model.WorkspaceEdge {
			return &model.WorkspaceEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = totalOf(ctx, organization, "workspaces", func(c *db.CountWorkspacesRow) (uuid.UUID, int64) { return c.OrganizationID, c.Number },
		func(ids []uuid.UUID) ([]*db.CountWorkspacesRow, error) {
			return r.queries.CountWorkspaces(ctx, r.within(ctx), ids)
		})
	return connection, err
}

func (r *Resolver) membersOf(ctx context.Context, organization *db.Organization, first *int, after *string) (*model.MemberConnection, error) {
	p, err := page.New(first, after)
	if err != nil {
		return nil, err
	}
	rows, err := listOf(ctx, organization, "members", p, func(m *db.Member) uuid.UUID { return m.OrganizationID },
		func(ids []uuid.UUID) ([]*db.Member, error) {
			return r.queries.ListMembers(ctx, r.within(ctx), &db.ListMembersParams{OrganizationIDs: ids, After: p.After, Number: p.Number})
		})
	if err != nil {
		return nil, err
	}
	connection := &model.MemberConnection{}
	connection.Edges, connection.PageInfo = page.Connect(rows, p, func(m *db.Member) uuid.UUID { return m.ID },
		func(cursor string, node *db.Member) *model.MemberEdge {
			return &model.MemberEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = totalOf(ctx, organization, "members", func(c *db.CountMembersRow) (uuid.UUID, int64) { return c.OrganizationID, c.Number },
		func(ids []uuid.UUID) ([]*db.CountMembersRow, error) {
			return r.queries.CountMembers(ctx, r.within(ctx), ids)
		})
	return connection, err
}

func (r *Resolver) accessTokensOf(ctx context.Context, organization *db.Organization, first *int, after *string) (*model.AccessTokenConnection, error) {
	p, err := page.New(first, after)
	if err != nil {
		return nil, err
	}
	rows, err := listOf(ctx, organization, "access tokens", p, func(t *db.AccessToken) uuid.UUID { return t.OrganizationID },
		func(ids []uuid.UUID) ([]*db.AccessToken, error) {
			return r.queries.ListAccessTokens(ctx, r.within(ctx), &db.ListAccessTokensParams{OrganizationIDs: ids, After: p.After, Number: p.Number})
		})
	if err != nil {
		return nil, err
	}
	connection := &model.AccessTokenConnection{}
	connection.Edges, connection.PageInfo = page.Connect(rows, p, func(t *db.AccessToken) uuid.UUID { return t.ID },
		func(cursor string, node *db.AccessToken) *model.AccessTokenEdge {
			return &model.AccessTokenEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = totalOf(ctx, organization, "access tokens", func(c *db.CountAccessTokensRow) (uuid.UUID, int64) { return c.OrganizationID, c.Number },
		func(ids []uuid.UUID) ([]*db.CountAccessTokensRow, error) {
			return r.queries.CountAccessTokens(ctx, r.within(ctx), ids)
		})
	return connection, err
}

// setQuotas sets quotas of an organization and returns it. The lock orders it and additions that are made at the same time.
func (r *Resolver) setQuotas(ctx context.Context, tx pgx.Tx, params *db.SetQuotasParams) (*db.Organization, error) {
	if err := r.queries.LockOrganizations(ctx, tx, []uuid.UUID{params.OrganizationID}); err != nil {
		return nil, err
	}
	if err := r.queries.SetQuotas(ctx, tx, params); err != nil {
		return nil, err
	}
	rows, err := r.queries.FindOrganizations(ctx, tx, &db.FindOrganizationsParams{IDs: []uuid.UUID{params.OrganizationID}})
	return found(rows, err, "organizationId", "organization")
}

// quotasOf returns the quotas of an organization. Those of the other organizations of its batch are read with them.
func (r *Resolver) quotasOf(ctx context.Context, organization *db.Organization) ([]*db.QuotaStatus, error) {
	quotas, err := loader.Load(ctx, organization, "quotas", func(all []*db.Organization) (map[uuid.UUID][]*db.QuotaStatus, error) {
		rows, err := r.queries.ListQuotas(ctx, r.within(ctx), loader.Distinct(all, organizationID))
		return loader.Group(rows, func(q *db.QuotaStatus) uuid.UUID { return q.OrganizationID }), err
	})
	return quotas[organization.ID], err
}

// listRead names, for load, a read of the same page of one list of every organization of a batch.
type listRead struct {
	what   string
	number int32
	after  uuid.UUID
}

// listOf returns a page of one list of an organization. The same page of the other organizations of its batch is read with it.
func listOf[V any](
	ctx context.Context, organization *db.Organization, what string, p page.Page, owner func(*V) uuid.UUID, list func(ids []uuid.UUID) ([]*V, error),
) ([]*V, error) {
	read := listRead{what, p.Number, validate.ValueOr(p.After, uuid.Nil)}
	lists, err := loader.Load(ctx, organization, read, func(all []*db.Organization) (map[uuid.UUID][]*V, error) {
		rows, err := list(loader.Distinct(all, organizationID))
		return loader.Group(loader.Loaded(ctx, rows), owner), err
	})
	return lists[organization.ID], err
}

// totalOf returns the length of one list of an organization, if the client asked for it; 0 otherwise. Those of the other organizations
// of its batch are counted with it.
func totalOf[V any](
	ctx context.Context, organization *db.Organization, what string, number func(*V) (uuid.UUID, int64), count func(ids []uuid.UUID) ([]*V, error),
) (int, error) {
	return page.Total(ctx, func() (int64, error) {
		totals, err := loader.Load(ctx, organization, "total of "+what, func(all []*db.Organization) (map[uuid.UUID]int64, error) {
			rows, err := count(loader.Distinct(all, organizationID))
			totals := make(map[uuid.UUID]int64, len(rows))
			for _, row := range rows {
				id, n := number(row)
				totals[id] = n
			}
			return totals, err
		})
		return totals[organization.ID], err
	})
}

func organizationID(o *db.Organization) *uuid.UUID { return &o.ID }
