package graph_test

import (
	"testing"
	"time"

	"bursar/graph"
	"bursar/graph/graphtest"
	"bursar/id"
)

// Every field of Query and Mutation says who may call it.
func TestEveryOperationHasAuth(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	for _, root := range []string{"Query", "Mutation"} {
		for _, field := range schema.Types[root].Fields {
			if field.Name[:1] != "_" && field.Directives.ForName("auth") == nil {
				t.Errorf("%s.%s has no @auth", root, field.Name)
			}
		}
	}
}

// A gateway token can check, reserve, record, release and extend; nothing else. A viewer token reads.
func TestForbidden(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	writes := map[string]object{
		"CreateOrganization": {"name": "x", "slug": "x"},
		"CreateWorkspace":    {"organizationId": a.OrganizationID(), "name": "x"},
		"AddMember":          {"organizationId": a.OrganizationID(), "email": "x@x.test", "role": "OWNER"},
		"CreateAccessToken":  {"organizationId": a.OrganizationID(), "name": "x", "role": "ADMIN"},
		"CreateApiKey":       {"ownerId": a.OrganizationID(), "name": "x"},
		"UpdateApiKey":       {"id": a.KeyID(), "enabled": false},
		"RotateApiKey":       {"id": a.KeyID()},
		"RevokeApiKey":       {"id": a.KeyID()},
		"CreateBudgetLimit":  {"subjectId": a.KeyID(), "type": "COST", "amount": 1},
		"CreateRateLimit":    {"subjectId": a.KeyID(), "type": "TOKENS", "limit": 1, "interval": "DAY"},
		"AddRecipients":      {"subjectId": a.KeyID(), "emails": []any{"x@x.test"}},
	}
	for operation, input := range writes {
		for _, token := range []string{a.Viewer, a.Gateway} {
			a.Refused(token, operation, object{"input": input}, "FORBIDDEN", "")
		}
	}
	for operation, variables := range map[string]object{
		"ApiKey": {"id": a.KeyID()}, "ApiKeys": {}, "Limits": {"subjectId": a.KeyID()}, "Alerts": {}, "AuditLog": {},
		"Usage": {"interval": "DAY", "filter": object{"subjectId": a.OrganizationID(), "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}},
	} {
		a.Refused(a.Gateway, operation, variables, "FORBIDDEN", "")
		a.Run(a.Viewer, operation, variables)
	}
	a.Refused(a.Viewer, "ReserveUsage", object{"input": object{"key": a.KeyID()}}, "FORBIDDEN", "")
	a.Run(a.Viewer, "CheckUsage", object{"input": object{"key": a.KeyID()}}).Equal(true, "checkUsage", "allowed")
	a.Refused(a.Admin, "CreateOrganization", object{"input": writes["CreateOrganization"]}, "FORBIDDEN", "")
	a.Refused(a.Admin, "UpdateOrganization", object{"input": object{"id": a.OrganizationID()}}, "FORBIDDEN", "")
	a.Run(a.Gateway, "Viewer", nil).Equal("GATEWAY", "viewer", "role")
	a.Run(graphtest.RootToken, "Viewer", nil).Equal(nil, "viewer", "organization")
}

// node resolves every type of id.
func TestNode(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 10}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	rate := a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": 100, "interval": "DAY"}}).
		Text("createRateLimit", "rateLimit", "id")
	reservation := a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}}).Text("reserveUsage", "reservation", "id")
	event := a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "inputTokens": 10}}).Text("recordUsage", "usageEvent", "id")
	alert := a.Run(a.Viewer, "Alerts", nil).Text("alerts", "edges", 0, "node", "id")
	audit := a.Run(a.Viewer, "AuditLog", nil).Text("auditLog", "edges", 0, "node", "id")
	token := a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "x", "role": "VIEWER",
		"expiresAt": time.Now().Add(time.Hour).Format(time.RFC3339)}}).Text("createAccessToken", "accessToken", "id")
	for typeName, external := range map[string]string{
		"Organization": a.OrganizationID(), "Workspace": a.WorkspaceID(), "Member": a.OwnerID(), "AccessToken": token, "ApiKey": a.KeyID(),
		"BudgetLimit": budget, "RateLimit": rate, "Reservation": reservation, "UsageEvent": event, "Alert": alert, "AuditEntry": audit,
	} {
		found := a.Run(a.Viewer, "Limits", object{"subjectId": external})
		found.Equal(typeName, "node", "__typename")
		found.Equal(external, "node", "id")
	}
	a.Refused(a.Viewer, "Limits", object{"subjectId": id.Alert.Format(a.Tenant.Key.ID)}, "NOT_FOUND", "id")
}
