package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bursar/graph/graphtest"
)

// fieldsOfErrors returns the fields that an answer's errors are about, in their order. Each error has a reason: a sentence without the
// field's name, for a form.
func fieldsOfErrors(t *testing.T, answer *graphtest.Answer) []string {
	t.Helper()
	var fields []string
	for _, err := range answer.Errors {
		e := err.Extensions
		fields = append(fields, e.Field)
		if e.Code != "BAD_USER_INPUT" && e.Code != "NOT_FOUND" && e.Code != "QUERY_TOO_COMPLEX" || !strings.HasPrefix(err.Message, e.Field+": ") ||
			!strings.HasSuffix(e.Reason, ".") || strings.ToUpper(e.Reason[:1]) != e.Reason[:1] || strings.HasPrefix(e.Reason, e.Field) {
			t.Errorf("%+v", err)
		}
	}
	return fields
}

// All that is wrong with an input is answered at once: an error of its own for each field, in an order that stays, with the path of the
// operation; nothing is changed.
func TestEveryWrongFieldAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": 100, "alertThresholds": []any{80}}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	before := fingerprintOf(t, a)
	for _, test := range []struct {
		token, operation string
		variables        object
		fields           []string
	}{
		{a.Admin, "CreateApiKey", object{"input": object{
			"ownerId": "ws_1", "name": "", "description": strings.Repeat("x", 2001), "createdById": "x", "recipients": []any{"a@acme.test", "no", "none"},
			"expiresAt":    "2020-01-01T00:00:00Z",
			"budgetLimits": []any{object{"type": "COST", "amount": 0.5}, object{"type": "TOKENS", "amount": 5, "alertThresholds": []any{9}}, object{"type": "TOKENS", "amount": "1.5", "alertThresholds": []any{"0.5", 1}}},
			"rateLimits":   []any{object{"type": "TOKENS", "limit": 0, "interval": "DAY"}},
		}}, []string{"ownerId", "createdById", "name", "description", "recipients.1", "recipients.2", "budgetLimits.0.amount", "budgetLimits.1.alertThresholds",
			"budgetLimits.2.amount", "budgetLimits.2.alertThresholds.0", "rateLimits.0.limit", "expiresAt"}},
		{a.Admin, "CreateApiKey", object{"input": object{ // of another kind
			"ownerId": true, "name": 123, "description": 5, "expiresAt": "tomorrow", "recipients": []any{1, "a@acme.test", nil}, "colour": "red",
			"budgetLimits": []any{object{"type": "cost", "amount": "x", "periodicReset": "weekly"}}, "rateLimits": []any{object{"limit": "2", "interval": "day"}},
		}}, []string{"colour", "ownerId", "name", "description", "expiresAt", "recipients.0", "recipients.2", "budgetLimits.0.type", "budgetLimits.0.amount",
			"budgetLimits.0.periodicReset", "rateLimits.0.type", "rateLimits.0.limit", "rateLimits.0.interval"}},
		{a.Admin, "CreateApiKey", object{"input": object{ // of another kind and out of range
			"ownerId": a.WorkspaceID(), "name": "", "description": 5, "expiresAt": "tomorrow", "recipients": []any{1, "no"},
			"budgetLimits": []any{object{"type": "cost", "amount": 0, "alertThresholds": []any{-1}}, object{"type": "COST", "amount": "x", "alertThresholds": []any{"0.0000000001"}}, 5},
			"rateLimits":   []any{object{"type": "TOKENS", "limit": 0, "interval": "day"}},
		}}, []string{"description", "expiresAt", "recipients.0", "budgetLimits.0.type", "budgetLimits.1.amount", "budgetLimits.2", "rateLimits.0.interval",
			"name", "recipients.1", "budgetLimits.1.alertThresholds.0", "rateLimits.0.limit"}},
		{a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": "5", "cachedInputTokens": 3, "outputTokens": -1, "model": strings.Repeat("x", 201), "cost": true}},
			[]string{"inputTokens", "cost", "outputTokens", "model"}},
		{a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "name": " ", "description": "a\x00"}}, []string{"name", "description"}},
		{a.Admin, "RotateApiKey", object{"input": object{"id": "key_1", "transitionSeconds": -1}}, []string{"id", "transitionSeconds"}},
		{a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": "x", "type": "COST", "amount": "1.0000000001", "alertThresholds": []any{-1, 2, "2.0"}}},
			[]string{"subjectId", "amount", "alertThresholds.0", "alertThresholds.2"}},
		{a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "type": "TOKENS"}}, []string{"amount", "alertThresholds"}},
		{a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": -1, "alertThresholds": []any{"x"}}}, []string{"alertThresholds.0"}}, // whose unit the budget says
		{a.Admin, "UpdateBudgetLimit", object{"input": object{"id": budget, "amount": -1, "alertThresholds": []any{-1}}}, []string{"amount", "alertThresholds.0"}},
		{a.Admin, "ResetBudgetLimit", object{"input": object{"id": "bud_1", "reason": strings.Repeat("x", 501)}}, []string{"id", "reason"}},
		{a.Admin, "CreateRateLimit", object{"input": object{"subjectId": "x", "type": "TOKENS", "limit": 0, "interval": "DAY"}}, []string{"subjectId", "limit"}},
		{a.Admin, "UpdateRateLimit", object{"input": object{"id": "x", "limit": 0}}, []string{"id", "limit"}},
		{a.Admin, "CreateWorkspace", object{"input": object{"organizationId": "x", "name": "", "slug": "Ä"}}, []string{"organizationId", "name", "slug"}},
		{graphtest.RootToken, "CreateOrganization", object{"input": object{"name": "", "slug": "-"}}, []string{"name", "slug"}},
		{a.Admin, "CreateAccessToken", object{"input": object{"organizationId": "x", "name": "", "role": "VIEWER", "memberId": "y", "expiresAt": "2020-01-01T00:00:00Z"}},
			[]string{"organizationId", "memberId", "name", "expiresAt"}},
		{a.Admin, "AddMember", object{"input": object{"organizationId": "x", "email": "a@b@c", "name": "", "role": "ADMIN"}}, []string{"organizationId", "email", "name"}},
		{a.Admin, "UpdateMember", object{"input": object{"id": "x", "name": ""}}, []string{"id", "name"}},
		{a.Admin, "AddRecipients", object{"input": object{"subjectId": "x", "emails": []any{"1", "2"}}}, []string{"subjectId", "emails.0", "emails.1"}},
		{a.Admin, "RemoveRecipients", object{"input": object{"subjectId": "x", "emails": []any{}}}, []string{"subjectId", "emails"}},
		{a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "requestId": "", "ttlSeconds": 0, "estimate": object{"requests": -1, "tokens": -1, "cost": -1}}},
			[]string{"estimate.requests", "estimate.tokens", "estimate.cost", "ttlSeconds", "requestId"}},
		{a.Gateway, "RecordUsage", object{"input": object{"inputTokens": -1, "outputTokens": -1, "cachedInputTokens": -1, "cacheWriteTokens": -1, "cacheWrite1hTokens": -1,
			"reasoningTokens": -1, "audioInputTokens": -1, "audioOutputTokens": -1, "images": -1, "webSearches": -1, "requests": -1, "cost": "-1",
			"requestId": "", "provider": strings.Repeat("x", 201), "model": "\x00"}},
			[]string{"reservationId", "requests", "inputTokens", "outputTokens", "cachedInputTokens", "cacheWriteTokens", "cacheWrite1hTokens", "reasoningTokens",
				"audioInputTokens", "audioOutputTokens", "images", "webSearches", "cost", "requestId", "provider", "model"}},
		{a.Gateway, "ExtendReservation", object{"input": object{"reservationId": "x", "ttlSeconds": 0}}, []string{"reservationId", "ttlSeconds"}},
		{a.Gateway, "LeaseUsage", object{"input": object{"key": a.KeyID(), "requests": 0, "tokens": -1, "cost": "-1", "ttlSeconds": 0, "requestId": ""}},
			[]string{"requests", "tokens", "cost", "ttlSeconds", "requestId"}},
		{a.Admin, "ApiKeys", object{"first": 101, "after": "?", "filter": object{"search": "\x00", "ownerId": "x"}}, []string{"first", "after", "filter.search", "filter.ownerId"}},
		{a.Admin, "Usage", object{"interval": "HOUR", "filter": object{"subjectId": "x", "from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z", "models": []any{"\x00", "a", "\x00"}}},
			[]string{"filter.subjectId", "filter.to", "filter.models.0", "filter.models.2"}},
	} {
		for range 3 { // the order stays
			answer := a.Do(test.token, test.operation, test.variables)
			if fields := fieldsOfErrors(t, answer); !slices.Equal(fields, test.fields) {
				t.Errorf("%s: errors about %v, want %v", test.operation, fields, test.fields)
			}
		}
	}
	if fingerprintOf(t, a) != before {
		t.Error("something was changed")
	}
}

// What a MEMBER may not do, and what is another organization's, is answered as before, without a word about the rest of the input.
func TestForbiddenIsAnsweredAlone(t *testing.T) {
	t.Parallel()
	r := newRoleTokens(t)
	r.Do(r.tokens["MEMBER"], "CreateBudgetLimit", object{"input": object{"subjectId": r.OrganizationID(), "type": "COST", "amount": 0}}).Must("FORBIDDEN", "")
	r.Do(r.tokens["MEMBER"], "CreateApiKey", object{"input": object{"ownerId": r.OrganizationID(), "name": "", "emailNotifications": false}}).Must("FORBIDDEN", "")
	r.Do(r.Viewer, "CreateApiKey", object{"input": object{"ownerId": r.OrganizationID(), "name": ""}}).Must("FORBIDDEN", "")
}

// An answer has at most 100 errors, however many values are wrong.
func TestErrorsAreBounded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	wrong := make([]any, 1_000)
	for i := range wrong {
		wrong[i] = i
	}
	answer := a.Do(a.Admin, "AddRecipients", object{"input": object{"subjectId": a.KeyID(), "emails": wrong}})
	if len(answer.Errors) != 100 || answer.Errors[99].Extensions.Field != fmt.Sprintf("emails.%d", 99) {
		t.Errorf("%d errors", len(answer.Errors))
	}
}
