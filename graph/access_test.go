package graph_test

import (
	"context"
	"testing"
	"time"

	"bursar/db"
	"bursar/graph/exec"
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
	expired := a.tenant.AccessToken(a.tenant.Organization.ID, db.TokenRoleADMIN)
	revoked := a.tenant.AccessToken(a.tenant.Organization.ID, db.TokenRoleADMIN)
	for statement, name := range map[string]string{
		"update access_tokens set expires_at = clock_timestamp() where prefix = $1": expired,
		"update access_tokens set revoked_at = clock_timestamp() where prefix = $1": revoked,
	} {
		if _, err := a.pool.Exec(context.Background(), statement, name[:10]); err != nil {
			t.Fatal(err)
		}
	}
	for _, token := range []string{"", "x", rootToken + "x", a.admin[:len(a.admin)-1] + "!", "bst_" + a.admin[8:], expired, revoked} {
		a.refused(token, "Viewer", nil, "UNAUTHENTICATED", "")
	}
}

// A gateway token can check, reserve, record, release and extend; nothing else. A viewer token reads.
func TestForbidden(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	writes := map[string]object{
		"CreateOrganization": {"name": "x", "slug": "x"},
		"CreateWorkspace":    {"organizationId": a.organizationID(), "name": "x"},
		"AddMember":          {"organizationId": a.organizationID(), "email": "x@x.test", "role": "OWNER"},
		"CreateAccessToken":  {"organizationId": a.organizationID(), "name": "x", "role": "ADMIN"},
		"CreateApiKey":       {"ownerId": a.organizationID(), "name": "x"},
		"UpdateApiKey":       {"id": a.keyID(), "enabled": false},
		"RotateApiKey":       {"id": a.keyID()},
		"RevokeApiKey":       {"id": a.keyID()},
		"CreateBudgetLimit":  {"subjectId": a.keyID(), "type": "COST", "amount": 1},
		"CreateRateLimit":    {"subjectId": a.keyID(), "type": "TOKENS", "limit": 1, "interval": "DAY"},
		"AddRecipients":      {"subjectId": a.keyID(), "emails": []any{"x@x.test"}},
	}
	for operation, input := range writes {
		for _, token := range []string{a.viewer, a.gateway} {
			a.refused(token, operation, object{"input": input}, "FORBIDDEN", "")
		}
	}
	for operation, variables := range map[string]object{
		"ApiKey": {"id": a.keyID()}, "ApiKeys": {}, "Limits": {"subjectId": a.keyID()}, "Alerts": {}, "AuditLog": {},
		"Usage": {"interval": "DAY", "filter": object{"subjectId": a.organizationID(), "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}},
	} {
		a.refused(a.gateway, operation, variables, "FORBIDDEN", "")
		a.run(a.viewer, operation, variables)
	}
	a.refused(a.viewer, "ReserveUsage", object{"input": object{"key": a.keyID()}}, "FORBIDDEN", "")
	a.run(a.viewer, "CheckUsage", object{"input": object{"key": a.keyID()}}).equal(true, "checkUsage", "allowed")
	a.refused(a.admin, "CreateOrganization", object{"input": writes["CreateOrganization"]}, "FORBIDDEN", "")
	a.refused(a.admin, "UpdateOrganization", object{"input": object{"id": a.organizationID()}}, "FORBIDDEN", "")
	a.run(a.gateway, "Viewer", nil).equal("GATEWAY", "viewer", "role")
	a.run(rootToken, "Viewer", nil).equal(nil, "viewer", "organization")
}

// node resolves every type of id.
func TestNode(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 10}}).
		text("createBudgetLimit", "budgetLimit", "id")
	rate := a.run(a.admin, "CreateRateLimit", object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "limit": 100, "interval": "DAY"}}).
		text("createRateLimit", "rateLimit", "id")
	reservation := a.run(a.gateway, "ReserveUsage", object{"input": object{"key": a.keyID()}}).text("reserveUsage", "reservation", "id")
	event := a.run(a.gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "inputTokens": 10}}).text("recordUsage", "usageEvent", "id")
	alert := a.run(a.viewer, "Alerts", nil).text("alerts", "edges", 0, "node", "id")
	audit := a.run(a.viewer, "AuditLog", nil).text("auditLog", "edges", 0, "node", "id")
	token := a.run(a.admin, "CreateAccessToken", object{"input": object{"organizationId": a.organizationID(), "name": "x", "role": "VIEWER",
		"expiresAt": time.Now().Add(time.Hour).Format(time.RFC3339)}}).text("createAccessToken", "accessToken", "id")
	for typeName, external := range map[string]string{
		"Organization": a.organizationID(), "Workspace": a.workspaceID(), "Member": a.ownerID(), "AccessToken": token, "ApiKey": a.keyID(),
		"BudgetLimit": budget, "RateLimit": rate, "Reservation": reservation, "UsageEvent": event, "Alert": alert, "AuditEntry": audit,
	} {
		found := a.run(a.viewer, "Limits", object{"subjectId": external})
		found.equal(typeName, "node", "__typename")
		found.equal(external, "node", "id")
	}
	a.refused(a.viewer, "Limits", object{"subjectId": id.Alert.Format(a.tenant.Key.ID)}, "NOT_FOUND", "id")
}

// A token that is revoked through one server, or expires, is refused by every other with its next call, although both
// remember it from the calls before.
func TestRevokedTokenIsRefusedEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.url = start(t, a.pool)
	for end, statement := range map[string]string{
		"revoked": "update access_tokens set revoked_at = clock_timestamp() where token_hash = sha256($1)",
		"expired": "update access_tokens set expires_at = clock_timestamp() where token_hash = sha256($1)",
	} {
		token := a.tenant.AccessToken(a.tenant.Organization.ID, db.TokenRoleGATEWAY)
		reserve := object{"input": object{"key": a.keyID(), "estimate": object{"tokens": 1}}}
		record := object{"input": object{"key": a.keyID(), "inputTokens": 1}}
		var held string
		for _, server := range []*api{a, &other} {
			server.run(token, "CheckUsage", object{"input": object{"key": a.keyID()}})
			held = server.run(token, "ReserveUsage", reserve).text("reserveUsage", "reservation", "id")
			server.run(token, "RecordUsage", record)
		}
		if _, err := a.pool.Exec(t.Context(), statement, []byte(token)); err != nil {
			t.Fatal(end, err)
		}
		for _, server := range []*api{&other, a} {
			server.refused(token, "CheckUsage", object{"input": object{"key": a.keyID()}}, "UNAUTHENTICATED", "")
			server.refused(token, "ReserveUsage", reserve, "UNAUTHENTICATED", "")
			server.refused(token, "RecordUsage", record, "UNAUTHENTICATED", "")
			server.refused(token, "ReleaseReservation", object{"input": object{"reservationId": held}}, "UNAUTHENTICATED", "")
		}
	}
	var reservations, events int
	if err := a.pool.QueryRow(t.Context(), "select (select count(*) from reservations), (select count(*) from usage_events)").
		Scan(&reservations, &events); err != nil || reservations != 4 || events != 4 {
		t.Errorf("%d reservations and %d events, want those from before: 4 and 4 (%v)", reservations, events, err)
	}
}
