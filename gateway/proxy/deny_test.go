package proxy_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"bursar/gateway/proxy"
)

// A call that a budget denies is answered with 412, or 402 if the operator prefers it, in a way at which every SDK stops; it does not reach the provider
// and holds nothing.
func TestBudgetDenies(t *testing.T) {
	t.Parallel()
	for status, change := range map[int]func(*proxy.Settings){
		http.StatusPreconditionFailed: nil,
		http.StatusPaymentRequired:    func(s *proxy.Settings) { s.DeniedStatus = http.StatusPaymentRequired },
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, answerChat, change)
			b.Run(b.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": b.KeyID(), "type": "TOKENS", "amount": "10"}})
			got := b.chat("")
			if got.status != status || got.header.Get("X-Should-Retry") != "false" || got.header.Get("X-Bursar-Reason") != "ESTIMATE_EXCEEDS_LIMIT" ||
				got.header.Get("X-Bursar-Remaining-Tokens") != "10" || field(t, got.body, "error", "code") != "insufficient_quota" {
				t.Errorf("OpenAI: %+v", got)
			}
			got = b.ask(b.Tenant.Secret.Text, "/v1/messages", `{"model":"model-1","max_tokens":50,"messages":[]}`)
			if got.status != status || field(t, got.body, "message") == "<nil>" || field(t, got.body, "code") != "insufficient_quota" {
				t.Errorf("Anthropic: %+v", got)
			}
			if b.reached.Load() != 0 {
				t.Error("the provider was reached")
			}
			if o := b.over(); o.Outcome != proxy.Denied || o.Status != status {
				t.Errorf("%+v", o)
			}
			b.nothingHeld()
		})
	}
}

// A call that a rate denies is 429 with whole seconds to wait, and final where waiting does not help.
func TestRateDenies(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, nil)
	b.Run(b.Admin, "CreateRateLimit", object{"input": object{"subjectId": b.KeyID(), "type": "REQUESTS", "limit": 1, "interval": "DAY"}})
	if got := b.chat(""); got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	got := b.chat("")
	seconds, err := strconv.Atoi(got.header.Get("Retry-After"))
	if got.status != http.StatusTooManyRequests || err != nil || seconds < 1 || seconds > 24*60*60+2 {
		t.Errorf("%+v", got)
	}
	if final := got.header.Get("X-Should-Retry") == "false"; final != (seconds > 60) {
		t.Errorf("final is %t for %d s", final, seconds)
	}
	b.Run(b.Admin, "CreateRateLimit", object{"input": object{"subjectId": b.KeyID(), "type": "TOKENS", "limit": 1, "interval": "MINUTE"}})
	if got = b.chat(""); got.status != http.StatusTooManyRequests || got.header.Get("X-Should-Retry") != "false" || got.header.Get("Retry-After") != "" {
		t.Errorf("an estimate above the limit itself: %+v", got)
	}
	b.booked(1)
}

// Nobody passes without a key of the organization that may be used: not with none, another's, one that is disabled, or a key's id, whatever they call.
func TestKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, nil)
	disabled := b.Run(b.Admin, "CreateApiKey", object{"input": object{"ownerId": b.OrganizationID(), "name": "off"}})
	b.Run(b.Admin, "UpdateApiKey", object{"input": object{"id": disabled.Text("createApiKey", "apiKey", "id"), "enabled": false}})
	other := kit.Serve(t, b.Pool)
	for name, key := range map[string]string{
		"none": "", "made up": "bsr_made_up", "a provider's": "sk-0123456789", "another organization's": other.Tenant.Secret.Text,
		"disabled": disabled.Text("createApiKey", "secret"), "a key's id": b.KeyID(), "an access token": b.Gateway,
	} {
		for _, path := range []string{"/v1/chat/completions", "/v1/messages", "/v1beta/models/model-1:generateContent", "/v1/files", "/v1/messages/count_tokens"} {
			got := b.ask(key, path, `{"model":"model-1","max_tokens":5,"messages":[],"contents":[]}`)
			if got.status != http.StatusUnauthorized || !strings.Contains(got.body, `"error"`) {
				t.Errorf("%s, %s: %d %s", name, path, got.status, got.body)
			}
		}
	}
	if b.reached.Load() != 0 {
		t.Error("the provider was reached")
	}
	b.nothingHeld()
}

// What is wrong with a request is said in the dialect of its path, and costs nothing.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, func(s *proxy.Settings) { s.MaxBodyBytes, s.Refuse = 1<<20, []string{"/v1/files*"} })
	deep := strings.Repeat("[", 100_000)
	for name, request := range map[string]struct {
		path, body string
		status     int
	}{
		"no JSON":              {"/v1/chat/completions", "hello", http.StatusBadRequest},
		"nothing":              {"/v1/chat/completions", "", http.StatusBadRequest},
		"deep JSON":            {"/v1/chat/completions", `{"model":"model-1","messages":` + deep, http.StatusBadRequest},
		"too large":            {"/v1/chat/completions", `{"model":"model-1","x":"` + strings.Repeat("x", 1<<20) + `"}`, http.StatusRequestEntityTooLarge},
		"no model":             {"/v1/chat/completions", `{"messages":[]}`, http.StatusBadRequest},
		"an unknown model":     {"/v1/chat/completions", `{"model":"other","messages":[]}`, http.StatusNotFound},
		"n is 10^9":            {"/v1/chat/completions", `{"model":"model-1","n":1000000000,"max_tokens":1000000,"messages":[]}`, http.StatusBadRequest},
		"a negative bound":     {"/v1/chat/completions", `{"model":"model-1","max_tokens":-1,"messages":[]}`, http.StatusBadRequest},
		"a refused path":       {"/v1/files", `{}`, http.StatusForbidden},
		"and another spelling": {"//v1//files", `{}`, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			got := b.ask(b.Tenant.Secret.Text, request.path, request.body)
			if got.status != request.status || field(t, got.body, "error", "message") == "<nil>" || got.header.Get("X-Request-Id") == "" {
				t.Errorf("%d: %.500s", got.status, got.body)
			}
		})
	}
	if got := b.ask(b.Tenant.Secret.Text, "/v1/realtime", "", "Upgrade", "websocket", "Connection", "Upgrade"); got.status != http.StatusNotImplemented {
		t.Errorf("a WebSocket: %+v", got)
	}
	if b.reached.Load() != 0 {
		t.Error("the provider was reached")
	}
	b.nothingHeld()
}

// A provider's nonsense about usage costs nobody a wrong amount: the call is booked as an estimate, and the answer passes as it is.
func TestNonsenseUsage(t *testing.T) {
	t.Parallel()
	for name, usage := range map[string]string{
		"negative":               `{"prompt_tokens":-5,"completion_tokens":2}`,
		"huge":                   `{"prompt_tokens":1e30,"completion_tokens":2}`,
		"more cached than input": `{"prompt_tokens":5,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":6}}`,
		"a text":                 `"many"`,
		"none":                   `null`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `{"id":"c1","model":"model-1","choices":[{"message":{"content":"hello"}}],"usage":` + usage + `}`
			b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(body))
			}, nil)
			if got := b.chat(""); got.status != http.StatusOK || got.body != body {
				t.Errorf("%+v", got)
			}
			if e := b.booked(1)[0]; !e.Estimated || e.Status != "SETTLED" || e.Input == 0 || e.Input > 50 || e.Output == 0 || e.Output > 50 {
				t.Errorf("%+v", e)
			}
			b.settled()
		})
	}
}

// Requests with the same Idempotency-Key, API key and body are one call: the second is refused, and passes after the first has failed before it cost
// anything. Another body, or another key, is another call.
func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	var healthy atomic.Bool
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		if !healthy.Load() {
			http.Error(w, "overloaded", http.StatusServiceUnavailable)
			return
		}
		answerChat(w, r)
	}, nil)
	for range 2 {
		if got := b.chat("", "Idempotency-Key", "one"); got.status != http.StatusServiceUnavailable || got.body != "overloaded\n" {
			t.Fatalf("%+v", got)
		}
		b.settled()
	}
	healthy.Store(true)
	if got := b.chat("", "Idempotency-Key", "one"); got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	b.booked(1)
	if got := b.chat("", "Idempotency-Key", "one"); got.status != http.StatusConflict || got.header.Get("X-Should-Retry") != "false" {
		t.Errorf("%+v", got)
	}
	if got := b.chat(`"n":1`, "Idempotency-Key", "one"); got.status != http.StatusOK {
		t.Errorf("%+v", got)
	}
	if got := b.chat("", "Idempotency-Key", "two"); got.status != http.StatusOK {
		t.Errorf("%+v", got)
	}
	b.booked(3)
}

// What the gateway does not know passes with the configured amount, and what is free holds and books nothing, but needs a key.
func TestOtherCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, nil)
	if got := b.ask(b.Tenant.Secret.Text, "/v1/messages/count_tokens", `{"model":"model-1","messages":[]}`); got.status != http.StatusOK {
		t.Errorf("%+v", got)
	}
	b.nothingHeld()
	if got := b.ask(b.Tenant.Secret.Text, "/v1/vector_stores", `{"name":"mine"}`); got.status != http.StatusOK {
		t.Errorf("%+v", got)
	}
	if e := b.booked(1)[0]; e.Cost != "0.01" || !e.Estimated || e.Status != "SETTLED" {
		t.Errorf("%+v", e)
	}
}

// A call whose cost has no bound holds the configured amount, or is refused if the operator says so.
func TestUnboundedCalls(t *testing.T) {
	t.Parallel()
	const call = `{"model":"model-1","input":"hi","previous_response_id":"resp_1","max_output_tokens":10}`
	held := newBench(t, answerChat, nil)
	if got := held.ask(held.Tenant.Secret.Text, "/v1/responses", call); got.status != http.StatusOK || got.header.Get("X-Bursar-Held-Cost") != "1" {
		t.Errorf("%+v", got)
	}
	refused := newBench(t, answerChat, func(s *proxy.Settings) { s.Unbounded.Refuse = true })
	if got := refused.ask(refused.Tenant.Secret.Text, "/v1/responses", call); got.status != http.StatusBadRequest {
		t.Errorf("%+v", got)
	}
	if refused.reached.Load() != 0 {
		t.Error("the provider was reached")
	}
}
