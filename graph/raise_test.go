package graph_test

import (
	"testing"
	"time"

	"bursar/db/dbtest"
)

const raisesOf = `query($id: ID!) { node(id: $id) { ... on BudgetLimit {
	amount raised remaining enabled mode raises { by until reason grantedBy endedAt }
	periods(first: 2) { nodes { amount raises { by reason } } } } } }`

// A MEMBER asks for a raise of the budget of a key that they created, and of no other; OWNER and ADMIN grant or decline it, once. What was granted is in force
// with the next decision; the budget, its history and the audit log say how much, who and why. The amount and the thresholds stay.
func TestRaisesAreRequestedAndGranted(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	member := r.tokens["MEMBER"]
	key := r.Run(member, "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "mine",
		"budgetLimits": []any{object{"type": "TOKENS", "amount": 100, "periodicReset": "MONTHLY", "alertThresholds": []any{80}}}}})
	budget := key.Text("createApiKey", "apiKey", "budgetLimits", 0, "id")
	others := r.Run(r.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": r.OrganizationID(), "type": "TOKENS", "amount": 100}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	ask := func(by any, more object) object {
		return object{"input": extended(object{"id": budget, "by": by, "reason": "a demo"}, more)}
	}
	r.Refused(member, "RaiseBudget", ask(5, nil), "FORBIDDEN", "")
	r.Refused(member, "RequestRaise", ask(5, object{"id": others}), "FORBIDDEN", "")
	r.Refused(r.Admin, "RequestRaise", ask(5, nil), "FORBIDDEN", "")
	r.Refused(member, "RequestRaise", ask(0, nil), "BAD_USER_INPUT", "by")
	r.Refused(member, "RequestRaise", ask(5, object{"until": time.Now().Add(-time.Hour).Format(time.RFC3339)}), "BAD_USER_INPUT", "until")

	first := r.Run(member, "RequestRaise", ask(5, nil)).Text("requestRaise", "raiseRequest", "id")
	asked := r.Run(member, "RequestRaise", ask(50, nil))
	request := asked.Text("requestRaise", "raiseRequest", "id")
	asked.Equal(r.member.Email, "requestRaise", "raiseRequest", "member", "email")
	r.Refused(r.Admin, "GrantRaise", object{"input": object{"id": first}}, "NOT_FOUND", "id") // the second has taken its place
	r.Refused(member, "GrantRaise", object{"input": object{"id": request}}, "FORBIDDEN", "")
	for _, reader := range []string{member, r.Admin} {
		r.Run(reader, "RaiseRequests", object{"status": "OPEN"}).Equal(request, "raiseRequests", "nodes", 0, "id")
	}
	r.Run(r.Admin, "GrantRaise", object{"input": object{"id": request, "reason": "enjoy"}}).Equal("GRANTED", "grantRaise", "raiseRequest", "status")
	r.Run(r.Admin, "DeclineRaise", object{"input": object{"id": request}}).Equal("GRANTED", "declineRaise", "raiseRequest", "status")

	raised := r.Post(r.Viewer, object{"query": raisesOf, "variables": object{"id": budget}})
	for field, want := range map[string]any{"amount": "100", "raised": "50", "remaining": "150"} {
		raised.Equal(want, "node", field)
	}
	raised.Equal("50", "node", "raises", 0, "by")
	raised.Equal("enjoy", "node", "raises", 0, "reason")
	raised.Equal("150", "node", "periods", "nodes", 0, "amount")
	raised.Equal("50", "node", "periods", "nodes", 0, "raises", 0, "by")
	log := r.Run(r.Viewer, "AuditLog", object{"filter": object{"targetId": budget}})
	log.Equal("grantRaise", "auditLog", "edges", 0, "node", "action")
	r.Run(r.Admin, "RaiseBudget", ask(7, nil)).Equal("7", "raiseBudget", "budgetLimit", "raises", 1, "by")

	declined := r.Run(member, "RequestRaise", ask(5, nil)).Text("requestRaise", "raiseRequest", "id")
	r.Run(r.Admin, "DeclineRaise", object{"input": object{"id": declined, "reason": "no"}}).Equal("no", "declineRaise", "raiseRequest", "decisionReason")
	r.Post(r.Viewer, object{"query": raisesOf, "variables": object{"id": budget}}).Equal("57", "node", "raised")
}

// A limit is switched with its other fields or alone: what is not given stays, counters and all. What a limit in SHADOW would have denied is listed apart
// from what was denied. PARALLEL_REQUESTS has no interval, and everything else must have one.
func TestSwitchesOfLimits(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100, "mode": "SHADOW"}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	first, second := reserveTokens(a, a.KeyID(), "", 90), reserveTokens(a, a.KeyID(), "", 90)
	if !first || !second {
		t.Fatal("a limit in SHADOW has refused")
	}
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 120}})
	switched := a.Post(a.Viewer, object{"query": raisesOf, "variables": object{"id": budget}})
	switched.Equal("SHADOW", "node", "mode")
	switched.Equal(true, "node", "enabled")
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "mode": "ENFORCE"}})
	if reserveTokens(a, a.KeyID(), "", 90) {
		t.Error("it does not refuse")
	}
	awaitDenials(a, 1)
	shadow := a.Post(a.Viewer, object{"query": `query { denials(filter: {shadow: true}) { count requests nodes { limitId shadow count } } }`})
	shadow.Equal(budget, "denials", "nodes", 0, "limitId")
	shadow.Equal(float64(1), "denials", "nodes", 0, "count")
	shadow.Equal(float64(0), "denials", "requests")
	a.Post(a.Viewer, object{"query": `query { denials { count requests nodes { shadow } } }`}).Equal(float64(1), "denials", "count")
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "enabled": false}})
	if !reserveTokens(a, a.KeyID(), "", 90) {
		t.Error("one that is not enabled refuses")
	}

	rate := func(input object) object {
		return object{"input": extended(object{"subjectId": a.KeyID(), "limit": 5}, input)}
	}
	a.Refused(a.Admin, "CreateRateLimit", rate(object{"type": "PARALLEL_REQUESTS", "interval": "DAY"}), "BAD_USER_INPUT", "interval")
	a.Refused(a.Admin, "CreateRateLimit", rate(object{"type": "REQUESTS"}), "BAD_USER_INPUT", "interval")
	parallel := a.Run(a.Admin, "CreateRateLimit", rate(object{"type": "PARALLEL_REQUESTS"}))
	parallel.Equal(nil, "createRateLimit", "rateLimit", "interval")
	parallel.Equal(nil, "createRateLimit", "rateLimit", "resetsAt")
	a.Refused(a.Admin, "CreateRateLimit", rate(object{"type": "PARALLEL_REQUESTS"}), "CONFLICT", "type")
	a.Run(a.Admin, "CreateRateLimit", rate(object{"type": "REQUESTS", "interval": "SECOND"}))
	a.Run(a.Admin, "CreateRateLimit", rate(object{"type": "REQUESTS", "interval": "WEEK"}))
}
