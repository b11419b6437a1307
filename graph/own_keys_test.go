package graph_test

import (
	"testing"

	"bursar/db"
	"bursar/graph/graphtest"
	"bursar/id"
)

// A MEMBER creates keys of their own, makes them stricter and better watched, and manages them to their end; what finance
// put on them they cannot lift, nor silence.
func TestMemberManagesTheirKeys(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	member, me := r.tokens["MEMBER"], id.Member.Format(r.member.ID)
	created := r.Run(member, "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "mine", "recipients": []any{"team@acme.test"},
		"budgetLimits": []any{object{"type": "TOKENS", "amount": 100, "alertThresholds": []any{10}}}}})
	created.Equal(me, "createApiKey", "apiKey", "createdBy", "id")
	key, own := created.Text("createApiKey", "apiKey", "id"), created.Text("createApiKey", "apiKey", "budgetLimits", 0, "id")
	r.Run(member, "UpdateApiKey", object{"input": object{"id": key, "name": "still mine", "enabled": false}})
	r.Run(member, "UpdateApiKey", object{"input": object{"id": key, "enabled": true, "emailNotifications": true}})
	r.Run(member, "CreateRateLimit", object{"input": object{"subjectId": key, "type": "REQUESTS", "limit": 5, "interval": "DAY"}})
	r.Run(member, "AddRecipients", object{"input": object{"subjectId": key, "emails": []any{"more@acme.test"}}})

	finance := r.Run(r.API.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": key, "type": "COST", "amount": 5}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	before := fingerprintOf(t, r.API)
	for _, budget := range []string{finance, own} {
		r.Refused(member, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 1000}}, "FORBIDDEN", "")
		r.Refused(member, "ResetBudgetLimit", object{"input": object{"id": budget}}, "FORBIDDEN", "")
		r.Refused(member, "DeleteBudgetLimit", object{"input": object{"id": budget}}, "FORBIDDEN", "")
	}
	r.Refused(member, "RemoveRecipients", object{"input": object{"subjectId": key, "emails": []any{"team@acme.test"}}}, "FORBIDDEN", "")
	r.Refused(member, "UpdateApiKey", object{"input": object{"id": key, "emailNotifications": false}}, "FORBIDDEN", "")
	r.Refused(member, "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "x", "emailNotifications": false}}, "FORBIDDEN", "")
	r.Refused(member, "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "x", "createdById": r.OwnerID()}}, "FORBIDDEN", "")
	for _, subject := range []string{r.WorkspaceID(), r.OrganizationID()} {
		r.Refused(member, "CreateBudgetLimit", object{"input": object{"subjectId": subject, "type": "COST", "amount": 1}}, "FORBIDDEN", "")
		r.Refused(member, "CreateRateLimit", object{"input": object{"subjectId": subject, "type": "TOKENS", "limit": 1, "interval": "DAY"}}, "FORBIDDEN", "")
		r.Refused(member, "AddRecipients", object{"input": object{"subjectId": subject, "emails": []any{"x@acme.test"}}}, "FORBIDDEN", "")
	}
	if fingerprintOf(t, r.API) != before {
		t.Error("something was changed")
	}

	secret := r.Run(member, "RotateApiKey", object{"input": object{"id": key}}).Text("rotateApiKey", "secret")
	r.Run(member, "CheckUsage", object{"input": object{"key": secret}}).Equal(true, "checkUsage", "allowed")
	r.Run(member, "RevokeApiKey", object{"input": object{"id": key}}).Equal("REVOKED", "revokeApiKey", "apiKey", "status")
}

// A MEMBER sees the organization, its workspaces, members and limits, and of keys, usage, alerts and reservations what
// belongs to the keys that they created; a VIEWER's token of theirs sees just that.
func TestMemberSeesTheirKeys(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	key, _ := r.Tenant.Factory.Key(r.Tenant.Organization.ID, nil, &r.member.ID)
	mine := used(r.API, id.APIKey.Format(key.ID))
	others := used(r.API, r.KeyID())
	shared := r.Run(r.API.Admin, "CreateRateLimit", object{"input": object{"subjectId": r.OrganizationID(), "type": "TOKENS", "limit": 100, "interval": "DAY"}}).
		Text("createRateLimit", "rateLimit", "id")
	token := r.Run(r.API.Admin, "CreateAccessToken", object{"input": object{"organizationId": r.OrganizationID(), "name": "x", "role": "VIEWER"}}).
		Text("createAccessToken", "accessToken", "id")
	audit := r.Run(r.API.Admin, "AuditLog", nil).Text("auditLog", "edges", 0, "node", "id")

	for _, who := range []string{r.tokens["MEMBER"], r.Tenant.BoundToken(r.member, db.TokenRoleVIEWER)} {
		for _, visible := range append(mine, r.OrganizationID(), r.WorkspaceID(), r.OwnerID(), shared) {
			r.Run(who, "Limits", object{"subjectId": visible}).Equal(visible, "node", "id")
		}
		for _, hidden := range append(others, token, audit) {
			r.Refused(who, "Limits", object{"subjectId": hidden}, "FORBIDDEN", "")
		}
		list := r.Run(who, "ApiKeys", object{"filter": object{"ownerId": r.OrganizationID()}})
		list.Equal(1, "apiKeys", "totalCount")
		list.Equal(mine[0], "apiKeys", "edges", 0, "node", "id")
		r.Run(who, "ApiKeys", object{"filter": object{"ownerId": r.WorkspaceID()}}).Equal(0, "apiKeys", "totalCount")
		alerts := r.Run(who, "Alerts", nil)
		alerts.Equal(1, "alerts", "totalCount")
		alerts.Equal(mine[1], "alerts", "edges", 0, "node", "budgetLimit", "id")
		usage := object{"interval": "DAY", "filter": object{"subjectId": mine[0], "from": "2026-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z"}}
		r.Run(who, "Usage", usage).Equal(10, "usage", "total", "tokens")
		for _, subject := range []string{r.OrganizationID(), r.WorkspaceID(), r.KeyID()} {
			usage["filter"].(object)["subjectId"] = subject
			r.Refused(who, "Usage", usage, "FORBIDDEN", "")
			r.Refused(who, "Alerts", object{"filter": object{"subjectId": subject}}, "FORBIDDEN", "")
		}
		r.Run(who, "CheckUsage", object{"input": object{"key": mine[0]}}).Equal("BUDGET_EXHAUSTED", "checkUsage", "denials", 0, "reason")
		r.Refused(who, "CheckUsage", object{"input": object{"key": r.Tenant.Secret.Text}}, "FORBIDDEN", "")
		r.Run(who, "CheckUsage", object{"input": object{"key": "bsr_unknown"}}).Equal("KEY_NOT_FOUND", "checkUsage", "denials", 0, "reason")
	}
}

// used uses a key up and returns the ids of the key and of all that came of it: its budget, a reservation, an event and an alert.
func used(a *graphtest.API, key string) []string {
	a.T.Helper()
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": key, "type": "TOKENS", "amount": 10}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	reservation := a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": key}}).Text("reserveUsage", "reservation", "id")
	event := a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "inputTokens": 10}}).Text("recordUsage", "usageEvent", "id")
	alert := a.Run(a.Admin, "Alerts", object{"filter": object{"subjectId": key}}).Text("alerts", "edges", 0, "node", "id")
	return []string{key, budget, reservation, event, alert}
}
