package graph_test

import (
	"fmt"
	"testing"

	"bursar/graph/graphtest"
)

// Pages join without a gap or a repetition, and their cursors hold while keys are added.
func TestPages(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i := range 7 {
		a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": fmt.Sprintf("key %d", i)}})
	}
	seen, after := map[string]bool{}, any(nil)
	for page := 0; ; page++ {
		list := a.Run(a.Viewer, "ApiKeys", object{"filter": object{"ownerId": a.OrganizationID()}, "first": 3, "after": after})
		list.Equal(page > 0, "apiKeys", "pageInfo", "hasPreviousPage")
		for i := range list.Get("apiKeys", "edges").([]any) {
			seen[list.Text("apiKeys", "edges", i, "node", "id")] = true
		}
		a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": "newer"}})
		after = list.Get("apiKeys", "pageInfo", "endCursor")
		if list.Get("apiKeys", "pageInfo", "hasNextPage") == false {
			break
		}
	}
	if len(seen) != 7 {
		t.Fatalf("%d keys in the pages, want 7", len(seen))
	}
}

// When a budget is full its key's status is EXHAUSTED until a raise, a manual reset or its deletion; each works at once.
func TestKeyStatus(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	status := func(want string) {
		t.Helper()
		a.Run(a.Viewer, "ApiKey", object{"id": a.KeyID()}).Equal(want, "apiKey", "status")
		a.Run(a.Viewer, "ApiKeys", object{"filter": object{"status": want}}).Equal(1, "apiKeys", "totalCount")
	}
	spend := func(tokens int) {
		t.Helper()
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": tokens}})
	}
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 10}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	status("ACTIVE")
	spend(10)
	status("EXHAUSTED")
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 11}})
	status("ACTIVE")
	spend(1)
	status("EXHAUSTED")
	a.Run(a.Admin, "ResetBudgetLimit", object{"input": object{"id": budget}})
	status("ACTIVE")
	spend(11)
	status("EXHAUSTED")
	a.Run(a.Admin, "DeleteBudgetLimit", object{"input": object{"id": budget}})
	status("ACTIVE")
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "enabled": false}})
	status("DISABLED")
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "expiresAt": "2020-01-01T00:00:00Z"}})
	status("EXPIRED")
	cleared := a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "expiresAt": nil, "enabled": true}})
	cleared.Equal("ACTIVE", "updateApiKey", "apiKey", "status")
	a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": a.KeyID()}})
	status("REVOKED")
}

// The audit log from a time and before a time has exactly the entries of those times, for a tenant and for the operator, page
// by page; a first page has none before it.
func TestAuditLogOfATime(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i := range 5 {
		a.Run(a.Admin, "CreateWorkspace", object{"input": object{"organizationId": a.OrganizationID(), "name": fmt.Sprintf("w %d", i)}})
	}
	all := a.Run(a.Admin, "AuditLog", object{"filter": object{"action": "createWorkspace"}})
	at := func(i int) string { return all.Text("auditLog", "edges", i, "node", "at") }
	filter := object{"action": "createWorkspace", "from": at(3), "to": at(1)}
	const query = `query($filter: AuditFilter, $after: String) { auditLog(filter: $filter, first: 1, after: $after) {
		edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`
	for _, token := range []string{a.Viewer, graphtest.RootToken} {
		first := a.Post(token, object{"query": query, "variables": object{"filter": filter}})
		first.Equal(all.Get("auditLog", "edges", 2, "node", "id"), "auditLog", "edges", 0, "node", "id")
		first.Equal(object{"hasNextPage": true, "hasPreviousPage": false, "endCursor": first.Get("auditLog", "pageInfo", "endCursor")}, "auditLog", "pageInfo")
		second := a.Post(token, object{"query": query, "variables": object{"filter": filter, "after": first.Get("auditLog", "pageInfo", "endCursor")}})
		second.Equal(all.Get("auditLog", "edges", 3, "node", "id"), "auditLog", "edges", 0, "node", "id")
		second.Equal(false, "auditLog", "pageInfo", "hasNextPage")
		second.Equal(true, "auditLog", "pageInfo", "hasPreviousPage")
	}
}
