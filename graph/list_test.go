package graph_test

import (
	"fmt"
	"testing"
)

// Pages join without a gap or a repetition, and their cursors hold while keys are added.
func TestPages(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i := range 7 {
		a.run(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": fmt.Sprintf("key %d", i)}})
	}
	seen, after := map[string]bool{}, any(nil)
	for page := 0; ; page++ {
		list := a.run(a.viewer, "ApiKeys", object{"filter": object{"ownerId": a.organizationID()}, "first": 3, "after": after})
		list.equal(page > 0, "apiKeys", "pageInfo", "hasPreviousPage")
		for i := range list.get("apiKeys", "edges").([]any) {
			seen[list.text("apiKeys", "edges", i, "node", "id")] = true
		}
		a.run(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": "newer"}})
		after = list.get("apiKeys", "pageInfo", "endCursor")
		if list.get("apiKeys", "pageInfo", "hasNextPage") == false {
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
		a.run(a.viewer, "ApiKey", object{"id": a.keyID()}).equal(want, "apiKey", "status")
		a.run(a.viewer, "ApiKeys", object{"filter": object{"status": want}}).equal(1, "apiKeys", "totalCount")
	}
	spend := func(tokens int) {
		t.Helper()
		a.run(a.gateway, "RecordUsage", object{"input": object{"key": a.keyID(), "inputTokens": tokens}})
	}
	budget := a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 10}}).
		text("createBudgetLimit", "budgetLimit", "id")
	status("ACTIVE")
	spend(10)
	status("EXHAUSTED")
	a.run(a.admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 11}})
	status("ACTIVE")
	spend(1)
	status("EXHAUSTED")
	a.run(a.admin, "ResetBudgetLimit", object{"input": object{"id": budget}})
	status("ACTIVE")
	spend(11)
	status("EXHAUSTED")
	a.run(a.admin, "DeleteBudgetLimit", object{"input": object{"id": budget}})
	status("ACTIVE")
	a.run(a.admin, "UpdateApiKey", object{"input": object{"id": a.keyID(), "enabled": false}})
	status("DISABLED")
	a.run(a.admin, "UpdateApiKey", object{"input": object{"id": a.keyID(), "expiresAt": "2020-01-01T00:00:00Z"}})
	status("EXPIRED")
	cleared := a.run(a.admin, "UpdateApiKey", object{"input": object{"id": a.keyID(), "expiresAt": nil, "enabled": true}})
	cleared.equal("ACTIVE", "updateApiKey", "apiKey", "status")
	a.run(a.admin, "RevokeApiKey", object{"input": object{"id": a.keyID()}})
	status("REVOKED")
}

// The audit log from a time and before a time has exactly the entries of those times, for a tenant and for the operator, page
// by page; a first page has none before it.
func TestAuditLogOfATime(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i := range 5 {
		a.run(a.admin, "CreateWorkspace", object{"input": object{"organizationId": a.organizationID(), "name": fmt.Sprintf("w %d", i)}})
	}
	all := a.run(a.admin, "AuditLog", object{"filter": object{"action": "createWorkspace"}})
	at := func(i int) string { return all.text("auditLog", "edges", i, "node", "at") }
	filter := object{"action": "createWorkspace", "from": at(3), "to": at(1)}
	const query = `query($filter: AuditFilter, $after: String) { auditLog(filter: $filter, first: 1, after: $after) {
		edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }`
	for _, token := range []string{a.viewer, rootToken} {
		first := a.post(token, object{"query": query, "variables": object{"filter": filter}})
		first.equal(all.get("auditLog", "edges", 2, "node", "id"), "auditLog", "edges", 0, "node", "id")
		first.equal(object{"hasNextPage": true, "hasPreviousPage": false, "endCursor": first.get("auditLog", "pageInfo", "endCursor")}, "auditLog", "pageInfo")
		second := a.post(token, object{"query": query, "variables": object{"filter": filter, "after": first.get("auditLog", "pageInfo", "endCursor")}})
		second.equal(all.get("auditLog", "edges", 3, "node", "id"), "auditLog", "edges", 0, "node", "id")
		second.equal(false, "auditLog", "pageInfo", "hasNextPage")
		second.equal(true, "auditLog", "pageInfo", "hasPreviousPage")
	}
}
