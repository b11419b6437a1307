package check_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bursar/graph/graphtest"
)

// proxied is an nginx in front of a stand-in for a provider, with the configuration of the manual.
type proxied struct {
	*graphtest.API
	t        *testing.T
	url      string
	arrived  atomic.Int64          // requests at the provider
	provider http.HandlerFunc      // what it answers
	between  atomic.Pointer[relay] // what stands between nginx and Bursar
	settled  chan string           // the status of each settlement
}

// relay changes what nginx sees of Bursar; nil passes on.
type relay http.HandlerFunc

// configuration returns the configuration in the manual in a language, with other addresses and the token.
func configuration(t *testing.T, language string, replace ...string) string {
	t.Helper()
	manual, err := os.ReadFile("../../docs/adapters.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(manual), "```"+language+"\n")
	block, _, closed := strings.Cut(block, "```")
	if !found || !closed {
		t.Fatalf("the manual has no configuration of %s", language)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(block, replace[i]) {
			t.Fatalf("the configuration has no %s", replace[i])
		}
		block = strings.ReplaceAll(block, replace[i], replace[i+1])
	}
	return block
}

// programOf returns the path of a proxy, or skips the test where there is none.
func programOf(t *testing.T, name, debianPackage string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name, "/usr/bin/" + name} {
		if binary, err := exec.LookPath(path); err == nil {
			return binary
		}
	}
	t.Skipf("%s is not installed: apt-get install %s", name, debianPackage)
	return ""
}

// behindNginx starts nginx in front of a provider, or skips the test where there is none.
func behindNginx(t *testing.T, dollars string, provider http.HandlerFunc) *proxied {
	t.Helper()
	binary := programOf(t, "nginx", "nginx-light")
	return behind(t, "nginx", dollars, provider, func(folder, site string) *exec.Cmd {
		temporary := ""
		for _, of := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
			temporary += fmt.Sprintf("%s_temp_path %s;\n", of, filepath.Join(folder, of))
		}
		file, log := filepath.Join(folder, "nginx.conf"), filepath.Join(folder, "log")
		write(t, file, fmt.Sprintf("daemon off;\nmaster_process off;\npid %s;\nerror_log %s;\nevents {}\nhttp {\naccess_log off;\n%s%s}\n",
			filepath.Join(folder, "pid"), log, temporary, site))
		return exec.CommandContext(context.WithoutCancel(t.Context()), binary, "-e", log, "-c", file)
	})
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// behind starts a proxy with the manual's configuration in front of a stand-in for a provider.
func behind(t *testing.T, language, dollars string, provider http.HandlerFunc, start func(folder, site string) *exec.Cmd) *proxied {
	t.Helper()
	p := &proxied{API: limited(t, dollars), t: t, provider: provider, settled: make(chan string, 100)}
	origin, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	direct := httputil.NewSingleHostReverseProxy(origin)
	direct.ModifyResponse = func(r *http.Response) error {
		if r.Request.URL.Path == "/v1/settle" {
			p.settled <- r.Status
		}
		return nil
	}
	bursar := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if other := p.between.Load(); other != nil {
			(*other)(w, r)
			return
		}
		direct.ServeHTTP(w, r)
	}))
	t.Cleanup(bursar.Close)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.arrived.Add(1)
		p.provider(w, r)
	}))
	t.Cleanup(upstream.Close)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address, folder := listener.Addr().String(), t.TempDir()
	_ = listener.Close()
	command := start(folder, configuration(t, language, "127.0.0.1:8080", bursar.Listener.Addr().String(), "127.0.0.1:8000",
		upstream.Listener.Addr().String(), "127.0.0.1:8088", address, "bst_YOUR_ACCESS_TOKEN", p.Gateway, "estimate.cost=0.05", "estimate.cost=0.45"))
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		_ = command.Wait()
		if told, err := os.ReadFile(filepath.Join(folder, "log")); err == nil && t.Failed() {
			t.Logf("%s: %s", language, told)
		}
	})
	p.url = "http://" + address
	p.awaitListening(address)
	return p
}

// awaitListening waits until somebody listens at an address.
func (p *proxied) awaitListening(address string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 20*time.Second)
	defer cancel()
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		if connection, err := new(net.Dialer).DialContext(ctx, "tcp", address); err == nil {
			_ = connection.Close()
			tick.Stop()
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatal("the proxy does not listen")
		}
	}
}

// ask sends a call of the tenant's through nginx.
func (p *proxied) ask(headers ...string) *answer {
	p.t.Helper()
	through := *p.API
	through.URL = p.url
	headers = append([]string{"X-Bursar-Token: ", "Authorization: Bearer " + p.Tenant.Secret.Text}, headers...)
	return call(p.t, &through, "POST", "/v1/chat/completions", `{"model": "m", "messages": []}`, headers...)
}

// settle waits for a settlement and fails the test unless it was answered with 200.
func (p *proxied) settle() {
	p.t.Helper()
	select {
	case status := <-p.settled:
		if status != "200 OK" {
			p.t.Fatalf("the settlement was answered with %s", status)
		}
	case <-time.After(20 * time.Second):
		p.t.Fatal("nothing was settled")
	}
}

// Behind nginx a call passes with a reservation, which is settled with what it held when the answer is over, and given back when the provider
// fails; what would pass a limit, or has no key, does not reach the provider, and is told the status, the wait and a body of its SDK.
func TestNginx(t *testing.T) {
	t.Parallel()
	var reservation atomic.Value
	p := behindNginx(t, "1", func(w http.ResponseWriter, r *http.Request) {
		reservation.Store(r.Header.Get("X-Bursar-Reservation"))
		if r.Header.Get("X-Fail") != "" {
			w.WriteHeader(http.StatusBadGateway)
		}
		_, _ = io.WriteString(w, "answer")
	})
	spoofed := []string{"X-Bursar-Reservation: res_x", "X-Bursar-Held-Cost: 0", "X-Bursar-Request: same", "X-Original-Method: GET", "X-Forwarded-Method: GET"}
	if got := p.ask(spoofed...).must(200); got.body != "answer" {
		t.Fatal(got.body)
	}
	p.settle()
	if told, _ := reservation.Load().(string); !strings.HasPrefix(told, "res_") || told == "res_x" {
		t.Fatalf("the provider was told the reservation %q", told)
	}
	stands(p.API, "0.45", "0")
	p.ask("X-Fail: yes").must(502)
	p.settle()
	stands(p.API, "0.45", "0")
	p.ask().must(200)
	p.settle()
	denied := p.ask().must(412, "Content-Type: application/json", "X-Should-Retry: false")
	if failed, _ := denied.object["error"].(object); failed["type"] != "BUDGET_EXHAUSTED" || failed["code"] != "insufficient_quota" {
		t.Fatal(denied.body)
	}
	p.ask("Authorization: Bearer nobody").must(401)
	if arrived := p.arrived.Load(); arrived != 3 {
		t.Fatalf("%d requests arrived", arrived)
	}
	stands(p.API, "0.9", "0")
}

// A rate that is used up is told as 429 with the wait.
func TestNginxRate(t *testing.T) {
	t.Parallel()
	p := behindNginx(t, "1", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "answer") })
	p.Run(p.Admin, "CreateRateLimit", object{"input": object{"subjectId": p.KeyID(), "type": "REQUESTS", "interval": "DAY", "limit": 1}})
	p.ask().must(200)
	p.settle()
	if wait := p.ask().must(429).header.Get("Retry-After"); wait == "" {
		t.Fatal("no Retry-After")
	}
	if arrived := p.arrived.Load(); arrived != 1 {
		t.Fatalf("%d requests arrived", arrived)
	}
}

// While Bursar is gone, slow or answers what is none of its answers, nothing reaches the provider, and callers are told 503.
func TestNginxWithoutBursar(t *testing.T) {
	t.Parallel()
	p := behindNginx(t, "1", func(http.ResponseWriter, *http.Request) {})
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for name, other := range map[string]relay{
		"slow":      func(http.ResponseWriter, *http.Request) { <-hang },
		"gone":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"malformed": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
		"redirects": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
	} {
		p.between.Store(&other)
		if got := p.ask().must(503); !strings.Contains(got.body, "UNAVAILABLE") {
			t.Errorf("%s: %s", name, got.body)
		}
	}
	if arrived := p.arrived.Load(); arrived != 0 {
		t.Fatalf("%d requests arrived", arrived)
	}
	stands(p.API, "0", "0")
}

// A caller who leaves in the middle of a stream has their call settled.
func TestNginxAbandonedStream(t *testing.T) {
	t.Parallel()
	p := behindNginx(t, "1", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, "data: x\n\n"); err != nil {
				return
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				return
			}
		}
	})
	ctx, leave := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/v1/chat/completions", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Api-Key", p.Tenant.Secret.Text)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(response.Body, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	leave()
	_ = response.Body.Close()
	p.settle()
	stands(p.API, "0.45", "0")
}
