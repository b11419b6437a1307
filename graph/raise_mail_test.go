package graph_test

import (
	"testing"

	"bursar/graph/graphtest"
)

// What is asked for and decided about a budget is among its alerts, with the amount that it is about and its mail: a MEMBER sees those of their keys. It is
// mailed again to whom it is about, and to nobody else.
func TestRaisesAreAlerts(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	member := r.tokens["MEMBER"]
	key := r.Run(member, "CreateApiKey", object{"input": object{"ownerId": r.WorkspaceID(), "name": "mine",
		"budgetLimits": []any{object{"type": "TOKENS", "amount": 100, "periodicReset": "MONTHLY"}}}})
	budget := key.Text("createApiKey", "apiKey", "budgetLimits", 0, "id")
	request := r.Run(member, "RequestRaise", object{"input": object{"id": budget, "by": 50}}).Text("requestRaise", "raiseRequest", "id")
	r.Run(r.Admin, "GrantRaise", object{"input": object{"id": request}})

	const query = `query($kind: AlertKind) { alerts(filter: {kind: $kind}) { totalCount nodes { id requested reserved threshold amount used deliveries { email } } } }`
	alerts := func(token, kind string) *graphtest.Answer {
		return r.Post(token, object{"query": query, "variables": object{"kind": kind}})
	}
	for _, token := range []string{member, r.Admin} {
		asked := alerts(token, "RAISE_REQUESTED")
		asked.Equal(1, "alerts", "totalCount")
		for field, want := range map[string]any{"requested": "50", "reserved": "0", "threshold": nil, "amount": "100", "used": "0"} {
			asked.Equal(want, "alerts", "nodes", 0, field)
		}
		granted := alerts(token, "RAISE_GRANTED")
		granted.Equal([]any{object{"email": r.member.Email}}, "alerts", "nodes", 0, "deliveries")
		alerts(token, "RAISED").Equal("150", "alerts", "nodes", 0, "amount")
		alerts(token, "RAISE_DECLINED").Equal(0, "alerts", "totalCount")
	}

	granted := alerts(r.Admin, "RAISE_GRANTED").Text("alerts", "nodes", 0, "id")
	resend := func(emails ...any) *graphtest.Answer {
		return r.Post(r.Admin, object{"query": `mutation($input: ResendAlertInput!) { resendAlert(input: $input) { queued } }`,
			"variables": object{"input": object{"id": granted, "emails": emails}}})
	}
	if _, err := r.Pool.Exec(t.Context(), `update alert_deliveries set status = 'BOUNCED'`); err != nil {
		t.Fatal(err)
	}
	resend(r.Tenant.Owner.Email).Equal(0, "resendAlert", "queued")
	resend(r.member.Email).Equal(1, "resendAlert", "queued")
}
