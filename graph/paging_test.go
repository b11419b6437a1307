package graph_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// A list read backward, page by page, has exactly what it has forward, in the same order; nodes are those of the edges, and a page says what is
// before and after it. Of every list.
func TestPagesBackward(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	for i := range 5 {
		a.Run(a.Admin, "CreateWorkspace", object{"input": object{"organizationId": a.OrganizationID(), "name": fmt.Sprintf("w %d", i)}})
		a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": fmt.Sprintf("Key %d", 5-i)}})
		a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "x", "role": "VIEWER"}})
		a.Run(a.Admin, "AddMember", object{"input": object{"organizationId": a.OrganizationID(), "email": fmt.Sprintf("%d@acme.test", i), "role": "MEMBER"}})
		a.Run(graphtest.RootToken, "CreateOrganization", object{"input": object{"name": "o", "slug": fmt.Sprintf("o-%d", i)}})
		a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
	}
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 9, "alertThresholds": []any{1, 2, 3}}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	addRecipients(a, a.Admin, a.KeyID(), "1@elsewhere.test", "2@elsewhere.test", "3@elsewhere.test", "4@elsewhere.test")
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 9}})
	for range 4 {
		a.Run(a.Admin, "ResetBudgetLimit", object{"input": object{"id": budget}})
	}
	for _, list := range []string{
		"apiKeys(%s)", "apiKeys(orderBy: {field: NAME}, %s)", "apiKeys(orderBy: {field: LAST_USED_AT, direction: DESC}, %s)", "alerts(%s)", "alertDeliveries(%s)", "auditLog(%s)",
		"organizations(%s)", `reservations(filter: {apiKeyId: "` + a.KeyID() + `"}, %s)`,
		"organization { workspaces(%s)", "organization { members(%s)", "organization { accessTokens(%s)", "budget { periods(%s)",
	} {
		forward, forwardNodes := walk(a, list, budget, "first", "after", "hasNextPage", "endCursor")
		backward, backwardNodes := walk(a, list, budget, "last", "before", "hasPreviousPage", "startCursor")
		if len(forward) < 4 || !slices.Equal(forward, backward) || !slices.Equal(forwardNodes, backwardNodes) || len(forwardNodes) != len(forward) {
			t.Errorf("%s: forward %v, backward %v; nodes %v, %v", list, forward, backward, forwardNodes, backwardNodes)
		}
	}
	a.Post(a.Admin, object{"query": `{ apiKeys(first: 1, last: 1) { nodes { id } } }`}).Must("BAD_USER_INPUT", "last")
	a.Post(a.Admin, object{"query": `{ apiKeys(last: -1) { nodes { id } } }`}).Must("BAD_USER_INPUT", "last")
	a.Post(a.Admin, object{"query": `{ apiKeys(last: 101) { nodes { id } } }`}).Must("QUERY_TOO_COMPLEX", "last")
	a.Post(a.Admin, object{"query": `{ apiKeys(last: 1, before: "?") { nodes { id } } }`}).Must("BAD_USER_INPUT", "before")
}

// walk returns the cursors and the nodes of all pages of two of a list, in the list's order. "organization {" and "budget {" begin a list of these.
func walk(a *graphtest.API, list, budget, size, cursor, more, edge string) (cursors, nodes []string) {
	a.T.Helper()
	query, path := list, []any{}
	switch object, field, nested := strings.Cut(list, " { "); {
	case nested && object == "organization":
		query, path = `viewer { organization { `+field+` %s } }`, []any{"viewer", "organization"}
	case nested && object == "budget":
		query, path = `node(id: "`+budget+`") { ... on BudgetLimit { `+field+` %s } }`, []any{"node"}
	default:
		query += " %s"
	}
	name, _, _ := strings.Cut(list, "(")
	name = name[strings.LastIndex(name, "{")+1:]
	path = append(path, strings.TrimSpace(name))
	for page := any(nil); ; {
		arguments := size + ": 2"
		if page != nil {
			arguments += fmt.Sprintf(", %s: %q", cursor, page)
		}
		answer := a.Post(graphtest.RootToken, object{"query": "{ " + fmt.Sprintf(query, arguments, "{ nodes { __typename } edges { cursor node { __typename } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }") + " }"})
		if strings.HasPrefix(list, "organization {") {
			answer = a.Post(a.Admin, object{"query": "{ " + fmt.Sprintf(query, arguments, "{ nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }") + " }"})
		}
		var pageCursors, pageNodes []string
		for i := range answer.Get(append(slices.Clone(path), "edges")...).([]any) {
			pageCursors = append(pageCursors, answer.Text(append(slices.Clone(path), "edges", i, "cursor")...))
			pageNodes = append(pageNodes, fmt.Sprint(answer.Get(append(slices.Clone(path), "nodes", i)...)))
			answer.Equal(answer.Get(append(slices.Clone(path), "nodes", i)...), append(slices.Clone(path), "edges", i, "node")...)
		}
		answer.Equal(page != nil, append(slices.Clone(path), "pageInfo", map[string]string{"first": "hasPreviousPage", "last": "hasNextPage"}[size])...)
		if size == "first" {
			cursors, nodes = append(cursors, pageCursors...), append(nodes, pageNodes...)
		} else {
			cursors, nodes = append(pageCursors, cursors...), append(pageNodes, nodes...)
		}
		page = answer.Get(append(slices.Clone(path), "pageInfo", edge)...)
		if answer.Get(append(slices.Clone(path), "pageInfo", more)...) == false {
			return cursors, nodes
		}
	}
}

// Cursors that releases before this one have given out go on working: a row's id, in base64.
func TestOldCursors(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	newer := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": "newer"}}).Text("createApiKey", "apiKey", "id")
	raw, err := hex.DecodeString(strings.TrimPrefix(newer, "key_"))
	if err != nil {
		t.Fatal(err)
	}
	old := base64.RawURLEncoding.EncodeToString(raw)
	a.Run(a.Viewer, "ApiKeys", object{"first": 5, "after": old}).Equal(a.KeyID(), "apiKeys", "edges", 0, "node", "id")
	a.Run(a.Viewer, "ApiKeys", object{"first": 1}).Equal(old, "apiKeys", "edges", 0, "cursor")
	for _, order := range []string{"NAME", "LAST_USED_AT"} { // a cursor is of one order
		a.Refused(a.Viewer, "ApiKeysPage", object{"orderBy": object{"field": order}, "after": old}, "BAD_USER_INPUT", "after")
		other := a.Run(a.Viewer, "ApiKeysPage", object{"orderBy": object{"field": order}, "first": 1}).Text("apiKeys", "pageInfo", "endCursor")
		a.Refused(a.Viewer, "ApiKeysPage", object{"before": other}, "BAD_USER_INPUT", "before")
	}
}

// Every key that there was when the first page was read is on exactly one page, in the order of names, while keys are added before, between and
// after them, in both directions.
func TestPagesByNameWhileKeysAreAdded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	names := []string{"alpha", "Beta", "beta", "École", "gamma", "Omega", "zeta"}
	for _, name := range names {
		a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": name}})
	}
	for _, direction := range []string{"ASC", "DESC"} {
		for size, cursor := range map[string]string{"first": "after", "last": "before"} {
			seen, more, edge := map[string]int{}, "hasNextPage", "endCursor"
			if size == "last" {
				more, edge = "hasPreviousPage", "startCursor"
			}
			variables := object{"filter": object{"ownerId": a.WorkspaceID()}, "orderBy": object{"field": "NAME", "direction": direction}, size: 3}
			for number := 0; ; number++ {
				page := a.Run(a.Viewer, "ApiKeysPage", variables)
				for i := range page.Get("apiKeys", "nodes").([]any) {
					seen[page.Text("apiKeys", "nodes", i, "name")]++
				}
				if page.Get("apiKeys", "pageInfo", more) == false {
					break
				}
				variables[cursor] = page.Text("apiKeys", "pageInfo", edge)
				if number > 0 {
					continue // the list ends
				}
				for _, name := range []string{"a", "delta", "zz"} {
					a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": name + " added"}})
				}
			}
			for _, name := range names {
				if seen[name] != 1 {
					t.Errorf("%s, %s: %q was seen %d times", direction, size, name, seen[name])
				}
			}
		}
	}
}
