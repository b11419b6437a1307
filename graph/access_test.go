package graph_test

import (
	"context"
	"testing"
	"time"

	"bursar/db"
	"bursar/graph/exec"
	"bursar/graph/graphtest"
	"bursar/id"
)

// Every field of Query and Mutation says who may call it.
func TestEveryOperationHasAuth(t *testing.T) {
	t.Parallel()
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	for _, root := range []string{"Query", "Mutation"} {
		for _, field := range schema.Types[root].Fields {
			if field.Name[:1] != "_" && field.Directives.ForName("auth") == nil {
				t.Errorf("%s.%s has no @auth", root, field.Name)
			}
		}
	}
}

// A caller without a token, or with one that is wrong, expired or revoked, is UNAUTHENTICATED.
func TestUnauthenticated(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	expired := a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleADMIN)
	revoked := a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleADMIN)
	for statement, name := range map[string]string{
		"update access_tokens set expires_at = clock_timestamp() where prefix = $1": expired,
		"update access_tokens set revoked_at = clock_timestamp() where prefix = $1": revoked,
	} {
		if _, err := a.Pool.Exec(context.Background(), statement, name[:10]); err != nil {
			t.Fatal(err)
		}
	}
	for _, token := range []string{"", "x", graphtest.RootToken + "x", a.Admin[:len(a.Admin)-1] + "!", "bst_" + a.Admin[8:], expired, revoked} {
		a.Refused(token, "Viewer", nil, "UNAUTHENTICATED", "")
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

// A token that is revoked through one server, or expires, is refused by every other with its next call, although both
// remember it from the calls before.
func TestRevokedTokenIsRefusedEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.URL = kit.Start(t, a.Pool)
	for end, statement := range map[string]string{
		"revoked": "update access_tokens set revoked_at = clock_timestamp() where token_hash = sha256($1)",
		"expired": "update access_tokens set expires_at = clock_timestamp() where token_hash = sha256($1)",
	} {
		token := a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleGATEWAY)
		reserve := object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 1}}}
		record := object{"input": object{"key": a.KeyID(), "inputTokens": 1}}
		var held string
		for _, server := range []*graphtest.API{a, &other} {
			server.Run(token, "CheckUsage", object{"input": object{"key": a.KeyID()}})
			held = server.Run(token, "ReserveUsage", reserve).Text("reserveUsage", "reservation", "id")
			server.Run(token, "RecordUsage", record)
		}
		if _, err := a.Pool.Exec(t.Context(), statement, []byte(token)); err != nil {
			t.Fatal(end, err)
		}
		for _, server := range []*graphtest.API{&other, a} {
			server.Refused(token, "CheckUsage", object{"input": object{"key": a.KeyID()}}, "UNAUTHENTICATED", "")
			server.Refused(token, "ReserveUsage", reserve, "UNAUTHENTICATED", "")
			server.Refused(token, "RecordUsage", record, "UNAUTHENTICATED", "")
			server.Refused(token, "ReleaseReservation", object{"input": object{"reservationId": held}}, "UNAUTHENTICATED", "")
		}
	}
	var reservations, events int
	if err := a.Pool.QueryRow(t.Context(), "select (select count(*) from reservations), (select count(*) from usage_events)").
		Scan(&reservations, &events); err != nil || reservations != 4 || events != 4 {
		t.Errorf("%d reservations and %d events, want those from before: 4 and 4 (%v)", reservations, events, err)
	}
}
