package graph_test

import (
	"testing"

	"bursar/graph/graphtest"
)

// A gateway that names the model and gives no cost has the upper bound held, and is charged by the price; one that gives a cost is taken by
// its word. What has no price is denied where dollars count, or marked and listed where it is recorded. Not given and 0 are different contents
// of a requestId.
func TestPricedUsage(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	ask(a, graphtest.RootToken, setPriceDocument, extended(priceInput("gpt-4.1*", "2.50", "10"), object{"maxOutputTokens": 1000})).Text("setPrice", "price", "id")
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": 100}})
	reserve := func(input object) *graphtest.Answer {
		return ask(a, a.Gateway, `mutation ($input: ReserveUsageInput!) { reserveUsage(input: $input) { replayed
			reservation { id tokens cost provider model serviceTier metadata } decision { allowed httpStatus denials { reason message limitId } } } }`,
			extended(object{"key": a.KeyID()}, input))
	}
	record := func(input object) *graphtest.Answer {
		return ask(a, a.Gateway, `mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { replayed usageEvent { id cost unpriced model serviceTier } } }`, input)
	}
	held := reserve(object{"provider": "OpenAI", "model": "gpt-4.1-mini", "serviceTier": "FLEX", "metadata": object{"user": "u"},
		"estimate": object{"inputTokens": 100, "maxOutputTokens": 10}, "requestId": "r"})
	held.Equal("0.00035", "reserveUsage", "reservation", "cost")
	held.Equal(110, "reserveUsage", "reservation", "tokens")
	held.Equal(object{"user": "u"}, "reserveUsage", "reservation", "metadata")
	reserve(object{"provider": "OpenAI", "model": "gpt-4.1-mini", "serviceTier": "FLEX", "metadata": object{"user": "u"},
		"estimate": object{"inputTokens": 100, "maxOutputTokens": 10}, "requestId": "r"}).Equal(true, "reserveUsage", "replayed")
	reserve(object{"provider": "OpenAI", "model": "gpt-4.1", "serviceTier": "FLEX", "metadata": object{"user": "u"},
		"estimate": object{"inputTokens": 100, "maxOutputTokens": 10}, "requestId": "r"}).Must("IDEMPOTENCY_MISMATCH", "")
	reserve(object{"model": "gpt-4.1", "estimate": object{"inputTokens": 100}}).Equal("0.01025", "reserveUsage", "reservation", "cost")
	reserve(object{"model": "gpt-4.1", "estimate": object{"cost": "0"}}).Equal("0", "reserveUsage", "reservation", "cost")
	denied := reserve(object{"model": "gpt-9"})
	denied.Equal(412, "reserveUsage", "decision", "httpStatus")
	denied.Equal("PRICE_UNKNOWN", "reserveUsage", "decision", "denials", 0, "reason")
	denied.Equal(nil, "reserveUsage", "decision", "denials", 0, "limitId")
	ask(a, a.Gateway, `query ($input: CheckUsageInput!) { checkUsage(input: $input) { httpStatus denials { reason } } }`,
		object{"key": a.KeyID(), "model": "gpt-9"}).Equal(412, "checkUsage", "httpStatus")
	ask(a, a.Admin, `mutation ($input: SetUnpricedPolicyInput!) { setUnpricedPolicy(input: $input) { organization { unpricedPolicy } } }`,
		object{"organizationId": a.OrganizationID(), "policy": "ALLOW_UNPRICED"}).Equal("ALLOW_UNPRICED", "setUnpricedPolicy", "organization", "unpricedPolicy")
	reserve(object{"model": "gpt-9"}).Equal(true, "reserveUsage", "decision", "allowed")

	settled := record(object{"reservationId": held.Text("reserveUsage", "reservation", "id"), "inputTokens": 50, "outputTokens": 10})
	settled.Equal("0.000225", "recordUsage", "usageEvent", "cost")
	settled.Equal("gpt-4.1-mini", "recordUsage", "usageEvent", "model")
	settled.Equal("FLEX", "recordUsage", "usageEvent", "serviceTier")
	unpriced := record(object{"key": a.KeyID(), "inputTokens": 5, "requestId": "none"})
	unpriced.Equal(true, "recordUsage", "usageEvent", "unpriced")
	record(object{"key": a.KeyID(), "inputTokens": 5, "requestId": "none"}).Equal(true, "recordUsage", "replayed")
	record(object{"key": a.KeyID(), "inputTokens": 5, "cost": "0", "requestId": "none"}).Must("IDEMPOTENCY_MISMATCH", "")
	record(object{"key": a.KeyID(), "inputTokens": 5, "cost": "0", "requestId": "zero"}).Equal(false, "recordUsage", "usageEvent", "unpriced")
	record(object{"key": a.KeyID(), "inputTokens": 1000, "outputTokens": 1, "model": "gpt-4.1"}).Equal("0.00251", "recordUsage", "usageEvent", "cost")

	list := func(filter object, want int) *graphtest.Answer {
		t.Helper()
		answer := a.Post(a.Viewer, object{"query": `query ($filter: UsageEventFilter) { usageEvents(filter: $filter) { totalCount nodes { id cost price { model } } } }`,
			"variables": object{"filter": filter}})
		answer.Equal(want, "usageEvents", "totalCount")
		return answer
	}
	list(object{"unpriced": true}, 1).Equal(unpriced.Text("recordUsage", "usageEvent", "id"), "usageEvents", "nodes", 0, "id")
	list(object{"models": []any{"gpt-4.1"}}, 1).Equal("gpt-4.1*", "usageEvents", "nodes", 0, "price", "model")

	share := ask(a, a.Admin, `mutation ($input: SetEstimatePolicyInput!) { setEstimatePolicy(input: $input) { subject { ... on ApiKey { estimateRule { policy percent } } } } }`,
		object{"subjectId": a.KeyID(), "policy": "SHARE", "percent": 10})
	share.Equal(object{"policy": "SHARE", "percent": 10}, "setEstimatePolicy", "subject", "estimateRule")
	reserve(object{"model": "gpt-4.1", "estimate": object{"inputTokens": 100}}).Equal("0.00125", "reserveUsage", "reservation", "cost")
	for _, wrong := range []object{{"policy": "SHARE"}, {"policy": "SHARE", "percent": 0}, {"policy": "UPPER_BOUND", "percent": 50}} {
		ask(a, a.Admin, `mutation ($input: SetEstimatePolicyInput!) { setEstimatePolicy(input: $input) { subject { id } } }`,
			extended(object{"subjectId": a.KeyID()}, wrong)).Must("BAD_USER_INPUT", "percent")
	}
	record(object{"key": a.KeyID(), "inputTokens": 1000000000000, "outputTokens": 1000000000000, "model": "gpt-4.1"}).Equal("12500000", "recordUsage", "usageEvent", "cost")
}

// Tokens that a provider counts in two parts are accepted, and charged once: as what was cached or as reasoning, and as sound as far as these leave
// tokens. priceOf explains the same cost.
func TestOverlappingPartsAreChargedOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	rates := []any{}
	for unit, perMillion := range map[string]string{"INPUT_TOKENS": "1", "CACHED_INPUT_TOKENS": "0.1", "AUDIO_INPUT_TOKENS": "10",
		"OUTPUT_TOKENS": "2", "REASONING_TOKENS": "3", "AUDIO_OUTPUT_TOKENS": "20"} {
		rates = append(rates, object{"unit": unit, "perMillion": perMillion})
	}
	ask(a, graphtest.RootToken, setPriceDocument, object{"provider": "openai", "model": "gpt-audio", "rates": rates}).Text("setPrice", "price", "id")
	usage := object{"inputTokens": 10, "cachedInputTokens": 8, "audioInputTokens": 9, "outputTokens": 4, "reasoningTokens": 3, "audioOutputTokens": 2}
	const cost = "0.0000498" // 8 × 0.1 + 2 × 10 + 3 × 3 + 1 × 20, a million
	recorded := ask(a, a.Gateway, `mutation ($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { cost audioInputTokens audioOutputTokens } } }`,
		extended(usage, object{"key": a.KeyID(), "model": "gpt-audio"}))
	recorded.Equal(object{"cost": cost, "audioInputTokens": 9, "audioOutputTokens": 2}, "recordUsage", "usageEvent")
	explained := ask(a, a.Viewer, priceOfDocument, object{"model": "gpt-audio", "usage": usage})
	explained.Equal(cost, "priceOf", "cost")
	explained.Equal([]any{
		object{"unit": "CACHED_INPUT_TOKENS", "quantity": 8, "perMillion": "0.1", "cost": "0.0000008"},
		object{"unit": "REASONING_TOKENS", "quantity": 3, "perMillion": "3", "cost": "0.000009"},
		object{"unit": "AUDIO_INPUT_TOKENS", "quantity": 2, "perMillion": "10", "cost": "0.00002"},
		object{"unit": "AUDIO_OUTPUT_TOKENS", "quantity": 1, "perMillion": "20", "cost": "0.00002"},
		object{"unit": "REQUESTS", "quantity": 1, "perMillion": "0", "cost": "0"},
	}, "priceOf", "parts")
}

// An estimate names the images and searches that a request may have, and its reservation holds their price; what is wrong is refused by name.
func TestEstimatedImagesAndSearchesAreHeld(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	ask(a, graphtest.RootToken, setPriceDocument, object{"provider": "openai", "model": "painter", "rates": []any{
		object{"unit": "OUTPUT_TOKENS", "perMillion": "10"}, object{"unit": "IMAGES", "perMillion": "40000"},
		object{"unit": "WEB_SEARCHES", "perMillion": "10000"}}}).Text("setPrice", "price", "id")
	reserve := func(estimate object) *graphtest.Answer {
		return ask(a, a.Gateway, `mutation ($input: ReserveUsageInput!) { reserveUsage(input: $input) { reservation { cost } } }`,
			object{"key": a.KeyID(), "model": "painter", "estimate": estimate})
	}
	reserve(object{"inputTokens": 5, "maxOutputTokens": 100}).Equal("0.001", "reserveUsage", "reservation", "cost")
	reserve(object{"inputTokens": 5, "maxOutputTokens": 100, "images": 2, "webSearches": 3}).Equal("0.111", "reserveUsage", "reservation", "cost")
	for _, field := range []string{"images", "webSearches"} {
		reserve(object{field: -1}).Must("BAD_USER_INPUT", "estimate."+field)
	}
}
