package graph_test

import (
	"strings"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

const listDenials = `query($filter: DenialFilter, $first: Int, $after: String) {
	denials(filter: $filter, first: $first, after: $after) {
		totalCount count requests pageInfo { hasNextPage endCursor }
		edges { node { hour apiKey { id name } limitId reason count } } } }`

// awaitDenials waits until servers have written so many denied requests.
func awaitDenials(a *graphtest.API, requests int) {
	a.T.Helper()
	dbtest.Await(a.T, a.Pool, `select coalesce(sum(requests), 0) = $1 from denial_counts`, requests)
}

// reserveTokens asks for tokens and returns whether they were granted.
func reserveTokens(a *graphtest.API, key, requestID string, tokens int) bool {
	a.T.Helper()
	input := object{"key": key, "estimate": object{"tokens": tokens}}
	if requestID != "" {
		input["requestId"] = requestID
	}
	allowed, _ := a.Run(a.Gateway, "ReserveUsage", object{"input": input}).Get("reserveUsage", "decision", "allowed").(bool)
	return allowed
}

// What is denied is counted by key, limit, hour and reason: each limit that refuses a request in its own count, and the request once. A check
// counts nothing, and neither does a request that is granted. One that is asked again with its requestId counts once. Unknown keys are
// counted together, and no text that a caller presents is kept.
func TestDenialsAreCounted(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	limit := func(operation, payload, kind string, input object) string {
		return a.Run(a.Admin, operation, object{"input": input}).Text(payload, kind, "id")
	}
	budget := limit("CreateBudgetLimit", "createBudgetLimit", "budgetLimit", object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100})
	rate := limit("CreateRateLimit", "createRateLimit", "rateLimit",
		object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": 100, "interval": "DAY"})
	other := newKey(a)
	disabled := newKey(a)
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": disabled, "enabled": false}})

	for _, c := range []struct {
		key, requestID string
		tokens         int
		allowed        bool
	}{
		{a.KeyID(), "", 60, true}, {a.KeyID(), "", 60, false}, {a.KeyID(), "again", 60, false}, {a.KeyID(), "again", 60, false},
		{a.KeyID(), "", 101, false}, {other, "", 1000, true}, {disabled, "", 1, false},
	} {
		if allowed := reserveTokens(a, c.key, c.requestID, c.tokens); allowed != c.allowed {
			t.Fatalf("%+v: allowed %t", c, allowed)
		}
	}
	for _, unknown := range []string{"sk-one", "sk-two", "sk-three"} {
		post(a, a.Gateway, `mutation($s: String!) { reserveUsage(input: {secret: $s}) { decision { allowed } } }`, object{"s": unknown}).
			Equal(false, "reserveUsage", "decision", "allowed")
	}
	a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": disabled}}).Equal(false, "checkUsage", "allowed")
	awaitDenials(a, 7)

	all := post(a, a.Viewer, listDenials, object{})
	all.Equal(7, "denials", "requests")
	all.Equal(10, "denials", "count")
	all.Equal(6, "denials", "totalCount")
	for name, c := range map[string]struct {
		filter          object
		requests, count int
	}{
		"a key":            {object{"apiKeyId": a.KeyID()}, 3, 6},
		"a subject":        {object{"subjectId": a.KeyID()}, 3, 6},
		"a workspace":      {object{"subjectId": a.WorkspaceID()}, 3, 6},
		"an organization":  {object{"subjectId": a.OrganizationID()}, 7, 10},
		"a budget":         {object{"limitId": budget}, 3, 3},
		"a rate":           {object{"limitId": rate}, 0, 3},
		"a reason":         {object{"reason": "BUDGET_EXHAUSTED"}, 2, 2},
		"a larger request": {object{"reason": "ESTIMATE_EXCEEDS_LIMIT", "limitId": budget}, 1, 1},
		"a key's state":    {object{"reason": "KEY_DISABLED"}, 1, 1},
		"unknown keys":     {object{"reason": "KEY_NOT_FOUND"}, 3, 3},
		"another key":      {object{"apiKeyId": other}, 0, 0},
		"the past":         {object{"to": "2026-01-01T00:00:00Z"}, 0, 0},
	} {
		answer := post(a, a.Viewer, listDenials, object{"filter": c.filter})
		if got := answer.Get("denials", "requests"); got != float64(c.requests) {
			t.Errorf("%s: %v requests, want %d", name, got, c.requests)
		}
		if got := answer.Get("denials", "count"); got != float64(c.count) {
			t.Errorf("%s: counts of %v, want %d", name, got, c.count)
		}
	}
	unknown := post(a, a.Viewer, listDenials, object{"filter": object{"reason": "KEY_NOT_FOUND"}})
	unknown.Equal(nil, "denials", "edges", 0, "node", "apiKey")
	unknown.Equal(nil, "denials", "edges", 0, "node", "limitId")
	post(a, a.Viewer, listDenials, object{"filter": object{"limitId": rate}}).Equal(rate, "denials", "edges", 0, "node", "limitId")
	usage := post(a, a.Viewer, `query($id: ID!) { usage(filter: {subjectId: $id, from: "2020-01-01T00:00:00Z", to: "2036-01-01T00:00:00Z"}, interval: MONTH, groupBy: [API_KEY]) {
		total { denied requests } series { dimensions { value } buckets { denied } } } }`, object{"id": a.OrganizationID()})
	usage.Equal(7, "usage", "total", "denied")
	usage.Equal(0, "usage", "total", "requests")
	for groupBy, series := range map[string]int{"": 1, "WORKSPACE": 2, "MODEL": 1, "PROVIDER": 1, "API_KEY": 3} {
		report := post(a, a.Viewer, `query($id: ID!, $by: [UsageDimension!]) { usage(filter: {subjectId: $id, from: "2020-01-01T00:00:00Z", to: "2036-01-01T00:00:00Z"},
			interval: MONTH, groupBy: $by) { total { denied } series { dimensions { value } buckets { denied } } } }`,
			object{"id": a.OrganizationID(), "by": strings.Fields(groupBy)})
		report.Equal(7, "usage", "total", "denied")
		if got, _ := report.Get("usage", "series").([]any); len(got) != series {
			t.Errorf("by %q: %d series, want %d", groupBy, len(got), series)
		}
		if groupBy == "MODEL" {
			report.Equal(nil, "usage", "series", 0, "dimensions", 0, "value")
		}
	}
	post(a, a.Viewer, `query($id: ID!) { usage(filter: {subjectId: $id, from: "2020-01-01T00:00:00Z", to: "2036-01-01T00:00:00Z", models: ["m"]}, interval: MONTH) {
		total { denied } } }`, object{"id": a.OrganizationID()}).Equal(0, "usage", "total", "denied")
}

// Counts are listed newest hour first, in pages.
func TestDenialsArePaged(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	if _, err := a.Pool.Exec(t.Context(), `select count_denials(array_agg(o.id), array_agg($1::uuid), array_agg('00000000-0000-0000-0000-000000000000'::uuid),
		array_agg('BUDGET'::limit_kind), array_agg('KEY_DISABLED'::denial_reason), array_agg(now() - n * interval '1 hour'), array_agg(n), array_agg(n), array_agg(false))
		from organizations o, generate_series(1, 5) n`, a.Tenant.Key.ID); err != nil {
		t.Fatal(err)
	}
	var counts []any
	var after any
	for range 3 {
		page := post(a, a.Viewer, listDenials, object{"first": 2, "after": after})
		page.Equal(5, "denials", "totalCount")
		edges, _ := page.Get("denials", "edges").([]any)
		for i := range edges {
			counts = append(counts, page.Get("denials", "edges", i, "node", "count"))
		}
		after = page.Get("denials", "pageInfo", "endCursor")
	}
	for i, want := range []float64{1, 2, 3, 4, 5} {
		if len(counts) != 5 || counts[i] != want {
			t.Fatalf("counts %v, want 1 to 5", counts)
		}
	}
}

// A MEMBER sees the denied requests of API keys that they created, and nobody those of another organization: the keys and limits of others
// answer FORBIDDEN or NOT_FOUND. The operator says whose.
func TestDenialsAreConfined(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	member := a.Tenant.Member(a.Tenant.Organization.ID, "member@acme.test", db.MemberRoleMEMBER)
	token := a.Tenant.BoundToken(member, db.TokenRoleADMIN)
	own, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, &member.ID)
	ownID := id.APIKey.Format(own.ID)
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.OrganizationID(), "type": "TOKENS", "amount": 10}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	for _, key := range []string{a.KeyID(), a.KeyID(), ownID} {
		reserveTokens(a, key, "", 11)
	}
	awaitDenials(a, 3)
	others := dbtest.NewTenant(t, a.Pool)
	foreign := others.AccessToken(others.Organization.ID, db.TokenRoleVIEWER)
	for name, c := range map[string]struct {
		token    string
		filter   any
		requests int
	}{
		"all":                        {a.Viewer, nil, 3},
		"a MEMBER's":                 {token, nil, 1},
		"a MEMBER's by their key":    {token, object{"apiKeyId": ownID}, 1},
		"a MEMBER's by the limit":    {token, object{"limitId": budget}, 1},
		"another organization's":     {foreign, nil, 0},
		"the operator's by subject":  {graphtest.RootToken, object{"subjectId": a.OrganizationID()}, 3},
		"the operator's by key":      {graphtest.RootToken, object{"apiKeyId": ownID}, 1},
		"the operator's by limit":    {graphtest.RootToken, object{"limitId": budget}, 3},
		"a key within its workspace": {a.Viewer, object{"subjectId": a.WorkspaceID(), "apiKeyId": a.KeyID()}, 2},
	} {
		answer := post(a, c.token, listDenials, object{"filter": c.filter})
		if len(answer.Errors) > 0 || answer.Get("denials", "requests") != float64(c.requests) {
			t.Errorf("%s: %+v, %v, want %d requests", name, answer.Errors, answer.Data, c.requests)
		}
	}
	for _, c := range []struct {
		token       string
		filter      any
		code, field string
	}{
		{token, object{"apiKeyId": a.KeyID()}, "FORBIDDEN", ""}, {token, object{"subjectId": a.WorkspaceID()}, "FORBIDDEN", ""},
		{foreign, object{"apiKeyId": a.KeyID()}, "NOT_FOUND", "filter.apiKeyId"},
		{foreign, object{"subjectId": a.OrganizationID()}, "NOT_FOUND", "filter.subjectId"},
		{foreign, object{"limitId": budget}, "NOT_FOUND", "filter.limitId"},
		{a.Gateway, nil, "FORBIDDEN", ""}, {graphtest.RootToken, nil, "BAD_USER_INPUT", "filter"},
		{a.Viewer, object{"limitId": a.KeyID()}, "BAD_USER_INPUT", "filter.limitId"},
		{a.Viewer, object{"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "BAD_USER_INPUT", "filter.to"},
	} {
		post(a, c.token, listDenials, object{"filter": c.filter}).Must(c.code, c.field)
	}
}
