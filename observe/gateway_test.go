package observe_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/gateway/proxy"
	"bursar/gateway/wire"
	"bursar/observe"
	"bursar/usage"
)

// Guarantee: each number that a gateway tells of a call is in a metric: how it ended, what the gateway added and what Bursar took of it, what the provider took, tokens, what
// was booked, what became of lost decisions, and how full the spool is. What did not happen is not observed.
func TestGatewayMetrics(t *testing.T) {
	t.Parallel()
	g, err := observe.NewGateway(observe.ReadBuild(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	settings := proxy.Defaults()
	settings.Bursar.URLs, settings.Bursar.Token, settings.Spool.Dir = []string{"http://bursar.test"}, "bst_x", t.TempDir()
	settings.Providers = []*proxy.Provider{{Name: "first", BaseURL: &url.URL{Scheme: "http", Host: "provider.test"}, Dialect: wire.OpenAI}}
	p, err := proxy.New(proxy.Config{Settings: &settings, Logger: slog.New(slog.DiscardHandler), Observer: g})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	handler, err := g.Handler(p)
	if err != nil {
		t.Fatal(err)
	}
	answered := proxy.Observation{Provider: "first", Dialect: "openai", Kind: "chat", Status: http.StatusOK, Outcome: proxy.Answered, Added: 2 * time.Millisecond,
		Decided: time.Millisecond, FirstByte: time.Second, Upstream: 3 * time.Second, Parts: usage.Parts{Requests: 1, InputTokens: 100, OutputTokens: 20}}
	g.Called(answered)
	answered.Estimated, answered.FailedOpen, answered.Outcome = true, true, proxy.Left
	g.Called(answered)
	g.Called(proxy.Observation{Provider: "first", Dialect: "openai", Kind: "chat", Status: http.StatusPreconditionFailed, Outcome: proxy.Denied, Decided: time.Millisecond})
	g.Called(proxy.Observation{Dialect: "gemini", Kind: "generate", Status: http.StatusUnauthorized, Outcome: proxy.Refused})
	g.Recorded("first", 0.25, false)
	g.Recorded("first", 0.5, true)
	g.Lost(gateway.LostReleased)
	g.Undeliverable()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`bursar_gateway_calls_total{dialect="openai",failed_open="false",kind="chat",outcome="answered",provider="first"} 1`,
		`bursar_gateway_calls_total{dialect="openai",failed_open="true",kind="chat",outcome="left",provider="first"} 1`,
		`bursar_gateway_calls_total{dialect="openai",failed_open="false",kind="chat",outcome="denied",provider="first"} 1`,
		`bursar_gateway_calls_total{dialect="gemini",failed_open="false",kind="generate",outcome="refused",provider=""} 1`,
		`bursar_gateway_added_seconds_sum{provider="first"} 0.004`,
		`bursar_gateway_added_seconds_count{provider="first"} 2`,
		`bursar_gateway_decision_seconds_count 3`,
		`bursar_gateway_upstream_first_byte_seconds_sum{provider="first"} 2`,
		`bursar_gateway_upstream_seconds_sum{provider="first"} 6`,
		`bursar_gateway_upstream_seconds_count{provider="first"} 2`,
		`bursar_gateway_tokens_total{direction="input",estimated="false",provider="first"} 100`,
		`bursar_gateway_tokens_total{direction="output",estimated="true",provider="first"} 20`,
		`bursar_gateway_cost_dollars_total{estimated="false",provider="first"} 0.25`,
		`bursar_gateway_cost_dollars_total{estimated="true",provider="first"} 0.5`,
		`bursar_gateway_reports_total{estimated="true",provider="first"} 1`,
		`bursar_gateway_lost_reservations_total{outcome="released"} 1`,
		`bursar_gateway_undeliverable_reports_total 1`,
		`bursar_gateway_spool_entries 0`,
		`bursar_gateway_spool_bytes 0`,
		`bursar_gateway_spool_max_bytes 3.3554432e+07`,
		`bursar_gateway_spool_damaged_bytes 0`,
	} {
		if !strings.Contains(answer.Body.String(), "\n"+want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if t.Failed() {
		t.Log(answer.Body.String())
	}
}
