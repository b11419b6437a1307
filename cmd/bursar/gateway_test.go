package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/gateway/demoprovider"
	"bursar/observe/tracing/tracingtest"
)

// gatewaySettings writes a file of settings for a gateway of one provider.
func gatewaySettings(t *testing.T, file, bursarURL, providerURL, models string) {
	t.Helper()
	text := "listen: 127.0.0.1:0\nbursar:\n  urls: [\"" + bursarURL + "\"]\n  token: {variable: GATEWAY_TOKEN}\nspool: {dir: " + filepath.Dir(file) +
		"/spool}\nproviders:\n  - {name: first, baseURL: \"" + providerURL + "\", dialect: openai, key: {variable: PROVIDER_KEY}, prices: demo, models: [\"" + models + "\"]}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Guarantee: a gateway of the command line governs calls, takes over a file that was changed and keeps its settings when the new ones have mistakes, shows what
// has passed in its metrics and in a span of the caller's trace, without a secret in either, and drains.
func TestGateway(t *testing.T) {
	t.Parallel()
	collector, databaseURL := tracingtest.New(t), database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	_, bursarURL := startServe(t, databaseURL, nil)
	provider := httptest.NewServer(demoprovider.New(demoprovider.Config{Key: "sk-of-the-provider"}))
	t.Cleanup(provider.Close)
	file := filepath.Join(t.TempDir(), "gateway.yaml")
	gatewaySettings(t, file, bursarURL, provider.URL, "demo-small")
	r := start(t, variables{
		"GATEWAY_TOKEN": tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY), "PROVIDER_KEY": "sk-of-the-provider",
		"BURSAR_GATEWAY_SETTINGS": file, "OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL,
	}, "gateway")
	url := r.await(`"url":"(http://[^"]+)"`)
	call := func(model string) answer {
		t.Helper()
		return request(t, http.MethodPost, url+"/v1/chat/completions", `{"model":"`+model+`","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}`,
			func(r *http.Request) {
				r.Header.Set("Authorization", "Bearer "+tenant.Secret.Text)
				r.Header.Set("Traceparent", "00-"+callersTrace+"-"+callersSpan+"-01")
			})
	}
	wantStatus(t, "a call", call("demo-small"), http.StatusOK)
	wantStatus(t, "another model", call("demo-large"), http.StatusNotFound)
	gatewaySettings(t, file, bursarURL, provider.URL, "demo-*")
	r.await(`"the settings were taken over"`)
	wantStatus(t, "another model, after the change", call("demo-large"), http.StatusOK)
	gatewaySettings(t, file, bursarURL, provider.URL, "de*mo")
	r.await(`gateway.yaml:7: models:`)
	wantStatus(t, "a call, after a mistake", call("demo-small"), http.StatusOK)
	wantStatus(t, "/healthz", get(t, url+"/healthz"), http.StatusOK)
	wantStatus(t, "/readyz", get(t, url+"/readyz"), http.StatusOK)
	metrics := get(t, url+"/metrics").body
	wantContains(t, "the metrics", metrics, `bursar_gateway_calls_total{dialect="openai",failed_open="false",kind="chat",outcome="answered",provider="first"} 3`)
	wantContains(t, "the metrics", metrics, `bursar_gateway_added_seconds_count{provider="first"} 3`)
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	dbtest.Await(t, database.Pool(t, databaseURL), `select count(*) = 3 from usage_events`)
	span := collector.Await(t.Context(), "chat demo-large", func(s tracingtest.Span) bool { return s.Attribute("gen_ai.response.model") == "demo-large" })
	if span.Trace() != callersTrace || span.Parent() != callersSpan || span.Attribute("gen_ai.operation.name") != "chat" || span.Attribute("gen_ai.provider.name") != "demo" ||
		span.Attribute("gen_ai.request.model") != "demo-large" || span.Attribute("bursar.request_id") == "" || span.Attribute("gen_ai.request.max_tokens") != "20" ||
		span.Attribute("gen_ai.usage.input_tokens") == "" || span.Attribute("gen_ai.usage.output_tokens") == "" {
		t.Errorf("the span is %s", span)
	}
	for _, secret := range []string{tenant.Secret.Text, "sk-of-the-provider"} {
		if strings.Contains(collector.Text()+metrics+r.stderr.String(), secret) {
			t.Errorf("%s was told", secret)
		}
	}
}

// Guarantee: settings with mistakes are refused before anything is started, with exit code 2 and a line for each mistake; --check tells them too, and that there
// are none.
func TestGatewayMistakes(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	file := filepath.Join(t.TempDir(), "gateway.yaml")
	gatewaySettings(t, file, "http://127.0.0.1:1", "http://127.0.0.1:1", "demo*")
	r := start(t, variables{"GATEWAY_TOKEN": "bst_x", "PROVIDER_KEY": "sk-x"}, "gateway", "--settings", file, "--check")
	if code := r.finish(); code != exitDone || !strings.Contains(r.stdout.String(), "1 providers, no mistakes") {
		t.Errorf("exit code %d", code)
	}
	for _, arguments := range [][]string{{"gateway", "--settings", file}, {"gateway", "--settings", file, "--check"}} {
		r := start(t, variables{}, arguments...)
		if code := r.finish(); code != exitMisused {
			t.Errorf("exit code %d", code)
		}
		for _, want := range []string{"gateway.yaml:4: bursar.token: the variable GATEWAY_TOKEN is not set", "gateway.yaml:7: key: the variable PROVIDER_KEY is not set", "2 mistakes"} {
			wantContains(t, "the output", r.stderr.String(), want)
		}
	}
	r = start(t, variables{}, "gateway", "--settings", file+".not-there")
	if code := r.finish(); code != exitMisused {
		t.Errorf("exit code %d", code)
	}
}
