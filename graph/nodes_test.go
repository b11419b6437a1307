package graph_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// nodes answers each thing in the place of its id, whatever its type; one that node would refuse is null, with node's error and its place.
func TestNodes(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.Tenant = dbtest.NewTenant(t, a.Pool)
	other.Admin = other.Tenant.AccessToken(other.Tenant.Organization.ID, db.TokenRoleADMIN)
	other.Viewer, other.Gateway = other.Admin, other.Admin
	own, foreign := everything(a), everything(&other)
	ids, want := []any{}, []any{}
	for _, external := range own {
		ids = append(ids, external)
		want = append(want, a.Post(a.Admin, object{"query": `query($id: ID!) { node(id: $id) { __typename id } }`, "variables": object{"id": external}}).Get("node"))
	}
	a.Run(a.Admin, "Nodes", object{"ids": ids}).Equal(want, "nodes")
	for _, external := range foreign {
		ids, want = append(ids, external), append(want, nil)
	}
	ids, want = append(ids, "x", a.KeyID()), append(want, nil, object{"__typename": "ApiKey", "id": a.KeyID()})
	answer := a.Do(a.Admin, "Nodes", object{"ids": ids})
	answer.Equal(want, "nodes")
	if len(answer.Errors) != len(foreign)+1 {
		t.Fatalf("%d errors, want %d: %+v", len(answer.Errors), len(foreign)+1, answer.Errors)
	}
	for _, e := range answer.Errors {
		index := fmt.Sprint(e.Path[1])
		place, err := strconv.Atoi(index)
		if e.Path[0] != "nodes" || err != nil || e.Extensions.Field != "ids."+index {
			t.Errorf("path %v, field %s", e.Path, e.Extensions.Field)
			continue
		}
		code := "NOT_FOUND"
		if ids[place] == "x" {
			code = "BAD_USER_INPUT"
		}
		if alone := a.Post(a.Admin, object{"query": `query($id: ID!) { node(id: $id) { id } }`, "variables": object{"id": ids[place]}}); e.Extensions.Code != code ||
			alone.Errors[0].Extensions.Code != code || strings.TrimPrefix(e.Message, "ids."+index) != strings.TrimPrefix(alone.Errors[0].Message, "id") {
			t.Errorf("%v: %s %q, alone %+v", ids[place], e.Extensions.Code, e.Message, alone.Errors)
		}
	}
	a.Refused(a.Admin, "Nodes", object{"ids": make([]string, 101)}, "BAD_USER_INPUT", "ids")
	a.Run(a.Admin, "Nodes", object{"ids": []any{}}).Equal([]any{}, "nodes")
}

// A MEMBER is answered by nodes what they are answered by node: what belongs to keys of others, and what belongs to no key, is null and FORBIDDEN.
func TestNodesOfAMember(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	ids := []any{id.APIKey.Format(key.ID), r.OrganizationID(), r.WorkspaceID(), r.OwnerID()}
	visible := len(ids)
	for _, external := range everything(r.API) {
		if external != r.OrganizationID() && external != r.WorkspaceID() && !strings.HasPrefix(external, "mem_") && !strings.HasPrefix(external, "prc_") {
			ids = append(ids, external)
		}
	}
	answer := r.Do(r.tokens["MEMBER"], "Nodes", object{"ids": ids})
	for i, external := range ids {
		alone := r.Post(r.tokens["MEMBER"], object{"query": `query($id: ID!) { node(id: $id) { __typename id } }`, "variables": object{"id": external}})
		if answer.Equal(alone.Get("node"), "nodes", i); (i < visible) != (alone.Get("node") != nil) {
			t.Errorf("%v is answered %v", external, alone.Get("node"))
		}
	}
	if len(answer.Errors) != len(ids)-visible {
		t.Errorf("%d errors, want %d", len(answer.Errors), len(ids)-visible)
	}
	for _, e := range answer.Errors {
		if e.Extensions.Code != "FORBIDDEN" {
			t.Errorf("%+v", e)
		}
	}
}

// An audit entry's actor and target are what they are now: the access token, the member who signed in, the thing unless it was deleted. The log
// of one actor has its entries alone.
func TestActorsAndTargets(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	created := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 9}})
	budget := created.Text("createBudgetLimit", "budgetLimit", "id")
	a.Run(graphtest.RootToken, "CreateWorkspace", object{"input": object{"organizationId": a.OrganizationID(), "name": "by root"}})
	second := a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "second", "role": "ADMIN"}})
	a.Run(second.Text("createAccessToken", "secret"), "UpdateApiKey", object{"input": object{"id": a.KeyID(), "name": "by second"}})
	const query = `query($filter: AuditFilter) { auditLog(filter: $filter) { nodes { action actor actorNode { __typename id } target { __typename id } targetId } } }`
	log := func(filter object) *graphtest.Answer {
		return a.Post(a.Viewer, object{"query": query, "variables": object{"filter": filter}})
	}
	entry := log(object{"action": "updateApiKey"})
	token := second.Text("createAccessToken", "accessToken", "id")
	entry.Equal(object{"__typename": "AccessToken", "id": token}, "auditLog", "nodes", 0, "actorNode")
	entry.Equal(object{"__typename": "ApiKey", "id": a.KeyID()}, "auditLog", "nodes", 0, "target")
	root := log(object{"action": "createWorkspace"})
	root.Equal(nil, "auditLog", "nodes", 0, "actorNode")
	root.Equal(root.Get("auditLog", "nodes", 0, "targetId"), "auditLog", "nodes", 0, "target", "id")
	log(object{"targetId": budget}).Equal("BudgetLimit", "auditLog", "nodes", 0, "target", "__typename")
	a.Run(a.Admin, "DeleteBudgetLimit", object{"input": object{"id": budget}})
	deleted := log(object{"targetId": budget})
	deleted.Equal(nil, "auditLog", "nodes", 0, "target")
	deleted.Equal(budget, "auditLog", "nodes", 0, "targetId")

	for _, reader := range []string{a.Viewer, graphtest.RootToken} {
		of := a.Run(reader, "AuditLog", object{"filter": object{"actorId": token}})
		of.Equal("updateApiKey", "auditLog", "edges", 0, "node", "action")
		if n := len(of.Get("auditLog", "edges").([]any)); n != 1 {
			t.Errorf("%d entries of one who made 1", n)
		}
	}
	a.Refused(a.Viewer, "AuditLog", object{"filter": object{"actorId": a.KeyID()}}, "BAD_USER_INPUT", "filter.actorId")
	a.Refused(a.Viewer, "AuditLog", object{"filter": object{"actorId": "mem_00000000000000000000000000000000"}}, "NOT_FOUND", "filter.actorId")
}

// Alerts from a time and before a time are exactly those of these times, in the count as well; a report's dimensions name the key and the
// workspace.
func TestAlertsOfATimeAndDimensions(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for i := range 3 {
		a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": []string{a.KeyID(), a.WorkspaceID(), a.OrganizationID()}[i], "type": "TOKENS", "amount": i + 1}})
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1, "model": "m"}})
	}
	all := a.Run(a.Viewer, "Alerts", nil)
	at := func(i int) string { return all.Text("alerts", "edges", i, "node", "raisedAt") }
	for _, token := range []string{a.Viewer, graphtest.RootToken} {
		some := a.Run(token, "Alerts", object{"filter": object{"from": at(1), "to": at(0)}})
		some.Equal(1, "alerts", "totalCount")
		some.Equal(all.Get("alerts", "edges", 1, "node", "id"), "alerts", "edges", 0, "node", "id")
	}
	a.Refused(a.Viewer, "Alerts", object{"filter": object{"from": at(1), "to": at(1)}}, "BAD_USER_INPUT", "filter.to")

	report := a.Post(a.Viewer, object{"query": `query($filter: UsageFilter!) { usage(filter: $filter, interval: DAY, groupBy: [API_KEY, WORKSPACE, MODEL]) {
		series { dimensions { dimension value node { __typename id } } } } }`,
		"variables": object{"filter": object{"subjectId": a.OrganizationID(), "from": "2026-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}}})
	report.Equal([]any{
		object{"dimension": "API_KEY", "value": a.KeyID(), "node": object{"__typename": "ApiKey", "id": a.KeyID()}},
		object{"dimension": "WORKSPACE", "value": a.WorkspaceID(), "node": object{"__typename": "Workspace", "id": a.WorkspaceID()}},
		object{"dimension": "MODEL", "value": "m", "node": nil},
	}, "usage", "series", 0, "dimensions")
}
