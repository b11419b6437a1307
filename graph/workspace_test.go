package graph_test

import (
	"strings"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const deleteWorkspace = `mutation($input: DeleteWorkspaceInput!) { deleteWorkspace(input: $input) { deletedId } }`

// A workspace is renamed and given another slug; of two people who change what both have read the second is told.
func TestWorkspaceIsChanged(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	workspace := a.WorkspaceID()
	change := func(input object) object {
		input["id"] = workspace
		return object{"input": input}
	}
	first := a.Run(a.Admin, "UpdateWorkspace", change(object{"expectedVersion": 1, "name": "Research"}))
	first.Equal("Research", "updateWorkspace", "workspace", "name")
	first.Equal(a.Tenant.Workspace.Slug, "updateWorkspace", "workspace", "slug")
	first.Equal(2, "updateWorkspace", "workspace", "version")
	taken := a.Tenant.Factory.Workspace(a.Tenant.Organization.ID).Slug
	before := fingerprintOf(t, a)
	a.Refused(a.Admin, "UpdateWorkspace", change(object{"expectedVersion": 1, "slug": "research"}), "CONFLICT", "expectedVersion")
	a.Refused(a.Admin, "UpdateWorkspace", change(object{"slug": taken}), "CONFLICT", "slug")
	for field, values := range map[string][]any{
		"name": {"", " ", strings.Repeat("x", 201), "a\x00", a.Tenant.Secret.Text}, "slug": {"", "Research", "-x", "x_y", strings.Repeat("x", 64)},
		"expectedVersion": {0, -1},
	} {
		for _, value := range values {
			a.Refused(a.Admin, "UpdateWorkspace", change(object{field: value}), "BAD_USER_INPUT", field)
		}
	}
	for _, wrong := range []string{"", "x", a.KeyID()} {
		a.Refused(a.Admin, "UpdateWorkspace", object{"input": object{"id": wrong, "name": "x"}}, "BAD_USER_INPUT", "id")
	}
	if fingerprintOf(t, a) != before {
		t.Error("a refused change changed something")
	}
	a.Run(a.Admin, "UpdateWorkspace", change(object{"expectedVersion": nil, "name": nil, "slug": "research"})).Equal("Research", "updateWorkspace", "workspace", "name")
	a.Run(a.Admin, "UpdateWorkspace", change(object{"name": "Research"})).Equal(3, "updateWorkspace", "workspace", "version")
	entry := a.Run(a.Admin, "AuditLog", object{"filter": object{"targetId": workspace}})
	entry.Equal("updateWorkspace", "auditLog", "edges", 0, "node", "action")
	entry.Equal("research", "auditLog", "edges", 0, "node", "after", "slug")
}

// A workspace goes when its keys are moved or revoked, and not before. It is in no list then, takes nothing in, and is not there for
// those who would change it; its revoked keys, its usage and its alerts still name it.
func TestWorkspaceIsDeletedWithoutKeys(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	workspace := a.WorkspaceID()
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": workspace, "type": "TOKENS", "amount": 5}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 5}})
	moved := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": workspace, "name": "x"}}).Text("createApiKey", "apiKey", "id")
	remove := func() *graphtest.Answer { return mutate(a, a.Admin, deleteWorkspace, object{"id": workspace}) }

	before := fingerprintOf(t, a)
	refused := remove()
	refused.Must("CONFLICT", "id")
	if !strings.Contains(refused.Errors[0].Message, " 2 API keys") {
		t.Errorf("%q does not say how many keys it owns", refused.Errors[0].Message)
	}
	if fingerprintOf(t, a) != before {
		t.Error("a refused deletion changed something")
	}
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": moved, "ownerId": a.OrganizationID()}})
	a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": a.KeyID()}})
	remove().Equal(workspace, "deleteWorkspace", "deletedId")
	remove().Must("NOT_FOUND", "id")

	list := a.Post(a.Admin, object{"query": `{ viewer { organization { workspaces { totalCount edges { node { id } } } } } }`})
	list.Equal(0, "viewer", "organization", "workspaces", "totalCount")
	list.Equal([]any{}, "viewer", "organization", "workspaces", "edges")
	a.Refused(a.Admin, "UpdateWorkspace", object{"input": object{"id": workspace, "name": "x"}}, "NOT_FOUND", "id")
	a.Refused(a.Admin, "UpdateWorkspace", object{"input": object{"id": workspace, "name": "x", "expectedVersion": 1}}, "NOT_FOUND", "id")
	a.Refused(a.Admin, "CreateApiKey", object{"input": object{"ownerId": workspace, "name": "x"}}, "NOT_FOUND", "ownerId")
	a.Refused(a.Admin, "UpdateApiKey", object{"input": object{"id": moved, "ownerId": workspace}}, "NOT_FOUND", "ownerId")
	a.Refused(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": workspace, "type": "COST", "amount": 1}}, "NOT_FOUND", "subjectId")
	a.Refused(a.Admin, "AddRecipients", object{"input": object{"subjectId": workspace, "emails": []any{"x@acme.test"}}}, "NOT_FOUND", "subjectId")
	a.Refused(a.Admin, "SetLimits", object{"input": object{"subjectId": workspace, "recipients": []any{"x@acme.test"}}}, "NOT_FOUND", "subjectId")
	a.Refused(a.Admin, "SetLimits", object{"input": object{"subjectId": workspace, "budgetLimits": []any{object{"type": "COST", "amount": 1}}}}, "NOT_FOUND", "subjectId")
	a.Refused(a.Admin, "SetLimits", object{"input": object{"subjectId": workspace, "budgetLimits": []any{}, "expectedVersion": 1}}, "NOT_FOUND", "subjectId")
	a.Refused(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 9}}, "NOT_FOUND", "id")

	node := a.Post(a.Admin, object{"query": `query($id: ID!) { node(id: $id) { ... on Workspace { name deletedAt budgetLimits { id } } } }`, "variables": object{"id": workspace}})
	node.Equal(a.Tenant.Workspace.Name, "node", "name")
	node.Text("node", "deletedAt")
	a.Run(a.Admin, "ApiKey", object{"id": a.KeyID()}).Equal(workspace, "apiKey", "owner", "id")
	a.Run(a.Admin, "ApiKeys", object{"filter": object{"ownerId": workspace}}).Equal(1, "apiKeys", "totalCount")
	a.Run(a.Admin, "Usage", object{"interval": "DAY", "filter": object{"subjectId": workspace, "from": "2026-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}}).
		Equal(5, "usage", "total", "tokens")
	a.Run(a.Admin, "Alerts", object{"filter": object{"subjectId": workspace}}).Equal(1, "alerts", "totalCount")
	entry := a.Run(a.Admin, "AuditLog", object{"filter": object{"action": "deleteWorkspace", "targetId": workspace}})
	entry.Equal(nil, "auditLog", "edges", 0, "node", "before", "deletedAt")
	entry.Text("auditLog", "edges", 0, "node", "after", "deletedAt")

	again := a.Run(a.Admin, "CreateWorkspace", object{"input": object{"organizationId": a.OrganizationID(), "name": "x", "slug": a.Tenant.Workspace.Slug}})
	if again.Text("createWorkspace", "workspace", "id") == workspace {
		t.Error("the deleted workspace came back")
	}
}

// A key that is moved has other owners, limits and recipients with the next decision. A MEMBER moves none, not even their own; nobody
// moves one to another organization.
func TestKeyIsMoved(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	other := dbtest.NewTenant(t, r.Pool)
	own, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, &r.Tenant.Workspace.ID, &r.member.ID)
	key := id.APIKey.Format(own.ID)
	move := func(owner any) object { return object{"input": object{"id": key, "ownerId": owner}} }
	r.Run(r.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": r.WorkspaceID(), "type": "TOKENS", "amount": 5}})
	r.Run(r.Gateway, "CheckUsage", object{"input": object{"key": key, "estimate": object{"tokens": 6}}}).Equal(412, "checkUsage", "httpStatus")

	before := fingerprintOf(t, r.API)
	r.Refused(r.tokens["MEMBER"], "UpdateApiKey", move(r.OrganizationID()), "FORBIDDEN", "")
	for _, who := range []string{r.Admin, graphtest.RootToken} {
		for _, foreign := range []string{id.Organization.Format(other.Organization.ID), id.Workspace.Format(other.Workspace.ID), "ws_00000000000000000000000000000000"} {
			r.Refused(who, "UpdateApiKey", move(foreign), "NOT_FOUND", "ownerId")
		}
		for _, wrong := range []string{"x", key, r.OwnerID()} {
			r.Refused(who, "UpdateApiKey", move(wrong), "BAD_USER_INPUT", "ownerId")
		}
	}
	if fingerprintOf(t, r.API) != before {
		t.Error("a refused move changed something")
	}
	r.Run(r.Admin, "UpdateApiKey", move(nil)).Equal(r.WorkspaceID(), "updateApiKey", "apiKey", "owner", "id")
	r.Run(r.Admin, "UpdateApiKey", move(r.OrganizationID())).Equal(r.OrganizationID(), "updateApiKey", "apiKey", "owner", "id")
	r.Run(r.Gateway, "CheckUsage", object{"input": object{"key": key, "estimate": object{"tokens": 6}}}).Equal(200, "checkUsage", "httpStatus")
	entry := r.Run(r.Admin, "AuditLog", object{"filter": object{"targetId": key}})
	entry.Equal(r.WorkspaceID(), "auditLog", "edges", 0, "node", "before", "workspaceId")
	entry.Equal(nil, "auditLog", "edges", 0, "node", "after", "workspaceId")
	second := id.Workspace.Format(r.Tenant.Factory.Workspace(r.Tenant.Organization.ID).ID)
	r.Run(graphtest.RootToken, "UpdateApiKey", move(second)).Equal(second, "updateApiKey", "apiKey", "owner", "id")
}

// Another organization's workspace is neither changed nor deleted.
func TestForeignWorkspaceIsNotDeleted(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := dbtest.NewTenant(t, a.Pool)
	foreign := id.Workspace.Format(other.Factory.Workspace(other.Organization.ID).ID)
	before := fingerprintOf(t, a)
	mutate(a, a.Admin, deleteWorkspace, object{"id": foreign}).Must("NOT_FOUND", "id")
	mutate(a, graphtest.RootToken, deleteWorkspace, object{"id": "ws_00000000000000000000000000000000"}).Must("NOT_FOUND", "id")
	for _, wrong := range []string{"", "x", a.OrganizationID()} {
		mutate(a, a.Admin, deleteWorkspace, object{"id": wrong}).Must("BAD_USER_INPUT", "id")
	}
	for _, token := range []string{a.Viewer, a.Gateway} {
		mutate(a, token, deleteWorkspace, object{"id": a.WorkspaceID()}).Must("FORBIDDEN", "")
		a.Refused(token, "UpdateWorkspace", object{"input": object{"id": a.WorkspaceID(), "name": "x"}}, "FORBIDDEN", "")
	}
	if fingerprintOf(t, a) != before {
		t.Error("something was changed")
	}
	admin := other.AccessToken(other.Organization.ID, db.TokenRoleADMIN)
	mutate(a, admin, deleteWorkspace, object{"id": foreign}).Equal(foreign, "deleteWorkspace", "deletedId")
}
