package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/model"
)

func (r *Resolver) workspacesOf(ctx context.Context, organization *db.Organization, first *int, after *string) (*model.WorkspaceConnection, error) {
	p, err := newPage(first, after)
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
	connection.Edges, connection.PageInfo = connect(rows, p, func(w *db.Workspace) uuid.UUID { return w.ID },
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
	p, err := newPage(first, after)
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
	connection.Edges, connection.PageInfo = connect(rows, p, func(m *db.Member) uuid.UUID { return m.ID },
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
	p, err := newPage(first, after)
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
	connection.Edges, connection.PageInfo = connect(rows, p, func(t *db.AccessToken) uuid.UUID { return t.ID },
		func(cursor string, node *db.AccessToken) *model.AccessTokenEdge {
			return &model.AccessTokenEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = totalOf(ctx, organization, "access tokens", func(c *db.CountAccessTokensRow) (uuid.UUID, int64) { return c.OrganizationID, c.Number },
		func(ids []uuid.UUID) ([]*db.CountAccessTokensRow, error) {
			return r.queries.CountAccessTokens(ctx, r.within(ctx), ids)
		})
	return connection, err
}
