package dbtest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
)

// Tenant is an organization with one workspace, one owner and one key in the workspace.
type Tenant struct {
	*Factory
	Organization *db.Organization
	Workspace    *db.Workspace
	Owner        *db.Member
	Key          *db.APIKey
	Secret       auth.Secret // of Key
}

// Factory makes rows for a test and fails it when it cannot.
type Factory struct {
	T    testing.TB
	Pool *pgxpool.Pool
}

// NewTenant makes a tenant of plan ENTERPRISE.
func NewTenant(t testing.TB, pool *pgxpool.Pool) *Tenant {
	t.Helper()
	f := &Factory{T: t, Pool: pool}
	tenant := &Tenant{Factory: f, Organization: f.Organization(db.PlanENTERPRISE)}
	tenant.Workspace = f.Workspace(tenant.Organization.ID)
	tenant.Owner = f.Member(tenant.Organization.ID, "owner@"+tenant.Organization.Slug+".test", db.MemberRoleOWNER)
	tenant.Key, tenant.Secret = f.Key(tenant.Organization.ID, &tenant.Workspace.ID, &tenant.Owner.ID)
	return tenant
}

// Organization makes an organization.
func (f *Factory) Organization(plan db.Plan) *db.Organization {
	f.T.Helper()
	organization, err := db.New().CreateOrganization(context.Background(), f.Pool,
		&db.CreateOrganizationParams{Name: "Acme", Slug: "acme-" + random(), Plan: plan})
	return must(f.T, organization, err)
}

// Workspace makes a workspace.
func (f *Factory) Workspace(organizationID uuid.UUID) *db.Workspace {
	f.T.Helper()
	workspace, err := db.New().CreateWorkspace(context.Background(), f.Pool,
		&db.CreateWorkspaceParams{OrganizationID: organizationID, Name: "Production", Slug: "production-" + random()})
	return must(f.T, workspace, err)
}

// Member makes a member.
func (f *Factory) Member(organizationID uuid.UUID, email string, role db.MemberRole) *db.Member {
	f.T.Helper()
	member, err := db.New().AddMember(context.Background(), f.Pool,
		&db.AddMemberParams{OrganizationID: organizationID, Email: email, Role: role})
	return must(f.T, member, err)
}

// Key makes an API key, of the organization itself when the workspace is nil.
func (f *Factory) Key(organizationID uuid.UUID, workspaceID, createdByID *uuid.UUID) (*db.APIKey, auth.Secret) {
	f.T.Helper()
	ctx, secret := context.Background(), auth.NewSecret(auth.APIKeyPrefix)
	id, err := db.New().CreateAPIKey(ctx, f.Pool, &db.CreateAPIKeyParams{
		OrganizationID: organizationID, WorkspaceID: workspaceID, CreatedByID: createdByID, Name: "key", Prefix: secret.Prefix,
		SecretHash: secret.Hash, EmailNotifications: true, Metadata: db.Metadata{},
	})
	keys, findErr := db.New().FindAPIKeys(ctx, f.Pool, &db.FindAPIKeysParams{IDs: []uuid.UUID{must(f.T, id, err)}})
	return must(f.T, keys, findErr)[0], secret
}

// AccessToken creates an access token that is not bound to a member and returns its secret. It accepts API keys' ids.
func (f *Factory) AccessToken(organizationID uuid.UUID, role db.TokenRole) string {
	f.T.Helper()
	return f.token(&db.CreateAccessTokenParams{OrganizationID: organizationID, Role: role})
}

// BoundToken makes an access token that is bound to a member and returns its secret. It accepts API keys' ids.
func (f *Factory) BoundToken(member *db.Member, role db.TokenRole) string {
	f.T.Helper()
	return f.token(&db.CreateAccessTokenParams{OrganizationID: member.OrganizationID, MemberID: &member.ID, Role: role})
}

func (f *Factory) token(params *db.CreateAccessTokenParams) string {
	f.T.Helper()
	secret, accepts := auth.NewSecret(auth.AccessTokenPrefix), true
	params.Name, params.Prefix, params.TokenHash, params.AcceptsKeyIDs = "token", secret.Prefix, secret.Hash, &accepts
	_, err := db.New().CreateAccessToken(context.Background(), f.Pool, params)
	return must(f.T, secret.Text, err)
}

// must returns a value or fails the test.
func must[V any](t testing.TB, value V, err error) V {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return value
}
