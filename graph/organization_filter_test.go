package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// twoTenants are two organizations on one server, of which each has keys, an alert, mail about it and entries of the audit log.
func twoTenants(t *testing.T) (a, b *graphtest.API) {
	t.Helper()
	a = newAPI(t)
	other := *a
	other.Tenant = dbtest.NewTenant(t, a.Pool)
	organization := other.Tenant.Organization.ID
	other.Admin = other.Tenant.AccessToken(organization, db.TokenRoleADMIN)
	other.Viewer, other.Gateway = other.Admin, other.Tenant.AccessToken(organization, db.TokenRoleGATEWAY)
	used(a, a.KeyID())
	used(&other, other.KeyID())
	return a, &other
}

// The operator's lists of API keys, alerts, deliveries and audit entries are those of one organization when it is named, and of every one
// otherwise. Whoever belongs to an organization may name it, which changes nothing, and no other one. What is not there, or another's, is
// NOT_FOUND, as is what a filter names besides and the organization does not have.
func TestListsOfOneOrganization(t *testing.T) {
	t.Parallel()
	a, b := twoTenants(t)
	for _, list := range []struct {
		name, filter, node string
		field, thing       string // another field of the filter, and what it may name of b
	}{
		{"apiKeys", "ApiKeyFilter", "id", "ownerId", b.WorkspaceID()},
		{"alerts", "AlertFilter", "id", "subjectId", b.KeyID()},
		{"alertDeliveries", "AlertDeliveryFilter", "email alert { id }", "", ""},
		{"auditLog", "AuditFilter", "id", "actorId", b.OwnerID()},
	} {
		total := "totalCount"
		if list.name == "auditLog" {
			total = "__typename"
		}
		ask := func(token string, filter object) *graphtest.Answer {
			return a.Post(token, object{"query": fmt.Sprintf(`query($filter: %s) { %s(filter: $filter, first: 100) { %s nodes { %s } } }`, list.filter, list.name, total, list.node),
				"variables": object{"filter": filter}})
		}
		nodes := func(token string, filter object) (found []string) {
			t.Helper()
			answer := ask(token, filter)
			for _, node := range answer.Get(list.name, "nodes").([]any) {
				found = append(found, fmt.Sprint(node))
			}
			if total == "totalCount" {
				answer.Equal(len(found), list.name, total)
			}
			slices.Sort(found)
			return found
		}
		in := func(api *graphtest.API) object { return object{"organizationId": api.OrganizationID()} }
		ofA, ofB := nodes(a.Viewer, nil), nodes(b.Viewer, nil)
		if len(ofA) == 0 || len(ofB) == 0 {
			t.Fatalf("%s: %v, %v", list.name, ofA, ofB)
		}
		for _, test := range []struct {
			token  string
			filter object
			want   []string
		}{
			{graphtest.RootToken, in(a), ofA}, {graphtest.RootToken, in(b), ofB}, {a.Viewer, in(a), ofA}, {a.Viewer, object{"organizationId": ""}, ofA},
			{graphtest.RootToken, nil, slices.Sorted(slices.Values(slices.Concat(ofA, ofB)))},
		} {
			if got := nodes(test.token, test.filter); !slices.Equal(got, test.want) {
				t.Errorf("%s with %v: %v, want %v", list.name, test.filter, got, test.want)
			}
		}
		ask(a.Viewer, in(b)).Must("NOT_FOUND", "filter.organizationId")
		ask(graphtest.RootToken, object{"organizationId": "org_00000000000070008000000000000000"}).Must("NOT_FOUND", "filter.organizationId")
		ask(graphtest.RootToken, object{"organizationId": a.WorkspaceID()}).Must("BAD_USER_INPUT", "filter.organizationId")
		if list.field != "" {
			ask(graphtest.RootToken, object{"organizationId": a.OrganizationID(), list.field: list.thing}).Must("NOT_FOUND", "filter."+list.field)
			nodes(graphtest.RootToken, object{"organizationId": b.OrganizationID(), list.field: list.thing})
		}
	}
}
