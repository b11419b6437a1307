package check_test

import (
	"fmt"
	"strings"
	"testing"

	"bursar/auth"
)

// What is asked as JSON is held, answered with what is left, and settled by the reservation's id; a settlement that is sent again is
// booked once, and another one of the same reservation is refused.
func TestCheckAndSettle(t *testing.T) {
	t.Parallel()
	a := limited(t, "1")
	body := fmt.Sprintf(`{"secret": %q, "requestId": "r1", "provider": "acme", "estimate": {"tokens": 100, "cost": "0.4"}}`, a.Tenant.Secret.Text)
	first := call(t, a, "POST", "/v1/check", body).must(200, "X-Bursar-Status: 200", "X-Bursar-Held-Cost: 0.4", "X-Bursar-Held-Tokens: 100",
		"X-Bursar-Remaining-Cost: 0.6", "X-Bursar-Key-Id: "+a.KeyID(), "Cache-Control: no-store")
	reservation := first.header.Get("X-Bursar-Reservation")
	if held, _ := first.object["reservation"].(object); held["id"] != reservation || held["cost"] != "0.4" || first.object["allowed"] != true {
		t.Fatal(first.body)
	}
	stands(a, "0", "0.4")
	if again := call(t, a, "POST", "/v1/check", body).must(200); again.object["replayed"] != true || again.header.Get("X-Bursar-Reservation") != reservation {
		t.Fatal(again.body)
	}
	stands(a, "0", "0.4")
	settle := fmt.Sprintf(`{"reservationId": %q, "inputTokens": 10, "outputTokens": 5, "cost": "0.25"}`, reservation)
	if booked := call(t, a, "POST", "/v1/settle", settle).must(200); booked.object["replayed"] != false {
		t.Fatal(booked.body)
	}
	if again := call(t, a, "POST", "/v1/settle", settle).must(200); again.object["replayed"] != true {
		t.Fatal(again.body)
	}
	call(t, a, "POST", "/v1/settle", strings.Replace(settle, "0.25", "0.3", 1)).fails(409, "IDEMPOTENCY_MISMATCH", "")
	stands(a, "0.25", "0")
}

// Denied is told with the status that the caller should see: 412 for a budget, 429 with Retry-After for a rate, 401 for the key.
func TestDenied(t *testing.T) {
	t.Parallel()
	a := limited(t, "1")
	ask := func(secret, cost string) *answer {
		return call(t, a, "POST", "/v1/check", fmt.Sprintf(`{"secret": %q, "estimate": {"cost": %q}}`, secret, cost))
	}
	denied := ask(a.Tenant.Secret.Text, "2").must(412, "X-Bursar-Reason: ESTIMATE_EXCEEDS_LIMIT", "X-Bursar-Reservation: ", "Retry-After: ")
	if denied.object["allowed"] != false || denied.object["status"] != 412.0 {
		t.Fatal(denied.body)
	}
	ask(auth.NewSecret(auth.APIKeyPrefix).Text, "0").must(401, "X-Bursar-Reason: KEY_NOT_FOUND")
	a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "REQUESTS", "interval": "DAY", "limit": 1}})
	ask(a.Tenant.Secret.Text, "0.1").must(200, "X-Bursar-Remaining-Requests: 0")
	if limited := ask(a.Tenant.Secret.Text, "0.1").must(429, "X-Bursar-Reason: RATE_LIMITED"); limited.header.Get("Retry-After") == "" {
		t.Fatal(limited.header)
	}
	stands(a, "0", "0.1")
}

// Parameters come from the query string, and from those headers alone that it names: what else a caller sends changes nothing.
func TestParameters(t *testing.T) {
	t.Parallel()
	a := limited(t, "10")
	key := "Authorization: Bearer " + a.Tenant.Secret.Text
	call(t, a, "GET", "/v1/check?estimate.cost=0.5&provider=acme&metadata.team=@X-Team", "", key, "X-Team: core", "X-Bursar-Held-Cost: 7", "Estimate.Cost: 0").
		must(200, "X-Bursar-Held-Cost: 0.5")
	call(t, a, "GET", "/v1/check?estimate.cost=@X-Cost", "", "Api-Key: "+a.Tenant.Secret.Text, "X-Cost: 0.25").must(200, "X-Bursar-Held-Cost: 0.25")
	call(t, a, "GET", "/v1/check?secret=@X-Their-Key&estimate.cost=1", "", "X-Their-Key: "+a.Tenant.Secret.Text).must(200, "X-Bursar-Held-Cost: 1")
	call(t, a, "GET", "/v1/check?estimate.cost=1&hold=false", "", key).must(200, "X-Bursar-Reservation: ", "X-Bursar-Remaining-Cost: 8.25")
	call(t, a, "GET", "/v1/check", "", key).must(200, "X-Bursar-Held-Cost: 0.01")
	stands(a, "0", "1.76")

	for query, field := range map[string]string{
		"estimate.cost=x": "estimate.cost", "estimate.cost=-1": "estimate.cost", "estimate.tokens=1.5": "estimate.tokens",
		"estimate.tokens=9999999999999999999999": "estimate.tokens", "ttlSeconds=0": "ttlSeconds", "hold=maybe": "hold", "nothing=1": "nothing",
		"provider=a&provider=b": "provider", "secret=abc": "secret", "metadata.=x": "metadata.", "serviceTier=GOLD": "serviceTier",
		"model=" + strings.Repeat("x", 201): "model", "requestId=" + strings.Repeat("x", 256): "requestId", "model=%00": "model",
	} {
		call(t, a, "GET", "/v1/check?"+query, "", key).fails(400, "BAD_USER_INPUT", field)
	}
	call(t, a, "GET", "/v1/check?model="+a.Tenant.Secret.Text, "", key).fails(400, "BAD_USER_INPUT", "")
	call(t, a, "GET", "/v1/check?model=%zz", "", key).fails(400, "BAD_USER_INPUT", "")
	call(t, a, "PUT", "/v1/check", "{}", key).must(405, "Allow: GET, HEAD, POST")
	stands(a, "0", "1.76")
}

// A body that is no input changes nothing, and is told what is wrong with it.
func TestBadBodies(t *testing.T) {
	t.Parallel()
	a := limited(t, "1")
	for body, field := range map[string]string{
		"": "", "[]": "", "null": "", "{": "", `"x"`: "", `{"secrets": "x"}`: "secrets", `{}`: "secret", `{"secret": 7}`: "secret",
		`{"secret": "x", "estimate": {"cost": "1e99"}}`: "estimate.cost", `{"secret": "x", "estimate": 5}`: "estimate",
	} {
		call(t, a, "POST", "/v1/check", body).fails(400, "BAD_USER_INPUT", field)
	}
	for body, field := range map[string]string{
		"": "", "[]": "", `[1]`: "", `{}`: "reservationId", `{"reservationId": "x"}`: "reservationId", `{"reservationId": "x", "release": 1}`: "release",
		`{"secret": "r", "cost": "-1"}`: "cost", `{"requestId": "r", "answer": 5}`: "answer", `{"requestId": "r", "flavor": "gemini"}`: "answer",
		`{"requestId": "r", "answer": {"usage": {"prompt_tokens": 1, "completion_tokens": 1}}, "inputTokens": 4}`: "inputTokens",
	} {
		got := call(t, a, "POST", "/v1/settle", body)
		if strings.HasPrefix(body, "[1") {
			got.must(200)
			continue
		}
		got.fails(400, "BAD_USER_INPUT", field)
	}
	call(t, a, "POST", "/v1/settle", `{"requestId": "unknown"}`).fails(404, "NOT_FOUND", "")
	call(t, a, "POST", "/v1/check", strings.Repeat("x", 1<<20+1)).fails(413, "BAD_USER_INPUT", "")
}

// Without a gateway's token nothing is answered, and neither with two of them: a caller's must not stand for the proxy's.
func TestTokens(t *testing.T) {
	t.Parallel()
	a := limited(t, "1")
	other := kit.NewAPI(t)
	body := fmt.Sprintf(`{"secret": %q}`, a.Tenant.Secret.Text)
	call(t, a, "POST", "/v1/check", body, "X-Bursar-Token: ").fails(401, "UNAUTHENTICATED", "")
	call(t, a, "POST", "/v1/check", body, "X-Bursar-Token: "+auth.NewSecret(auth.AccessTokenPrefix).Text).fails(401, "UNAUTHENTICATED", "")
	call(t, a, "POST", "/v1/check", body, "X-Bursar-Token: "+a.Viewer).fails(403, "FORBIDDEN", "")
	call(t, a, "POST", "/v1/check", body, "Authorization: Bearer "+a.Gateway).fails(401, "UNAUTHENTICATED", "")
	call(t, a, "POST", "/v1/check", body, "X-Bursar-Token: ", "Authorization: Bearer "+a.Gateway).must(200)
	call(t, other, "POST", "/v1/check", body).must(401, "X-Bursar-Reason: KEY_NOT_FOUND")
	call(t, a, "GET", "/v1/check/nginx", "", "X-Bursar-Token: "+a.Viewer).must(500, "X-Bursar-Reason: FORBIDDEN", "X-Bursar-Status: 500")
	call(t, a, "GET", "/v1/check/forward-auth", "", "X-Bursar-Token: "+a.Viewer).must(500, "X-Bursar-Reason: FORBIDDEN")
}

// A call that used nothing gives back what it held; one that is known by its request id alone is found by it; a list is settled element by
// element; what a provider answered is read.
func TestSettlements(t *testing.T) {
	t.Parallel()
	a := limited(t, "10")
	reserve := func(requestID string) string {
		return call(t, a, "GET", "/v1/check?estimate.cost=1&requestId="+requestID, "", "X-Api-Key: "+a.Tenant.Secret.Text).must(200).
			header.Get("X-Bursar-Reservation")
	}
	failed, released, found, read, first := reserve("a"), reserve("b"), reserve("c"), reserve("d"), reserve("e")
	stands(a, "0", "5")
	call(t, a, "GET", "/v1/settle?reservationId=@X-R&status=@X-S", "", "X-R: "+failed, "X-S: 502").must(200)
	call(t, a, "POST", "/v1/settle", fmt.Sprintf(`{"reservationId": %q, "release": true}`, released)).must(200)
	call(t, a, "POST", "/v1/settle", fmt.Sprintf(`{"reservationId": %q, "release": true}`, released)).must(200)
	stands(a, "0", "3")
	call(t, a, "POST", "/v1/settle", `{"requestId": "c", "status": 200, "cost": "0.5"}`).must(200)
	stands(a, "0.5", "2")
	got := call(t, a, "POST", "/v1/settle", fmt.Sprintf(`{"reservationId": %q, "flavor": "anthropic", "cost": "0.1",
		"answer": {"model": "m", "usage": {"input_tokens": 5, "cache_read_input_tokens": 7, "output_tokens": 3}}}`, read)).must(200)
	if event, _ := got.object["usageEvent"].(object); event["inputTokens"] != 12.0 || event["outputTokens"] != 3.0 {
		t.Fatal(got.body)
	}
	list := call(t, a, "POST", "/v1/settle", fmt.Sprintf(`[{"reservationId": %q, "cost": "0.2"}, {"reservationId": "res_x"}, {"requestId": "zz"},
		{"secret": %q, "requestId": "own", "cost": "0.2"}]`, first, a.Tenant.Secret.Text)).must(200)
	if !strings.Contains(list.body, `"field":"reservationId"`) || !strings.Contains(list.body, "NOT_FOUND") || strings.Count(list.body, "usageEvent") != 2 {
		t.Fatal(list.body)
	}
	stands(a, "1", "0")
	// what was released is booked for the key all the same, once
	late := fmt.Sprintf(`{"reservationId": %q, "secret": %q, "cost": "0.3"}`, released, a.Tenant.Secret.Text)
	call(t, a, "POST", "/v1/settle", late).must(200)
	call(t, a, "POST", "/v1/settle", late).must(200)
	stands(a, "1.3", "0")
	call(t, a, "POST", "/v1/settle", fmt.Sprintf(`{"reservationId": %q, "cost": "0.3"}`, failed)).fails(409, "RESERVATION_CLOSED", "")
	_ = found
}

// A proxy that passes on any answer but 2xx is answered in the form of the caller's SDK, and bounds a call by its body.
func TestForwardAuth(t *testing.T) {
	t.Parallel()
	a := limited(t, "1")
	key := "X-Api-Key: " + a.Tenant.Secret.Text
	chat := []string{key, "X-Forwarded-Method: POST", "X-Forwarded-Uri: /v1/messages", "Content-Type: application/json"}
	denied := call(t, a, "POST", "/v1/check/forward-auth", `{"model": "m", "max_tokens": 10, "messages": [{"role": "user", "content": "hi"}]}`, chat...).
		must(412, "X-Bursar-Reason: PRICE_UNKNOWN", "X-Should-Retry: false", "Content-Type: application/json")
	if denied.object["type"] != "error" {
		t.Fatal(denied.body)
	}
	call(t, a, "POST", "/v1/check/forward-auth?estimate.cost=0.3", `{"model": "m", "max_tokens": 10, "messages": []}`, chat...).must(200, "X-Bursar-Held-Cost: 0.3")
	stands(a, "0", "0.3")
	call(t, a, "POST", "/v1/check/forward-auth", `{"model": 7}`, chat...).must(400)
	call(t, a, "GET", "/v1/check/forward-auth?estimate.cost=0.5", "", key, "X-Forwarded-Method: GET", "X-Forwarded-Uri: /v1/models").
		must(200, "X-Bursar-Reservation: ")
	call(t, a, "GET", "/v1/check/forward-auth?estimate.cost=0.1", "", key, "X-Forwarded-Method: POST", "X-Forwarded-Uri: /v1/images").
		must(200, "X-Bursar-Held-Cost: 0.1")
	two := call(t, a, "GET", "/v1/check/forward-auth", "", "X-Api-Key: one", "X-Forwarded-Uri: /v1/x", "Api-Key: another").must(401)
	if !strings.Contains(two.body, "several API keys") {
		t.Fatal(two.body)
	}
	// a method that nobody names may cost something, and headers of the caller's are none of the proxy's
	call(t, a, "GET", "/v1/check/forward-auth", "", key, "X-Forwarded-Uri: /v1/models").must(200, "X-Bursar-Held-Cost: 0.01")
	call(t, a, "GET", "/v1/check/nginx", "", key, "X-Forwarded-Method: GET", "X-Forwarded-Uri: /v1/models", "X-Original-Method: GET").
		must(200, "X-Bursar-Held-Cost: 0.01")
	call(t, a, "GET", "/v1/check/nginx?method=@X-M&uri=@X-U", "", key, "X-M: GET", "X-U: /v1/models?x").must(200, "X-Bursar-Reservation: ")
	none := call(t, a, "GET", "/v1/check/forward-auth", "", "X-Forwarded-Uri: /v1/x").must(401)
	if !strings.Contains(none.body, "KEY_NOT_FOUND") {
		t.Fatal(none.body)
	}
	stands(a, "0", "0.42")
}
