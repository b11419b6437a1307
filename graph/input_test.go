package graph_test

import (
	"fmt"
	"maps"
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
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": 100, "alertThresholds": []any{80}}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	key := func(extra object) object {
		input := object{"ownerId": a.WorkspaceID(), "name": "key"}
		maps.Copy(input, extra)
		return input
	}
	amount := func(value any) object { return object{"subjectId": a.WorkspaceID(), "type": "COST", "amount": value} }
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
		"owner of another type":    {"CreateApiKey", key(object{"ownerId": a.OwnerID()}), "ownerId"},
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
		"half a token":             {"CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": "1.5"}, "amount"},
		"threshold at the amount":  {"CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 10, "alertThresholds": []any{10}}, "alertThresholds"},
		"threshold of 0":           {"CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 10, "alertThresholds": []any{0}}, "alertThresholds"},
		"threshold twice":          {"CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 10, "alertThresholds": []any{5, "5.0"}}, "alertThresholds.1"},
		"unknown enum":             {"CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "GOLD", "amount": 10}, "type"},
		"unknown field":            {"CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "COST", "amount": 10, "colour": 1}, "colour"},
		"missing field":            {"CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "COST"}, "amount"},
		"amount below threshold":   {"UpdateBudgetLimit", object{"id": budget, "amount": 70}, "alertThresholds"},
		"type without amount":      {"UpdateBudgetLimit", object{"id": budget, "type": "TOKENS", "alertThresholds": []any{}}, "amount"},
		"type without thresholds":  {"UpdateBudgetLimit", object{"id": budget, "type": "TOKENS", "amount": 500}, "alertThresholds"},
		"rate beyond 64 bits":      {"CreateRateLimit", object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": "9223372036854775808", "interval": "DAY"}, "limit"},
		"half a request":           {"CreateRateLimit", object{"subjectId": a.KeyID(), "type": "REQUESTS", "limit": 1.5, "interval": "DAY"}, "limit"},
		"no recipients":            {"AddRecipients", object{"subjectId": a.KeyID(), "emails": []any{}}, "emails"},
		"long transition":          {"RotateApiKey", object{"id": a.KeyID(), "transitionSeconds": 604801}, "transitionSeconds"},
		"negative transition":      {"RotateApiKey", object{"id": a.KeyID(), "transitionSeconds": -1}, "transitionSeconds"},
		"expired token":            {"CreateAccessToken", object{"organizationId": a.OrganizationID(), "name": "x", "role": "VIEWER", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"},
		"malformed e-mail":         {"AddMember", object{"organizationId": a.OrganizationID(), "email": "a@b@c", "role": "ADMIN"}, "email"},
		"malformed slug":           {"CreateWorkspace", object{"organizationId": a.OrganizationID(), "name": "x", "slug": "Ä"}, "slug"},
		"NUL in slug":              {"CreateWorkspace", object{"organizationId": a.OrganizationID(), "name": "x", "slug": "\x00"}, "slug"},
	} {
		t.Run(name, func(t *testing.T) {
			local := *a
			local.T = t
			local.Refused(a.Admin, test.operation, object{"input": test.input}, "BAD_USER_INPUT", test.field)
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
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}}) // so that the key's last use is noted
	before := fingerprintOf(t, a)
	for _, test := range []struct {
		operation, field string
		input            object
	}{
		{"ReserveUsage", "estimate.tokens", object{"key": a.KeyID(), "estimate": object{"tokens": -1}}},
		{"ReserveUsage", "estimate.tokens", object{"key": a.KeyID(), "estimate": object{"tokens": int64(2e15)}}},
		{"ReserveUsage", "estimate.cost", object{"key": a.KeyID(), "estimate": object{"cost": "-0.5"}}},
		{"ReserveUsage", "estimate.cost", object{"key": a.KeyID(), "estimate": object{"cost": "9000000001"}}},
		{"ReserveUsage", "estimate.requests", object{"key": a.KeyID(), "estimate": object{"requests": -1}}},
		{"ReserveUsage", "ttlSeconds", object{"key": a.KeyID(), "ttlSeconds": 0}},
		{"ReserveUsage", "ttlSeconds", object{"key": a.KeyID(), "ttlSeconds": 86401}},
		{"ReserveUsage", "requestId", object{"key": a.KeyID(), "requestId": ""}},
		{"ReserveUsage", "requestId", object{"key": a.KeyID(), "requestId": strings.Repeat("x", 256)}},
		{"ReserveUsage", "requestId", object{"key": a.KeyID(), "requestId": "a\x00"}},
		{"RecordUsage", "reservationId", object{}},
		{"RecordUsage", "reservationId", object{"key": a.KeyID(), "reservationId": "res_1"}},
		{"RecordUsage", "reservationId", object{"reservationId": a.KeyID()}},
		{"RecordUsage", "inputTokens", object{"key": a.KeyID(), "inputTokens": -1}},
		{"RecordUsage", "requests", object{"key": a.KeyID(), "requests": -1}},
		{"RecordUsage", "cachedInputTokens", object{"key": a.KeyID(), "inputTokens": 5, "cachedInputTokens": 6}},
		{"RecordUsage", "cacheWriteTokens", object{"key": a.KeyID(), "inputTokens": 5, "cachedInputTokens": 3, "cacheWriteTokens": 3}},
		{"RecordUsage", "cacheWriteTokens", object{"key": a.KeyID(), "inputTokens": 5, "cacheWriteTokens": -1}},
		{"RecordUsage", "cacheWrite1hTokens", object{"key": a.KeyID(), "inputTokens": 5, "cacheWriteTokens": 3, "cacheWrite1hTokens": 4}},
		{"RecordUsage", "cacheWrite1hTokens", object{"key": a.KeyID(), "cacheWrite1hTokens": -1}},
		{"RecordUsage", "audioInputTokens", object{"key": a.KeyID(), "inputTokens": 5, "audioInputTokens": 6}},
		{"RecordUsage", "audioInputTokens", object{"key": a.KeyID(), "inputTokens": 5, "cachedInputTokens": 2, "cacheWriteTokens": 2, "audioInputTokens": 6}},
		{"RecordUsage", "reasoningTokens", object{"key": a.KeyID(), "outputTokens": 5, "reasoningTokens": 6}},
		{"RecordUsage", "audioOutputTokens", object{"key": a.KeyID(), "outputTokens": 5, "audioOutputTokens": 6}},
		{"RecordUsage", "audioOutputTokens", object{"key": a.KeyID(), "outputTokens": 5, "reasoningTokens": 3, "audioOutputTokens": 6}},
		{"RecordUsage", "images", object{"key": a.KeyID(), "images": -1}},
		{"RecordUsage", "webSearches", object{"key": a.KeyID(), "webSearches": int64(2e15)}},
		{"RecordUsage", "cost", object{"key": a.KeyID(), "cost": "0.0000000001"}},
		{"RecordUsage", "model", object{"key": a.KeyID(), "model": strings.Repeat("m", 201)}},
		{"RecordUsage", "occurredAt", object{"key": a.KeyID(), "occurredAt": "yesterday"}},
		{"ExtendReservation", "ttlSeconds", object{"reservationId": "res_" + strings.Repeat("0", 32), "ttlSeconds": -1}},
		{"ReleaseReservation", "reservationId", object{"reservationId": "res_zz"}},
		{"LeaseUsage", "requests", object{"key": a.KeyID(), "requests": 0}},
		{"LeaseUsage", "requests", object{"key": a.KeyID(), "requests": int64(2e9)}},
		{"LeaseUsage", "tokens", object{"key": a.KeyID(), "tokens": -1}},
		{"LeaseUsage", "cost", object{"key": a.KeyID(), "cost": "0.0000000001"}},
		{"LeaseUsage", "ttlSeconds", object{"key": a.KeyID(), "ttlSeconds": 61}},
		{"LeaseUsage", "requestId", object{"key": a.KeyID(), "requestId": ""}},
		{"ReturnLease", "leaseId", object{"leaseId": "res_" + strings.Repeat("0", 32)}},
		{"ReturnLease", "ttlSeconds", object{"leaseId": "lea_" + strings.Repeat("0", 32), "ttlSeconds": 0}},
		{"ReturnLease", "keep.requests", object{"leaseId": "lea_" + strings.Repeat("0", 32), "keep": object{"requests": -1}}},
		{"ReturnLease", "keep.cost", object{"leaseId": "lea_" + strings.Repeat("0", 32), "keep": object{"cost": "-1"}}},
		{"RecordUsage", "leaseId", object{"leaseId": "res_" + strings.Repeat("0", 32)}},
		{"RecordUsage", "leaseId", object{"leaseId": "lea_" + strings.Repeat("0", 32), "reservationId": "res_" + strings.Repeat("0", 32)}},
		{"RecordUsage", "reservationId", object{"leaseId": "lea_" + strings.Repeat("0", 32), "key": a.KeyID()}},
	} {
		a.Refused(a.Gateway, test.operation, object{"input": test.input}, "BAD_USER_INPUT", test.field)
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
		a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.OrganizationID(), "name": name}}).Equal(name, "createApiKey", "apiKey", "name")
		a.Run(a.Admin, "CreateWorkspace", object{"input": object{"organizationId": a.OrganizationID(), "name": name}}).
			Equal(name, "createWorkspace", "workspace", "name")
	}
}
