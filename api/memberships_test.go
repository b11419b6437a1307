package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"bursar/api"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// memberships asks who a token's person is where, naming organizations in the header.
func memberships(a *graphtest.API, token string, named ...string) *graphtest.Answer {
	a.T.Helper()
	return ask(a, token, graphtest.Document(a.T, "Memberships"), named...)
}

// ask runs a document, naming organizations in the header.
func ask(a *graphtest.API, token, document string, named ...string) *graphtest.Answer {
	a.T.Helper()
	body, err := json.Marshal(object{"query": document})
	if err != nil {
		a.T.Fatal(err)
	}
	return a.SendWith(http.MethodPost, "", token, body, http.Header{"Bursar-Organization": named})
}

// A person in two organizations finds out which, with and without the header, and which roles they have; a person in one as well. An
// organization of which they are no member is not among them. The error about the missing header lists the same organizations.
func TestMemberships(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	dbtest.NewTenant(t, a.Pool)
	ada := provider.SignIn(ssotest.Portal, "ADA@acme.test", true)
	first, second := a.Tenant.Organization, a.Tenant.Factory.Organization(db.PlanFREE)
	a.Tenant.Member(first.ID, "ada@acme.test", db.MemberRoleADMIN)
	entry := func(o *db.Organization, role string) object {
		return object{"role": role, "organization": object{"id": o.ExternalID(), "name": o.Name, "slug": o.Slug}}
	}
	memberships(a, ada).Equal([]any{entry(first, "ADMIN")}, "viewer", "memberships")

	a.Tenant.Member(second.ID, "Ada@acme.test", db.MemberRoleMEMBER)
	want := []any{entry(first, "ADMIN"), entry(second, "MEMBER")}
	if second.Slug < first.Slug {
		want = []any{want[1], want[0]}
	}
	for _, named := range [][]string{nil, {first.Slug}, {second.ExternalID()}} {
		answer := memberships(a, ada, named...)
		answer.Equal(want, "viewer", "memberships")
		if len(answer.Errors) > 0 {
			t.Errorf("%v: %+v", named, answer.Errors)
		}
	}
	several := viewerIn(a, ada)
	several.Must("BAD_USER_INPUT", "Bursar-Organization")
	var listed []any
	for _, m := range want {
		listed = append(listed, m.(object)["organization"])
	}
	got, _ := json.Marshal(several.Errors[0].Extensions.Organizations)
	if wanted, _ := json.Marshal(listed); string(got) != string(wanted) {
		t.Errorf("the error lists %s, want %s", got, wanted)
	}
	memberships(a, ada, "nowhere").Must("NOT_FOUND", "Bursar-Organization")
	memberships(a, "").Must("UNAUTHENTICATED", "")
	memberships(a, provider.SignIn(ssotest.Portal, "nobody@acme.test", true)).Must("UNAUTHENTICATED", "")
	memberships(a, provider.SignIn(ssotest.Portal, "ada@acme.test", false)).Must("UNAUTHENTICATED", "")
}

// Somebody who has not said which of their organizations they mean reaches nothing but their memberships: no field beside them, no
// other query, no mutation, nothing of any organization.
func TestUndecidedPersonReachesNothingElse(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	ada := provider.SignIn(ssotest.Portal, a.Tenant.Owner.Email, true)
	a.Tenant.Member(a.Tenant.Factory.Organization(db.PlanFREE).ID, a.Tenant.Owner.Email, db.MemberRoleOWNER)
	for _, document := range []string{
		`{ viewer { role } }`, `{ viewer { memberships { role } role } }`, `{ viewer { memberships { role } ...f } } fragment f on Viewer { role }`,
		`{ viewer { organization { id } } }`, `{ viewer { organization { accessTokens { totalCount } } } }`, `{ viewer { member { id } } }`,
		`{ apiKeys { totalCount } }`, `{ organizations { totalCount } }`, `{ jobs { name } }`, `{ auditLog { edges { cursor } } }`, `{ __schema { queryType { name } } }`,
		fmt.Sprintf(`{ node(id: %q) { id } }`, a.KeyID()), fmt.Sprintf(`{ checkUsage(input: {key: %q}) { allowed } }`, a.KeyID()),
		fmt.Sprintf(`mutation { reserveUsage(input: {key: %q}) { replayed } }`, a.KeyID()),
		fmt.Sprintf(`mutation { updateMember(input: {id: %q, name: "x"}) { member { id } } }`, a.OwnerID()),
		fmt.Sprintf(`mutation { revokeApiKey(input: {id: %q}) { apiKey { id } } }`, a.KeyID()),
		fmt.Sprintf(`mutation { releaseReservation(input: {reservationId: %q}) { reservation { id } } }`, id.Reservation.Format(a.Tenant.Key.ID)),
	} {
		answer := ask(a, ada, document)
		if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "BAD_USER_INPUT" || answer.Errors[0].Extensions.Field != "Bursar-Organization" {
			t.Errorf("%s: %+v with data %v", document, answer.Errors, answer.Data)
		}
	}
	both := ask(a, ada, `{ a: viewer { __typename memberships { organization { slug } } } }`)
	if both.Equal("Viewer", "a", "__typename"); len(both.Errors) > 0 {
		t.Errorf("%+v", both.Errors)
	}
}

// A token tells what its member is in its organization, and nothing of the person elsewhere; a token that is bound to nobody, and the
// operator, have no memberships.
func TestMembershipsOfTokens(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	second := a.Tenant.Factory.Organization(db.PlanFREE)
	a.Tenant.Member(second.ID, a.Tenant.Owner.Email, db.MemberRoleADMIN)
	bound := memberships(a, a.Tenant.BoundToken(a.Tenant.Owner, db.TokenRoleVIEWER))
	bound.Equal([]any{object{"role": "OWNER", "organization": object{
		"id": a.OrganizationID(), "name": a.Tenant.Organization.Name, "slug": a.Tenant.Organization.Slug}}}, "viewer", "memberships")
	for _, token := range []string{a.Admin, a.Gateway, graphtest.RootToken} {
		memberships(a, token).Equal([]any{}, "viewer", "memberships")
	}
}

// A person of very many organizations is told of the first hundred in the error, and of all in their memberships.
func TestVeryManyMemberships(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	a := kit.ServeWith(t, kit.New(t), api.Config{Issuer: graphtest.Issuer(provider)})
	ada := provider.SignIn(ssotest.Portal, "ada@acme.test", true)
	if _, err := a.Pool.Exec(t.Context(), `with o as (
			insert into organizations (name, slug, plan) select 'N', 'n' || lpad(n::text, 3, '0'), 'FREE' from generate_series(1, 150) n returning id)
		insert into members (organization_id, email, role) select id, 'ada@acme.test', 'ADMIN' from o`); err != nil {
		t.Fatal(err)
	}
	if n := len(viewerIn(a, ada).Errors[0].Extensions.Organizations); n != 100 {
		t.Errorf("the error lists %d organizations", n)
	}
	if n := len(memberships(a, ada).Get("viewer", "memberships").([]any)); n != 150 {
		t.Errorf("there are %d memberships", n)
	}
}
