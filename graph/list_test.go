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

// A page of none has its total and says whether there is more; an empty cursor is none, and an empty id, text or action of a filter is
// one that was not given, as clients send them. Of every list.
func TestEmptyArguments(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 5, "alertThresholds": []any{1}}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": "", "key": a.KeyID(), "inputTokens": 5}})
	a.Refused(a.Gateway, "RecordUsage", object{"input": object{"reservationId": "", "key": ""}}, "BAD_USER_INPUT", "reservationId")
	for name, list := range map[string]struct {
		query string
		total bool
	}{
		"apiKeys":  {`apiKeys(filter: {ownerId: "", search: "", organizationId: ""}, first: $first, after: $after)`, true},
		"alerts":   {`alerts(filter: {subjectId: "", organizationId: ""}, first: $first, after: $after)`, true},
		"auditLog": {`auditLog(filter: {targetId: "", action: "", organizationId: ""}, first: $first, after: $after)`, false},
	} {
		total := ""
		if list.total {
			total = "totalCount"
		}
		query := "query($first: Int, $after: String) { page: " + list.query + " { " + total +
			" edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
		for _, token := range []string{a.Viewer, graphtest.RootToken} {
			whole := a.Post(token, object{"query": query, "variables": object{"after": ""}})
			edges := whole.Get("page", "edges").([]any)
			if len(edges) == 0 {
				t.Fatalf("%s: nothing to ask for: %s", name, whole.Body)
			}
			whole.Equal(false, "page", "pageInfo", "hasPreviousPage")
			none := a.Post(token, object{"query": query, "variables": object{"first": 0, "after": ""}})
			none.Equal([]any{}, "page", "edges")
			none.Equal(object{"hasNextPage": true, "hasPreviousPage": false, "startCursor": nil, "endCursor": nil}, "page", "pageInfo")
			if list.total {
				none.Equal(len(edges), "page", "totalCount")
			}
			a.Post(token, object{"query": query, "variables": object{"first": -1}}).Must("BAD_USER_INPUT", "first")
		}
	}
	lists := a.Post(a.Admin, object{"query": `{ viewer { organization { workspaces(first: 0, after: "") { totalCount edges { cursor } pageInfo { hasNextPage } }
		members(first: 0, after: "") { totalCount edges { cursor } } accessTokens(first: 0, after: "") { totalCount edges { cursor } } } } }`})
	lists.Equal(object{"totalCount": 1, "edges": []any{}, "pageInfo": object{"hasNextPage": true}}, "viewer", "organization", "workspaces")
	lists.Equal(object{"totalCount": 3, "edges": []any{}}, "viewer", "organization", "accessTokens")
	a.Post(graphtest.RootToken, object{"query": `{ organizations(first: 0, after: "") { totalCount edges { cursor } } }`}).
		Equal(object{"totalCount": 1, "edges": []any{}}, "organizations")
	periods := `query($id: ID!) { node(id: $id) { ... on BudgetLimit { periods(first: 0, after: "") { edges { cursor } pageInfo { hasNextPage } } } } }`
	budget := a.Run(a.Viewer, "ApiKey", object{"id": a.KeyID()}).Text("apiKey", "budgetLimits", 0, "id")
	a.Post(a.Viewer, object{"query": periods, "variables": object{"id": budget}}).
		Equal(object{"edges": []any{}, "pageInfo": object{"hasNextPage": true}}, "node", "periods")
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
