package graph_test

import (
	"strings"
	"testing"
	"time"

	"bursar/graph/graphtest"
	"bursar/id"
)

// repriced asks for all usage of the organization to be priced again, has it done, and returns the repricing's id.
func repriced(a *graphtest.API) string {
	a.T.Helper()
	external := a.Run(a.Admin, "RepriceUsage", object{"input": object{"organizationId": a.OrganizationID(),
		"from": time.Now().AddDate(0, 0, -1), "to": time.Now().Add(time.Hour)}}).Text("repriceUsage", "repricing", "id")
	_, repricing, _ := id.Parse(external)
	if _, err := a.Pool.Exec(a.T.Context(), `select reprice_usage($1, $2, 1000)`, a.Tenant.Organization.ID, repricing); err != nil {
		a.T.Fatal(err)
	}
	return external
}

// A usage event that was priced later is no longer listed as unpriced, says what it costs now, and its correction which event it corrects. The
// repricing is listed with who asked for it and what became of it, to those of its organization alone.
func TestCorrectedUsageEvents(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	event := ask(a, a.Gateway, `mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }`,
		object{"key": a.KeyID(), "model": "late", "inputTokens": 1_000_000}).Text("recordUsage", "usageEvent", "id")
	unpriced := func(want int) {
		t.Helper()
		a.Post(a.Viewer, object{"query": `{ usageEvents(filter: {unpriced: true}) { totalCount nodes { id } } }`}).
			Equal(want, "usageEvents", "totalCount")
	}
	node := func(id string) *graphtest.Answer {
		return a.Post(a.Viewer, object{"variables": object{"id": id}, "query": `query ($id: ID!) { node(id: $id) { ... on UsageEvent {
			cost unpriced correctedCost inputTokens corrects { id model } } } }`})
	}
	unpriced(1)
	node(event).Equal(object{"cost": "0", "unpriced": true, "correctedCost": nil, "inputTokens": 1_000_000, "corrects": nil}, "node")

	ask(a, a.Admin, setPriceDocument, extended(priceInput("late", "2", "3"), object{
		"provider": "acme", "organizationId": a.OrganizationID(), "effectiveFrom": time.Now().AddDate(0, 0, -2)})).Text("setPrice", "price", "id")
	first := repriced(a)
	unpriced(0)
	node(event).Equal(object{"cost": "0", "unpriced": true, "correctedCost": "2", "inputTokens": 1_000_000, "corrects": nil}, "node")
	var correction string
	if err := a.Pool.QueryRow(t.Context(), `select 'evt_' || replace(id::text, '-', '') from usage_events where corrects is not null`).Scan(&correction); err != nil {
		t.Fatal(err)
	}
	node(correction).Equal(object{"cost": "2", "unpriced": false, "correctedCost": nil, "inputTokens": 0,
		"corrects": object{"id": event, "model": "late"}}, "node")

	second := repriced(a)
	const document = `query ($filter: RepricingFilter, $first: Int, $after: String) { repricings(filter: $filter, first: $first, after: $after) {
		totalCount nodes { id state events corrections difference actor actorNode { __typename id } } pageInfo { hasNextPage endCursor } } }`
	list := func(token string, variables object) *graphtest.Answer {
		return a.Post(token, object{"query": document, "variables": variables})
	}
	page := list(a.Viewer, object{"first": 1})
	page.Equal(2, "repricings", "totalCount")
	page.Equal(second, "repricings", "nodes", 0, "id")
	page.Equal(0, "repricings", "nodes", 0, "corrections")
	page.Equal(true, "repricings", "pageInfo", "hasNextPage")
	last := list(a.Viewer, object{"first": 1, "after": page.Text("repricings", "pageInfo", "endCursor")})
	last.Equal(first, "repricings", "nodes", 0, "id")
	for field, want := range map[string]any{"state": "FINISHED", "events": 1, "corrections": 1, "difference": "2"} {
		last.Equal(want, "repricings", "nodes", 0, field)
	}
	if actor := last.Text("repricings", "nodes", 0, "actor"); !strings.HasPrefix(actor, "tok_") {
		t.Errorf("actor %s", actor)
	} else {
		last.Equal(object{"__typename": "AccessToken", "id": actor}, "repricings", "nodes", 0, "actorNode")
	}
	list(graphtest.RootToken, object{"filter": object{"organizationId": a.OrganizationID()}}).Equal(2, "repricings", "totalCount")
	other := another(a)
	list(other.Admin, object{"filter": object{"organizationId": a.OrganizationID()}}).Must("NOT_FOUND", "filter.organizationId")
	list(other.Admin, nil).Equal(0, "repricings", "totalCount")
	list(a.Viewer, object{"first": 101}).Must("QUERY_TOO_COMPLEX", "first")
	list(a.Viewer, object{"first": -1}).Must("BAD_USER_INPUT", "first")
}
