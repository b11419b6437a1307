// Package graphtest is the kit of tests that call the API: a server on a database of its own, a client that checks answers,
// and the contract's documents.
package graphtest

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/auth/sso"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
)

// RootToken is the operator's token of every server that the kit starts.
const RootToken = "root-token-of-the-tests"

// Object is a JSON object: variables, inputs and answers.
type Object = map[string]any

// Kit starts API servers on databases of one PostgreSQL server.
type Kit struct {
	*dbtest.Server
	contract *documents
	homes    *homes
}

// Main runs a package's tests with a kit, and exits. It is the body of TestMain.
func Main(m *testing.M, use func(*Kit)) {
	dbtest.Main(m, func(postgres *dbtest.Server) {
		use(&Kit{postgres, &documents{byName: map[string]string{}}, &homes{pools: map[string]*pgxpool.Pool{}}})
	})
}

// API is a client of a running server, on a database with one tenant. A copy with another URL is a client of another server.
type API struct {
	T       testing.TB
	URL     string        // of the server, without /graphql
	Pool    *pgxpool.Pool // the database, as its owner
	Tenant  *dbtest.Tenant
	Admin   string // access tokens of the tenant, bound to no member
	Viewer  string
	Gateway string

	contract *documents // nil: read anew each time
}

// NewAPI starts a server on a new database, with a new tenant.
func (k *Kit) NewAPI(t testing.TB) *API {
	t.Helper()
	return k.Serve(t, k.New(t))
}

// Serve starts a server on the database of a pool, with a new tenant.
func (k *Kit) Serve(t testing.TB, pool *pgxpool.Pool) *API {
	t.Helper()
	return k.ServeWith(t, pool, api.Config{})
}

// ServeWith is Serve with a configuration; the pool, the root token and the logger are set here.
func (k *Kit) ServeWith(t testing.TB, pool *pgxpool.Pool, config api.Config) *API {
	t.Helper()
	config.Pool, config.RootToken = pool, RootToken
	a := &API{T: t, Pool: pool, Tenant: dbtest.NewTenant(t, pool), URL: k.StartWith(t, config), contract: k.contract}
	a.Admin = a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleADMIN)
	a.Viewer = a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleVIEWER)
	a.Gateway = a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleGATEWAY)
	return a
}

// Start starts a server on the database of a pool, without a tenant, and returns its URL. The server's own connections act as
// db.ServerRole.
func (k *Kit) Start(t testing.TB, pool *pgxpool.Pool) string {
	t.Helper()
	return k.StartWith(t, api.Config{Pool: pool, RootToken: RootToken})
}

// StartWith is Start with a configuration. Its pool says which database; the logger is set here.
func (k *Kit) StartWith(t testing.TB, config api.Config) string {
	t.Helper()
	owner := config.Pool
	config.Pool = k.ServerPool(t, owner)
	config.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	several := HasCells() && config.Cells == nil
	if several {
		k.withCells(t, owner, &config)
	}
	server := api.New(config)
	mux := http.NewServeMux()
	mux.Handle("/graphql", server)
	mux.Handle("/schema.graphql", server.Schema)
	mux.Handle("/export/", server.Exports)
	mux.Handle("/events", server.Events)
	for pattern, handler := range server.Adapters {
		mux.Handle(pattern, handler)
	}
	handler := http.Handler(mux)
	if several {
		handler = chooseSecond(mux)
	}
	listener := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.EndStreams()
		listener.Close()
		server.Close()
	})
	return listener.URL
}

// Issuer returns a configuration of single sign-on that believes a provider and asks it again at once after a failure.
func Issuer(provider *ssotest.Provider) *sso.Issuer {
	return sso.New(sso.Config{Issuer: provider.URL, Audience: ssotest.Portal, MinInterval: time.Nanosecond})
}

// OrganizationID returns the id of the tenant's organization.
func (a *API) OrganizationID() string { return id.Organization.Format(a.Tenant.Organization.ID) }

// WorkspaceID returns the id of the tenant's workspace.
func (a *API) WorkspaceID() string { return id.Workspace.Format(a.Tenant.Workspace.ID) }

// KeyID returns the id of the tenant's API key.
func (a *API) KeyID() string { return id.APIKey.Format(a.Tenant.Key.ID) }

// OwnerID returns the id of the tenant's member who is OWNER.
func (a *API) OwnerID() string { return id.Member.Format(a.Tenant.Owner.ID) }
