package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"bursar/graph/graphtest"
)

// leased returns the id of a new lease of the tenant's key.
func leased(a *graphtest.API) string {
	a.T.Helper()
	return a.Run(a.Gateway, "LeaseUsage", object{"input": object{"key": a.KeyID()}}).Text("leaseUsage", "lease", "id")
}

const leaseWithLimits = `mutation($input: LeaseUsageInput!) { leaseUsage(input: $input) {
	replayed lease { id status requests tokens cost expiresInMilliseconds apiKeyId } decision { allowed httpStatus denials { reason message limitId } limits { type remaining } } } }`

// A lease is granted, drawn on and returned; what it holds is seen in the limits, in the list of what keys hold, and in its own answers. A request id that is
// repeated is answered with what is stored.
func TestLease(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 1000}})
	input := object{"input": object{"key": a.KeyID(), "requestId": "l", "requests": 10, "tokens": 800, "cost": "0.25", "ttlSeconds": 7}}
	answer := post(a, a.Gateway, leaseWithLimits, input)
	answer.Equal("HELD", "leaseUsage", "lease", "status")
	answer.Equal(10, "leaseUsage", "lease", "requests")
	answer.Equal(500, "leaseUsage", "lease", "tokens")
	answer.Equal("0.25", "leaseUsage", "lease", "cost")
	answer.Equal(7000, "leaseUsage", "lease", "expiresInMilliseconds")
	answer.Equal(a.KeyID(), "leaseUsage", "lease", "apiKeyId")
	answer.Equal("500", "leaseUsage", "decision", "limits", 0, "remaining")
	lease := answer.Text("leaseUsage", "lease", "id")
	if !strings.HasPrefix(lease, "lea_") {
		t.Errorf("the lease's id is %s", lease)
	}
	again := post(a, a.Gateway, leaseWithLimits, input)
	again.Equal(true, "leaseUsage", "replayed")
	again.Equal(lease, "leaseUsage", "lease", "id")
	a.Refused(a.Gateway, "LeaseUsage", object{"input": object{"key": a.KeyID(), "requestId": "l", "requests": 11}}, "IDEMPOTENCY_MISMATCH", "")

	for _, tokens := range []int{30, 40} {
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"leaseId": lease, "inputTokens": tokens, "cost": "0.1"}}).
			Equal(tokens, "recordUsage", "usageEvent", "tokens")
	}
	listed := post(a, a.Viewer, `{ reservations { nodes { isLease requests tokens cost } } }`, nil)
	listed.Equal([]any{object{"isLease": true, "requests": 8, "tokens": 430, "cost": "0.05"}}, "reservations", "nodes")
	kept := a.Run(a.Gateway, "ReturnLease", object{"input": object{"leaseId": lease, "keep": object{"requests": 1, "tokens": 50, "cost": "0.01"}, "ttlSeconds": 5}})
	kept.Equal(50, "returnLease", "lease", "tokens")
	kept.Equal("0.01", "returnLease", "lease", "cost")
	a.Run(a.Gateway, "ReturnLease", object{"input": object{"leaseId": lease}}).Equal(0, "returnLease", "lease", "requests")
	post(a, a.Viewer, `query($id: ID!) { node(id: $id) { ... on ApiKey { budgetLimits { used reserved } } } }`, object{"id": a.KeyID()}).
		Equal(object{"used": "70", "reserved": "0"}, "node", "budgetLimits", 0)
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"leaseId": lease, "inputTokens": 1}}).Equal(1, "recordUsage", "usageEvent", "tokens")
	closed := post(a, a.Gateway, leaseWithLimits, input)
	closed.Equal(409, "leaseUsage", "decision", "httpStatus")
	closed.Equal("RELEASED", "leaseUsage", "lease", "status")
	closed.Equal(0, "leaseUsage", "lease", "expiresInMilliseconds")
}

// Where an organization allows no leases, and where a limit has too little left to be divided, a gateway is told to reserve each request. No alert is raised.
func TestLeaseIsDenied(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 1}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	ask := func() *graphtest.Answer {
		return post(a, a.Gateway, leaseWithLimits, object{"input": object{"key": a.KeyID(), "tokens": 5}})
	}
	small := ask()
	small.Equal(nil, "leaseUsage", "lease")
	small.Equal(409, "leaseUsage", "decision", "httpStatus")
	small.Equal(object{"reason": "LEASE_TOO_SMALL", "limitId": budget,
		"message": "Of the total token limit of 1 too little is left to be divided; reserve each request."}, "leaseUsage", "decision", "denials", 0)
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1}})
	full := ask()
	full.Equal("BUDGET_EXHAUSTED", "leaseUsage", "decision", "denials", 0, "reason")
	full.Equal(412, "leaseUsage", "decision", "httpStatus")
	a.Run(a.Admin, "Alerts", object{"filter": object{"subjectId": a.KeyID(), "kind": "REFUSED"}}).Equal(0, "alerts", "totalCount")

	set := func(allowed bool, seconds int) *graphtest.Answer {
		return post(a, a.Admin, `mutation($input: SetLeasePolicyInput!) { setLeasePolicy(input: $input) { organization { leasesAllowed leaseSecondsMost } } }`,
			object{"input": object{"organizationId": a.OrganizationID(), "allowed": allowed, "ttlSecondsMost": seconds}})
	}
	set(false, 30).Equal(object{"leasesAllowed": false, "leaseSecondsMost": 30}, "setLeasePolicy", "organization")
	denied := post(a, a.Gateway, leaseWithLimits, object{"input": object{"key": a.KeyID()}})
	denied.Equal("LEASES_NOT_ALLOWED", "leaseUsage", "decision", "denials", 0, "reason")
	denied.Equal("The organization allows no leases; reserve each request.", "leaseUsage", "decision", "denials", 0, "message")
	a.Run(a.Admin, "AuditLog", object{"filter": object{"action": "setLeasePolicy"}}).Equal("setLeasePolicy", "auditLog", "edges", 0, "node", "action")
	a.Refused(a.Gateway, "ReturnLease", object{"input": object{"leaseId": "lea_" + strings.Repeat("0", 32)}}, "NOT_FOUND", "")
	a.Refused(a.Gateway, "RecordUsage", object{"input": object{"leaseId": "lea_" + strings.Repeat("0", 32)}}, "NOT_FOUND", "")
	post(a, a.Gateway, leaseWithLimits, object{"input": object{"key": "sk_unknown"}}).Equal(401, "leaseUsage", "decision", "httpStatus")
}

// An event of several calls of a lease may have as much input as no price that has not ended costs more above, in an organization that allows such events.
func TestLeaseSaysWhatMayBeMerged(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	want := func(number int) {
		t.Helper()
		post(a, a.Gateway, `mutation($input: LeaseUsageInput!) { leaseUsage(input: $input) { lease { mergeInputTokens } } }`,
			object{"input": object{"key": a.KeyID()}}).Equal(number, "leaseUsage", "lease", "mergeInputTokens")
	}
	want(0) // it is not allowed
	post(a, a.Admin, `mutation($input: SetLeasePolicyInput!) { setLeasePolicy(input: $input) { organization { leasesAllowed leaseSecondsMost mergesAllowed } } }`,
		object{"input": object{"organizationId": a.OrganizationID(), "allowed": true, "mergesAllowed": true}}).
		Equal(object{"leasesAllowed": true, "leaseSecondsMost": 10, "mergesAllowed": true}, "setLeasePolicy", "organization")
	want(1_000_000_000_000) // no price has a step
	for _, above := range []int{200_000, 128_000} {
		a.Run(graphtest.RootToken, "SetPrice", object{"input": object{"provider": "test", "model": fmt.Sprint("model-", above), "rates": []any{
			object{"unit": "INPUT_TOKENS", "perMillion": "1"}, object{"unit": "INPUT_TOKENS", "perMillion": "2", "aboveInputTokens": above}}}})
	}
	want(128_000)
}

// The leases of a key in effect are told from other reservations, with what they were granted, what they have left and what their gateway noted.
func TestLeasesOfAKey(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	post(a, a.Gateway, `mutation($input: LeaseUsageInput!) { leaseUsage(input: $input) { lease { id } } }`,
		object{"input": object{"key": a.KeyID(), "requests": 5, "tokens": 50, "cost": "0.5", "metadata": object{"gateway": "eu-1"}}})
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 3}}})
	list := func(filter object) *graphtest.Answer {
		filter["apiKeyId"] = a.KeyID()
		return post(a, a.Admin, `query($filter: ReservationFilter!) { reservations(filter: $filter) { totalCount nodes { isLease requests granted { requests tokens cost } metadata } } }`,
			object{"filter": filter})
	}
	granted := object{"isLease": true, "requests": 5, "granted": object{"requests": 5, "tokens": 50, "cost": "0.5"}, "metadata": object{"gateway": "eu-1"}}
	other := object{"isLease": false, "requests": 1, "granted": nil, "metadata": nil}
	list(object{"leases": true}).Equal(object{"totalCount": 1, "nodes": []any{granted}}, "reservations")
	list(object{"leases": false}).Equal(object{"totalCount": 1, "nodes": []any{other}}, "reservations")
	list(object{}).Equal(2, "reservations", "totalCount")
	post(a, a.Admin, `query($filter: ReservationFilter!) { reservations(filter: $filter) { totalCount } }`,
		object{"filter": object{"leases": true, "status": "EXPIRED"}}).Must("BAD_USER_INPUT", "filter.leases")
}
