package graph_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"bursar/api"
	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// The operations about memberships and recipient domains, which the contract does not have, are run with another organization's ids, by
// an administrator and by a person who has signed in and is invited elsewhere: the answer is NOT_FOUND, and not a row is different
// afterwards. With ids of their own they succeed.
func TestForeignIDsOfMemberships(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	a := kit.ServeWith(t, kit.New(t), api.Config{Issuer: graphtest.Issuer(provider)})
	other := dbtest.NewTenant(t, a.Pool)
	const email = "ada@acme.test"
	member := a.Tenant.Member(a.Tenant.Organization.ID, email, db.MemberRoleMEMBER)
	inviting, declined := a.Tenant.Factory.Organization(db.PlanFREE), a.Tenant.Factory.Organization(db.PlanFREE)
	a.Tenant.MemberIn(inviting.ID, email, db.MemberStatusINVITED)
	a.Tenant.MemberIn(declined.ID, email, db.MemberStatusINVITED)
	a.Tenant.MemberIn(other.Organization.ID, "bob@acme.test", db.MemberStatusINVITED)
	ada := provider.SignIn(ssotest.Portal, email, true)
	run := func(token, document string, variables object) *graphtest.Answer {
		t.Helper()
		body, err := json.Marshal(object{"query": document, "variables": variables})
		if err != nil {
			t.Fatal(err)
		}
		return a.SendWith(http.MethodPost, "", token, body, http.Header{"Bursar-Organization": {a.Tenant.Organization.Slug}})
	}
	input := func(name, operation, fields string) string {
		return "mutation($input: " + name + "!) { " + operation + "(input: $input) { " + fields + " } }"
	}
	organizationID := func(organization string) object { return object{"input": object{"organizationId": organization}} }
	foreign, unknown := id.Organization.Format(other.Organization.ID), "org_00000000000000000000000000000000"
	before := fingerprintOf(t, a)
	for _, c := range []struct {
		token, document, field string
		right                  object
		wrong                  []object
	}{
		{a.Admin, credentials, "id", object{"id": id.Member.Format(member.ID)},
			[]object{{"id": id.Member.Format(other.Owner.ID)}, {"id": "mem_00000000000000000000000000000000"}}},
		{a.Admin, input("SetRecipientDomainsInput", "setRecipientDomains", "outsideCount"), "organizationId",
			object{"input": object{"organizationId": a.OrganizationID(), "domains": []any{}}},
			[]object{{"input": object{"organizationId": foreign, "domains": []any{}}}, {"input": object{"organizationId": unknown, "domains": []any{}}}}},
		{ada, input("AcceptMembershipInput", "acceptMembership", "membership { role }"), "organizationId", organizationID(inviting.ExternalID()),
			[]object{organizationID(foreign), organizationID(unknown), organizationID(a.OrganizationID())}},
		{ada, input("DeclineMembershipInput", "declineMembership", "organizationId"), "organizationId", organizationID(declined.ExternalID()),
			[]object{organizationID(foreign), organizationID(unknown), organizationID(a.OrganizationID())}},
		{ada, input("LeaveOrganizationInput", "leaveOrganization", "organizationId"), "organizationId", organizationID(a.OrganizationID()),
			[]object{organizationID(foreign), organizationID(unknown)}},
	} {
		for _, wrong := range c.wrong {
			run(c.token, c.document, wrong).Must("NOT_FOUND", c.field)
			if fingerprintOf(t, a) != before {
				t.Fatalf("%s with %v changed something", c.document, wrong)
			}
		}
		if answer := run(c.token, c.document, c.right); len(answer.Errors) > 0 {
			t.Errorf("%s: %+v", c.document, answer.Errors)
		}
		before = fingerprintOf(t, a)
	}
}
