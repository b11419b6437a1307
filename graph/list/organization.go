package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/model"
	"bursar/graph/page"
)

// Organizations returns a page of organizations.
func (l *Lists) Organizations(ctx context.Context, part page.Arguments) (*model.OrganizationConnection, error) {
	p, err := page.New(part)
	if err != nil {
		return nil, err
	}
	rows, err := l.places.List(ctx, l.Within, p)
	if err != nil {
		return nil, err
	}
	connection := &model.OrganizationConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(rows, p, func(o *db.Organization) string { return page.CursorOf(o.ID) },
		func(cursor string, node *db.Organization) *model.OrganizationEdge {
			return &model.OrganizationEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.places.Count(ctx, l.Within) })
	return connection, err
}

// WorkspacesOf returns a page of the workspaces of an organization.
func (l *Lists) WorkspacesOf(ctx context.Context, organization *db.Organization, part page.Arguments) (*model.WorkspaceConnection, error) {
	p, err := page.New(part)
	if err != nil {
		return nil, err
	}
	rows, err := listOf(ctx, organization, "workspaces", p, func(w *db.Workspace) uuid.UUID { return w.OrganizationID },
		func(ids []uuid.UUID) ([]*db.Workspace, error) {
			return l.Queries.ListWorkspaces(ctx, l.Within(ctx), &db.ListWorkspacesParams{
				OrganizationIDs: ids, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number})
		})
	if err != nil {
		return nil, err
	}
	connection := &model.WorkspaceConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(rows, p, func(w *db.Workspace) string { return page.CursorOf(w.ID) },
		func(cursor string, node *db.Workspace) *model.WorkspaceEdge {
			return &model.WorkspaceEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = totalOf(ctx, organization, "workspaces", func(c *db.CountWorkspacesRow) (uuid.UUID, int64) { return c.OrganizationID, c.Number },
		func(ids []uuid.UUID) ([]*db.CountWorkspacesRow, error) {
			return l.Queries.CountWorkspaces(ctx, l.Within(ctx), ids)
		})
	return connection, err
}

// MembersOf returns a page of the members of an organization.
func (l *Lists) MembersOf(ctx context.Context, organization *db.Organization, part page.Arguments) (*model.MemberConnection, error) {
	p, err := page.New(part)
	if err != nil {
		return nil, err
	}
	rows, err := listOf(ctx, organization, "members", p, func(m *db.Member) uuid.UUID { return m.OrganizationID },
		func(ids []uuid.UUID) ([]*db.Member, error) {
			return l.Queries.ListMembers(ctx, l.Within(ctx), &db.ListMembersParams{
				OrganizationIDs: ids, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number})
		})
	if err != nil {
		return nil, err
	}
	connection := &model.MemberConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(rows, p, func(m *db.Member) string { return page.CursorOf(m.ID) },
		func(cursor string, node *db.Member) *model.MemberEdge {
			return &model.MemberEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = totalOf(ctx, organization, "members", func(c *db.CountMembersRow) (uuid.UUID, int64) { return c.OrganizationID, c.Number },
		func(ids []uuid.UUID) ([]*db.CountMembersRow, error) {
			return l.Queries.CountMembers(ctx, l.Within(ctx), ids)
		})
	return connection, err
}

// AccessTokensOf returns a page of the access tokens of an organization.
func (l *Lists) AccessTokensOf(ctx context.Context, organization *db.Organization, part page.Arguments) (*model.AccessTokenConnection, error) {
	p, err := page.New(part)
	if err != nil {
		return nil, err
	}
	rows, err := listOf(ctx, organization, "access tokens", p, func(t *db.AccessToken) uuid.UUID { return t.OrganizationID },
		func(ids []uuid.UUID) ([]*db.AccessToken, error) {
			return l.Queries.ListAccessTokens(ctx, l.Within(ctx), &db.ListAccessTokensParams{
				OrganizationIDs: ids, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number})
		})
	if err != nil {
		return nil, err
	}
	connection := &model.AccessTokenConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(rows, p, func(t *db.AccessToken) string { return page.CursorOf(t.ID) },
		func(cursor string, node *db.AccessToken) *model.AccessTokenEdge {
			return &model.AccessTokenEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = totalOf(ctx, organization, "access tokens", func(c *db.CountAccessTokensRow) (uuid.UUID, int64) { return c.OrganizationID, c.Number },
		func(ids []uuid.UUID) ([]*db.CountAccessTokensRow, error) {
			return l.Queries.CountAccessTokens(ctx, l.Within(ctx), ids)
		})
	return connection, err
}
