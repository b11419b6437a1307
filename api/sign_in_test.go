package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"bursar/api"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// newPortal returns an API that believes a provider.
func newPortal(t *testing.T) (*graphtest.API, *ssotest.Provider) {
	t.Helper()
	provider := ssotest.New(t)
	return kit.ServeWith(t, kit.New(t), api.Config{Issuer: graphtest.Issuer(provider)}), provider
}

// viewerIn asks who a token is, naming organizations in the header.
func viewerIn(a *graphtest.API, token string, named ...string) *graphtest.Answer {
	a.T.Helper()
	body, err := json.Marshal(object{"query": graphtest.Document(a.T, "Viewer")})
	if err != nil {
		a.T.Fatal(err)
	}
	return a.SendWith(http.MethodPost, "", token, body, http.Header{"Bursar-Organization": named})
}

// Someone who signs in is the member with their verified address, whatever its case, with what the member may do, in each
// request: demoted, they are demoted with the next one; removed, they are nobody. The audit log names the member.
func TestSignedInPersonIsTheMember(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	other := *a
	other.URL = kit.StartWith(t, api.Config{Pool: a.Pool, RootToken: graphtest.RootToken, Issuer: graphtest.Issuer(provider)})
	owner := provider.SignIn(ssotest.Portal, strings.ToUpper(a.Tenant.Owner.Email), true)
	viewer := a.Run(owner, "Viewer", nil)
	viewer.Equal("OWNER", "viewer", "role")
	viewer.Equal(a.OwnerID(), "viewer", "member", "id")
	viewer.Equal(a.OrganizationID(), "viewer", "organization", "id")

	added := a.Run(owner, "AddMember", object{"input": object{"organizationId": a.OrganizationID(), "email": "Second@acme.test", "role": "OWNER"}}).
		Text("addMember", "member", "id")
	a.Run(owner, "AuditLog", object{"filter": object{"targetId": added}}).Equal(a.OwnerID(), "auditLog", "edges", 0, "node", "actor")
	key := a.Run(owner, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "x"}})
	key.Equal(a.OwnerID(), "createApiKey", "apiKey", "createdBy", "id")

	second := provider.SignIn(ssotest.Portal, "second@ACME.test", true)
	ask(a, second, about("acceptMembership", a.OrganizationID())).Equal("OWNER", "acceptMembership", "membership", "role")
	for _, step := range []struct{ role string }{{"OWNER"}, {"MEMBER"}, {"ADMIN"}} {
		a.Run(owner, "UpdateMember", object{"input": object{"id": added, "role": step.role}})
		for _, server := range []*graphtest.API{&other, a} {
			server.Run(second, "Viewer", nil).Equal(step.role, "viewer", "role")
			reserve := server.Do(second, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
			if refused := len(reserve.Errors) > 0; refused != (step.role == "MEMBER") {
				t.Errorf("a person who is %s: %+v", step.role, reserve.Errors)
			}
		}
	}
	a.Run(owner, "RemoveMember", object{"input": object{"id": added}})
	for _, server := range []*graphtest.API{&other, a} {
		server.Refused(second, "Viewer", nil, "UNAUTHENTICATED", "")
	}
	a.Refused(provider.SignIn(ssotest.Portal, "nobody@acme.test", true), "Viewer", nil, "UNAUTHENTICATED", "")
	a.Refused(provider.SignIn(ssotest.Portal, a.Tenant.Owner.Email, false), "Viewer", nil, "UNAUTHENTICATED", "")
	a.Refused(provider.Sign(provider.Claims("x@acme.test\x00", nil)), "Viewer", nil, "UNAUTHENTICATED", "")
}

// A person in several organizations says which one they mean; nobody guesses it. The error says how, and which there are.
func TestPersonOfSeveralOrganizations(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	ada := provider.SignIn(ssotest.Portal, "ada@acme.test", true)
	foreign := dbtest.NewTenant(t, a.Pool)
	second := a.Tenant.Factory.Organization(db.PlanFREE)
	a.Tenant.Member(a.Tenant.Organization.ID, "ADA@acme.test", db.MemberRoleADMIN)
	viewerIn(a, ada).Equal(a.OrganizationID(), "viewer", "organization", "id")
	a.Tenant.Member(second.ID, "ada@acme.test", db.MemberRoleMEMBER)

	ambiguous := viewerIn(a, ada)
	ambiguous.Must("BAD_USER_INPUT", "Bursar-Organization")
	for _, part := range []string{"Bursar-Organization", a.Tenant.Organization.Slug, second.Slug} {
		if !strings.Contains(ambiguous.Errors[0].Message, part) {
			t.Errorf("%q does not name %s", ambiguous.Errors[0].Message, part)
		}
	}
	if strings.Contains(ambiguous.Errors[0].Message, foreign.Organization.Slug) {
		t.Errorf("%q names an organization that is not theirs", ambiguous.Errors[0].Message)
	}
	for _, name := range []string{second.Slug, id.Organization.Format(second.ID)} {
		found := viewerIn(a, ada, name)
		found.Equal(second.Slug, "viewer", "organization", "slug")
		found.Equal("MEMBER", "viewer", "role")
	}
	viewerIn(a, ada, a.Tenant.Organization.Slug).Equal("ADMIN", "viewer", "role")
	for _, name := range []string{foreign.Organization.Slug, id.Organization.Format(foreign.Organization.ID), "nowhere", "org_x", strings.ToUpper(second.Slug)} {
		viewerIn(a, ada, name).Must("NOT_FOUND", "Bursar-Organization")
	}
	viewerIn(a, ada, second.Slug, a.Tenant.Organization.Slug).Must("BAD_USER_INPUT", "Bursar-Organization")
	viewerIn(a, ada, "").Must("BAD_USER_INPUT", "Bursar-Organization")
	viewerIn(a, ada, "\xff").Must("BAD_USER_INPUT", "Bursar-Organization")
	viewerIn(a, ada, strings.Repeat("x", 10_000)).Must("BAD_USER_INPUT", "Bursar-Organization")
	viewerIn(a, a.Admin, second.Slug).Equal(a.OrganizationID(), "viewer", "organization", "id") // a token belongs to one

	for range 20 {
		a.Tenant.Member(a.Tenant.Factory.Organization(db.PlanFREE).ID, "ada@acme.test", db.MemberRoleMEMBER)
	}
	if message := viewerIn(a, ada).Errors[0].Message; !strings.Contains(message, "and others") || strings.Count(message, "acme-") != 10 {
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
	a := kit.ServeWith(t, kit.New(t), api.Config{Issuer: graphtest.Issuer(provider)})
	a.Tenant.Member(a.Tenant.Organization.ID, owner, db.MemberRoleOWNER)
	for range 3 {
		a.Refused(token, "Viewer", nil, "UNAVAILABLE", "")
		a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
		a.Run(a.Admin, "Viewer", nil)
		a.Run(graphtest.RootToken, "Viewer", nil)
	}
	provider.Down(false)
	a.Run(token, "Viewer", nil).Equal("OWNER", "viewer", "role")
	newAPI(t).Refused(token, "Viewer", nil, "UNAUTHENTICATED", "")
}

// Tokens that nobody signed count as failed logins of their address; those of people whose time is over, or who are no
// members, do not, for a portal passes on many.
func TestForgedTokensAreSlowed(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
	a, provider := newPortal(t)
	expired := provider.Sign(provider.Claims(a.Tenant.Owner.Email, object{"exp": 1}))
	nobody := provider.SignIn(ssotest.Portal, "nobody@acme.test", true)
	for range 50 {
		a.Refused(expired, "Viewer", nil, "UNAUTHENTICATED", "")
		if answer := a.Do(nobody, "Viewer", nil); answer.Status == http.StatusTooManyRequests {
			t.Fatal("a person who is no member is told to come later")
		}
	}
	forged := provider.Sign(provider.Claims(a.Tenant.Owner.Email, object{"aud": "another"}))
	for tries := 0; a.Do(forged, "Viewer", nil).Status != http.StatusTooManyRequests; tries++ {
		if tries == 10_000 {
			t.Fatal("ten thousand forged tokens and no end")
		}
	}
	a.Run(provider.SignIn(ssotest.Portal, a.Tenant.Owner.Email, true), "Viewer", nil).Equal("OWNER", "viewer", "role")
}

// Clients that know GraphQL over HTTP are told by the status, too.
func TestSignInStatus(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	owner := provider.SignIn(ssotest.Portal, a.Tenant.Owner.Email, true)
	a.Tenant.Member(a.Tenant.Factory.Organization(db.PlanFREE).ID, a.Tenant.Owner.Email, db.MemberRoleMEMBER)
	for name, status := range map[string]int{"": http.StatusBadRequest, "nowhere": http.StatusNotFound, a.Tenant.Organization.Slug: http.StatusOK} {
		body, err := json.Marshal(object{"query": graphtest.Document(t, "Viewer")})
		if err != nil {
			t.Fatal(err)
		}
		header := http.Header{"Bursar-Organization": {name}, "Accept": {"application/graphql-response+json"}}
		if answer := a.SendWith(http.MethodPost, "", owner, body, header); answer.Status != status {
			t.Errorf("%q: %d, want %d", name, answer.Status, status)
		}
	}
}
