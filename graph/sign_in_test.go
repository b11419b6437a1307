package graph_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/auth/sso"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/id"
)

func issuerOf(provider *ssotest.Provider) *sso.Issuer {
	return sso.New(sso.Config{Issuer: provider.URL, Audience: ssotest.Portal, MinInterval: time.Nanosecond})
}

// newPortal returns an API that believes a provider.
func newPortal(t *testing.T) (*api, *ssotest.Provider) {
	t.Helper()
	provider := ssotest.New(t)
	return serveWith(t, postgres.New(t), graph.Config{Issuer: issuerOf(provider)}), provider
}

// viewerIn asks who a token is, naming organizations in the header.
func (a *api) viewerIn(token string, named ...string) *answer {
	a.t.Helper()
	body, err := json.Marshal(object{"query": document(a.t, "Viewer")})
	if err != nil {
		a.t.Fatal(err)
	}
	return a.sendWith(http.MethodPost, "", token, body, http.Header{"Bursar-Organization": named})
}

// Someone who signs in is the member with their verified address, whatever its case, with what the member may do, in each
// request: demoted, they are demoted with the next one; removed, they are nobody. The audit log names the member.
func TestSignedInPersonIsTheMember(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	other := *a
	other.url = startWith(t, graph.Config{Pool: a.pool, RootToken: rootToken, Issuer: issuerOf(provider)})
	owner := provider.SignIn(ssotest.Portal, strings.ToUpper(a.tenant.Owner.Email), true)
	viewer := a.run(owner, "Viewer", nil)
	viewer.equal("OWNER", "viewer", "role")
	viewer.equal(a.ownerID(), "viewer", "member", "id")
	viewer.equal(a.organizationID(), "viewer", "organization", "id")

	added := a.run(owner, "AddMember", object{"input": object{"organizationId": a.organizationID(), "email": "Second@acme.test", "role": "OWNER"}}).
		text("addMember", "member", "id")
	a.run(owner, "AuditLog", object{"filter": object{"targetId": added}}).equal(a.ownerID(), "auditLog", "edges", 0, "node", "actor")
	key := a.run(owner, "CreateApiKey", object{"input": object{"ownerId": a.workspaceID(), "name": "x"}})
	key.equal(a.ownerID(), "createApiKey", "apiKey", "createdBy", "id")

	second := provider.SignIn(ssotest.Portal, "second@ACME.test", true)
	for _, step := range []struct{ role string }{{"OWNER"}, {"MEMBER"}, {"ADMIN"}} {
		a.run(owner, "UpdateMember", object{"input": object{"id": added, "role": step.role}})
		for _, server := range []*api{&other, a} {
			server.run(second, "Viewer", nil).equal(step.role, "viewer", "role")
			reserve := server.do(second, "ReserveUsage", object{"input": object{"key": a.keyID()}})
			if refused := len(reserve.Errors) > 0; refused != (step.role == "MEMBER") {
				t.Errorf("a person who is %s: %+v", step.role, reserve.Errors)
			}
		}
	}
	a.run(owner, "RemoveMember", object{"input": object{"id": added}})
	for _, server := range []*api{&other, a} {
		server.refused(second, "Viewer", nil, "UNAUTHENTICATED", "")
	}
	a.refused(provider.SignIn(ssotest.Portal, "stranger@acme.test", true), "Viewer", nil, "UNAUTHENTICATED", "")
	a.refused(provider.SignIn(ssotest.Portal, a.tenant.Owner.Email, false), "Viewer", nil, "UNAUTHENTICATED", "")
	a.refused(provider.Sign(provider.Claims("x@acme.test\x00", nil)), "Viewer", nil, "UNAUTHENTICATED", "")
}

// A person in several organizations says which one they mean; nobody guesses it. The error says how, and which there are.
func TestPersonOfSeveralOrganizations(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	ada := provider.SignIn(ssotest.Portal, "ada@acme.test", true)
	foreign := dbtest.NewTenant(t, a.pool)
	second := a.tenant.Factory.Organization(db.PlanFREE)
	a.tenant.Member(a.tenant.Organization.ID, "ADA@acme.test", db.MemberRoleADMIN)
	a.viewerIn(ada).equal(a.organizationID(), "viewer", "organization", "id")
	a.tenant.Member(second.ID, "ada@acme.test", db.MemberRoleMEMBER)

	ambiguous := a.viewerIn(ada)
	ambiguous.must("BAD_USER_INPUT", "Bursar-Organization")
	for _, part := range []string{"Bursar-Organization", a.tenant.Organization.Slug, second.Slug} {
		if !strings.Contains(ambiguous.Errors[0].Message, part) {
			t.Errorf("%q does not name %s", ambiguous.Errors[0].Message, part)
		}
	}
	if strings.Contains(ambiguous.Errors[0].Message, foreign.Organization.Slug) {
		t.Errorf("%q names an organization that is not theirs", ambiguous.Errors[0].Message)
	}
	for _, name := range []string{second.Slug, id.Organization.Format(second.ID)} {
		found := a.viewerIn(ada, name)
		found.equal(second.Slug, "viewer", "organization", "slug")
		found.equal("MEMBER", "viewer", "role")
	}
	a.viewerIn(ada, a.tenant.Organization.Slug).equal("ADMIN", "viewer", "role")
	for _, name := range []string{foreign.Organization.Slug, id.Organization.Format(foreign.Organization.ID), "nowhere", "org_x", strings.ToUpper(second.Slug)} {
		a.viewerIn(ada, name).must("NOT_FOUND", "Bursar-Organization")
	}
	a.viewerIn(ada, second.Slug, a.tenant.Organization.Slug).must("BAD_USER_INPUT", "Bursar-Organization")
	a.viewerIn(ada, "").must("BAD_USER_INPUT", "Bursar-Organization")
	a.viewerIn(ada, "\xff").must("BAD_USER_INPUT", "Bursar-Organization")
	a.viewerIn(ada, strings.Repeat("x", 10_000)).must("BAD_USER_INPUT", "Bursar-Organization")
	a.viewerIn(a.admin, second.Slug).equal(a.organizationID(), "viewer", "organization", "id") // a token belongs to one

	for range 20 {
		a.tenant.Member(a.tenant.Factory.Organization(db.PlanFREE).ID, "ada@acme.test", db.MemberRoleMEMBER)
	}
	if message := a.viewerIn(ada).Errors[0].Message; !strings.Contains(message, "and others") || strings.Count(message, "acme-") != 10 {
		t.Errorf("%q, want ten organizations and others", message)
	}
}

// A server starts without its issuer, and serves access tokens while people are UNAVAILABLE; when the issuer is there people
// are served. Without an issuer they are nobody.
func TestIssuerIsDown(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	owner := "owner@people.test"
	token := provider.SignIn(ssotest.Portal, owner, true)
	provider.Down(true)
	a := serveWith(t, postgres.New(t), graph.Config{Issuer: issuerOf(provider)})
	a.tenant.Member(a.tenant.Organization.ID, owner, db.MemberRoleOWNER)
	for range 3 {
		a.refused(token, "Viewer", nil, "UNAVAILABLE", "")
		a.run(a.gateway, "ReserveUsage", object{"input": object{"key": a.keyID()}})
		a.run(a.admin, "Viewer", nil)
		a.run(rootToken, "Viewer", nil)
	}
	provider.Down(false)
	a.run(token, "Viewer", nil).equal("OWNER", "viewer", "role")
	newAPI(t).refused(token, "Viewer", nil, "UNAUTHENTICATED", "")
}

// Tokens that nobody signed count as failed logins of their address; those of people whose time is over, or who are no
// members, do not, for a portal passes on many.
func TestForgedTokensAreSlowed(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	expired := provider.Sign(provider.Claims(a.tenant.Owner.Email, object{"exp": 1}))
	stranger := provider.SignIn(ssotest.Portal, "stranger@acme.test", true)
	for range 50 {
		a.refused(expired, "Viewer", nil, "UNAUTHENTICATED", "")
		if answer := a.do(stranger, "Viewer", nil); answer.Status == http.StatusTooManyRequests {
			t.Fatal("a stranger is told to come later")
		}
	}
	forged := provider.Sign(provider.Claims(a.tenant.Owner.Email, object{"aud": "another"}))
	for tries := 0; a.do(forged, "Viewer", nil).Status != http.StatusTooManyRequests; tries++ {
		if tries == 10_000 {
			t.Fatal("ten thousand forged tokens and no end")
		}
	}
	a.run(provider.SignIn(ssotest.Portal, a.tenant.Owner.Email, true), "Viewer", nil).equal("OWNER", "viewer", "role")
}

// Clients that know GraphQL over HTTP are told by the status, too.
func TestSignInStatus(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	owner := provider.SignIn(ssotest.Portal, a.tenant.Owner.Email, true)
	a.tenant.Member(a.tenant.Factory.Organization(db.PlanFREE).ID, a.tenant.Owner.Email, db.MemberRoleMEMBER)
	for name, status := range map[string]int{"": http.StatusBadRequest, "nowhere": http.StatusNotFound, a.tenant.Organization.Slug: http.StatusOK} {
		body, err := json.Marshal(object{"query": document(t, "Viewer")})
		if err != nil {
			t.Fatal(err)
		}
		header := http.Header{"Bursar-Organization": {name}, "Accept": {"application/graphql-response+json"}}
		if answer := a.sendWith(http.MethodPost, "", owner, body, header); answer.Status != status {
			t.Errorf("%q: %d, want %d", name, answer.Status, status)
		}
	}
}
