package graph_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
)

// Bad input gets a clear error that names the field by its path, and changes nothing.
func TestBadInput(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	many := make([]any, 4_000)
	for i := range many {
		many[i] = fmt.Sprintf("r%d@acme.test", i)
	}
	budget := a.run(a.admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.keyID(), "type": "COST", "amount": 100, "alertThresholds": []any{80}}}).
		text("createBudgetLimit", "budgetLimit", "id")
	key := func(extra object) object {
		input := object{"ownerId": a.workspaceID(), "name": "key"}
		maps.Copy(input, extra)
		return input
	}
	amount := func(value any) object { return object{"subjectId": a.workspaceID(), "type": "COST", "amount": value} }
	before := fingerprintOf(t, a)
	for name, test := range map[string]struct {
		operation string
		input     object
		field     string
	}{
		"empty name":               {"CreateApiKey", key(object{"name": ""}), "name"},
		"blank name":               {"CreateApiKey", key(object{"name": " \t"}), "name"},
		"name of 100 KiB":          {"CreateApiKey", key(object{"name": strings.Repeat("x", 100<<10)}), "name"},
		"NUL in name":              {"CreateApiKey", key(object{"name": "a\x00b"}), "name"},
		"NUL in description":       {"CreateApiKey", key(object{"description": "a\x00b"}), "description"},
		"NUL in metadata":          {"CreateApiKey", key(object{"metadata": object{"a": "\x00"}}), "metadata"},
		"metadata of numbers":      {"CreateApiKey", key(object{"metadata": object{"a": 1}}), "metadata"},
		"expired from the start":   {"CreateApiKey", key(object{"expiresAt": "2020-01-01T00:00:00Z"}), "expiresAt"},
		"no instant":               {"CreateApiKey", key(object{"expiresAt": "tomorrow"}), "expiresAt"},
		"4,000 recipients":         {"CreateApiKey", key(object{"recipients": many}), "recipients"},
		"malformed recipient":      {"CreateApiKey", key(object{"recipients": []any{"a@acme.test", "Finance <f@acme.test>"}}), "recipients.1"},
		"malformed owner":          {"CreateApiKey", key(object{"ownerId": "ws_1"}), "ownerId"},
		"owner of another type":    {"CreateApiKey", key(object{"ownerId": a.ownerID()}), "ownerId"},
		"nested budget below $1":   {"CreateApiKey", key(object{"budgetLimits": []any{object{"type": "COST", "amount": 5}, object{"type": "COST", "amount": 0.5, "periodicReset": "WEEKLY"}}}), "budgetLimits.1.amount"},
		"nested threshold":         {"CreateApiKey", key(object{"budgetLimits": []any{object{"type": "COST", "amount": 5, "alertThresholds": []any{"4", "0.0000000001"}}}}), "budgetLimits.0.alertThresholds.1"},
		"nested threshold no text": {"CreateApiKey", key(object{"budgetLimits": []any{object{"type": "COST", "amount": 5, "alertThresholds": []any{"4", "x"}}}}), "budgetLimits.0.alertThresholds.1"},
		"nested unknown enum":      {"CreateApiKey", key(object{"rateLimits": []any{object{"type": "CHEESE", "limit": 5, "interval": "DAY"}}}), "rateLimits.0.type"},
		"nested rate of 0":         {"CreateApiKey", key(object{"rateLimits": []any{object{"type": "TOKENS", "limit": 0, "interval": "DAY"}}}), "rateLimits.0.limit"},
		"amount of 0":              {"CreateBudgetLimit", amount(0), "amount"},
		"amount of -1":             {"CreateBudgetLimit", amount(-1), "amount"},
		"amount below a nano":      {"CreateBudgetLimit", amount("1.0000000001"), "amount"},
		"amount of 0.0000000001":   {"CreateBudgetLimit", amount("0.0000000001"), "amount"},
		"amount of 1e30":           {"CreateBudgetLimit", amount("1e30"), "amount"},
		"amount of 1e999999999":    {"CreateBudgetLimit", amount("1e999999999"), "amount"},
		"amount of NaN":            {"CreateBudgetLimit", amount("NaN"), "amount"},
		"amount of Infinity":       {"CreateBudgetLimit", amount("Infinity"), "amount"},
		"amount of true":           {"CreateBudgetLimit", amount(true), "amount"},
		"half a token":             {"CreateBudgetLimit", object{"subjectId": a.keyID(), "type": "TOKENS", "amount": "1.5"}, "amount"},
		"threshold at the amount":  {"CreateBudgetLimit", object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 10, "alertThresholds": []any{10}}, "alertThresholds"},
		"threshold of 0":           {"CreateBudgetLimit", object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 10, "alertThresholds": []any{0}}, "alertThresholds"},
		"threshold twice":          {"CreateBudgetLimit", object{"subjectId": a.keyID(), "type": "TOKENS", "amount": 10, "alertThresholds": []any{5, "5.0"}}, "alertThresholds.1"},
		"unknown enum":             {"CreateBudgetLimit", object{"subjectId": a.keyID(), "type": "GOLD", "amount": 10}, "type"},
		"unknown field":            {"CreateBudgetLimit", object{"subjectId": a.keyID(), "type": "COST", "amount": 10, "colour": 1}, "colour"},
		"missing field":            {"CreateBudgetLimit", object{"subjectId": a.keyID(), "type": "COST"}, "amount"},
		"amount below threshold":   {"UpdateBudgetLimit", object{"id": budget, "amount": 70}, "alertThresholds"},
		"type without amount":      {"UpdateBudgetLimit", object{"id": budget, "type": "TOKENS"}, "amount"},
		"type without thresholds":  {"UpdateBudgetLimit", object{"id": budget, "type": "TOKENS", "amount": 500}, "alertThresholds"},
		"rate beyond 64 bits":      {"CreateRateLimit", object{"subjectId": a.keyID(), "type": "TOKENS", "limit": "9223372036854775808", "interval": "DAY"}, "limit"},
		"half a request":           {"CreateRateLimit", object{"subjectId": a.keyID(), "type": "REQUESTS", "limit": 1.5, "interval": "DAY"}, "limit"},
		"no recipients":            {"AddRecipients", object{"subjectId": a.keyID(), "emails": []any{}}, "emails"},
		"long transition":          {"RotateApiKey", object{"id": a.keyID(), "transitionSeconds": 604801}, "transitionSeconds"},
		"negative transition":      {"RotateApiKey", object{"id": a.keyID(), "transitionSeconds": -1}, "transitionSeconds"},
		"expired token":            {"CreateAccessToken", object{"organizationId": a.organizationID(), "name": "x", "role": "VIEWER", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"},
		"malformed e-mail":         {"AddMember", object{"organizationId": a.organizationID(), "email": "a@b@c", "role": "ADMIN"}, "email"},
		"malformed slug":           {"CreateWorkspace", object{"organizationId": a.organizationID(), "name": "x", "slug": "Ä"}, "slug"},
		"NUL in slug":              {"CreateWorkspace", object{"organizationId": a.organizationID(), "name": "x", "slug": "\x00"}, "slug"},
	} {
		t.Run(name, func(t *testing.T) {
			local := *a
			local.t = t
			local.refused(a.admin, test.operation, object{"input": test.input}, "BAD_USER_INPUT", test.field)
		})
	}
	if fingerprintOf(t, a) != before {
		t.Fatal("something was changed")
	}
}

// Gateways' bad input is refused in the same way, and holds and books nothing.
func TestBadEnforcementInput(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.run(a.gateway, "ReserveUsage", object{"input": object{"key": a.keyID()}}) // so that the key's last use is noted
	before := fingerprintOf(t, a)
	for _, test := range []struct {
		operation, field string
		input            object
	}{
		{"ReserveUsage", "estimate.tokens", object{"key": a.keyID(), "estimate": object{"tokens": -1}}},
		{"ReserveUsage", "estimate.tokens", object{"key": a.keyID(), "estimate": object{"tokens": int64(2e15)}}},
		{"ReserveUsage", "estimate.cost", object{"key": a.keyID(), "estimate": object{"cost": "-0.5"}}},
		{"ReserveUsage", "estimate.cost", object{"key": a.keyID(), "estimate": object{"cost": "9000000001"}}},
		{"ReserveUsage", "estimate.requests", object{"key": a.keyID(), "estimate": object{"requests": -1}}},
		{"ReserveUsage", "ttlSeconds", object{"key": a.keyID(), "ttlSeconds": 0}},
		{"ReserveUsage", "ttlSeconds", object{"key": a.keyID(), "ttlSeconds": 86401}},
		{"ReserveUsage", "requestId", object{"key": a.keyID(), "requestId": ""}},
		{"ReserveUsage", "requestId", object{"key": a.keyID(), "requestId": strings.Repeat("x", 256)}},
		{"ReserveUsage", "requestId", object{"key": a.keyID(), "requestId": "a\x00"}},
		{"RecordUsage", "reservationId", object{}},
		{"RecordUsage", "reservationId", object{"key": a.keyID(), "reservationId": "res_1"}},
		{"RecordUsage", "reservationId", object{"reservationId": a.keyID()}},
		{"RecordUsage", "inputTokens", object{"key": a.keyID(), "inputTokens": -1}},
		{"RecordUsage", "requests", object{"key": a.keyID(), "requests": -1}},
		{"RecordUsage", "cachedInputTokens", object{"key": a.keyID(), "inputTokens": 5, "cachedInputTokens": 6}},
		{"RecordUsage", "cacheWriteTokens", object{"key": a.keyID(), "inputTokens": 5, "cachedInputTokens": 3, "cacheWriteTokens": 3}},
		{"RecordUsage", "cacheWriteTokens", object{"key": a.keyID(), "inputTokens": 5, "cacheWriteTokens": -1}},
		{"RecordUsage", "cost", object{"key": a.keyID(), "cost": "0.0000000001"}},
		{"RecordUsage", "model", object{"key": a.keyID(), "model": strings.Repeat("m", 201)}},
		{"RecordUsage", "occurredAt", object{"key": a.keyID(), "occurredAt": "yesterday"}},
		{"ExtendReservation", "ttlSeconds", object{"reservationId": "res_" + strings.Repeat("0", 32), "ttlSeconds": -1}},
		{"ReleaseReservation", "reservationId", object{"reservationId": "res_zz"}},
	} {
		a.refused(a.gateway, test.operation, object{"input": test.input}, "BAD_USER_INPUT", test.field)
	}
	if fingerprintOf(t, a) != before {
		t.Fatal("something was changed")
	}
}

// Names may be anything that people write.
func TestUnicodeNames(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, name := range []string{"🚀 emoji 👩‍👩‍👧", "日本語", "O'Brien; drop table api_keys --", strings.Repeat("é", 200)} {
		a.run(a.admin, "CreateApiKey", object{"input": object{"ownerId": a.organizationID(), "name": name}}).equal(name, "createApiKey", "apiKey", "name")
		a.run(a.admin, "CreateWorkspace", object{"input": object{"organizationId": a.organizationID(), "name": name}}).
			equal(name, "createWorkspace", "workspace", "name")
	}
}

// Requests that are no GraphQL get an error in GraphQL's form: a mutation over GET, a body that is no JSON or too large.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.send(http.MethodGet, "?query=mutation{revokeApiKey(input:{id:%22"+a.keyID()+"%22}){apiKey{id}}}", a.admin, nil).must("BAD_USER_INPUT", "")
	a.run(a.admin, "ApiKey", object{"id": a.keyID()}).equal("ACTIVE", "apiKey", "status")
	a.send(http.MethodGet, "?query={viewer{role}}", a.admin, nil).equal("ADMIN", "viewer", "role")
	a.send(http.MethodPut, "", a.admin, []byte(`{"query": "{viewer{role}}"}`)).must("BAD_USER_INPUT", "")
	for _, header := range []http.Header{{"Content-Type": {"text/plain"}}, {"Upgrade": {"websocket"}}} {
		a.sendWith(http.MethodPost, "", a.admin, []byte(`{"query": "{viewer{role}}"}`), header).must("BAD_USER_INPUT", "")
	}
	for _, body := range []string{"", "{", "query", `[]`, `"x"`, `{"query": 1}`, `{"query": "{"}`, `{"query": "{nothing}"}`, `{}`,
		`{"query": "query A {viewer{role}} query B {viewer{role}}"}`, strings.Repeat("x", 3<<20)} {
		if result := a.send(http.MethodPost, "", a.admin, []byte(body)); len(result.Errors) == 0 || result.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
			t.Errorf("%.40q: %+v", body, result.Errors)
		}
	}
}

// Documents that ask for too much are QUERY_TOO_COMPLEX: too large a page, too many rows, too many levels.
func TestTooComplex(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.refused(a.admin, "ApiKeys", object{"first": 101}, "QUERY_TOO_COMPLEX", "first")
	a.refused(a.admin, "ApiKeys", object{"first": 0}, "BAD_USER_INPUT", "first")
	a.refused(a.admin, "ApiKeys", object{"after": "?"}, "BAD_USER_INPUT", "after")
	a.run(a.admin, "ApiKeys", object{"first": 100})
	wide := "{"
	for i := range 40 {
		wide += fmt.Sprintf(" a%d:apiKeys(first:100){edges{node{budgetLimits{id used reserved amount}}}}", i)
	}
	a.post(a.admin, object{"query": wide + "}"}).must("QUERY_TOO_COMPLEX", "")
	nested := "organization{workspaces(first:1){edges{node{"
	document := "{viewer{" + strings.Repeat(nested, 5) + "id" + strings.Repeat("}}}}", 5) + "}}"
	a.post(a.admin, object{"query": document}).must("QUERY_TOO_COMPLEX", "")
}
