package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bursar/graph"
	"bursar/graph/graphtest"

	"github.com/vektah/gqlparser/v2/ast"
)

// seeds are variables of the contract's operations.
var seeds = map[string]string{
	"CreateOrganization": `{"input": {"name": "Acme", "slug": "acme", "plan": "ENTERPRISE"}}`,
	"UpdateOrganization": `{"input": {"id": "ORGANIZATION_ID", "plan": "PRO", "governanceEnabled": true}}`,
	"CreateWorkspace":    `{"input": {"organizationId": "ORGANIZATION_ID", "name": "Data"}}`,
	"AddMember":          `{"input": {"organizationId": "ORGANIZATION_ID", "email": "a@b.test", "role": "OWNER"}}`,
	"UpdateMember":       `{"input": {"id": "MEMBER_ID", "name": "Ada", "role": "ADMIN"}}`,
	"RemoveMember":       `{"input": {"id": "MEMBER_ID"}}`,
	"CreateAccessToken":  `{"input": {"organizationId": "ORGANIZATION_ID", "name": "x", "role": "ADMIN", "memberId": "MEMBER_ID", "acceptsKeyIds": false, "expiresAt": "2099-01-01T00:00:00Z"}}`,
	"RevokeAccessToken":  `{"input": {"id": "TOKEN_ID"}}`,
	"CreateApiKey": `{"input": {"ownerId": "WORKSPACE_ID", "name": "k", "description": "d", "createdById": "MEMBER_ID", "expiresAt": "2099-01-01T00:00:00Z",
		"metadata": {"a": "b"}, "emailNotifications": false, "recipients": ["f@acme.test"],
		"budgetLimits": [{"type": "COST", "amount": "10.5", "alertThresholds": ["5"], "periodicReset": "MONTHLY"}],
		"rateLimits": [{"type": "TOKENS", "limit": 9, "interval": "DAY"}]}}`,
	"UpdateApiKey":      `{"input": {"id": "KEY_ID", "name": "n", "description": null, "expiresAt": null, "metadata": {}, "enabled": true}}`,
	"RotateApiKey":      `{"input": {"id": "KEY_ID", "transitionSeconds": 0}}`,
	"RevokeApiKey":      `{"input": {"id": "KEY_ID"}}`,
	"ApiKey":            `{"id": "KEY_ID"}`,
	"ApiKeys":           `{"filter": {"ownerId": "WORKSPACE_ID", "status": "EXHAUSTED", "search": "k"}, "first": 3, "after": "AZ3kEAAAcACAAAAAAAAAAQ"}`,
	"CreateBudgetLimit": `{"input": {"subjectId": "WORKSPACE_ID", "type": "COST", "amount": 1e2, "alertThresholds": ["80.000000001"]}}`,
	"UpdateBudgetLimit": `{"input": {"id": "BUDGET_ID", "type": "COST", "amount": "12.25", "alertThresholds": [], "periodicReset": "NONE"}}`,
	"DeleteBudgetLimit": `{"input": {"id": "BUDGET_ID"}}`,
	"ResetBudgetLimit":  `{"input": {"id": "BUDGET_ID", "reason": "r"}}`,
	"CreateRateLimit":   `{"input": {"subjectId": "ORGANIZATION_ID", "type": "TOKENS", "limit": 9223372036854775807, "interval": "MINUTE"}}`,
	"UpdateRateLimit":   `{"input": {"id": "RATE_ID", "limit": 1}}`,
	"DeleteRateLimit":   `{"input": {"id": "RATE_ID"}}`,
	"AddRecipients":     `{"input": {"subjectId": "KEY_ID", "emails": ["a@acme.test", "A@acme.test"]}}`,
	"RemoveRecipients":  `{"input": {"subjectId": "KEY_ID", "emails": ["a@acme.test"]}}`,
	"Limits":            `{"subjectId": "WORKSPACE_ID"}`,
	"BudgetHistory":     `{"id": "BUDGET_ID", "first": 2, "after": "Mw"}`,
	"CheckUsage":        `{"input": {"secret": "SECRET", "estimate": {"requests": 1, "tokens": 10, "cost": 0.5}}}`,
	"ReserveUsage":      `{"input": {"key": "KEY_ID", "requestId": "r-1", "estimate": {"tokens": 10, "cost": "0.5"}, "ttlSeconds": 60}}`,
	"RecordUsage": `{"input": {"reservationId": "RESERVATION_ID", "requestId": "r-1", "requests": 0, "inputTokens": 7, "outputTokens": 1, "cachedInputTokens": 5,
		"cost": "0.123456789", "provider": "openai", "model": "gpt", "occurredAt": "2026-01-02T03:04:05Z", "metadata": {"trace": "x"}}}`,
	"ReleaseReservation": `{"input": {"reservationId": "RESERVATION_ID"}}`,
	"ExtendReservation":  `{"input": {"reservationId": "RESERVATION_ID", "ttlSeconds": 86400}}`,
	"LeaseUsage":         `{"input": {"key": "KEY_ID", "requestId": "l", "requests": 1, "tokens": 5, "cost": "0.1", "ttlSeconds": 60}}`,
	"ReturnLease":        `{"input": {"leaseId": "lea_00000000000000000000000000000000", "keep": {"requests": 1, "tokens": 5, "cost": "0.1"}, "ttlSeconds": 60}}`,
	"Usage": `{"interval": "MONTH", "groupBy": ["API_KEY", "MODEL"], "filter": {"subjectId": "ORGANIZATION_ID", "from": "2026-01-01T00:00:00Z",
		"to": "2030-01-01T00:00:00Z", "models": ["gpt"], "providers": [""]}}`,
	"Alerts":          `{"filter": {"subjectId": "KEY_ID", "kind": "THRESHOLD"}, "first": 1, "after": "AZ3kEAAAcACAAAAAAAAAAQ"}`,
	"AuditLog":        `{"filter": {"targetId": "KEY_ID", "action": "createApiKey", "from": "1970-01-01T00:00:00Z", "to": "9999-12-31T23:59:59Z"}, "first": 1}`,
	"Viewer":          `{}`,
	"UpdateWorkspace": `{"input": {"id": "WORKSPACE_ID", "expectedVersion": 2147483648, "name": "n", "slug": "n"}}`,
	"SaveApiKey": `{"input": {"id": "KEY_ID", "expectedVersion": 1, "name": "n", "recipients": ["a@acme.test"], "budgetLimits": [{"id": "BUDGET_ID", "amount": "7"},
		{"type": "TOKENS", "amount": 5, "periodicReset": "WEEKLY"}], "rateLimits": [{"id": "RATE_ID", "interval": "HOUR"}]}}`,
	"SetLimits":   `{"input": {"subjectId": "WORKSPACE_ID", "budgetLimits": [], "rateLimits": [{"type": "TOKENS", "limit": 1, "interval": "DAY"}], "recipients": []}}`,
	"ApiKeysPage": `{"filter": {"statuses": ["ACTIVE", "EXHAUSTED"], "search": "k"}, "orderBy": {"field": "NAME", "direction": "DESC"}, "first": 1, "last": null}`,
	"Nodes":       `{"ids": ["KEY_ID", "BUDGET_ID", "ORGANIZATION_ID"]}`,
	"TopSpenders": `{"interval": "DAY", "top": 1, "groupBy": ["MODEL"], "filter": {"subjectId": "ORGANIZATION_ID", "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}}`,
	"Memberships": `{}`,
	"Prices":      `{"filter": {"provider": "openai", "model": "gpt-4.1*", "at": "2026-01-01T00:00:00Z"}, "first": 1}`,
	"PriceOf":     `{"input": {"model": "gpt-4.1", "serviceTier": "BATCH", "usage": {"inputTokens": 5, "cachedInputTokens": 2, "outputTokens": 1}}}`,
	"SetPrice": `{"input": {"organizationId": "ORGANIZATION_ID", "provider": "openai", "model": "gpt-4.1*",
		"rates": [{"unit": "INPUT_TOKENS", "perMillion": "2.50", "aboveInputTokens": 200000, "serviceTier": "FLEX"}]}}`,
	"SetPriceMultiplier": `{"input": {"organizationId": "ORGANIZATION_ID", "provider": "openai", "multiplier": "0.85"}}`,
	"RepriceUsage":       `{"input": {"organizationId": "ORGANIZATION_ID", "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}}`,
	"Jobs":               `{}`,
	"ReportOutage": `{"input": {"requestId": "o", "beganAt": "2026-01-01T00:00:00Z", "endedAt": "2026-01-01T00:01:00Z", "calls": 2, "cost": "0.5",
		"keys": [{"apiKeyId": "KEY_ID", "calls": 2, "cost": "0.5"}]}}`,
	"SimulateLimits":   `{"input": {"subjectId": "ORGANIZATION_ID", "limits": {"rateLimits": [{"type": "REQUESTS", "limit": 1, "interval": "DAY"}]}, "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}}`,
	"CancelSimulation": `{"input": {"id": "sim_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b"}}`,
	"Simulations":      `{"filter": {"subjectId": "ORGANIZATION_ID"}, "first": 1}`,
	"CreatePolicy": `{"input": {"ownerId": "WORKSPACE_ID", "name": "p", "mode": "SHADOW", "conditions": [{"attribute": "model", "in": ["gpt*"], "notIn": []}],
		"groupBy": ["metadata.user", "model"], "maxGroups": 5, "budgetLimits": [{"type": "COST", "amount": 1}], "rateLimits": []}}`,
	"UpdatePolicy":  `{"input": {"id": "pol_00000000000000000000000000000000", "conditions": [], "budgetLimits": [{"id": "BUDGET_ID"}]}}`,
	"DeletePolicy":  `{"input": {"id": "pol_00000000000000000000000000000000"}}`,
	"Policy":        `{"id": "pol_00000000000000000000000000000000", "first": 1, "after": "x"}`,
	"ReserveUsages": `{"input": {"requests": [{"key": "KEY_ID", "requestId": "r-1", "estimate": {"tokens": 10, "cost": "0.5"}}, {"secret": "SECRET", "ttlSeconds": 0}]}}`,
	"RecordUsages": `{"input": {"events": [{"reservationId": "RESERVATION_ID", "inputTokens": 7, "cost": 0.5, "metadata": {"trace": "x"}}, {"key": "KEY_ID",
		"requestId": "r-1", "occurredAt": "2026-01-02T03:04:05Z", "serviceTier": "BATCH"}, {}]}}`,
	"RaiseBudget":   `{"input": {"id": "BUDGET_ID", "by": "50.00", "until": "2040-01-01T00:00:00Z", "reason": "r"}}`,
	"RequestRaise":  `{"input": {"id": "BUDGET_ID", "by": 5}}`,
	"GrantRaise":    `{"input": {"id": "rrq_00000000000000000000000000000000", "reason": "r"}}`,
	"DeclineRaise":  `{"input": {"id": "rrq_00000000000000000000000000000000"}}`,
	"RaiseRequests": `{"organizationId": "ORGANIZATION_ID", "status": "OPEN", "first": 1}`,
}

// Whatever a document and its variables are, the answer is one of the contract's: never INTERNAL, never a panic, nothing
// granted beside an error, no secret told.
func FuzzDocument(f *testing.F) {
	z := newFuzzed(f)
	_, parsed := graphtest.Contract(f)
	for i, operation := range parsed.Operations {
		f.Add(byte(i), graphtest.Document(f, operation.Name), seeds[operation.Name])
	}
	for _, text := range []string{"", "{", "{viewer{role}}", "query A{viewer{role}} query B{viewer{role}}", "{__schema{types{name fields{name}}}}",
		`{node(id:"KEY_ID"){...on ApiKey{id ...f}}} fragment f on ApiKey{name @skip(if:true) owner{__typename}}`,
		`query($a:Int=5){apiKeys(first:$a){edges{node{metadata}}}}`, `{node(id:"ENTRY_ID"){...on AuditEntry{before after}}}`,
		`mutation{a:resetBudgetLimit(input:{id:"BUDGET_ID"}){budgetLimit{used}} b:deleteBudgetLimit(input:{id:"BUDGET_ID"}){deletedId}}`,
		"{apiKeys(first:2147483648){totalCount}}", "subscription{viewer{role}}", "{viewer{role}}\x00", "{\u202eviewer{role}}", `{node(id:"""KEY_ID"""){id}}`} {
		f.Add(byte(0), text, "{}")
	}
	f.Fuzz(z.ask)
}

// Whatever the variables of one of the contract's operations are, the answer is one of the contract's.
func FuzzVariables(f *testing.F) {
	z := newFuzzed(f)
	_, parsed := graphtest.Contract(f)
	for i, operation := range parsed.Operations {
		if seeds[operation.Name] == "" {
			f.Errorf("the operation %s has no seed", operation.Name)
		}
		f.Add(byte(i), byte(i), seeds[operation.Name])
	}
	for i, operation := range parsed.Operations {
		for _, key := range []string{`"secret": "KEY_ID"`, `"secret": "", "key": "KEY_ID"`, `"secret": "SECRET", "key": "SECRET"`, `"secret": null`, `"secret": ["SECRET"]`} {
			if slices.Contains([]string{"CheckUsage", "ReserveUsage", "RecordUsage"}, operation.Name) {
				f.Add(byte(4), byte(i), `{"input": {`+key+`}}`)
			}
		}
	}
	documents := make([]string, len(parsed.Operations))
	for i, operation := range parsed.Operations {
		documents[i] = graphtest.Document(f, operation.Name)
	}
	f.Fuzz(func(t *testing.T, token, operation byte, variables string) {
		z.ask(t, token, documents[int(operation)%len(documents)], variables)
	})
}

// Whatever an HTTP request is, the answer is a GraphQL error with a code, or that of the document in it.
func FuzzRequest(f *testing.F) {
	z := newFuzzed(f)
	const viewer = `{"query": "{viewer{role}}"}`
	for _, seed := range [][]string{
		{"POST", "", "application/json", "Bearer ADMIN", "", viewer},
		{"POST", "", "application/json; charset=utf-8", "bearer  ADMIN ", "", viewer},
		{"GET", "query={viewer{role}}&variables={}", "", "Bearer ADMIN", "", ""},
		{"GET", "query=mutation{revokeApiKey(input:{id:1}){apiKey{id}}}&extensions=1", "", "Bearer ADMIN", "", ""},
		{"OPTIONS", "", "", "", "", ""},
		{"PUT", "%zz", "text/plain", "Basic eDp5", "x", "x"},
		{"POST", "", "application/json", "Bearer bst_x", "a b", `{"query": 1}`},
		{"POST", "", "application/json", "Bearer ADMIN", "id-1", `[` + viewer + `]`},
		{"POST", "", "application/json", "Bearer ADMIN", "", `{"operationName": "A", "query": "query B{viewer{role}}", "variables": [1], "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}`},
		{"POST", "", "application/json", "Bearer ADMIN", "", `{"query": "query($i: CheckUsageInput!){checkUsage(input:$i){allowed}}", "variables": {"i": {"key": "\ud800", "estimate": {"cost": 1e400}}}}`},
		{"POST", "", "application/graphql", "Bearer", "", "{viewer{role}}"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4], seed[5])
	}
	f.Fuzz(func(t *testing.T, method, query, contentType, authorization, requestID, body string) {
		request := &http.Request{Method: method, URL: &url.URL{Path: "/graphql", RawQuery: z.names.Replace(query)}, Header: http.Header{},
			Body: http.NoBody, RemoteAddr: "192.0.2.1:1234"}
		if body != "" {
			request.Body = httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(z.names.Replace(body))).Body
		}
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Authorization", strings.ReplaceAll(authorization, "ADMIN", z.tokens[1]))
		request.Header.Set("X-Request-Id", requestID)
		z.send(t, request.WithContext(t.Context()), body+query+authorization)
	})
}

// Whatever valid document the schema allows, with arguments of all sorts, the answer is one of the contract's.
func FuzzSchema(f *testing.F) {
	z, known := newFuzzed(f), graph.Schema()
	for operation, fields := range []int{len(known.Query.Fields), len(known.Mutation.Fields)} {
		for field := range fields {
			choices := make([]byte, 60)
			for i := range choices {
				choices[i] = byte(i*i + 7*field*i + 31*field)
			}
			choices[0], choices[1], choices[2], choices[3] = byte(field), byte(operation), 0, byte(field)
			f.Add(choices)
		}
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		w := &writer{schema: known, choices: choices, ids: z.ids}
		token := w.choose(len(z.tokens) - 1) // not that of nobody
		operation := []ast.Operation{ast.Query, ast.Mutation}[w.choose(2)]
		z.ask(t, byte(token), w.document(operation), "{}")
	})
}
