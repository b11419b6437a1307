package test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"bursar/gateway/demoprovider"
)

// gatewayFleet is several gateways in front of one provider that keeps the truth, on the servers of a fleet.
type gatewayFleet struct {
	*tenant

	provider *demoprovider.Provider
	files    []string // settings of the gateways
	gates    []*process
	mu       sync.Mutex
	urls     []string
	http     *http.Client
	stopped  context.Context //nolint:containedctx // ends with the test, too
	end      context.CancelFunc
	working  sync.WaitGroup
}

// newGatewayFleet starts gateways of an organization.
func newGatewayFleet(n *tenant, number int) *gatewayFleet {
	n.t.Helper()
	g := &gatewayFleet{tenant: n, provider: demoprovider.New(demoprovider.Config{Key: "sk-demo", Remember: 1_000_000, Timing: demoprovider.Timing{Token: time.Millisecond}}),
		gates: make([]*process, number), urls: make([]string, number),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000}}}
	g.stopped, g.end = context.WithCancel(n.t.Context())
	n.t.Cleanup(func() { // a test that fails does not stop them
		g.end()
		g.working.Wait()
	})
	upstream := httptest.NewServer(g.provider)
	n.t.Cleanup(upstream.Close)
	n.t.Cleanup(g.http.CloseIdleConnections)
	var doors []string
	for i := range n.urls {
		doors = append(doors, g.door(i))
	}
	for i := range number {
		var providers strings.Builder
		for _, dialect := range []string{"openai", "anthropic", "gemini"} {
			_, _ = fmt.Fprintf(&providers, "  - {name: %s, baseURL: %q, dialect: %s, key: {variable: DEMO_KEY}, models: [\"demo*\"], prices: demo}\n", dialect, upstream.URL, dialect)
		}
		folder := n.t.TempDir()
		g.files = append(g.files, filepath.Join(folder, "gateway.yaml"))
		text := fmt.Sprintf("listen: 127.0.0.1:0\nbursar: {urls: [%s], token: {variable: GATEWAY_TOKEN}, timeout: 5s}\nspool: {dir: %s}\nproviders:\n%s",
			`"`+strings.Join(doors, `", "`)+`"`, filepath.Join(folder, "spool"), providers.String())
		if err := os.WriteFile(g.files[i], []byte(text), 0o600); err != nil {
			n.t.Fatal(err)
		}
		g.startGate(i)
	}
	return g
}

// door is an address of a server that stays the same when the server is started again.
func (g *gatewayFleet) door(i int) string {
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		target, err := url.Parse(*g.tenant.urls[i].Load())
		if err != nil {
			panic(err)
		}
		r.SetURL(target)
	}, ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }}
	server := httptest.NewServer(through)
	g.t.Cleanup(server.Close)
	return server.URL
}

func (g *gatewayFleet) startGate(i int) {
	g.t.Helper()
	p := run(g.t, []string{"GATEWAY_TOKEN=" + g.gateway, "DEMO_KEY=sk-demo", "BURSAR_GATEWAY_SETTINGS=" + g.files[i]}, "gateway")
	address := p.await(`"url":"(http://[^"]+)"`)
	g.mu.Lock()
	g.gates[i], g.urls[i] = p, address
	g.mu.Unlock()
}

func (g *gatewayFleet) gate(i int) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.urls[i]
}

// madeCall is a call as its caller saw it.
type madeCall struct {
	tag      string
	request  string // the gateway's id of it; empty when no answer has begun
	status   int    // 0 likewise
	complete bool   // whether the answer was read to its end
}

// caller makes calls, one after the other, until the fleet is stopped.
type caller struct {
	fleet      *gatewayFleet
	secret, id string // of its key
	name       string
	calls      []madeCall
	budget     int64 // tokens; 0: none
}

// call starts a number of callers, every other one with a budget.
func (g *gatewayFleet) call(number int) []*caller {
	g.t.Helper()
	callers := make([]*caller, number)
	for i := range callers {
		secret, id := g.key(object{"name": fmt.Sprint("caller-", i)})
		callers[i] = &caller{fleet: g, secret: secret, id: id, name: fmt.Sprint("caller-", i)}
		if i%2 == 0 {
			callers[i].budget = 3000
			g.once(0, rootToken, "CreateBudgetLimit", object{"subjectId": id, "type": "TOKENS", "amount": callers[i].budget})
		}
	}
	for _, c := range callers {
		g.working.Go(c.work)
	}
	return callers
}

func (c *caller) work() {
	for i := 0; ; i++ {
		c.calls = append(c.calls, c.once(fmt.Sprint(c.name, "-", i)))
		select {
		case <-c.fleet.stopped.Done():
			return
		case <-time.After(requestPause()):
		}
	}
}

// once makes one call, of any form, and may leave before its end.
func (c *caller) once(tag string) madeCall {
	const prompt = "Tell me something about budgets."
	forms := []struct{ path, body string }{
		{"/v1/chat/completions", `{"model":"demo-small","max_tokens":80,"messages":[{"role":"user","content":"` + prompt + `"}]}`},
		{"/v1/chat/completions", `{"model":"demo-small","max_tokens":80,"stream":true,"messages":[{"role":"user","content":"` + prompt + `"}]}`},
		{"/v1/responses", `{"model":"demo-small","max_output_tokens":80,"stream":true,"store":false,"input":"` + prompt + `"}`},
		{"/v1/messages", `{"model":"demo-small","max_tokens":80,"stream":true,"messages":[{"role":"user","content":"` + prompt + `"}]}`},
		{"/v1beta/models/demo-small:streamGenerateContent?alt=sse", `{"generationConfig":{"maxOutputTokens":80},"contents":[{"role":"user","parts":[{"text":"` + prompt + `"}]}]}`},
	}
	form := forms[rand.IntN(len(forms))]
	demand := []string{"", "", "", "", "", "cut", "ends", "500", "no-usage", "error"}[rand.IntN(10)]
	ctx, leave := context.WithTimeout(c.fleet.t.Context(), promptly)
	defer leave()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.fleet.gate(rand.IntN(len(c.fleet.gates)))+form.path, strings.NewReader(form.body))
	if err != nil {
		c.fleet.t.Error(err)
		return madeCall{}
	}
	request.GetBody = nil // so that net/http sends nothing again by itself
	request.Header.Set("Authorization", "Bearer "+c.secret)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(demoprovider.TagHeader, tag)
	if demand != "" {
		request.Header.Set(demoprovider.DemandHeader, demand)
	}
	made := madeCall{tag: tag}
	response, err := c.fleet.http.Do(request)
	if err != nil {
		return made
	}
	defer func() { _ = response.Body.Close() }()
	made.status, made.request = response.StatusCode, response.Header.Get("X-Bursar-Request-Id")
	if rand.IntN(8) == 0 { // leaves in the middle
		_, _ = io.CopyN(io.Discard, response.Body, rand.Int64N(600))
		return made
	}
	_, err = io.Copy(io.Discard, response.Body)
	made.complete = err == nil
	return made
}

// stopCalls lets every caller end its call, and waits until the gateways have reported everything.
func (g *gatewayFleet) stopCalls() {
	g.t.Helper()
	g.end()
	g.working.Wait()
	g.provider.WaitIdle()
	deadline := time.Now().Add(2 * waitTimeout)
	for i := range g.gates {
		for !strings.Contains(g.metrics(i), "bursar_gateway_spool_entries 0\n") {
			if time.Now().After(deadline) {
				g.t.Fatalf("gateway %d has reports left", i)
			}
			select {
			case <-g.t.Context().Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
}

func (g *gatewayFleet) metrics(i int) string {
	g.t.Helper()
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, g.gate(i)+"/metrics", nil)
	if err != nil {
		g.t.Fatal(err)
	}
	response, err := g.http.Do(request)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return string(body)
}
