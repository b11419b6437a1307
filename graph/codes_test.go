package graph_test

import (
	"strings"
	"testing"

	"bursar/graph/graphtest"
)

// CONFLICT: a name, slug or limit that exists already.
func TestConflict(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Refused(graphtest.RootToken, "CreateOrganization", object{"input": object{"name": "x", "slug": a.Tenant.Organization.Slug}}, "CONFLICT", "slug")
	workspace := object{"input": object{"organizationId": a.OrganizationID(), "name": "Data"}}
	a.Run(a.Admin, "CreateWorkspace", workspace)
	a.Refused(a.Admin, "CreateWorkspace", workspace, "CONFLICT", "slug")
	a.Refused(a.Admin, "AddMember", object{"input": object{"organizationId": a.OrganizationID(), "email": strings.ToUpper(a.Tenant.Owner.Email), "role": "ADMIN"}}, "CONFLICT", "email")
	weekly := object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": 5, "periodicReset": "WEEKLY"}}
	a.Run(a.Admin, "CreateBudgetLimit", weekly)
	a.Refused(a.Admin, "CreateBudgetLimit", weekly, "CONFLICT", "type")
	monthly := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": 5, "periodicReset": "MONTHLY"}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	a.Refused(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": monthly, "periodicReset": "WEEKLY"}}, "CONFLICT", "type")
	rate := object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": 5, "interval": "DAY"}}
	a.Run(a.Admin, "CreateRateLimit", rate)
	a.Refused(a.Admin, "CreateRateLimit", rate, "CONFLICT", "type")
	budget := object{"type": "TOKENS", "amount": 5}
	a.Refused(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": "twice", "budgetLimits": []any{budget, budget}}},
		"CONFLICT", "budgetLimits.1.type")
	a.Run(a.Admin, "ApiKeys", object{"filter": object{"search": "twice"}}).Equal(0, "apiKeys", "totalCount")
	a.Run(a.Admin, "RevokeApiKey", object{"input": object{"id": a.KeyID()}})
	a.Refused(a.Admin, "RotateApiKey", object{"input": object{"id": a.KeyID()}}, "CONFLICT", "id")
	a.Refused(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "enabled": true}}, "CONFLICT", "id")
}

// Governance is a feature of the plan: without it limits cannot be created or changed, those that exist go on being
// enforced, and can still be deleted.
func TestFeatureNotAvailable(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 5}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	rate := a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "REQUESTS", "limit": 50, "interval": "DAY"}}).
		Text("createRateLimit", "rateLimit", "id")
	plan := func(plan string, enabled bool) {
		t.Helper()
		a.Run(graphtest.RootToken, "UpdateOrganization", object{"input": object{"id": a.OrganizationID(), "plan": plan, "governanceEnabled": enabled}})
	}
	for _, without := range []func(){func() { plan("FREE", true) }, func() { plan("PRO", false) }} {
		without()
		a.Refused(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": 5}}, "FEATURE_NOT_AVAILABLE", "")
		a.Refused(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 6}}, "FEATURE_NOT_AVAILABLE", "")
		a.Refused(a.Admin, "ResetBudgetLimit", object{"input": object{"id": budget}}, "FEATURE_NOT_AVAILABLE", "")
		a.Refused(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": 5, "interval": "DAY"}}, "FEATURE_NOT_AVAILABLE", "")
		a.Refused(a.Admin, "UpdateRateLimit", object{"input": object{"id": rate, "limit": 60}}, "FEATURE_NOT_AVAILABLE", "")
		a.Refused(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": "with", "rateLimits": []any{object{"type": "TOKENS", "limit": 1, "interval": "DAY"}}}},
			"FEATURE_NOT_AVAILABLE", "rateLimits.0")
		a.Run(a.Admin, "ApiKeys", object{"filter": object{"search": "with"}}).Equal(0, "apiKeys", "totalCount")
		a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": "plain"}})
		a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 6}}}).Equal(412, "checkUsage", "httpStatus")
	}
	plan("PRO", true)
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 6}})
	plan("FREE", false)
	a.Run(a.Admin, "DeleteBudgetLimit", object{"input": object{"id": budget}})
	a.Run(a.Admin, "DeleteRateLimit", object{"input": object{"id": rate}})
	a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 6}}}).Equal(200, "checkUsage", "httpStatus")
}

// A request id names a reservation or an event once: the same contents are replayed and count nothing, others are
// IDEMPOTENCY_MISMATCH; what was settled or released cannot be settled or extended, and a repeated reservation of it is denied with 409.
func TestIdempotencyAndClosedReservations(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100}})
	reserve := object{"input": object{"key": a.Tenant.Secret.Text, "requestId": "r", "estimate": object{"tokens": 40}}}
	first := a.Run(a.Gateway, "ReserveUsage", reserve)
	first.Equal(false, "reserveUsage", "replayed")
	reservation := first.Text("reserveUsage", "reservation", "id")
	again := a.Run(a.Gateway, "ReserveUsage", reserve)
	again.Equal(true, "reserveUsage", "replayed")
	again.Equal(reservation, "reserveUsage", "reservation", "id")
	again.Equal("40", "reserveUsage", "decision", "limits", 0, "reserved")
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "requestId": "r", "estimate": object{"tokens": 40}}}).
		Equal(true, "reserveUsage", "replayed")
	a.Refused(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "requestId": "r", "estimate": object{"tokens": 41}}}, "IDEMPOTENCY_MISMATCH", "")

	settle := object{"input": object{"reservationId": reservation, "requestId": "e", "inputTokens": 30, "metadata": object{"b": "2", "a": "1"}}}
	event := a.Run(a.Gateway, "RecordUsage", settle).Text("recordUsage", "usageEvent", "id")
	replay := a.Run(a.Gateway, "RecordUsage", settle)
	replay.Equal(true, "recordUsage", "replayed")
	replay.Equal(event, "recordUsage", "usageEvent", "id")
	replay.Equal("30", "recordUsage", "limits", 0, "used")
	a.Refused(a.Gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "requestId": "e", "inputTokens": 31}}, "IDEMPOTENCY_MISMATCH", "")
	a.Refused(a.Gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "inputTokens": 30}}, "RESERVATION_CLOSED", "")
	a.Refused(a.Gateway, "ExtendReservation", object{"input": object{"reservationId": reservation, "ttlSeconds": 60}}, "RESERVATION_CLOSED", "")
	a.Run(a.Gateway, "ReleaseReservation", object{"input": object{"reservationId": reservation}}).Equal("SETTLED", "releaseReservation", "reservation", "status")

	closed := a.Run(a.Gateway, "ReserveUsage", reserve)
	closed.Equal(true, "reserveUsage", "replayed")
	closed.Equal(reservation, "reserveUsage", "reservation", "id")
	closed.Equal(false, "reserveUsage", "decision", "allowed")
	closed.Equal(409, "reserveUsage", "decision", "httpStatus")
	closed.Equal("RESERVATION_CLOSED", "reserveUsage", "decision", "denials", 0, "reason")
	closed.Equal(nil, "reserveUsage", "decision", "denials", 0, "retryAt")

	denied := object{"input": object{"key": a.KeyID(), "requestId": "d", "estimate": object{"tokens": 71}}}
	a.Run(a.Gateway, "ReserveUsage", denied).Equal("BUDGET_EXHAUSTED", "reserveUsage", "decision", "denials", 0, "reason")
	a.Run(a.Admin, "UpdateBudgetLimit", object{"input": object{"id": replay.Text("recordUsage", "limits", 0, "limitId"), "amount": 200}})
	a.Run(a.Gateway, "ReserveUsage", denied).Equal(true, "reserveUsage", "decision", "allowed")
}
