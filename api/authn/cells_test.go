package authn_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api/authn"
	"bursar/auth"
	"bursar/auth/sso"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/cells/cellstest"
	"bursar/db/dbtest"
	"bursar/fault"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// promptly is how long a look-up may take on a busy machine.
const promptly = time.Minute

// authenticator is one of a server of an installation.
type authenticator struct {
	*authn.Authenticator
	provider *ssotest.Provider
}

func newAuthenticator(t *testing.T, i *cellstest.Installation, provider *ssotest.Provider, timeout time.Duration) *authenticator {
	t.Helper()
	set := i.Set()
	return &authenticator{authn.New(authn.Config{
		Tokens: db.NewRoutedDB(set.Enforcement()), Members: db.NewRoutedDB(set.Control()), Timeout: timeout,
		Issuer: sso.New(sso.Config{Issuer: provider.URL, Audience: ssotest.Portal, MinInterval: time.Nanosecond}),
	}), provider}
}

// who returns who presents a token and names organizations; an error that has no code is INTERNAL.
func (a *authenticator) who(t *testing.T, token string, named ...string) (*auth.Principal, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
	r.Header = http.Header{"Authorization": {"Bearer " + token}, authn.OrganizationHeader: named}
	return a.Caller(r)
}

// wants fails the test unless a token is answered with a code; "": with a principal of the tenant's.
func (a *authenticator) wants(t *testing.T, what, token string, tenant *dbtest.Tenant, code fault.Code, named ...string) {
	t.Helper()
	principal, err := a.who(t, token, named...)
	switch {
	case code != "":
		if fault.CodeOf(err) != code {
			t.Errorf("%s: %+v, %v, want %s", what, principal, err, code)
		}
	case err != nil || *principal.OrganizationID != tenant.Organization.ID:
		t.Errorf("%s: %+v, %v", what, principal, err)
	}
}

func exec(t *testing.T, on *pgxpool.Pool, statement string, arguments ...any) {
	t.Helper()
	if _, err := on.Exec(context.Background(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
}

// Guarantee: a token is what the database says that decides for its organization: one that is revoked there is UNAUTHENTICATED, although it is valid where the
// organization was before, and one that was made there is accepted. While the organization is moved the look-up waits.
func TestTokensAreWhereTheirOrganizationIs(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server, "eu")
	home, eu := i.Home, i.Others[0]
	tenant := i.Tenant(home)
	revoked, kept := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN), tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN)
	bound := tenant.BoundToken(tenant.Owner, db.TokenRoleADMIN)
	provider := ssotest.New(t)
	knows, hasNotHeard := newAuthenticator(t, i, provider, promptly), newAuthenticator(t, i, provider, promptly)
	for what, token := range map[string]string{"one that is kept": kept, "one that will be revoked": revoked, "one of a member": bound} {
		hasNotHeard.wants(t, what, token, tenant, "")
	}

	i.Leave(tenant.Organization.ID, home)
	hurried := newAuthenticator(t, i, provider, 200*time.Millisecond)
	hurried.wants(t, "while it is moved", kept, tenant, fault.Unavailable)
	waiting := make(chan struct{})
	go func() {
		defer close(waiting)
		hasNotHeard.wants(t, "one of a member that waits", bound, tenant, "")
	}()
	i.Arrive(tenant.Organization.ID, home, eu)
	<-waiting

	exec(t, eu.Owner, `update access_tokens set revoked_at = now() where token_hash = $1`, auth.Hash(revoked))
	made := (&dbtest.Factory{T: t, Pool: eu.Owner}).AccessToken(tenant.Organization.ID, db.TokenRoleADMIN)
	for name, a := range map[string]*authenticator{"a server that has just started": knows, "a server that has not heard": hasNotHeard} {
		a.wants(t, name+": one that is revoked", revoked, tenant, fault.Unauthenticated)
		a.wants(t, name+": one that is kept", kept, tenant, "")
		a.wants(t, name+": one that was made there", made, tenant, "")
		a.wants(t, name+": one of a member", bound, tenant, "")
		a.wants(t, name+": one of nobody", auth.NewSecret(auth.AccessTokenPrefix).Text, tenant, fault.Unauthenticated)
	}
	// the control: without asking who decides, the revoked one is accepted
	stale := db.NewTenantDB(home.Enforcement).ForAccessToken(auth.Hash(revoked))
	if _, err := db.New().AuthenticateAccessToken(t.Context(), stale, auth.Hash(revoked)); err != nil {
		t.Errorf("%v: the revoked token is not valid where the organization was, so that the test shows nothing", err)
	}
}

// Guarantee: while a cell is lost, tokens of the others are accepted, without a wait for it; one that is found nowhere is UNAVAILABLE, because it may be the
// lost cell's; and once the organization of a revoked one is known, it is UNAUTHENTICATED.
func TestTokensWhileACellIsLost(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*cellstest.Line){"stopped": (*cellstest.Line).Cut, "hanging": (*cellstest.Line).Silence} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := cellstest.New(t, server, "eu")
			home, eu := i.Home, i.Others[0]
			tenant, lost := i.Tenant(home), i.Tenant(eu)
			revoked, valid := tenant.BoundToken(tenant.Owner, db.TokenRoleADMIN), tenant.BoundToken(tenant.Owner, db.TokenRoleADMIN)
			fresh := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN)
			remembered, unknown := lost.BoundToken(lost.Owner, db.TokenRoleADMIN), auth.NewSecret(auth.AccessTokenPrefix).Text
			a := newAuthenticator(t, i, ssotest.New(t), 4*time.Second)
			for _, token := range []string{revoked, valid} {
				a.wants(t, "before", token, tenant, "")
			}
			a.wants(t, "before", remembered, lost, "")
			exec(t, home.Owner, `update access_tokens set revoked_at = now() where token_hash = $1`, auth.Hash(revoked))
			lose(eu.Line)

			var stuck sync.WaitGroup
			stuck.Go(func() { a.wants(t, "one that is found nowhere", unknown, tenant, fault.Unavailable) })
			stuck.Go(func() { a.wants(t, "one of the lost cell", remembered, lost, fault.Unavailable) })
			for range 20 {
				a.wants(t, "a known one", valid, tenant, "")
				a.wants(t, "a revoked one", revoked, tenant, fault.Unauthenticated)
			}
			a.wants(t, "one that is not known yet", fresh, tenant, "")
			stuck.Wait()
		})
	}
}

// Guarantee: a person is a member of the organizations of all cells, of each as it is where the organization is; they sign in by naming one, also while another
// cell is lost, and by their address alone while none is.
func TestPeopleOfSeveralCells(t *testing.T) {
	t.Parallel()
	i := cellstest.New(t, server, "eu")
	home, eu := i.Home, i.Others[0]
	first, second, left := i.Tenant(home), i.Tenant(eu), i.Tenant(home)
	provider := ssotest.New(t)
	a, hurried := newAuthenticator(t, i, provider, promptly), newAuthenticator(t, i, provider, time.Second)
	ada := a.provider.SignIn(ssotest.Portal, "Ada@acme.test", true)
	add := func(tenant *dbtest.Tenant, in *cellstest.Database, role db.MemberRole) *db.Member {
		return (&dbtest.Factory{T: t, Pool: in.Owner}).Member(tenant.Organization.ID, "ada@acme.test", role)
	}
	a.wants(t, "a member of none", ada, nil, fault.Unauthenticated)
	add(left, home, db.MemberRoleADMIN)
	i.Move(left.Organization.ID, home, eu)
	a.wants(t, "a member of one that was moved", ada, left, "")
	exec(t, eu.Owner, `delete from members where organization_id = $1 and email = 'ada@acme.test'`, left.Organization.ID)
	a.wants(t, "a member of none, where rows have stayed behind", ada, nil, fault.Unauthenticated)
	add(first, home, db.MemberRoleMEMBER)
	a.wants(t, "a member of one", ada, first, "")
	add(second, eu, db.MemberRoleADMIN)
	_, err := a.who(t, ada)
	slugs := []string{first.Organization.Slug, second.Organization.Slug}
	slices.Sort(slugs)
	if fault.CodeOf(err) != fault.BadUserInput || !strings.Contains(err.Error(), "("+strings.Join(slugs, ", ")+")") {
		t.Errorf("a member of two: %v, want both named", err)
	}

	i.Leave(second.Organization.ID, eu)
	if _, err := a.who(t, ada); fault.CodeOf(err) != fault.BadUserInput || !strings.Contains(err.Error(), "("+strings.Join(slugs, ", ")+")") {
		t.Errorf("a member of two, one of which is moved: %v, want both named once", err)
	}
	hurried.wants(t, "by the slug of one that is moved", ada, second, fault.Unavailable, second.Organization.Slug)
	i.Return(second.Organization.ID, eu)

	a.wants(t, "by the slug", ada, second, "", second.Organization.Slug)
	a.wants(t, "by the slug of another", ada, nil, fault.NotFound, left.Organization.Slug)
	eu.Line.Cut()
	a.wants(t, "by the slug of one whose cell answers", ada, first, "", first.Organization.Slug)
	a.wants(t, "by the slug of one whose cell is lost", ada, nil, fault.Unavailable, second.Organization.Slug)
	a.wants(t, "by the address alone", ada, nil, fault.Unavailable)
}
