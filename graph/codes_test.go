package graph_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph"
)

// CONFLICT: a name, slug or limit that exists already.
func TestConflict(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.refused(rootToken, "CreateOrganization", object{"input": object{"name": "x", "slug": a.tenant.Organization.Slug}}, "CONFLICT", "slug")
	workspace := object{"input": object{"organizationId": a.organizationID(), "name": "Data"}}
	a.run(a.admin, "CreateWorkspace", workspace)
	a.refused(a.admin, "CreateWorkspace", workspace, "CONFLICT", "slug")
	a.refused(a.admin, "AddMember", object{"input": object{"organizationId": a.organizationID(), "email": strings.ToUpper(a.tenant.Owner.Email), "role": "ADMIN"}}, "CONFLICT", "email")
	weekly := object{"input": object{"subjectId": a.keyID(), "type": "COST", "amount": 5, "periodicReset": "WEEKLY"}}
	a.run(a.admin, "CreateBudgetLimit", weekly)
	a.refused(a.admin, "CreateBudgetLimit", weekly, "CONFLICT", "type")
	monthly := a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "COST", "amount": 5, "periodicReset": "MONTHLY"}}).
		text("createBudgetLimit", "budgetLimit", "id")
	a.refused(a.admin, "UpdateBudgetLimit", object{"input": object{"id": monthly, "periodicReset": "WEEKLY"}}, "CONFLICT", "type")
	rate := object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "limit": 5, "interval": "DAY"}}
	a.run(a.admin, "CreateRateLimit", rate)
	a.refused(a.admin, "CreateRateLimit", rate, "CONFLICT", "type")
	budget := object{"type": "TOKENS", "amount": 5}
	a.refused(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": "twice", "budgetLimits": []any{budget, budget}}},
		"CONFLICT", "budgetLimits.1.type")
	a.run(a.admin, "ApiKeys", object{"filter": object{"search": "twice"}}).equal(0, "apiKeys", "totalCount")
	a.run(a.admin, "RevokeApiKey", object{"input": object{"id": a.keyID()}})
	a.refused(a.admin, "RotateApiKey", object{"input": object{"id": a.keyID()}}, "CONFLICT", "id")
	a.refused(a.admin, "UpdateApiKey", object{"input": object{"id": a.keyID(), "enabled": true}}, "CONFLICT", "id")
}

// Governance is a feature of the plan: without it limits cannot be created or changed, those that exist go on being
// enforced, and can still be deleted.
func TestFeatureNotAvailable(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 5}}).
		text("createBudgetLimit", "budgetLimit", "id")
	rate := a.run(a.admin, "CreateRateLimit", object{"input": object{"subjectId": a.keyID(), "type": "REQUESTS", "limit": 50, "interval": "DAY"}}).
		text("createRateLimit", "rateLimit", "id")
	plan := func(plan string, enabled bool) {
		t.Helper()
		a.run(rootToken, "UpdateOrganization", object{"input": object{"id": a.organizationID(), "plan": plan, "governanceEnabled": enabled}})
	}
	for _, without := range []func(){func() { plan("FREE", true) }, func() { plan("PRO", false) }} {
		without()
		a.refused(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "COST", "amount": 5}}, "FEATURE_NOT_AVAILABLE", "")
		a.refused(a.admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 6}}, "FEATURE_NOT_AVAILABLE", "")
		a.refused(a.admin, "ResetBudgetLimit", object{"input": object{"id": budget}}, "FEATURE_NOT_AVAILABLE", "")
		a.refused(a.admin, "CreateRateLimit", object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "limit": 5, "interval": "DAY"}}, "FEATURE_NOT_AVAILABLE", "")
		a.refused(a.admin, "UpdateRateLimit", object{"input": object{"id": rate, "limit": 60}}, "FEATURE_NOT_AVAILABLE", "")
		a.refused(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": "with", "rateLimits": []any{object{"type": "TOKENS", "limit": 1, "interval": "DAY"}}}},
			"FEATURE_NOT_AVAILABLE", "rateLimits.0")
		a.run(a.admin, "ApiKeys", object{"filter": object{"search": "with"}}).equal(0, "apiKeys", "totalCount")
		a.run(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": "plain"}})
		a.run(a.gateway, "CheckUsage", object{"input": object{"key": a.keyID(), "estimate": object{"tokens": 6}}}).equal(412, "checkUsage", "httpStatus")
	}
	plan("PRO", true)
	a.run(a.admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": 6}})
	plan("FREE", false)
	a.run(a.admin, "DeleteBudgetLimit", object{"input": object{"id": budget}})
	a.run(a.admin, "DeleteRateLimit", object{"input": object{"id": rate}})
	a.run(a.gateway, "CheckUsage", object{"input": object{"key": a.keyID(), "estimate": object{"tokens": 6}}}).equal(200, "checkUsage", "httpStatus")
}

// A request id names a reservation or an event once: the same contents are replayed and count nothing, others are
// IDEMPOTENCY_MISMATCH; what was settled or released cannot be settled or extended.
func TestIdempotencyAndClosedReservations(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 100}})
	reserve := object{"input": object{"key": a.tenant.Secret.Text, "requestId": "r", "estimate": object{"tokens": 40}}}
	first := a.run(a.gateway, "ReserveUsage", reserve)
	first.equal(false, "reserveUsage", "replayed")
	reservation := first.text("reserveUsage", "reservation", "id")
	again := a.run(a.gateway, "ReserveUsage", reserve)
	again.equal(true, "reserveUsage", "replayed")
	again.equal(reservation, "reserveUsage", "reservation", "id")
	again.equal("40", "reserveUsage", "decision", "limits", 0, "reserved")
	a.run(a.gateway, "ReserveUsage", object{"input": object{"key": a.keyID(), "requestId": "r", "estimate": object{"tokens": 40}}}).
		equal(true, "reserveUsage", "replayed")
	a.refused(a.gateway, "ReserveUsage", object{"input": object{"key": a.keyID(), "requestId": "r", "estimate": object{"tokens": 41}}}, "IDEMPOTENCY_MISMATCH", "")

	settle := object{"input": object{"reservationId": reservation, "requestId": "e", "inputTokens": 30, "metadata": object{"b": "2", "a": "1"}}}
	event := a.run(a.gateway, "RecordUsage", settle).text("recordUsage", "usageEvent", "id")
	replay := a.run(a.gateway, "RecordUsage", settle)
	replay.equal(true, "recordUsage", "replayed")
	replay.equal(event, "recordUsage", "usageEvent", "id")
	replay.equal("30", "recordUsage", "limits", 0, "used")
	a.refused(a.gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "requestId": "e", "inputTokens": 31}}, "IDEMPOTENCY_MISMATCH", "")
	a.refused(a.gateway, "RecordUsage", object{"input": object{"reservationId": reservation, "inputTokens": 30}}, "RESERVATION_CLOSED", "")
	a.refused(a.gateway, "ExtendReservation", object{"input": object{"reservationId": reservation, "ttlSeconds": 60}}, "RESERVATION_CLOSED", "")
	a.run(a.gateway, "ReleaseReservation", object{"input": object{"reservationId": reservation}}).equal("SETTLED", "releaseReservation", "reservation", "status")

	denied := object{"input": object{"key": a.keyID(), "requestId": "d", "estimate": object{"tokens": 71}}}
	a.run(a.gateway, "ReserveUsage", denied).equal("BUDGET_EXHAUSTED", "reserveUsage", "decision", "denials", 0, "reason")
	a.run(a.admin, "UpdateBudgetLimit", object{"input": object{"id": replay.text("recordUsage", "limits", 0, "limitId"), "amount": 200}})
	a.run(a.gateway, "ReserveUsage", denied).equal(true, "reserveUsage", "decision", "allowed")
}

// UNAVAILABLE: the database cannot be reached; nothing is granted, and the message says that a retry is safe.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	pool, err := db.NewPool(context.Background(), db.PoolConfig{URL: "postgres://nobody@127.0.0.1:1/none"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	a := &api{t: t, url: start(t, pool), pool: pool}
	key := object{"input": object{"key": "key_" + strings.Repeat("0", 32)}}
	for _, operation := range []string{"CheckUsage", "ReserveUsage", "RecordUsage"} {
		a.refused(rootToken, operation, key, "UNAVAILABLE", "")
	}
	tenant := dbtest.NewTenant(t, postgres.New(t))
	a.refused(tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN), "Viewer", nil, "UNAVAILABLE", "")
}

// UNAVAILABLE: the database hangs, whether in telling whose a token is or in the operation; the change is not made later.
func TestHangingDatabase(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	server := graph.New(graph.Config{Pool: postgres.ServerPool(t, a.pool), RootToken: rootToken, Timeout: 300 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	listener := httptest.NewServer(server)
	t.Cleanup(func() { listener.Close(); server.Close() })
	hurried := *a
	hurried.url = listener.URL
	budget := object{"input": object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 5}}
	for statement, operation := range map[string]string{
		"select from organizations for update": "CreateBudgetLimit",
		"lock table access_tokens":             "Viewer",
	} {
		tx, err := a.pool.Begin(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
		variables := budget
		if operation == "Viewer" {
			variables = nil
		}
		hurried.refused(a.admin, operation, variables, "UNAVAILABLE", "")
		if err := tx.Rollback(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	a.run(a.viewer, "ApiKey", object{"id": a.keyID()}).equal([]any{}, "apiKey", "budgetLimits")
}

// INTERNAL: the cause is in the log under the request's id, never in the message.
func TestInternal(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	if _, err := a.pool.Exec(context.Background(), "drop function lock_organizations cascade"); err != nil {
		t.Fatal(err)
	}
	result := a.do(a.gateway, "ReserveUsage", object{"input": object{"key": a.keyID()}})
	result.must("INTERNAL", "")
	if message := result.Errors[0].Message; message != "internal error" || result.Errors[0].Extensions.RequestID == "" {
		t.Fatalf("%+v", result.Errors[0])
	}
}
