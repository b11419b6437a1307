package graph_test

import (
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"bursar/graph"
	"bursar/graph/graphtest"
)

// Every document of the contract validates against the schema.
func TestContractIsValid(t *testing.T) {
	t.Parallel()
	_, parsed := graphtest.Contract(t)
	schema := graph.Schema()
	if errs := validator.ValidateWithRules(schema, parsed, rules.NewDefaultRules()); len(errs) > 0 {
		t.Fatal(errs)
	}
	if n := len(parsed.Operations); n < 34 {
		t.Fatalf("the contract has %d operations; was its file cut?", n)
	}
}

// versionOf returns the version that a subject has now.
func versionOf(a *graphtest.API, token, subject string) int {
	a.T.Helper()
	answer := a.Post(token, object{"query": `query($id: ID!) { node(id: $id) { ... on LimitSubject { version } } }`, "variables": object{"id": subject}})
	version, isNumber := answer.Get("node", "version").(float64)
	if !isNumber {
		a.T.Fatalf("%s: %+v", subject, answer.Errors)
	}
	return int(version)
}

// Every document of the contract runs against the real server and does what it says: the life of an organization.
func TestContractRuns(t *testing.T) {
	t.Parallel()
	a, ran := newAPI(t), map[string]bool{}
	run := func(token, operation string, variables object) *graphtest.Answer {
		t.Helper()
		ran[operation] = true
		return a.Run(token, operation, variables)
	}

	created := run(graphtest.RootToken, "CreateOrganization", object{"input": object{"name": "Beta", "slug": "beta", "plan": "PRO"}})
	organization := created.Text("createOrganization", "organization", "id")
	run(graphtest.RootToken, "UpdateOrganization", object{"input": object{"id": organization, "governanceEnabled": true}}).
		Equal(true, "updateOrganization", "organization", "governanceEnabled")
	workspace := run(graphtest.RootToken, "CreateWorkspace", object{"input": object{"organizationId": organization, "name": "Data Science"}})
	workspace.Equal("data-science", "createWorkspace", "workspace", "slug")
	workspaceID := workspace.Text("createWorkspace", "workspace", "id")
	run(graphtest.RootToken, "UpdateWorkspace", object{"input": object{"id": workspaceID, "expectedVersion": 1, "name": "Data"}}).
		Equal(2, "updateWorkspace", "workspace", "version")
	member := run(graphtest.RootToken, "AddMember", object{"input": object{"organizationId": organization, "email": "Ada@beta.test", "role": "OWNER"}}).
		Text("addMember", "member", "id")
	a.Run(graphtest.RootToken, "AddMember", object{"input": object{"organizationId": organization, "email": "owner@beta.test", "role": "OWNER"}})
	run(graphtest.RootToken, "UpdateMember", object{"input": object{"id": member, "name": "Ada", "role": "ADMIN"}}).
		Equal("ADMIN", "updateMember", "member", "role")
	token := run(graphtest.RootToken, "CreateAccessToken", object{"input": object{"organizationId": organization, "name": "portal", "role": "ADMIN", "memberId": member}})
	admin := token.Text("createAccessToken", "secret")
	viewer := run(admin, "Viewer", nil)
	viewer.Equal("ADMIN", "viewer", "role")
	viewer.Equal(organization, "viewer", "organization", "id")
	viewer.Equal(member, "viewer", "member", "id")
	memberships := run(admin, "Memberships", nil)
	memberships.Equal("ADMIN", "viewer", "memberships", 0, "role")
	memberships.Equal(organization, "viewer", "memberships", 0, "organization", "id")

	key := run(admin, "CreateApiKey", object{"input": object{
		"ownerId": workspaceID, "name": "chat", "createdById": member, "metadata": object{"team": "a"},
		"recipients":   []any{"finance@beta.test", "ADA@beta.test"},
		"budgetLimits": []any{object{"type": "COST", "amount": "100.00", "alertThresholds": []any{"80.00"}, "periodicReset": "MONTHLY"}},
		"rateLimits":   []any{object{"type": "REQUESTS", "limit": 60, "interval": "MINUTE"}},
	}})
	secret, keyID := key.Text("createApiKey", "secret"), key.Text("createApiKey", "apiKey", "id")
	key.Equal("ACTIVE", "createApiKey", "apiKey", "status")
	key.Equal("100", "createApiKey", "apiKey", "budgetLimits", 0, "amount")
	key.Equal([]any{"80"}, "createApiKey", "apiKey", "budgetLimits", 0, "alertThresholds")
	key.Equal([]any{object{"email": "Ada@beta.test", "source": "ADMIN"}, object{"email": "finance@beta.test", "source": "ADDED"},
		object{"email": "owner@beta.test", "source": "OWNER"}},
		"createApiKey", "apiKey", "recipients")
	run(admin, "UpdateApiKey", object{"input": object{"id": keyID, "description": "the chat", "enabled": true}}).
		Equal("the chat", "updateApiKey", "apiKey", "description")
	run(admin, "ApiKey", object{"id": keyID}).Equal(object{"team": "a"}, "apiKey", "metadata")
	list := run(admin, "ApiKeys", object{"filter": object{"ownerId": workspaceID, "status": "ACTIVE", "search": "CHA"}, "first": 10})
	list.Equal(1, "apiKeys", "totalCount")
	list.Equal(keyID, "apiKeys", "edges", 0, "node", "id")

	budget := run(admin, "CreateBudgetLimit", object{"input": object{"subjectId": workspaceID, "type": "TOKENS", "amount": 5000}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	run(admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": "6000", "alertThresholds": []any{"500"}}}).
		Equal("6000", "updateBudgetLimit", "budgetLimit", "amount")
	rate := run(admin, "CreateRateLimit", object{"input": object{"subjectId": organization, "type": "TOKENS", "limit": 100000, "interval": "DAY"}}).
		Text("createRateLimit", "rateLimit", "id")
	run(admin, "UpdateRateLimit", object{"input": object{"id": rate, "limit": 200000}}).Equal(200000, "updateRateLimit", "rateLimit", "limit")
	run(admin, "RaiseBudget", object{"input": object{"id": budget, "by": "50", "reason": "a launch"}}).
		Equal([]any{object{"by": "50", "until": nil, "reason": "a launch"}}, "raiseBudget", "budgetLimit", "raises")
	ask := func() string {
		return run(admin, "RequestRaise", object{"input": object{"id": budget, "by": 5}}).Text("requestRaise", "raiseRequest", "id")
	}
	run(admin, "GrantRaise", object{"input": object{"id": ask()}}).Equal("GRANTED", "grantRaise", "raiseRequest", "status")
	run(admin, "DeclineRaise", object{"input": object{"id": ask()}}).Equal("DECLINED", "declineRaise", "raiseRequest", "status")
	run(admin, "RaiseRequests", object{"organizationId": organization, "first": 1}).Equal(2, "raiseRequests", "totalCount")
	run(admin, "AddRecipients", object{"input": object{"subjectId": workspaceID, "emails": []any{"team@beta.test"}}}).
		Equal("ADDED", "addRecipients", "recipients", 2, "source")
	run(admin, "Limits", object{"subjectId": workspaceID}).Equal(budget, "node", "budgetLimits", 0, "id")
	saved := run(admin, "SaveApiKey", object{"input": object{
		"id": keyID, "expectedVersion": versionOf(a, admin, keyID), "name": "chat bot", "recipients": []any{"Finance@beta.test", "cfo@beta.test"},
		"budgetLimits": []any{object{"id": key.Text("createApiKey", "apiKey", "budgetLimits", 0, "id"), "amount": "150"}, object{"type": "TOKENS", "amount": 50000}},
		"rateLimits":   []any{}}})
	saved.Equal("150", "updateApiKey", "apiKey", "budgetLimits", 0, "amount")
	saved.Equal("TOKENS", "updateApiKey", "apiKey", "budgetLimits", 1, "type")
	saved.Equal([]any{}, "updateApiKey", "apiKey", "rateLimits")
	saved.Equal("cfo@beta.test", "updateApiKey", "apiKey", "recipients", 1, "email")
	saved.Equal(versionOf(a, admin, keyID), "updateApiKey", "apiKey", "version")
	set := run(admin, "SetLimits", object{"input": object{"subjectId": workspaceID, "expectedVersion": versionOf(a, admin, workspaceID),
		"rateLimits": []any{object{"type": "REQUESTS", "limit": 600, "interval": "HOUR"}}}})
	set.Equal("Workspace", "setLimits", "subject", "__typename")
	set.Equal(budget, "setLimits", "subject", "budgetLimits", 0, "id")
	set.Equal(2, "setLimits", "subject", "budgetLimits", 0, "version")
	set.Equal(600, "setLimits", "subject", "rateLimits", 0, "limit")
	run(admin, "RemoveRecipients", object{"input": object{"subjectId": workspaceID, "emails": []any{"TEAM@beta.test"}}}).
		Equal([]any{object{"email": "Ada@beta.test", "source": "ADMIN"}, object{"email": "owner@beta.test", "source": "OWNER"}}, "removeRecipients", "recipients")

	gateway := run(admin, "CreateAccessToken", object{"input": object{"organizationId": organization, "name": "gw", "role": "GATEWAY", "acceptsKeyIds": true}}).
		Text("createAccessToken", "secret")
	policy := run(admin, "CreatePolicy", object{"input": object{"ownerId": workspaceID, "name": "Each user", "groupBy": []any{"metadata.user"},
		"budgetLimits": []any{object{"type": "TOKENS", "amount": "1000", "periodicReset": "MONTHLY"}}}}).Text("createPolicy", "policy", "id")
	run(admin, "UpdatePolicy", object{"input": object{"id": policy, "conditions": []any{object{"attribute": "model", "notIn": []any{"mini*"}}}}}).
		Equal(2, "updatePolicy", "policy", "version")
	run(gateway, "ReserveUsage", object{"input": object{"key": secret, "metadata": object{"user": "ann"}, "estimate": object{"tokens": 0}}})
	run(admin, "Policy", object{"id": policy, "first": 5}).
		Equal([]any{object{"attribute": "metadata.user", "value": "ann"}}, "node", "groups", "nodes", 0, "values")
	run(admin, "DeletePolicy", object{"input": object{"id": policy}}).Equal(policy, "deletePolicy", "deletedId")
	run(gateway, "CheckUsage", object{"input": object{"key": secret, "estimate": object{"tokens": 10, "cost": 0.5}}}).
		Equal(true, "checkUsage", "allowed")
	reserved := run(gateway, "ReserveUsage", object{"input": object{"key": secret, "requestId": "r-1", "estimate": object{"tokens": 1000, "cost": "0.25"}}})
	reserved.Equal("0.25", "reserveUsage", "reservation", "cost")
	reservation := reserved.Text("reserveUsage", "reservation", "id")
	run(gateway, "ExtendReservation", object{"input": object{"reservationId": reservation, "ttlSeconds": 3600}}).
		Equal("HELD", "extendReservation", "reservation", "status")
	recorded := run(gateway, "RecordUsage", object{"input": object{
		"reservationId": reservation, "requestId": "r-1", "inputTokens": 700, "outputTokens": 100, "cachedInputTokens": 50, "cost": "0.123456789",
		"provider": "openai", "model": "gpt", "occurredAt": "2026-01-02T03:04:05Z", "metadata": object{"trace": "x"}}})
	recorded.Equal(800, "recordUsage", "usageEvent", "tokens")
	recorded.Equal("0.123456789", "recordUsage", "usageEvent", "cost")
	recorded.Equal("2026-01-02T03:04:05Z", "recordUsage", "usageEvent", "occurredAt")
	run(gateway, "CheckUsage", object{"input": object{"secret": secret}}).Equal(keyID, "checkUsage", "apiKeyId")
	second := run(gateway, "ReserveUsage", object{"input": object{"key": keyID}}).Text("reserveUsage", "reservation", "id")
	run(gateway, "ReleaseReservation", object{"input": object{"reservationId": second}}).
		Equal("RELEASED", "releaseReservation", "reservation", "status")
	leased := run(gateway, "LeaseUsage", object{"input": object{"key": keyID, "requestId": "l-1", "requests": 5, "tokens": 100, "cost": "0.5", "ttlSeconds": 5}})
	leased.Equal(true, "leaseUsage", "decision", "allowed")
	leased.Equal(100, "leaseUsage", "lease", "tokens")
	run(gateway, "ReturnLease", object{"input": object{"leaseId": leased.Text("leaseUsage", "lease", "id")}}).Equal(0, "returnLease", "lease", "tokens")

	many := run(gateway, "ReserveUsages", object{"input": object{"requests": []any{object{"secret": secret}, object{"key": keyID, "ttlSeconds": 0}}}})
	many.Equal(true, "reserveUsages", "answers", 0, "decision", "allowed")
	many.Equal("requests.1.ttlSeconds", "reserveUsages", "answers", 1, "error", "field")
	booked := run(gateway, "RecordUsages", object{"input": object{"events": []any{
		object{"reservationId": many.Text("reserveUsages", "answers", 0, "reservation", "id")}, object{"secret": "bsr_unknown"}}}})
	booked.Equal(nil, "recordUsages", "answers", 0, "error")
	booked.Equal("NOT_FOUND", "recordUsages", "answers", 1, "error", "code")

	usage := run(admin, "Usage", object{"interval": "DAY", "groupBy": []any{"API_KEY", "MODEL"}, "filter": object{
		"subjectId": organization, "from": "2026-01-01T00:00:00Z", "to": "2030-01-01T00:00:00Z", "providers": []any{"openai"}}})
	usage.Equal(800, "usage", "total", "tokens")
	usage.Equal("0.123456789", "usage", "total", "cost")
	top := run(admin, "TopSpenders", object{"interval": "DAY", "groupBy": []any{"MODEL"}, "top": 5, "filter": object{
		"from": time.Now().Add(-time.Hour), "to": time.Now().Add(time.Hour)}})
	top.Equal("0.123456789", "usage", "series", 0, "total", "cost")
	top.Equal("gpt", "usage", "series", 0, "dimensions", 0, "value")
	usage.Equal([]any{object{"dimension": "API_KEY", "value": keyID}, object{"dimension": "MODEL", "value": "gpt"}}, "usage", "series", 0, "dimensions")
	alerts := run(admin, "Alerts", object{"filter": object{"subjectId": workspaceID, "kind": "THRESHOLD"}, "first": 5})
	alerts.Equal(1, "alerts", "totalCount")
	alerts.Equal("500", "alerts", "edges", 0, "node", "threshold")
	alerts.Equal(budget, "alerts", "edges", 0, "node", "budgetLimit", "id")
	alerts.Equal("QUEUED", "alerts", "edges", 0, "node", "deliveries", 0, "status")

	run(admin, "ResetBudgetLimit", object{"input": object{"id": budget, "reason": "month end"}}).
		Equal(2, "resetBudgetLimit", "budgetLimit", "generation")
	history := run(admin, "BudgetHistory", object{"id": budget, "first": 10})
	history.Equal("0", "node", "periods", "edges", 0, "node", "used")
	history.Equal("800", "node", "periods", "edges", 1, "node", "used")
	audit := run(admin, "AuditLog", object{"filter": object{"targetId": budget, "action": "resetBudgetLimit"}})
	audit.Equal("800", "auditLog", "edges", 0, "node", "before", "used")
	run(admin, "DeleteBudgetLimit", object{"input": object{"id": budget}}).Equal(budget, "deleteBudgetLimit", "deletedId")
	run(admin, "DeleteRateLimit", object{"input": object{"id": rate}}).Equal(rate, "deleteRateLimit", "deletedId")
	rotated := run(admin, "RotateApiKey", object{"input": object{"id": keyID, "transitionSeconds": 0}})
	rotated.Equal(keyID, "rotateApiKey", "apiKey", "id")
	run(gateway, "CheckUsage", object{"input": object{"key": secret}}).Equal("KEY_NOT_FOUND", "checkUsage", "denials", 0, "reason")
	run(gateway, "CheckUsage", object{"input": object{"key": rotated.Text("rotateApiKey", "secret")}}).Equal(200, "checkUsage", "httpStatus")
	found := run(admin, "ApiKeysPage", object{"filter": object{"statuses": []any{"ACTIVE"}, "search": rotated.Text("rotateApiKey", "secret")},
		"orderBy": object{"field": "LAST_USED_AT"}, "last": 5})
	found.Equal([]any{object{"id": keyID, "name": found.Get("apiKeys", "nodes", 0, "name"), "status": "ACTIVE"}}, "apiKeys", "nodes")
	found.Equal(1, "apiKeys", "totalCount")
	run(admin, "Nodes", object{"ids": []any{workspaceID, keyID}}).
		Equal([]any{object{"__typename": "Workspace", "id": workspaceID}, object{"__typename": "ApiKey", "id": keyID}}, "nodes")
	run(graphtest.RootToken, "SetPrice", object{"input": priceInput("gpt-4.1*", "2.50", "10")}).
		Equal(object{"unit": "INPUT_TOKENS", "perMillion": "2.5", "aboveInputTokens": 0, "serviceTier": "STANDARD"}, "setPrice", "price", "rates", 0)
	run(admin, "SetPriceMultiplier", object{"input": object{"organizationId": organization, "multiplier": "0.85"}}).
		Equal(organization, "setPriceMultiplier", "organization", "id")
	run(admin, "PriceOf", object{"input": object{"model": "gpt-4.1-mini", "usage": object{"inputTokens": 3, "outputTokens": 1}}}).
		Equal("0.000014875", "priceOf", "cost")
	run(admin, "Prices", object{"filter": object{"model": "gpt-4.1"}}).Equal("gpt-4.1*", "prices", "nodes", 0, "model")
	run(gateway, "ReportOutage", object{"input": outageInput(keyID)}).Equal(false, "reportOutage", "replayed")
	run(admin, "RepriceUsage", object{"input": object{"organizationId": organization, "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}}).
		Equal("QUEUED", "repriceUsage", "repricing", "state")
	simulation := run(admin, "SimulateLimits", object{"input": simulationInput(organization)})
	simulation.Equal("QUEUED", "simulateLimits", "simulation", "status")
	run(admin, "CancelSimulation", object{"input": object{"id": simulation.Text("simulateLimits", "simulation", "id")}}).
		Equal("CANCELED", "cancelSimulation", "simulation", "status")
	run(admin, "Simulations", object{"filter": object{"subjectId": organization}}).Equal(1, "simulations", "totalCount")
	run(admin, "RevokeApiKey", object{"input": object{"id": keyID}}).Equal("REVOKED", "revokeApiKey", "apiKey", "status")
	run(graphtest.RootToken, "RevokeAccessToken", object{"input": object{"id": token.Text("createAccessToken", "accessToken", "id")}})
	run(graphtest.RootToken, "RemoveMember", object{"input": object{"id": member}}).Equal("Ada@beta.test", "removeMember", "member", "email")
	run(graphtest.RootToken, "Jobs", nil).Equal([]any{}, "jobs")
	a.Refused(admin, "Viewer", nil, "UNAUTHENTICATED", "")

	_, parsed := graphtest.Contract(t)
	for _, operation := range parsed.Operations {
		if !ran[operation.Name] {
			t.Errorf("%s was not run", operation.Name)
		}
	}
}
