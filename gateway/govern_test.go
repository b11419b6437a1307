package gateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/gateway"
	"bursar/graph/graphtest"
)

const chatAnswer = `{"id":"c1","model":"model-1","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],` +
	`"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}`

// awaitLedger waits until a number of events is booked.
func awaitLedger(t *testing.T, a *graphtest.API, number int) {
	t.Helper()
	dbtest.Await(t, a.Pool, `select count(*) >= $1 from usage_events`, number)
}

// governed is a program whose calls of a provider pass through a Transport, and which has a Handler before the same provider.
type governed struct {
	*graphtest.API

	transport *http.Client
	url       string // of the handler
	provider  string
	reports   chan gateway.Report // that were not booked
}

func newGoverned(t *testing.T, provider http.HandlerFunc, change func(*gateway.Config)) *governed {
	t.Helper()
	a := kit.NewAPI(t)
	setPrice(t, a, "1", "10")
	upstream := httptest.NewServer(provider)
	t.Cleanup(upstream.Close)
	g := &governed{API: a, provider: upstream.URL, reports: make(chan gateway.Report, 10)}
	policy := gateway.Policy{
		Client: newClient(t, a, change), Provider: "test", Unreported: func(r gateway.Report, _ error) { g.reports <- r },
	}
	g.transport = &http.Client{Transport: &gateway.Transport{Policy: policy, Secret: func(*http.Request) string { return a.Tenant.Secret.Text }}}
	server := httptest.NewServer(policy.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header["Authorization"]) > 0 {
			t.Error("the handler was told the caller's key")
		}
		provider(w, r)
	})))
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

// post calls chat completions in both ways.
func (g *governed) post(ctx context.Context, through, fields string) (*http.Response, error) {
	address, client := g.provider, g.transport
	if through == "handler" {
		address, client = g.url, http.DefaultClient
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v1/chat/completions",
		strings.NewReader(`{"model":"model-1","max_tokens":50,`+fields+`"messages":[{"role":"user","content":"hi"}]}`))
	if err != nil {
		return nil, err
	}
	if through == "handler" {
		request.Header.Set("Authorization", "Bearer "+g.Tenant.Secret.Text)
	}
	return client.Do(request)
}

const streamed = `data: {"id":"c1","model":"model-1","choices":[{"index":0,"delta":{"content":"hello"}}]}` + "\n\n"

// Through a Transport and through a Handler alike, an answer passes piece by piece, without the usage that nobody had asked for, and is booked.
func TestGovernedStreams(t *testing.T) {
	t.Parallel()
	for _, through := range []string{"transport", "handler"} {
		t.Run(through, func(t *testing.T) {
			t.Parallel()
			next := make(chan struct{})
			g := newGoverned(t, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || !strings.Contains(string(body), "include_usage") {
					t.Errorf("arrived: %s", body)
				}
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = io.WriteString(w, streamed)
				_ = http.NewResponseController(w).Flush()
				<-next
				_, _ = io.WriteString(w, `data: {"id":"c1","model":"model-1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}`+"\n\ndata: [DONE]\n\n")
			}, nil)
			response, err := g.post(t.Context(), through, `"stream":true,`)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = response.Body.Close() }()
			first := make([]byte, len(streamed))
			if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != streamed {
				t.Fatalf("%s, %v", first, err)
			}
			close(next)
			if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "data: [DONE]\n\n" {
				t.Errorf("%s, %v", rest, err)
			}
			awaitLedger(t, g.API, 1)
			if e := ledger(t, g.API)[0]; e.InputTokens != 7 || e.OutputTokens != 3 || e.Estimated {
				t.Errorf("%+v", e)
			}
		})
	}
}

// A caller who leaves ends the call, which is booked as an estimate; an error of the provider's costs nothing.
func TestGovernedFailures(t *testing.T) {
	t.Parallel()
	for _, through := range []string{"transport", "handler"} {
		t.Run(through, func(t *testing.T) {
			t.Parallel()
			left := make(chan struct{})
			g := newGoverned(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if !strings.Contains(string(body), `"stream":true`) {
					http.Error(w, "overloaded", http.StatusServiceUnavailable)
					return
				}
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = io.WriteString(w, streamed)
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
				close(left)
			}, nil)
			response, err := g.post(t.Context(), through, "")
			if err != nil || response.StatusCode != http.StatusServiceUnavailable {
				t.Fatalf("%+v, %v", response, err)
			}
			dbtest.Await(t, g.Pool, `select count(*) = 1 from reservations where status = 'RELEASED'`)
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			if response, err = g.post(ctx, through, `"stream":true,`); err != nil {
				t.Fatal(err)
			}
			if _, err := response.Body.Read(make([]byte, 10)); err != nil {
				t.Fatal(err)
			}
			leave()
			_ = response.Body.Close()
			<-left
			awaitLedger(t, g.API, 1)
			if e := ledger(t, g.API)[0]; !e.Estimated || e.OutputTokens == 0 {
				t.Errorf("%+v", e)
			}
		})
	}
}

// A report that Bursar does not take is given to the program, which can make it later: it is booked once.
func TestUnreported(t *testing.T) {
	t.Parallel()
	g := newGoverned(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, chatAnswer)
	}, func(c *gateway.Config) {
		c.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			text, err := io.ReadAll(body)
			if err != nil {
				return nil, err
			}
			if strings.Contains(string(text), "RecordUsage") {
				return answerOf(http.StatusBadRequest, ""), nil
			}
			return http.DefaultTransport.RoundTrip(r)
		})
	})
	again := newClient(t, g.API, nil)
	response, err := g.post(context.WithoutCancel(t.Context()), "transport", "")
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(response.Body); err != nil || string(body) != chatAnswer {
		t.Errorf("%s, %v", body, err)
	}
	var report gateway.Report
	select {
	case report = <-g.reports:
	case <-time.After(timeout):
		t.Fatal("no report is given back")
	}
	for range 2 {
		if _, err := again.Record(t.Context(), report); err != nil {
			t.Fatal(err)
		}
	}
	if got := ledger(t, g.API); len(got) != 1 || got[0].InputTokens != 100 {
		t.Errorf("%+v", got)
	}
}
