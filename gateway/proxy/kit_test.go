package proxy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/gateway"
	"bursar/gateway/proxy"
	"bursar/gateway/service"
	"bursar/gateway/wire"
	"bursar/graph/graphtest"
	"bursar/httpserver"
)

type object = graphtest.Object

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

// timeout is how long a test waits for what must happen. It is long because the machine may be busy.
const timeout = time.Minute

// providerKey is the key that the gateway has for the provider.
const providerKey = "sk-provider-0123456789"

// bench is a gateway between callers and a provider that a test plays, with a Bursar that can be switched off.
type bench struct {
	*graphtest.API

	t        *testing.T
	url      string // of the gateway
	service  *service.Service
	settings *proxy.Settings
	down     atomic.Bool // whether Bursar answers 503
	asked    atomic.Int64
	seen     chan proxy.Observation
	lost     chan gateway.LostOutcome
	reached  atomic.Int64 // calls that the provider got
	// pass is given each request to Bursar, by the operation's name, and passes it on; nil: each passes
	pass func(operation string, next http.Handler, w http.ResponseWriter, r *http.Request)
}

// newBench starts a gateway for a provider. change may change its settings.
func newBench(t *testing.T, provider http.HandlerFunc, change func(*proxy.Settings)) *bench {
	t.Helper()
	b := &bench{API: kit.NewAPI(t), t: t, seen: make(chan proxy.Observation, 1000), lost: make(chan gateway.LostOutcome, 1000)}
	for _, of := range []string{"openai", "anthropic", "gemini"} {
		b.Run(graphtest.RootToken, "SetPrice", object{"input": object{"provider": of, "model": "model*", "maxOutputTokens": 1000, "rates": []any{
			object{"unit": "INPUT_TOKENS", "perMillion": "1"}, object{"unit": "CACHED_INPUT_TOKENS", "perMillion": "0.5"},
			object{"unit": "OUTPUT_TOKENS", "perMillion": "10"}}}})
	}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.reached.Add(1)
		if strings.Contains(fmt.Sprint(r.Header, r.URL), "bsr_") {
			t.Error("the provider was told the caller's key")
		}
		provider(w, r)
	}))
	t.Cleanup(upstream.Close)
	settings := proxy.Defaults()
	settings.Bursar = proxy.Bursar{URLs: []string{b.door()}, Token: b.Gateway, Timeout: timeout, ReportWait: timeout}
	settings.Spool.Dir = t.TempDir()
	base := must(url.Parse(upstream.URL))
	for dialect, header := range map[wire.Dialect]string{wire.OpenAI: "bearer", wire.Anthropic: "x-api-key", wire.Gemini: "x-goog-api-key"} {
		settings.Providers = append(settings.Providers, &proxy.Provider{
			Name: string(dialect), BaseURL: base, Dialect: dialect, Key: providerKey, KeyHeader: header, Models: []string{"model*"}, Prices: string(dialect)})
	}
	if change != nil {
		change(&settings)
	}
	b.settings = &settings
	b.start()
	return b
}

// start starts the gateway.
func (b *bench) start() {
	b.t.Helper()
	started, err := service.Start(service.Config{
		Settings: b.settings, Listener: must(httpserver.Listen(b.t.Context(), "127.0.0.1:0")), Observer: b,
		Logger: slog.New(slog.NewTextHandler(b.t.Output(), nil)),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.service, b.url = started, started.URL
	b.t.Cleanup(func() { started.Stop(timeout) })
}

// door returns the address of Bursar, which answers 503 while it is down.
func (b *bench) door() string {
	through := httputil.NewSingleHostReverseProxy(must(url.Parse(b.URL)))
	through.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(b.t.Output(), nil), slog.LevelDebug)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.asked.Add(1)
		if b.down.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		if b.pass == nil {
			through.ServeHTTP(w, r)
			return
		}
		body := must(io.ReadAll(r.Body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		b.pass(field(b.t, string(body), "operationName"), through, w, r)
	}))
	b.t.Cleanup(server.Close)
	return server.URL
}

// setDown switches Bursar off, or on again. While it is off, the gateway does not wait long for it.
func (b *bench) setDown(down bool) {
	b.t.Helper()
	b.down.Store(down)
	changed := *b.settings
	if down {
		changed.Bursar.Timeout = 100 * time.Millisecond
	}
	if err := b.service.Proxy.Change(&changed); err != nil {
		b.t.Fatal(err)
	}
}

// Called implements proxy.Observer.
func (b *bench) Called(o proxy.Observation) { b.seen <- o }

// Recorded implements proxy.Observer.
func (b *bench) Recorded(string, float64, bool) {}

// Lost implements proxy.Observer.
func (b *bench) Lost(outcome gateway.LostOutcome) { b.lost <- outcome }

// Undeliverable implements proxy.Observer.
func (b *bench) Undeliverable() {}

// over waits until a call is over, and returns what was observed of it.
func (b *bench) over() proxy.Observation {
	b.t.Helper()
	select {
	case o := <-b.seen:
		return o
	case <-time.After(timeout):
		b.t.Fatal("no call is over")
	}
	return proxy.Observation{}
}

// answer is what a caller got.
type answer struct {
	status  int
	header  http.Header
	trailer http.Header
	body    string
	err     error // why the body was not read to its end
}

// ask calls the gateway as the dialect's SDK does, with a key.
func (b *bench) ask(key, path, body string, headers ...string) *answer {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), timeout)
	defer cancel()
	request := must(http.NewRequestWithContext(ctx, http.MethodPost, b.url+path, strings.NewReader(body)))
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return &answer{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return &answer{response.StatusCode, response.Header, response.Trailer, string(text), err}
}

// chat calls chat completions with the tenant's key.
func (b *bench) chat(fields string, headers ...string) *answer {
	b.t.Helper()
	if fields != "" {
		fields = "," + fields
	}
	return b.ask(b.Tenant.Secret.Text, "/v1/chat/completions", `{"model":"model-1","max_tokens":50,"messages":[{"role":"user","content":"hi"}]`+fields+`}`, headers...)
}

// event is a row of the ledger.
type event struct {
	Input, Output, Cached int64
	Cost                  string
	Model                 string
	Status                string // of the reservation; empty without one
	Estimated, FailedOpen bool
}

// booked waits until the ledger has a number of rows and returns them, the oldest first.
func (b *bench) booked(number int) []event {
	b.t.Helper()
	dbtest.Await(b.t, b.Pool, `select count(*) >= $1 from usage_events`, number)
	rows, err := b.Pool.Query(b.t.Context(), `select e.input_tokens, e.output_tokens, e.cached_input_tokens, trim_scale(e.cost_nanos::numeric / 1e9)::text, e.model,
		coalesce(r.status::text, ''), e.metadata ? 'estimated', e.metadata ? 'failedOpen'
		from usage_events e left join reservations r on r.id = e.reservation_id order by e.recorded_at, e.id`)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	var all []event
	for rows.Next() {
		var e event
		if err := rows.Scan(&e.Input, &e.Output, &e.Cached, &e.Cost, &e.Model, &e.Status, &e.Estimated, &e.FailedOpen); err != nil {
			b.t.Fatal(err)
		}
		all = append(all, e)
	}
	if err := rows.Err(); err != nil || len(all) != number {
		b.t.Fatalf("%d rows, want %d: %+v, %v", len(all), number, all, err)
	}
	return all
}

// nothingHeld waits until no reservation holds anything and the spool is empty, and fails the test if anything was booked.
func (b *bench) nothingHeld() {
	b.t.Helper()
	b.settled()
	b.booked(0)
}

// settled waits until no reservation holds anything and the spool is empty.
func (b *bench) settled() {
	b.t.Helper()
	dbtest.Await(b.t, b.Pool, `select count(*) = 0 from reservations where status = 'HELD'`)
	b.await("the spool is empty", func() bool { return b.service.Proxy.SpoolStats().Entries == 0 })
}

// await waits until something is true.
func (b *bench) await(what string, is func() bool) {
	b.t.Helper()
	ticks, deadline := time.NewTicker(5*time.Millisecond), time.After(timeout)
	defer ticks.Stop()
	for !is() {
		select {
		case <-ticks.C:
		case <-deadline:
			b.t.Fatalf("not true: %s", what)
		}
	}
}

func must[V any](value V, err error) V {
	if err != nil {
		panic(err)
	}
	return value
}

// field returns the value at a path of a JSON object, as JSON writes it.
func field(t *testing.T, body string, path ...string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("no JSON: %s", body)
	}
	for _, name := range path {
		inner, _ := value.(map[string]any)
		value = inner[name]
	}
	return fmt.Sprint(value)
}

// chatAnswer is a provider's answer to a chat, with usage of 100 tokens in, 60 of them cached, and 20 out.
const chatAnswer = `{"id":"c1","object":"chat.completion","model":"model-1","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],` +
	`"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":60}}}`

// cost of that answer: 40 at $1, 60 at $0.50 and 20 at $10 a million.
const chatCost = "0.00027"

func answerChat(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Ratelimit-Remaining-Requests", "7")
	_, _ = io.WriteString(w, chatAnswer)
}
