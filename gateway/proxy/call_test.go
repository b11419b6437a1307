package proxy_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/gateway/proxy"
)

// A call arrives at the provider as it was, with the provider's key in place of the caller's, in the header of its dialect; the answer arrives as it
// was; and what it says that it used is booked, at the price of its model. What of a query cannot be read stays behind: a key might be in it.
func TestCall(t *testing.T) {
	t.Parallel()
	const (
		messages = `{"id":"m1","type":"message","role":"assistant","model":"model-1","content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn",` +
			`"usage":{"input_tokens":40,"cache_read_input_tokens":60,"output_tokens":20}}`
		generated = `{"candidates":[{"content":{"parts":[{"text":"hello"}]},"finishReason":"STOP"}],"modelVersion":"model-1",` +
			`"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":60,"candidatesTokenCount":15,"thoughtsTokenCount":5,"totalTokenCount":120}}`
	)
	for name, call := range map[string]struct {
		path, body, answer string
		header, value      string // of the key at the provider
		send               string // header in which the caller sends its key
	}{
		"OpenAI": {"/v1/chat/completions", `{"model":"model-1","messages":[{"role":"user","content":"hi"}],"a_new_field":[1,2.50]}`, chatAnswer,
			"Authorization", "Bearer " + providerKey, "Authorization"},
		"Anthropic": {"/v1/messages", `{"model":"model-1","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}`, messages, "X-Api-Key", providerKey, "X-Api-Key"},
		"Anthropic's newer SDKs": {"/v1/messages", `{"model":"model-1","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}`, messages,
			"X-Api-Key", providerKey, "Authorization"},
		"Gemini": {"/v1beta/models/model-1:generateContent", `{"contents":[{"parts":[{"text":"hi"}]}]}`, generated, "X-Goog-Api-Key", providerKey, "X-Goog-Api-Key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || string(body) != call.body || r.URL.Path != call.path || r.URL.RawQuery != "beta=true" {
					t.Errorf("arrived at %s: %s", r.URL, body)
				}
				if r.Header.Get(call.header) != call.value || r.Header.Get("X-New") != "kept" || len(r.Header["X-Forwarded-For"]) > 0 {
					t.Errorf("headers that arrived: %v", r.Header)
				}
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("X-Ratelimit-Remaining-Requests", "7")
				w.Header().Set("X-Bursar-Remaining-Cost", "a lie")
				_, _ = io.WriteString(w, call.answer)
			}, nil)
			b.Run(b.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": b.KeyID(), "type": "COST", "amount": "5"}})
			headers := []string{"X-New", "kept"}
			if call.send == "Authorization" {
				headers = append(headers, call.send, "Bearer "+b.Tenant.Secret.Text)
			} else {
				headers = append(headers, call.send, b.Tenant.Secret.Text)
			}
			got := b.ask("", call.path+"?beta=true&more=a;b", call.body, headers...)
			if got.status != http.StatusOK || got.body != call.answer || got.err != nil {
				t.Fatalf("answered %d: %s, %v", got.status, got.body, got.err)
			}
			if got.header.Get("X-Ratelimit-Remaining-Requests") != "7" || got.header.Get("X-Bursar-Request-Id") == "" ||
				!strings.HasPrefix(got.header.Get("X-Bursar-Remaining-Cost"), "4.9") || got.header.Get("X-Bursar-Held-Cost") == "" {
				t.Errorf("headers: %v", got.header)
			}
			if e := b.booked(1)[0]; e != (event{100, 20, 60, chatCost, "model-1", "SETTLED", false, false}) {
				t.Errorf("booked: %+v", e)
			}
			if o := b.over(); o.Outcome != proxy.Answered || o.Status != http.StatusOK || o.Parts.InputTokens != 100 || o.Added <= 0 || o.Upstream < o.FirstByte {
				t.Errorf("observed: %+v", o)
			}
			b.settled()
		})
	}
}

// A stream reaches the caller piece by piece, as the provider sends it: the first before the provider sends the second. The chunk with the usage, which
// the caller had not asked for, is taken out, and what it says is booked before the caller has the end.
func TestStreamsAreNotBuffered(t *testing.T) {
	t.Parallel()
	next := make(chan struct{})
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !strings.Contains(string(body), `"include_usage":true`) {
			t.Errorf("arrived: %s", body)
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for _, event := range []string{chunk("one"), chunk("two"), usageChunk, "data: [DONE]\n\n"} {
			_, _ = io.WriteString(w, event)
			_ = http.NewResponseController(w).Flush()
			if event == chunk("one") {
				<-next // until the caller has the first
			}
		}
	}, nil)
	request := must(http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/v1/chat/completions",
		strings.NewReader(`{"model":"model-1","stream":true,"messages":[{"role":"user","content":"hi"}]}`)))
	request.Header.Set("Authorization", "Bearer "+b.Tenant.Secret.Text)
	response := must(http.DefaultTransport.RoundTrip(request))
	defer func() { _ = response.Body.Close() }()
	first := make([]byte, len(chunk("one")))
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != chunk("one") {
		t.Fatalf("first: %s, %v", first, err)
	}
	close(next)
	rest, err := io.ReadAll(response.Body)
	if err != nil || string(rest) != chunk("two")+"data: [DONE]\n\n" {
		t.Errorf("rest: %s, %v", rest, err)
	}
	if e := b.booked(1)[0]; e != (event{100, 20, 60, chatCost, "model-1", "SETTLED", false, false}) {
		t.Errorf("booked: %+v", e)
	}
}

// chunk is an event of a streamed chat with a text.
func chunk(text string) string {
	return `data: {"id":"c1","object":"chat.completion.chunk","model":"model-1","choices":[{"index":0,"delta":{"content":"` + text + `"},"finish_reason":null}]}` + "\n\n"
}

const usageChunk = `data: {"id":"c1","object":"chat.completion.chunk","model":"model-1","choices":[],` +
	`"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":60}}}` + "\n\n"

// A stream that takes longer than its reservation holds keeps it by heartbeats.
func TestLongStreams(t *testing.T) {
	t.Parallel()
	extended := make(chan struct{})
	b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, chunk("one"))
		_ = http.NewResponseController(w).Flush()
		<-extended
		_, _ = io.WriteString(w, usageChunk+"data: [DONE]\n\n")
	}, func(s *proxy.Settings) { s.Hold = 6 * time.Second })
	answers := make(chan *answer)
	go func() { answers <- b.chat(`"stream":true`) }()
	dbtest.Await(t, b.Pool, `select count(*) = 1 from reservations where expires_at > admitted_at + interval '6.5 s'`)
	close(extended)
	if got := <-answers; !strings.HasSuffix(got.body, "[DONE]\n\n") {
		t.Errorf("%+v", got)
	}
	if e := b.booked(1)[0]; e.Estimated || e.Status != "SETTLED" {
		t.Errorf("%+v", e)
	}
}

// With `headers: all` the answer's trailer says what the call has cost; with `none` there are no headers of Bursar's but the id of the call.
func TestHeaders(t *testing.T) {
	t.Parallel()
	all := newBench(t, answerChat, func(s *proxy.Settings) { s.Headers = proxy.HeadersAll })
	if got := all.chat(""); got.body != chatAnswer || got.trailer.Get("X-Bursar-Cost") != chatCost {
		t.Errorf("%s, trailer %v", got.body, got.trailer)
	}
	none := newBench(t, answerChat, func(s *proxy.Settings) { s.Headers = proxy.HeadersNone })
	got := none.chat("")
	for name := range got.header {
		if strings.HasPrefix(name, "X-Bursar-") && name != "X-Bursar-Request-Id" {
			t.Errorf("%s: %v", name, got.header[name])
		}
	}
}

// A caller whose call is over does not wait for a Bursar that has gone away meanwhile: the answer ends without its cost, which is booked later.
func TestAnswersEndWithoutBursar(t *testing.T) {
	t.Parallel()
	var down func()
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		down()
		answerChat(w, r)
	}, func(s *proxy.Settings) { s.Headers, s.Bursar.Timeout = proxy.HeadersAll, time.Hour })
	down = func() { b.down.Store(true) }
	if got := b.chat(""); got.body != chatAnswer || got.err != nil || got.trailer.Get("X-Bursar-Cost") != "" {
		t.Errorf("%s, %v, trailer %v", got.body, got.err, got.trailer)
	}
	b.down.Store(false)
	if e := b.booked(1)[0]; e.Estimated || e.Status != "SETTLED" {
		t.Errorf("%+v", e)
	}
}
