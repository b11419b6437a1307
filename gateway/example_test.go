package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"bursar/gateway"
)

// newGateway is a gateway in Go: a reverse proxy that replaces the caller's key, in a handler that governs what passes.
func newGateway(bursar, token, provider, key string) (http.Handler, error) {
	client, err := gateway.New(gateway.Config{URLs: []string{bursar}, Token: token})
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(provider)
	if err != nil {
		return nil, err
	}
	policy := &gateway.Policy{Client: client, Provider: "test"}
	return policy.Handler(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Header.Set("Authorization", "Bearer "+key)
	}}), nil
}

// A gateway of ten lines governs calls: it answers what the provider answers, and books what it used.
func ExamplePolicy_Handler() {
	handler, err := newGateway("https://bursar.example", "bst_…", "https://api.openai.com", "sk-…")
	if err != nil {
		return
	}
	server := &http.Server{Addr: ":8090", Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	_ = server.ListenAndServe() // returns why it ended
}

// What the example does is true: a call is held, passes with the provider's key, and is booked; one that a budget denies does not pass.
func TestGatewayOfTenLines(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	setPrice(t, a, "1", "10")
	reached := 0
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached++
		if r.Header.Get("Authorization") != "Bearer sk-provider" {
			t.Errorf("the key is %q", r.Header.Get("Authorization"))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, chatAnswer)
	}))
	t.Cleanup(provider.Close)
	handler, err := newGateway(a.URL, a.Gateway, provider.URL, "sk-provider")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	ask := func(key string) (int, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v1/chat/completions",
			strings.NewReader(`{"model":"model-1","max_tokens":50,"messages":[]}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(body)
	}
	if status, body := ask(a.Tenant.Secret.Text); status != http.StatusOK || body != chatAnswer {
		t.Errorf("%d: %s", status, body)
	}
	awaitLedger(t, a, 1)
	if e := ledger(t, a)[0]; e.InputTokens != 100 || e.OutputTokens != 20 || e.Estimated {
		t.Errorf("%+v", e)
	}
	budget(t, a, "TOKENS", "10")
	for key, want := range map[string]int{a.Tenant.Secret.Text: http.StatusPreconditionFailed, "bsr_unknown": http.StatusUnauthorized} {
		if status, body := ask(key); status != want || !strings.Contains(body, `"error"`) {
			t.Errorf("%d: %s", status, body)
		}
	}
	if reached != 1 {
		t.Errorf("the provider was reached %d times", reached)
	}
}
