package graph_test

import (
	"maps"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

const (
	priceFields = `{ id provider model organization { id } effectiveFrom effectiveTo source checkedAt maxOutputTokens
		rates { unit perMillion aboveInputTokens serviceTier } }`
	setPriceDocument   = `mutation ($input: SetPriceInput!) { setPrice(input: $input) { price ` + priceFields + ` } }`
	endPriceDocument   = `mutation ($input: EndPriceInput!) { endPrice(input: $input) { price ` + priceFields + ` } }`
	multiplierDocument = `mutation ($input: SetPriceMultiplierInput!) { setPriceMultiplier(input: $input) { organization { id
		priceMultipliers { provider multiplier effectiveTo } } } }`
	priceOfDocument = `query ($input: PriceOfInput!) { priceOf(input: $input) { cost multiplier price { id model }
		parts { unit quantity perMillion cost } } }`
	pricesDocument = `query ($filter: PriceFilter, $first: Int, $after: String, $last: Int, $before: String) {
		prices(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
			totalCount nodes { id model } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } } }`
)

// ask runs a document with an input.
func ask(a *graphtest.API, token, document string, input object) *graphtest.Answer {
	return a.Post(token, object{"query": document, "variables": object{"input": input}})
}

// another is a client of the same server with a tenant of its own.
func another(a *graphtest.API) *graphtest.API {
	other := *a
	other.Tenant = dbtest.NewTenant(a.T, a.Pool)
	other.Admin = other.Tenant.AccessToken(other.Tenant.Organization.ID, db.TokenRoleADMIN)
	return &other
}

// priceInput is a price of everybody's, of input and output.
func priceInput(model, input, output string) object {
	return object{"provider": "openai", "model": model, "rates": []any{
		object{"unit": "INPUT_TOKENS", "perMillion": input}, object{"unit": "OUTPUT_TOKENS", "perMillion": output}}}
}

// extended returns an input with more fields.
func extended(input object, more object) object {
	changed := object{}
	for _, fields := range []object{input, more} {
		maps.Copy(changed, fields)
	}
	return changed
}

// The operator sets everybody's prices, and an organization's administrators their own; each is told what has become of it. Everybody sees
// everybody's prices and those of the organization, node finds them by their ids, and no other organization's.
func TestSetPrice(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	answer := ask(a, graphtest.RootToken, setPriceDocument, extended(priceInput("GPT-4.1*", "2.50", "10"), object{"source": "https://openai.com", "maxOutputTokens": 32768}))
	everybodys := answer.Text("setPrice", "price", "id")
	for field, want := range map[string]any{"provider": "openai", "model": "gpt-4.1*", "organization": nil, "effectiveTo": nil,
		"source": "https://openai.com", "maxOutputTokens": 32768, "rates": []any{
			object{"unit": "INPUT_TOKENS", "perMillion": "2.5", "aboveInputTokens": 0, "serviceTier": "STANDARD"},
			object{"unit": "OUTPUT_TOKENS", "perMillion": "10", "aboveInputTokens": 0, "serviceTier": "STANDARD"}}} {
		answer.Equal(want, "setPrice", "price", field)
	}
	ask(a, graphtest.RootToken, setPriceDocument, priceInput("gpt-4.1*", "2.5", "10.0")).Equal(everybodys, "setPrice", "price", "id")

	own := ask(a, a.Admin, setPriceDocument, extended(priceInput("gpt-4.1-mini", "0.000001", "0"), object{"organizationId": a.OrganizationID()}))
	own.Equal(a.OrganizationID(), "setPrice", "price", "organization", "id")
	own.Equal("0.000001", "setPrice", "price", "rates", 0, "perMillion")
	own.Equal(nil, "setPrice", "price", "maxOutputTokens")
	id := own.Text("setPrice", "price", "id")
	node := func(token, id string) *graphtest.Answer {
		return a.Post(token, object{"query": `query ($id: ID!) { node(id: $id) { ... on Price { model effectiveTo } } }`, "variables": object{"id": id}})
	}
	node(a.Viewer, id).Equal("gpt-4.1-mini", "node", "model")
	node(a.Viewer, everybodys).Equal("gpt-4.1*", "node", "model")
	other := another(a)
	node(other.Admin, id).Must("NOT_FOUND", "id")
	ask(other, other.Admin, endPriceDocument, object{"id": id}).Must("NOT_FOUND", "id")

	ask(a, a.Admin, endPriceDocument, object{"id": everybodys}).Must("FORBIDDEN", "id")
	ask(a, a.Admin, endPriceDocument, object{"id": id, "effectiveTo": "2020-01-01T00:00:00Z"}).Must("BAD_USER_INPUT", "effectiveTo")
	if ended := ask(a, a.Admin, endPriceDocument, object{"id": id}); ended.Get("endPrice", "price", "effectiveTo") == nil {
		t.Error("an ended price has no end")
	}
	ask(a, a.Admin, endPriceDocument, object{"id": id}).Must("NOT_FOUND", "id")
}

// Whoever may not set a price is told so, and what is wrong with a price is named by its field, all at once; nothing is stored.
func TestRefusedPrices(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := another(a)
	good := priceInput("gpt-4", "1", "2")
	own := extended(good, object{"organizationId": a.OrganizationID()})
	ask(a, a.Admin, setPriceDocument, good).Must("FORBIDDEN", "organizationId")
	ask(other, other.Admin, setPriceDocument, own).Must("NOT_FOUND", "organizationId")
	for _, token := range []string{a.Viewer, a.Gateway} {
		ask(a, token, setPriceDocument, own).Must("FORBIDDEN", "")
	}
	rate := func(more object) object {
		return extended(good, object{"rates": []any{extended(object{"unit": "INPUT_TOKENS", "perMillion": "1"}, more)}})
	}
	for field, wrong := range map[string]object{
		"provider": extended(good, object{"provider": " "}), "model": extended(good, object{"model": "a*b"}), "rates": extended(good, object{"rates": []any{}}),
		"rates.0.perMillion":       rate(object{"perMillion": "-1"}),
		"rates.0.aboveInputTokens": rate(object{"aboveInputTokens": -1}),
		"maxOutputTokens":          extended(good, object{"maxOutputTokens": 0}),
		"source":                   extended(good, object{"source": "\u0000"}),
		"organizationId":           extended(good, object{"organizationId": "org_00000000000000000000000000000000"}),
	} {
		code := "BAD_USER_INPUT"
		if field == "organizationId" {
			code = "NOT_FOUND"
		}
		ask(a, graphtest.RootToken, setPriceDocument, wrong).Must(code, field)
	}
	for _, price := range []any{"NaN", "1e400", "free", "", "0.0000001", "1000000000.1", "Infinity", true} {
		ask(a, graphtest.RootToken, setPriceDocument, rate(object{"perMillion": price})).Must("BAD_USER_INPUT", "rates.0.perMillion")
	}
	ask(a, graphtest.RootToken, setPriceDocument, rate(object{"unit": "BYTES"})).Must("BAD_USER_INPUT", "rates.0.unit")
	ask(a, graphtest.RootToken, setPriceDocument, extended(good, object{"rates": []any{
		object{"unit": "INPUT_TOKENS", "perMillion": "1"}, object{"unit": "INPUT_TOKENS", "perMillion": "2", "serviceTier": "STANDARD", "aboveInputTokens": 0},
	}})).Must("BAD_USER_INPUT", "rates.1")

	ask(a, graphtest.RootToken, setPriceDocument, good).Text("setPrice", "price", "id")
	ask(a, graphtest.RootToken, setPriceDocument, extended(priceInput("gpt-4", "3", "4"), object{"effectiveFrom": "2020-01-01T00:00:00Z"})).
		Equal("2020-01-01T00:00:00Z", "setPrice", "price", "effectiveFrom") // there was none
	ask(a, graphtest.RootToken, setPriceDocument, extended(priceInput("gpt-4", "5", "4"), object{"effectiveFrom": "2021-01-01T00:00:00Z"})).
		Must("BAD_USER_INPUT", "effectiveFrom")
	var stored int
	if err := a.Pool.QueryRow(t.Context(), `select count(*) from prices`).Scan(&stored); err != nil || stored != 2 {
		t.Errorf("%d prices, %v", stored, err)
	}
}

// priceOf explains a cost rate by rate, with tiers by size of input and service tiers, multiplies last, and rounds up once.
func TestPriceOf(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	ask(a, graphtest.RootToken, setPriceDocument, object{"provider": "google", "model": "gemini-2.5-pro*", "rates": []any{
		object{"unit": "INPUT_TOKENS", "perMillion": "1.25"}, object{"unit": "OUTPUT_TOKENS", "perMillion": 10},
		object{"unit": "INPUT_TOKENS", "perMillion": "2.5", "aboveInputTokens": 200000},
		object{"unit": "OUTPUT_TOKENS", "perMillion": 15, "aboveInputTokens": 200000},
		object{"unit": "CACHED_INPUT_TOKENS", "perMillion": "0.31"}, object{"unit": "WEB_SEARCHES", "perMillion": 35000},
		object{"unit": "INPUT_TOKENS", "perMillion": "0.625", "serviceTier": "BATCH"},
	}}).Text("setPrice", "price", "id")
	usage := object{"inputTokens": 1003, "cachedInputTokens": 3, "outputTokens": 100, "reasoningTokens": 40, "webSearches": 2}
	answer := ask(a, a.Viewer, priceOfDocument, object{"model": "Gemini-2.5-Pro-002", "usage": usage})
	answer.Equal("0.07225093", "priceOf", "cost")
	answer.Equal("1", "priceOf", "multiplier")
	answer.Equal([]any{
		object{"unit": "INPUT_TOKENS", "quantity": 1000, "perMillion": "1.25", "cost": "0.00125"},
		object{"unit": "CACHED_INPUT_TOKENS", "quantity": 3, "perMillion": "0.31", "cost": "0.00000093"},
		object{"unit": "OUTPUT_TOKENS", "quantity": 60, "perMillion": "10", "cost": "0.0006"},
		object{"unit": "REASONING_TOKENS", "quantity": 40, "perMillion": "10", "cost": "0.0004"},
		object{"unit": "REQUESTS", "quantity": 1, "perMillion": "0", "cost": "0"},
		object{"unit": "WEB_SEARCHES", "quantity": 2, "perMillion": "35000", "cost": "0.07"},
	}, "priceOf", "parts")

	cost := func(token string, input object, want string) {
		t.Helper()
		ask(a, token, priceOfDocument, extended(object{"provider": "google", "model": "gemini-2.5-pro"}, input)).Equal(want, "priceOf", "cost")
	}
	cost(a.Viewer, object{"usage": object{"inputTokens": 200000}}, "0.25")
	cost(a.Viewer, object{"usage": object{"inputTokens": 200001}}, "0.5000025")
	cost(a.Viewer, object{"serviceTier": "BATCH", "usage": object{"inputTokens": 1000, "outputTokens": 1}}, "0.000635")
	set := ask(a, a.Admin, multiplierDocument, object{"organizationId": a.OrganizationID(), "multiplier": "0.333333333"})
	set.Equal([]any{object{"provider": nil, "multiplier": "0.333333333", "effectiveTo": nil}}, "setPriceMultiplier", "organization", "priceMultipliers")
	cost(a.Viewer, object{"usage": object{"inputTokens": 1}}, "0.000000417")
	cost(graphtest.RootToken, object{"usage": object{"inputTokens": 1}}, "0.00000125")
	cost(graphtest.RootToken, object{"organizationId": a.OrganizationID(), "usage": object{"inputTokens": 1}}, "0.000000417")

	ask(a, a.Viewer, priceOfDocument, object{"model": "gemini-3", "usage": usage}).Must("NOT_FOUND", "model")
	ask(a, a.Viewer, priceOfDocument, object{"model": "gemini-2.5-pro", "at": "2020-01-01T00:00:00Z", "usage": usage}).Must("NOT_FOUND", "model")
	for field, wrong := range map[string]object{
		"usage.cachedInputTokens": {"inputTokens": 1, "cachedInputTokens": 2}, "usage.audioInputTokens": {"inputTokens": 1, "cacheWriteTokens": 1, "audioInputTokens": 2},
		"usage.cacheWrite1hTokens": {"inputTokens": 2, "cacheWriteTokens": 1, "cacheWrite1hTokens": 2},
		"usage.audioOutputTokens":  {"outputTokens": 2, "reasoningTokens": 1, "audioOutputTokens": 3}, "usage.images": {"images": -1},
	} {
		ask(a, a.Viewer, priceOfDocument, object{"model": "gemini-2.5-pro", "usage": wrong}).Must("BAD_USER_INPUT", field)
	}
	for _, wrong := range []any{"-1", "1000.1", "0.0000000001"} {
		ask(a, a.Admin, multiplierDocument, object{"organizationId": a.OrganizationID(), "multiplier": wrong}).Must("BAD_USER_INPUT", "multiplier")
	}
	other := another(a)
	ask(other, other.Admin, multiplierDocument, object{"organizationId": a.OrganizationID(), "multiplier": "2"}).Must("NOT_FOUND", "organizationId")
	ask(a, a.Viewer, multiplierDocument, object{"organizationId": a.OrganizationID(), "multiplier": "2"}).Must("FORBIDDEN", "")
}

// Prices are listed by provider and model, in pages in both directions, with everybody's and the organization's own; a filter restricts them
// to those of a model, those that apply now, or the organization's.
func TestListPrices(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, model := range []string{"gpt-4*", "gpt-4.1", "o3", "GPT-4.1-mini"} {
		ask(a, graphtest.RootToken, setPriceDocument, priceInput(model, "1", "2")).Text("setPrice", "price", "id")
	}
	ask(a, graphtest.RootToken, setPriceDocument, priceInput("o3", "2", "2")).Text("setPrice", "price", "id")
	ask(a, graphtest.RootToken, setPriceDocument, extended(priceInput("claude", "1", "2"), object{"provider": "anthropic"})).Text("setPrice", "price", "id")
	ask(a, a.Admin, setPriceDocument, extended(priceInput("mine", "1", "2"), object{"organizationId": a.OrganizationID()})).Text("setPrice", "price", "id")
	other := another(a)
	ask(other, other.Admin, setPriceDocument, extended(priceInput("theirs", "1", "2"), object{"organizationId": other.OrganizationID()})).Text("setPrice", "price", "id")

	list := func(token string, variables object, want ...string) *graphtest.Answer {
		t.Helper()
		answer := a.Post(token, object{"query": pricesDocument, "variables": variables})
		models := []any{}
		for _, node := range answer.Get("prices", "nodes").([]any) {
			models = append(models, node.(object)["model"])
		}
		if len(models) != len(want) {
			t.Fatalf("%v: %v, want %v", variables, models, want)
		}
		for i := range want {
			if models[i] != want[i] {
				t.Fatalf("%v: %v, want %v", variables, models, want)
			}
		}
		return answer
	}
	all := []string{"claude", "gpt-4*", "gpt-4.1", "gpt-4.1-mini", "mine", "o3", "o3"}
	list(a.Viewer, nil, all...).Equal(7, "prices", "totalCount")
	list(graphtest.RootToken, nil, append(all, "theirs")...)
	page := list(a.Viewer, object{"first": 3}, all[:3]...)
	page.Equal(true, "prices", "pageInfo", "hasNextPage")
	list(a.Viewer, object{"first": 10, "after": page.Text("prices", "pageInfo", "endCursor")}, all[3:]...).Equal(false, "prices", "pageInfo", "hasNextPage")
	last := list(a.Viewer, object{"last": 2}, all[5:]...)
	list(a.Viewer, object{"last": 2, "before": last.Text("prices", "pageInfo", "startCursor")}, all[3:5]...)
	filtered := func(filter object, want ...string) {
		t.Helper()
		list(a.Viewer, object{"filter": filter}, want...).Equal(len(want), "prices", "totalCount")
	}
	filtered(object{"provider": "Anthropic"}, "claude")
	filtered(object{"model": "gpt-4.1"}, "gpt-4*", "gpt-4.1")
	filtered(object{"model": "gpt-4.1-turbo"}, "gpt-4*")
	filtered(object{"model": "gpt-4*"}, "gpt-4*")
	filtered(object{"search": "4.1"}, "gpt-4.1", "gpt-4.1-mini")
	filtered(object{"at": "2100-01-01T00:00:00Z", "model": "o3"}, "o3")
	filtered(object{"organizationId": a.OrganizationID()}, "mine")
	a.Post(a.Viewer, object{"query": pricesDocument, "variables": object{"filter": object{"organizationId": other.OrganizationID()}}}).
		Must("NOT_FOUND", "filter.organizationId")
	a.Post(a.Gateway, object{"query": pricesDocument}).Must("FORBIDDEN", "")
}
