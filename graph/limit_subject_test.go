package graph_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// What each limit, alert, recipient and each payload about them answers of its subject is the API key, the workspace or the organization that it
// stands on, as it is after the mutation: a client's cache that takes it over is right. What was deleted is named beside it.
func TestEveryPayloadHasItsSubject(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	const of = `subject { __typename id name version updatedAt budgetLimits { id amount version } rateLimits { id limit version } recipients { email source } }`
	for subject, typeName := range map[string]string{a.KeyID(): "ApiKey", a.WorkspaceID(): "Workspace", a.OrganizationID(): "Organization"} {
		f := &form{a, subject}
		check := func(mutation string, answer *graphtest.Answer, path ...any) {
			t.Helper()
			if len(answer.Errors) > 0 {
				t.Fatalf("%s: %+v", mutation, answer.Errors)
			}
			path = append([]any{mutation}, path...)
			got := answer.Get(append(path, "subject")...).(object)
			now := f.now()
			if got["__typename"] != typeName || got["id"] != subject || got["name"] != now["name"] || got["version"] != now["version"] || got["updatedAt"] != now["updatedAt"] ||
				len(got["recipients"].([]any)) != len(now["recipients"].([]any)) {
				t.Errorf("%s: %v, is %v", mutation, got, now)
			}
			for _, list := range []string{"budgetLimits", "rateLimits"} {
				if len(got[list].([]any)) != len(now[list].([]any)) {
					t.Errorf("%s: %v, are %v", mutation, got[list], now[list])
				}
			}
		}
		run := func(mutation, selected string, input object) *graphtest.Answer {
			t.Helper()
			answer := do(a, a.Admin, mutation, selected+" "+of, input)
			check(mutation, answer)
			return answer
		}
		budget := run("createBudgetLimit", "budgetLimit { id "+of+" }", object{"subjectId": subject, "type": "TOKENS", "amount": 100, "alertThresholds": []any{1}})
		check("createBudgetLimit", budget, "budgetLimit")
		budgetID := budget.Text("createBudgetLimit", "budgetLimit", "id")
		rate := run("createRateLimit", "rateLimit { id "+of+" }", object{"subjectId": subject, "type": "TOKENS", "limit": 100, "interval": "DAY"})
		check("createRateLimit", rate, "rateLimit")
		rateID := rate.Text("createRateLimit", "rateLimit", "id")
		run("updateBudgetLimit", "budgetLimit { version }", object{"id": budgetID, "amount": 200}).Equal(2, "updateBudgetLimit", "budgetLimit", "version")
		run("updateRateLimit", "rateLimit { version }", object{"id": rateID, "limit": 200}).Equal(2, "updateRateLimit", "rateLimit", "version")
		run("resetBudgetLimit", "budgetLimit { version generation }", object{"id": budgetID}).Equal(object{"generation": 2, "version": 2}, "resetBudgetLimit", "budgetLimit")
		run("addRecipients", "recipients { email }", object{"subjectId": subject, "emails": []any{"x@elsewhere.test"}})
		run("setLimits", "", object{"subjectId": subject, "recipients": []any{"x@elsewhere.test", "y@acme.test"}})
		domains := do(a, a.Admin, "setRecipientDomains", `outside { email subjectId `+of+` }`, object{"organizationId": a.OrganizationID(), "domains": []any{"acme.test"}})
		if len(domains.Get("setRecipientDomains", "outside").([]any)) != 1 {
			t.Fatalf("%v", domains.Data)
		}
		check("setRecipientDomains", domains, "outside", 0)
		do(a, a.Admin, "setRecipientDomains", "outsideCount", object{"organizationId": a.OrganizationID(), "domains": []any{}})
		run("removeRecipients", "recipients { email }", object{"subjectId": subject, "emails": []any{"x@elsewhere.test"}})

		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1}})
		alerts := a.Post(a.Admin, object{"query": `query($id: ID!) { alerts(filter: {subjectId: $id}) { edges { node { id ` + of + ` } } } }`, "variables": object{"id": subject}})
		check("alerts", alerts, "edges", 0, "node")
		run("resendAlert", "queued alert { id }", object{"id": alerts.Text("alerts", "edges", 0, "node", "id")})
		limits := a.Post(a.Viewer, object{"query": `query($id: ID!) { node(id: $id) { ... on LimitSubject { budgetLimits { ` + of + ` } rateLimits { ` + of + ` } } } }`, "variables": object{"id": subject}})
		check("node", limits, "budgetLimits", 0)
		check("node", limits, "rateLimits", 0)

		run("deleteBudgetLimit", "deletedId", object{"id": budgetID}).Equal(budgetID, "deleteBudgetLimit", "deletedId")
		run("deleteRateLimit", "deletedId", object{"id": rateID}).Equal(rateID, "deleteRateLimit", "deletedId")
	}
}

// What was deleted is named with the organization that it belonged to; an alert of a deleted workspace goes on naming it.
func TestDeletionsHaveTheirParent(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	workspace := id.Workspace.Format(a.Tenant.Factory.Workspace(a.Tenant.Organization.ID).ID)
	key := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": workspace, "name": "x"}}).Text("createApiKey", "apiKey", "id")
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": workspace, "type": "TOKENS", "amount": 1}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": key, "inputTokens": 1}})
	a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": key}})
	const parent = `deletedId organization { id version workspaces { totalCount } members { totalCount } }`
	deleted := do(a, a.Admin, "deleteWorkspace", parent, object{"id": workspace})
	deleted.Equal(workspace, "deleteWorkspace", "deletedId")
	deleted.Equal(a.OrganizationID(), "deleteWorkspace", "organization", "id")
	deleted.Equal(1, "deleteWorkspace", "organization", "workspaces", "totalCount")
	alerts := a.Post(a.Admin, object{"query": `{ alerts { edges { node { budgetLimit { id } subject { id ... on Workspace { deletedAt } } } } } }`})
	alerts.Equal(nil, "alerts", "edges", 0, "node", "budgetLimit")
	alerts.Equal(workspace, "alerts", "edges", 0, "node", "subject", "id")
	alerts.Text("alerts", "edges", 0, "node", "subject", "deletedAt")

	member := a.Run(a.Admin, "AddMember", object{"input": object{"organizationId": a.OrganizationID(), "email": "n@acme.test", "role": "MEMBER"}}).Text("addMember", "member", "id")
	removed := do(a, a.Admin, "removeMember", parent, object{"id": member})
	removed.Equal(member, "removeMember", "deletedId")
	removed.Equal(a.OrganizationID(), "removeMember", "organization", "id")
	removed.Equal(1, "removeMember", "organization", "members", "totalCount")
}

// A payload about a member, an access token or a workspace has the organization as it is after the mutation, with the lists that the mutation
// changed: a client's cache that takes it over is right.
func TestPayloadsHaveTheirOrganization(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const of = `organization { id members { nodes { id role } } accessTokens { nodes { id revokedAt } } workspaces { nodes { id name } } recipients { email } }`
	check := func(mutation, selected string, input object) *graphtest.Answer {
		t.Helper()
		answer := do(a, a.Admin, mutation, selected+" "+of, input)
		now := a.Post(a.Admin, object{"query": `query($id: ID!) { node(id: $id) { ... on Organization { ` + strings.TrimPrefix(of, "organization {") + ` } }`,
			"variables": object{"id": a.OrganizationID()}})
		answer.Equal(now.Get("node"), mutation, "organization")
		return answer
	}
	contains := func(answer *graphtest.Answer, member object, path ...any) {
		t.Helper()
		nodes := answer.Get(path...).([]any)
		if !slices.ContainsFunc(nodes, func(node any) bool { return reflect.DeepEqual(node, member) }) {
			t.Errorf("%v: no %v in %v", path, member, nodes)
		}
	}
	organization := a.OrganizationID()

	added := check("addMember", "member { id }", object{"organizationId": organization, "email": "n@acme.test", "role": "MEMBER"})
	member := added.Text("addMember", "member", "id")
	contains(added, object{"id": member, "role": "MEMBER"}, "addMember", "organization", "members", "nodes")
	promoted := check("updateMember", "member { role }", object{"id": member, "role": "ADMIN"})
	contains(promoted, object{"email": "n@acme.test"}, "updateMember", "organization", "recipients")

	created := check("createAccessToken", "accessToken { id }", object{"organizationId": organization, "name": "n", "role": "VIEWER"})
	token := created.Text("createAccessToken", "accessToken", "id")
	contains(created, object{"id": token, "revokedAt": nil}, "createAccessToken", "organization", "accessTokens", "nodes")
	check("revokeAccessToken", "accessToken { id }", object{"id": token})

	workspace := check("createWorkspace", "workspace { id }", object{"organizationId": organization, "name": "New"}).Text("createWorkspace", "workspace", "id")
	renamed := check("updateWorkspace", "workspace { id }", object{"id": workspace, "name": "Newer"})
	contains(renamed, object{"id": workspace, "name": "Newer"}, "updateWorkspace", "organization", "workspaces", "nodes")
}

// The secret of a new access token is answered also when what is selected of its organization cannot be.
func TestSecretIsNotLostWithTheOrganization(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	answer := do(a, a.Admin, "createAccessToken", "secret organization { members(first: -1) { totalCount } }",
		object{"organizationId": a.OrganizationID(), "name": "n", "role": "VIEWER"})
	answer.Equal(nil, "createAccessToken", "organization")
	if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
		t.Errorf("%v", answer.Errors)
	}
	a.Run(answer.Text("createAccessToken", "secret"), "Viewer", nil).Equal("VIEWER", "viewer", "role")
}
