package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const (
	addMember   = `mutation($input: AddMemberInput!) { addMember(input: $input) { member { id status } } }`
	invitations = `{ viewer { invitations { role organization { id name slug } } } }`
)

// about returns an operation about one's own membership in an organization.
func about(operation, organization string) string {
	fields := "organizationId"
	if operation == "acceptMembership" {
		fields = "membership { role organization { id } }"
	}
	return fmt.Sprintf(`mutation { %s(input: {organizationId: %q}) { %s } }`, operation, organization, fields)
}

// tenantOf returns a client with the tokens of another tenant on the same server.
func tenantOf(a *graphtest.API) *graphtest.API {
	a.T.Helper()
	other := *a
	other.Tenant = dbtest.NewTenant(a.T, a.Pool)
	other.Admin = other.Tenant.AccessToken(other.Tenant.Organization.ID, db.TokenRoleADMIN)
	return &other
}

// invite adds a person by a token, and returns their status and their id.
func invite(a *graphtest.API, token, email, role string) (status, memberID string) {
	a.T.Helper()
	added := a.Post(token, object{"query": addMember, "variables": object{"input": object{"organizationId": a.OrganizationID(), "email": email, "role": role}}})
	return added.Text("addMember", "member", "status"), added.Text("addMember", "member", "id")
}

// signIns are all answers to a person's ways to sign in, but for the requests' own ids.
func signIns(a *graphtest.API, token string, organizations ...*db.Organization) (answers []string) {
	a.T.Helper()
	own := regexp.MustCompile(`"requestId":"[^"]*"`)
	headers := [][]string{nil, {"nowhere"}, {""}}
	for _, o := range organizations {
		headers = append(headers, []string{o.Slug}, []string{o.ExternalID()})
	}
	for _, document := range []string{graphtest.Document(a.T, "Viewer"), graphtest.Document(a.T, "Memberships"), `{ apiKeys { totalCount } }`, `{ __typename }`} {
		for _, named := range headers {
			body, err := json.Marshal(object{"query": document})
			if err != nil {
				a.T.Fatal(err)
			}
			answer := a.SendWith(http.MethodPost, "", token, body,
				http.Header{"Bursar-Organization": named, "Accept": {"application/graphql-response+json"}})
			answers = append(answers, fmt.Sprintf("%s as %v: %d %s", document, named, answer.Status, own.ReplaceAllString(answer.Body, "")))
		}
	}
	return answers
}

// An administrator of a foreign organization adds a stranger's address in any role: each of the stranger's ways to sign in is answered
// exactly as before, whether they are a member of none, of one or of several organizations. Nobody can accept for them.
func TestStrangersSignInIsAsBefore(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
	a, provider := newPortal(t)
	second := a.Tenant.Factory.Organization(db.PlanFREE)
	a.Tenant.Member(a.Tenant.Organization.ID, "one@acme.test", db.MemberRoleMEMBER)
	a.Tenant.Member(a.Tenant.Organization.ID, "two@acme.test", db.MemberRoleADMIN)
	a.Tenant.Member(second.ID, "two@acme.test", db.MemberRoleMEMBER)
	foreign := tenantOf(a)
	owner := foreign.Tenant.BoundToken(foreign.Tenant.Owner, db.TokenRoleOWNER)
	for _, email := range []string{"one@acme.test", "two@acme.test", "none@acme.test"} {
		for _, role := range []string{"OWNER", "ADMIN", "MEMBER"} {
			token := provider.SignIn(ssotest.Portal, email, true)
			before := signIns(a, token, a.Tenant.Organization, second, foreign.Tenant.Organization)
			status, member := invite(foreign, owner, email, role)
			if status != "INVITED" {
				t.Fatalf("%s is %s", email, status)
			}
			asBefore := func(since string) {
				t.Helper()
				for i, after := range signIns(a, token, a.Tenant.Organization, second, foreign.Tenant.Organization) {
					if after != before[i] {
						t.Errorf("%s as %s, %s: signing in was\n%s\nand is\n%s", email, role, since, before[i], after)
					}
				}
			}
			asBefore("invited")
			bound := foreign.Post(owner, object{"query": `mutation($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret } }`,
				"variables": object{"input": object{"organizationId": foreign.OrganizationID(), "name": "x", "role": "OWNER", "memberId": member}}}).
				Text("createAccessToken", "secret")
			for _, who := range []string{bound, owner, foreign.Admin, graphtest.RootToken} {
				ask(a, who, about("acceptMembership", foreign.OrganizationID())).Must("FORBIDDEN", "")
			}
			asBefore("others tried to accept for them")
			a.Run(owner, "RemoveMember", object{"input": object{"id": member}}) // withdrawn
		}
	}
}

// Somebody who is invited is told where, accepts and is a member, declines and is none, or finds the invitation withdrawn. Lists show
// who is invited. Each is in the audit log under the person's own name.
func TestInvitation(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	ada := provider.SignIn(ssotest.Portal, "ADA@acme.test", true)
	_, member := invite(a, a.Admin, "ada@acme.test", "ADMIN")
	entry := object{"role": "ADMIN", "organization": object{
		"id": a.OrganizationID(), "name": a.Tenant.Organization.Name, "slug": a.Tenant.Organization.Slug}}
	ask(a, ada, invitations).Equal([]any{entry}, "viewer", "invitations")
	ask(a, ada, invitations, a.Tenant.Organization.Slug).Equal([]any{entry}, "viewer", "invitations")
	statuses := func() []any {
		return a.Post(a.Viewer, object{"query": `{ viewer { organization { members { edges { node { email status } } } } } }`}).
			Get("viewer", "organization", "members", "edges").([]any)
	}
	if got := fmt.Sprint(statuses()); !regexp.MustCompile(`ada@acme.test status:INVITED`).MatchString(got) {
		t.Errorf("the list of members is %s", got)
	}

	ask(a, ada, about("acceptMembership", a.OrganizationID())).Equal(
		object{"role": "ADMIN", "organization": object{"id": a.OrganizationID()}}, "acceptMembership", "membership")
	viewerIn(a, ada).Equal("ADMIN", "viewer", "role")
	ask(a, ada, invitations).Equal([]any{}, "viewer", "invitations")
	memberships(a, ada).Equal([]any{entry}, "viewer", "memberships")
	ask(a, ada, about("acceptMembership", a.OrganizationID())).Must("NOT_FOUND", "organizationId")
	ask(a, ada, about("declineMembership", a.OrganizationID())).Must("NOT_FOUND", "organizationId")
	audited := a.Run(a.Admin, "AuditLog", object{"filter": object{"targetId": member}})
	audited.Equal("acceptMembership", "auditLog", "edges", 0, "node", "action")
	audited.Equal(member, "auditLog", "edges", 0, "node", "actor")

	other := tenantOf(a)
	for range 2 {
		invite(other, other.Admin, "ada@acme.test", "MEMBER")
		viewerIn(a, ada).Equal(a.OrganizationID(), "viewer", "organization", "id")
		ask(a, ada, about("declineMembership", other.OrganizationID())).Equal(other.OrganizationID(), "declineMembership", "organizationId")
		ask(a, ada, about("declineMembership", other.OrganizationID())).Must("NOT_FOUND", "organizationId")
		ask(a, ada, about("acceptMembership", other.OrganizationID())).Must("NOT_FOUND", "organizationId")
	}
	_, member = invite(other, other.Admin, "ada@acme.test", "MEMBER")
	other.Run(other.Admin, "RemoveMember", object{"input": object{"id": member}})
	ask(a, ada, invitations).Equal([]any{}, "viewer", "invitations")
	ask(a, ada, about("acceptMembership", other.OrganizationID())).Must("NOT_FOUND", "organizationId")
	other.Refused(other.Admin, "AddMember", object{"input": object{"organizationId": other.OrganizationID(), "email": other.Tenant.Owner.Email, "role": "MEMBER"}},
		"CONFLICT", "email")

	_, member = invite(other, other.Admin, "ada@acme.test", "MEMBER")
	other.Run(other.Admin, "UpdateMember", object{"input": object{"id": member, "role": "ADMIN"}})
	ask(a, ada, about("acceptMembership", other.OrganizationID())).Equal("ADMIN", "acceptMembership", "membership", "role")
	viewerIn(a, ada).Must("BAD_USER_INPUT", "Bursar-Organization") // as they chose
	viewerIn(a, ada, other.Tenant.Organization.Slug).Equal("ADMIN", "viewer", "role")
}

// Somebody who is invited and no member reaches nothing but their invitations: no other field, query or mutation, nothing of the
// organization; what is refused is UNAUTHENTICATED, as without an invitation. Others' invitations are NOT_FOUND.
func TestInvitedPersonReachesNothingElse(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	other := tenantOf(a)
	ada := provider.SignIn(ssotest.Portal, "ada@acme.test", true)
	invite(a, a.Admin, "ada@acme.test", "ADMIN")
	invite(other, other.Admin, "bob@acme.test", "ADMIN")
	for _, document := range []string{
		`{ viewer { role } }`, `{ viewer { invitations { role } role } }`, `{ viewer { invitations { role } ...f } } fragment f on Viewer { role }`,
		`{ viewer { memberships { role } } }`, `{ viewer { organization { id } } }`, `{ a: viewer { invitations { role } } b: viewer { member { id } } }`,
		`{ apiKeys { totalCount } }`, `{ __schema { queryType { name } } }`, fmt.Sprintf(`{ node(id: %q) { id } }`, a.OrganizationID()),
		fmt.Sprintf(`{ checkUsage(input: {key: %q}) { allowed } }`, a.KeyID()), about("leaveOrganization", a.OrganizationID()),
		fmt.Sprintf(`mutation { revokeApiKey(input: {id: %q}) { apiKey { id } } }`, a.KeyID()),
		fmt.Sprintf(`mutation { acceptMembership(input: {organizationId: %q}) { membership { role } } revokeApiKey(input: {id: %q}) { apiKey { id } } }`,
			a.OrganizationID(), a.KeyID()),
		`{ ... on Query { ...f } } fragment f on Query { organizations { totalCount } }`,
	} {
		answer := ask(a, ada, document)
		if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "UNAUTHENTICATED" || answer.Data != nil {
			t.Errorf("%s: %+v with data %v", document, answer.Errors, answer.Data)
		}
	}
	ask(a, ada, `{ ... on Query { ...f } } fragment f on Query { v: viewer { ... { i: invitations { role } } __typename } }`).Equal("ADMIN", "v", "i", 0, "role")
	for _, organization := range []string{other.OrganizationID(), "org_00000000000000000000000000000000"} {
		for _, operation := range []string{"acceptMembership", "declineMembership"} {
			ask(a, ada, about(operation, organization)).Must("NOT_FOUND", "organizationId")
		}
	}
	ask(a, ada, about("acceptMembership", a.KeyID())).Must("BAD_USER_INPUT", "organizationId")
	ask(a, provider.SignIn(ssotest.Portal, "ada@acme.test", false), invitations).Must("UNAUTHENTICATED", "")
	ask(a, provider.SignIn(ssotest.Portal, "nobody@acme.test", true), invitations).Must("UNAUTHENTICATED", "")
	for _, who := range []string{a.Admin, a.Gateway, graphtest.RootToken} {
		ask(a, who, invitations).Equal([]any{}, "viewer", "invitations")
	}
}

// A person leaves any of their organizations, without naming one in the header, and the others are as before; the last OWNER cannot, and
// somebody who is invited to be an OWNER does not count as one. No token leaves for a person.
func TestLeaveOrganization(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	other := tenantOf(a)
	ada := provider.SignIn(ssotest.Portal, "ada@acme.test", true)
	a.Tenant.Member(a.Tenant.Organization.ID, "ada@acme.test", db.MemberRoleADMIN)
	drawnIn := a.Tenant.Member(other.Tenant.Organization.ID, "ada@acme.test", db.MemberRoleMEMBER)
	viewerIn(a, ada).Must("BAD_USER_INPUT", "Bursar-Organization")
	ask(a, ada, about("leaveOrganization", other.OrganizationID())).Equal(other.OrganizationID(), "leaveOrganization", "organizationId")
	viewerIn(a, ada).Equal(a.OrganizationID(), "viewer", "organization", "id")
	audited := other.Run(other.Admin, "AuditLog", object{"filter": object{"targetId": id.Member.Format(drawnIn.ID)}})
	audited.Equal("leaveOrganization", "auditLog", "edges", 0, "node", "action")
	audited.Equal(id.Member.Format(drawnIn.ID), "auditLog", "edges", 0, "node", "actor")
	ask(a, ada, about("leaveOrganization", other.OrganizationID())).Must("NOT_FOUND", "organizationId")

	owner := provider.SignIn(ssotest.Portal, a.Tenant.Owner.Email, true)
	_, invited := invite(a, owner, "second@acme.test", "OWNER")
	for range 2 {
		last := ask(a, owner, about("leaveOrganization", a.OrganizationID()))
		last.Must("CONFLICT", "organizationId")
		if message := last.Errors[0].Message; message != "organizationId: you are this organization's last OWNER; make somebody else an OWNER first" {
			t.Error(message)
		}
		a.Refused(owner, "UpdateMember", object{"input": object{"id": a.OwnerID(), "role": "ADMIN"}}, "CONFLICT", "id")
		a.Run(owner, "UpdateMember", object{"input": object{"id": invited, "role": "OWNER"}})
	}
	a.Run(owner, "RemoveMember", object{"input": object{"id": invited}}) // an invited OWNER is no owner who must stay
	invite(a, owner, "second@acme.test", "OWNER")
	ask(a, provider.SignIn(ssotest.Portal, "second@acme.test", true), about("acceptMembership", a.OrganizationID()))
	for _, token := range []string{a.Tenant.BoundToken(a.Tenant.Owner, db.TokenRoleOWNER), a.Admin, graphtest.RootToken} {
		ask(a, token, about("leaveOrganization", a.OrganizationID())).Must("FORBIDDEN", "")
	}
	ask(a, owner, about("leaveOrganization", a.OrganizationID())).Equal(a.OrganizationID(), "leaveOrganization", "organizationId")
	viewerIn(a, owner).Must("UNAUTHENTICATED", "")
}

// Whom the operator adds, and who has an address of a domain that the operator has allowed for the organization, is a member at once;
// subdomains and domains that look alike are not allowed, nor is one that an organization allows for its recipients.
func TestAllowedMemberDomains(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	const update = `mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { memberDomains } } }`
	allow := func(token string, domains ...any) *graphtest.Answer {
		return a.Post(token, object{"query": update, "variables": object{"input": object{"id": a.OrganizationID(), "memberDomains": append([]any{}, domains...)}}})
	}
	allow(a.Admin, "acme.test").Must("FORBIDDEN", "")
	for _, wrong := range []string{"", "@acme.test", "a@acme.test", "*.acme.test", "acme test", "acme.test\n", ".acme.test", "acme..test", "[192.0.2.1]"} {
		allow(graphtest.RootToken, "acme.test", wrong).Must("BAD_USER_INPUT", "memberDomains.1")
	}
	allow(graphtest.RootToken, "ACME.test", "Bücher.example", "acme.TEST").Equal([]any{"acme.test", "bücher.example"}, "updateOrganization", "organization", "memberDomains")
	a.Run(graphtest.RootToken, "UpdateOrganization", object{"input": object{"id": a.OrganizationID(), "plan": "PRO"}}) // leaves them
	for email, want := range map[string]string{
		"a@acme.test": "ACTIVE", "b@Acme.Test": "ACTIVE", "c@BÜCHER.example": "ACTIVE",
		"a@sub.acme.test": "INVITED", "a@notacme.test": "INVITED", "a@acme.test.evil.example": "INVITED",
		"a@xn--bcher-kva.example": "INVITED",
	} {
		if status, _ := invite(a, a.Admin, email, "MEMBER"); status != want {
			t.Errorf("%s is %s, want %s", email, status, want)
		}
	}
	if status, _ := invite(a, graphtest.RootToken, "ada@elsewhere.test", "MEMBER"); status != "ACTIVE" {
		t.Errorf("whom the operator adds is %s", status)
	}
	a.Post(graphtest.RootToken, object{"query": addMember, "variables": object{"input": object{
		"organizationId": a.OrganizationID(), "email": "bob@elsewhere.test", "role": "MEMBER", "invite": true}}}).Equal("INVITED", "addMember", "member", "status")
	viewerIn(a, provider.SignIn(ssotest.Portal, "a@acme.test", true)).Equal("MEMBER", "viewer", "role")
	other := tenantOf(a)
	if status, _ := invite(other, other.Admin, "d@acme.test", "MEMBER"); status != "INVITED" {
		t.Error("a domain is allowed for another organization")
	}
	allow(graphtest.RootToken).Equal([]any{}, "updateOrganization", "organization", "memberDomains")
	if status, _ := invite(a, a.Admin, "d@acme.test", "MEMBER"); status != "INVITED" {
		t.Error("a domain is allowed that was taken away")
	}
}

// Nobody who is invited is a recipient of alerts, neither as an administrator nor as a key's creator; who accepts is.
func TestInvitedAreNoRecipients(t *testing.T) {
	t.Parallel()
	a, provider := newPortal(t)
	invite(a, a.Admin, "ada@acme.test", "ADMIN")
	_, bob := invite(a, a.Admin, "bob@acme.test", "MEMBER")
	key := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "x", "createdById": bob}})
	key.Equal([]any{object{"email": a.Tenant.Owner.Email, "source": "OWNER"}}, "createApiKey", "apiKey", "recipients")
	for _, email := range []string{"ada@acme.test", "bob@acme.test"} {
		ask(a, provider.SignIn(ssotest.Portal, email, true), about("acceptMembership", a.OrganizationID())).Text("acceptMembership", "membership", "role")
	}
	found := a.Run(a.Admin, "ApiKey", object{"id": key.Text("createApiKey", "apiKey", "id")})
	found.Equal([]any{object{"email": "ada@acme.test", "source": "ADMIN"}, object{"email": "bob@acme.test", "source": "CREATOR"},
		object{"email": a.Tenant.Owner.Email, "source": "OWNER"}}, "apiKey", "recipients")
}

// Where nobody signs in at an issuer there is nobody to accept: whom an administrator adds is a member, as ever.
func TestNoInvitationsWithoutAnIssuer(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	if status, _ := invite(a, a.Admin, "ada@acme.test", "ADMIN"); status != "ACTIVE" {
		t.Errorf("a member is %s", status)
	}
	recipients := a.Run(a.Admin, "ApiKey", object{"id": a.KeyID()}).Get("apiKey", "recipients").([]any)
	if !slices.ContainsFunc(recipients, func(r any) bool { return r.(object)["email"] == "ada@acme.test" }) {
		t.Errorf("an administrator hears of no alerts: %v", recipients)
	}
}
