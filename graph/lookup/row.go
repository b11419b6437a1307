package lookup

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/validate"
	"bursar/id"
)

// Limit finds the limit of a kind with an id. Answers NOT_FOUND for another organization's, and FORBIDDEN to a MEMBER when
// it stands on a key that somebody else created.
func (f *Finder) Limit(ctx context.Context, field, external string, prefix id.Prefix) (*db.LimitStatus, error) {
	_, parsed, err := validate.ID(field, external, prefix)
	if err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindLimits(ctx, f.Within(ctx), &db.FindLimitsParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
	limit, err := Found(rows, err, field, "limit")
	if err != nil {
		return nil, err
	}
	if limit.ExternalID() != external {
		return nil, NotFound(field, "limit")
	}
	return limit, f.visibleLimit(ctx, field, limit)
}

// Alert finds the alert with an id. Answers NOT_FOUND for another organization's, and FORBIDDEN to a MEMBER when it is not about a
// key that they created.
func (f *Finder) Alert(ctx context.Context, field, external string) (*db.Alert, error) {
	_, parsed, err := validate.ID(field, external, id.Alert)
	if err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindAlerts(ctx, f.Within(ctx), &db.FindAlertsParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
	alert, err := Found(rows, err, field, "alert")
	if err != nil {
		return nil, err
	}
	return alert, f.OfOwnKey(ctx, field, alert.APIKeyID)
}

// APIKey finds the API key with an id. Answers NOT_FOUND for another organization's, and FORBIDDEN to a MEMBER when
// somebody else created it.
func (f *Finder) APIKey(ctx context.Context, field, external string) (*db.APIKey, error) {
	_, parsed, err := validate.ID(field, external, id.APIKey)
	if err != nil {
		return nil, err
	}
	return f.APIKeyIn(ctx, f.Within(ctx), field, parsed)
}

// APIKeyIn is APIKey for an id that was parsed, also within a transaction.
func (f *Finder) APIKeyIn(ctx context.Context, on db.DBTX, field string, keyID uuid.UUID) (*db.APIKey, error) {
	rows, err := f.Queries.FindAPIKeys(ctx, on, &db.FindAPIKeysParams{IDs: []uuid.UUID{keyID}, OrganizationID: caller.Organization(ctx)})
	key, err := Found(rows, err, field, "API key")
	if err != nil {
		return nil, err
	}
	return key, ownKey(ctx, field, key)
}

// Workspace finds the workspace with an id, also a deleted one. Answers NOT_FOUND for another organization's.
func (f *Finder) Workspace(ctx context.Context, field, external string) (*db.Workspace, error) {
	_, parsed, err := validate.ID(field, external, id.Workspace)
	if err != nil {
		return nil, err
	}
	return f.WorkspaceIn(ctx, f.Within(ctx), field, parsed)
}

// WorkspaceIn is Workspace for an id that was parsed, also within a transaction.
func (f *Finder) WorkspaceIn(ctx context.Context, on db.DBTX, field string, workspaceID uuid.UUID) (*db.Workspace, error) {
	rows, err := f.Queries.FindWorkspaces(ctx, on, &db.FindWorkspacesParams{IDs: []uuid.UUID{workspaceID}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "workspace")
}

// OrganizationIn finds an organization that the caller may act on, within a transaction.
func (f *Finder) OrganizationIn(ctx context.Context, on db.DBTX, field string, organizationID uuid.UUID) (*db.Organization, error) {
	rows, err := f.Queries.FindOrganizations(ctx, on, &db.FindOrganizationsParams{
		IDs: []uuid.UUID{organizationID}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "organization")
}

// AccessTokenIn finds a token.
func (f *Finder) AccessTokenIn(ctx context.Context, on db.DBTX, tokenID uuid.UUID) (*db.AccessToken, error) {
	rows, err := f.Queries.FindAccessTokens(ctx, on, &db.FindAccessTokensParams{IDs: []uuid.UUID{tokenID}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, "requestId", "access token")
}

// Creator finds the member with an id, also one who was removed, of whom API keys are listed. FORBIDDEN to a MEMBER for anybody else.
func (f *Finder) Creator(ctx context.Context, field, external string) (*uuid.UUID, error) {
	_, parsed, err := validate.ID(field, external, id.Member)
	if err != nil {
		return nil, err
	}
	if own := caller.OwnKeysOnly(ctx); own != nil && *own != parsed {
		return nil, caller.NotOwn(field)
	}
	rows, err := f.Queries.FindPeople(ctx, f.Within(ctx), &db.FindPeopleParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
	_, err = Found(rows, err, field, "member")
	return &parsed, err
}

// MemberIn finds a member in a transaction, within an organization (nil: in any). Answers NOT_FOUND for one who was removed.
func (f *Finder) MemberIn(ctx context.Context, tx pgx.Tx, field string, member uuid.UUID, organizationID *uuid.UUID) (*db.Member, error) {
	rows, err := f.Queries.FindMembers(ctx, tx, &db.FindMembersParams{IDs: []uuid.UUID{member}, OrganizationID: organizationID})
	return Found(rows, err, field, "member")
}
