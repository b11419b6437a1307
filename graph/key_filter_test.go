package graph_test

import (
	"testing"

	"bursar/id"
)

// API keys are found by any of several statuses, by their creator, also one who was removed, and by a secret or its beginning: of that the prefix
// alone counts. A whole access token is refused, as a text that is stored would be.
func TestKeyFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	creator := a.Run(a.Admin, "AddMember", object{"input": object{"organizationId": a.OrganizationID(), "email": "c@acme.test", "role": "MEMBER"}}).Text("addMember", "member", "id")
	first := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "of C", "createdById": creator}})
	second := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "off"}})
	key, secret := first.Text("createApiKey", "apiKey", "id"), first.Text("createApiKey", "secret")
	off := second.Text("createApiKey", "apiKey", "id")
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": off, "enabled": false}})
	finds := func(filter object, want ...string) {
		t.Helper()
		page := a.Run(a.Viewer, "ApiKeysPage", object{"filter": filter})
		nodes := []any{}
		for i := range want {
			nodes = append(nodes, want[i])
		}
		got := []any{}
		for i := range page.Get("apiKeys", "nodes").([]any) {
			got = append(got, page.Get("apiKeys", "nodes", i, "id"))
		}
		if page.Equal(len(want), "apiKeys", "totalCount"); len(got) != len(nodes) {
			t.Fatalf("%v: %v, want %v", filter, got, nodes)
		}
		for i := range nodes {
			page.Equal(nodes[i], "apiKeys", "nodes", i, "id")
		}
	}
	finds(object{"statuses": []any{"DISABLED", "REVOKED"}}, off)
	finds(object{"statuses": []any{"DISABLED", "ACTIVE"}}, off, key, a.KeyID())
	finds(object{"statuses": []any{"DISABLED", "ACTIVE"}, "status": "DISABLED"}, off)
	finds(object{"statuses": []any{"ACTIVE"}, "status": "DISABLED"})
	finds(object{"statuses": []any{}})
	finds(object{"createdById": creator}, key)
	finds(object{"search": secret}, key)
	finds(object{"search": " " + secret + "\n"}, key)
	finds(object{"search": secret[:13]}, key)
	finds(object{"search": secret[:10]}, key)
	finds(object{"search": secret[:13], "statuses": []any{"DISABLED"}})
	finds(object{"search": "bsr_0000000000"})
	a.Refused(a.Viewer, "ApiKeysPage", object{"filter": object{"search": a.Viewer}}, "BAD_USER_INPUT", "filter.search")
	a.Refused(a.Viewer, "ApiKeysPage", object{"filter": object{"search": "my key is " + secret}}, "BAD_USER_INPUT", "filter.search")
	a.Run(a.Admin, "RemoveMember", object{"input": object{"id": creator}})
	finds(object{"createdById": creator}, key)
	a.Refused(a.Viewer, "ApiKeysPage", object{"filter": object{"createdById": "mem_00000000000000000000000000000000"}}, "NOT_FOUND", "filter.createdById")

	r := newRoleTokens(t)
	own, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	member := r.tokens["MEMBER"]
	r.Run(member, "ApiKeysPage", object{"filter": object{"createdById": id.Member.Format(r.member.ID)}}).Equal(own.ExternalID(), "apiKeys", "nodes", 0, "id")
	r.Refused(member, "ApiKeysPage", object{"filter": object{"createdById": r.OwnerID()}}, "FORBIDDEN", "")
}
