package graph_test

import (
	"testing"

	"bursar/db"
	"bursar/id"
)

// A MEMBER creates keys of their own, makes them stricter and better watched, and manages them to their end; what finance
// put on them they cannot lift, nor silence.
func TestMemberManagesTheirKeys(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	member, me := r.tokens["MEMBER"], id.Member.Format(r.member.ID)
	created := r.run(member, "CreateApiKey", object{"input": object{"ownerId": r.workspaceID(), "name": "mine", "recipients": []any{"team@acme.test"},
		"budgetLimits": []any{object{"type": "TOKENS", "amount": 100, "alertThresholds": []any{10}}}}})
	created.equal(me, "createApiKey", "apiKey", "createdBy", "id")
	key, own := created.text("createApiKey", "apiKey", "id"), created.text("createApiKey", "apiKey", "budgetLimits", 0, "id")
	r.run(member, "UpdateApiKey", object{"input": object{"id": key, "name": "still mine", "enabled": false}})
	r.run(member, "UpdateApiKey", object{"input": object{"id": key, "enabled": true, "emailNotifications": true}})
	r.run(member, "CreateRateLimit", object{"input": object{"subjectId": key, "type": "REQUESTS", "limit": 5, "interval": "DAY"}})
	r.run(member, "AddRecipients", object{"input": object{"subjectId": key, "emails": []any{"more@acme.test"}}})

	finance := r.run(r.api.admin, "CreateBudgetLimit", object{"input": object{"subjectId": key, "type": "COST", "amount": 5}}).
		text("createBudgetLimit", "budgetLimit", "id")
	before := fingerprintOf(t, r.api)
	for _, budget := range []string{finance, own} {
		r.refused(member, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 1000}}, "FORBIDDEN", "")
		r.refused(member, "ResetBudgetLimit", object{"input": object{"id": budget}}, "FORBIDDEN", "")
		r.refused(member, "DeleteBudgetLimit", object{"input": object{"id": budget}}, "FORBIDDEN", "")
	}
	r.refused(member, "RemoveRecipients", object{"input": object{"subjectId": key, "emails": []any{"team@acme.test"}}}, "FORBIDDEN", "")
	r.refused(member, "UpdateApiKey", object{"input": object{"id": key, "emailNotifications": false}}, "FORBIDDEN", "")
	r.refused(member, "CreateApiKey", object{"input": object{"ownerId": r.workspaceID(), "name": "x", "emailNotifications": false}}, "FORBIDDEN", "")
	r.refused(member, "CreateApiKey", object{"input": object{"ownerId": r.workspaceID(), "name": "x", "createdById": r.ownerID()}}, "FORBIDDEN", "")
	for _, subject := range []string{r.workspaceID(), r.organizationID()} {
		r.refused(member, "CreateBudgetLimit", object{"input": object{"subjectId": subject, "type": "COST", "amount": 1}}, "FORBIDDEN", "")
		r.refused(member, "CreateRateLimit", object{"input": object{"subjectId": subject, "type": "TOKENS", "limit": 1, "interval": "DAY"}}, "FORBIDDEN", "")
		r.refused(member, "AddRecipients", object{"input": object{"subjectId": subject, "emails": []any{"x@acme.test"}}}, "FORBIDDEN", "")
	}
	if fingerprintOf(t, r.api) != before {
		t.Error("something was changed")
	}

	secret := r.run(member, "RotateApiKey", object{"input": object{"id": key}}).text("rotateApiKey", "secret")
	r.run(member, "CheckUsage", object{"input": object{"key": secret}}).equal(true, "checkUsage", "allowed")
	r.run(member, "RevokeApiKey", object{"input": object{"id": key}}).equal("REVOKED", "revokeApiKey", "apiKey", "status")
}

// A MEMBER sees the organization, its workspaces, members and limits, and of keys, usage, alerts and reservations what
// belongs to the keys that they created; a VIEWER's token of theirs sees just that.
func TestMemberSeesTheirKeys(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	key, _ := r.tenant.Factory.Key(r.tenant.Organization.ID, nil, &r.member.ID)
	mine := used(r.api, id.APIKey.Format(key.ID))
	others := used(r.api, r.keyID())
	shared := r.run(r.api.admin, "CreateRateLimit", object{"input": object{"subjectId": r.organizationID(), "type": "TOKENS", "limit": 100, "interval": "DAY"}}).
		text("createRateLimit", "rateLimit", "id")
	token := r.run(r.api.admin, "CreateAccessToken", object{"input": object{"organizationId": r.organizationID(), "name": "x", "role": "VIEWER"}}).
		text("createAccessToken", "accessToken", "id")
	audit := r.run(r.api.admin, "AuditLog", nil).text("auditLog", "edges", 0, "node", "id")

	for _, who := range []string{r.tokens["MEMBER"], r.tenant.BoundToken(r.member, db.TokenRoleVIEWER)} {
		for _, visible := range append(mine, r.organizationID(), r.workspaceID(), r.ownerID(), shared) {
			r.run(who, "Limits", object{"subjectId": visible}).equal(visible, "node", "id")
		}
		for _, hidden := range append(others, token, audit) {
			r.refused(who, "Limits", object{"subjectId": hidden}, "FORBIDDEN", "")
		}
		list := r.run(who, "ApiKeys", object{"filter": object{"ownerId": r.organizationID()}})
		list.equal(1, "apiKeys", "totalCount")
		list.equal(mine[0], "apiKeys", "edges", 0, "node", "id")
		r.run(who, "ApiKeys", object{"filter": object{"ownerId": r.workspaceID()}}).equal(0, "apiKeys", "totalCount")
		alerts := r.run(who, "Alerts", nil)
		alerts.equal(1, "alerts", "totalCount")
		alerts.equal(mine[1], "alerts", "edges", 0, "node", "budgetLimit", "id")
		usage := object{"interval": "DAY", "filter": object{"subjectId": mine[0], "from": "2026-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}}
		r.run(who, "Usage", usage).equal(10, "usage", "total", "tokens")
		for _, subject := range []string{r.organizationID(), r.workspaceID(), r.keyID()} {
			usage["filter"].(object)["subjectId"] = subject
			r.refused(who, "Usage", usage, "FORBIDDEN", "")
			r.refused(who, "Alerts", object{"filter": object{"subjectId": subject}}, "FORBIDDEN", "")
		}
		r.run(who, "CheckUsage", object{"input": object{"key": mine[0]}}).equal("BUDGET_EXHAUSTED", "checkUsage", "denials", 0, "reason")
		r.refused(who, "CheckUsage", object{"input": object{"key": r.tenant.Secret.Text}}, "FORBIDDEN", "")
		r.run(who, "CheckUsage", object{"input": object{"key": "bsr_unknown"}}).equal("KEY_NOT_FOUND", "checkUsage", "denials", 0, "reason")
	}
}

// used uses a key up and returns the ids of the key and of all that came of it: its budget, a reservation, an event and an alert.
func used(a *api, key string) []string {
	a.t.Helper()
	budget := a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": key, "type": "TOKENS", "amount": 10}}).
		text("createBudgetLimit", "budgetLimit", "id")
	reservation := a.run(a.gateway, "ReserveUsage", object{"input": object{"key": key}}).text("reserveUsage", "reservation", "id")
	event := a.run(a.gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "inputTokens": 10}}).text("recordUsage", "usageEvent", "id")
	alert := a.run(a.admin, "Alerts", object{"filter": object{"subjectId": key}}).text("alerts", "edges", 0, "node", "id")
	return []string{key, budget, reservation, event, alert}
}
