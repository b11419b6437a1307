package proxy_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"bursar/gateway/proxy"
)

// A provider's error reaches the caller as it is, with all that it says of its own limits, and costs nothing: what was held is given back.
func TestProvidersErrors(t *testing.T) {
	t.Parallel()
	limits := map[string]string{"Retry-After": "7", "Retry-After-Ms": "6543", "X-Ratelimit-Limit-Requests": "100", "X-Ratelimit-Reset-Tokens": "6m0s", "X-Should-Retry": "true",
		"Anthropic-Ratelimit-Tokens-Remaining": "0", "X-Request-Id": "req_of_the_provider"}
	b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range limits {
			w.Header().Set(name, value)
		}
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"error":{"message":"slow down","usage":{"prompt_tokens":5}}}`)
	}, nil)
	got := b.chat("")
	if got.status != http.StatusTooManyRequests || !strings.Contains(got.body, "slow down") {
		t.Errorf("%+v", got)
	}
	for name, value := range limits {
		if values := got.header.Values(name); len(values) != 1 || values[0] != value {
			t.Errorf("%s: %q, want %q", name, values, value)
		}
	}
	b.nothingHeld()
}

// When the provider refuses the gateway's key, the caller does not read that its own is wrong, nor anything of the gateway's.
func TestProviderRefusesKey(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":{"message":"Incorrect API key provided: `+providerKey+`"}}`)
	}, nil)
	got := b.chat("")
	if got.status != http.StatusBadGateway || strings.Contains(got.body, "sk-") || field(t, got.body, "error", "type") != "PROVIDER_REFUSED" || got.header.Get("X-Should-Retry") != "false" {
		t.Errorf("%+v", got)
	}
	b.nothingHeld()
}

// A provider that is not there, or breaks the connection before it answers, is 502 in the dialect, and nothing is booked.
func TestProviderIsGone(t *testing.T) {
	t.Parallel()
	gone := must(net.Listen("tcp", "127.0.0.1:0"))
	address := gone.Addr().String()
	_ = gone.Close()
	for name, change := range map[string]func(*proxy.Settings){
		"not there": func(s *proxy.Settings) {
			for _, p := range s.Providers {
				p.BaseURL = &url.URL{Scheme: "http", Host: address}
			}
		},
		"breaks": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, change)
			if got := b.chat(""); got.status != http.StatusBadGateway || field(t, got.body, "error", "type") != "PROVIDER_UNREACHABLE" {
				t.Errorf("%+v", got)
			}
			if o := b.over(); o.Outcome != proxy.Failed {
				t.Errorf("%+v", o)
			}
			b.nothingHeld()
		})
	}
}

// A provider that does not begin to answer in time is left, and what went in is booked as an estimate, because the provider may charge it.
func TestFirstByteTimeout(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	b := newBench(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		close(ended)
	}, func(s *proxy.Settings) {
		s.Paths = []proxy.Path{{Pattern: "/v1/chat/*", Timeouts: proxy.Timeouts{FirstByte: 3 * time.Second}}}
	})
	got := b.chat("")
	if got.status != http.StatusGatewayTimeout || field(t, got.body, "error", "type") != "PROVIDER_TIMEOUT" {
		t.Errorf("%+v", got)
	}
	<-ended
	if e := b.booked(1)[0]; !e.Estimated || e.Input == 0 || e.Output != 0 || e.Status != "SETTLED" {
		t.Errorf("%+v", e)
	}
}

// A provider that stops in the middle of a stream is left; the caller is told by an event of the dialect, without an invented end; and what had passed is
// booked as an estimate.
func TestIdleTimeout(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, chunk("twelve bytes"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(ended)
	}, func(s *proxy.Settings) { s.Timeouts.Idle = 3 * time.Second })
	got := b.chat(`"stream":true`)
	if got.err != nil || !strings.Contains(got.body, `data: {"error":`) || strings.Contains(got.body, "[DONE]") {
		t.Errorf("%s, %v", got.body, got.err)
	}
	<-ended
	if e := b.booked(1)[0]; !e.Estimated || e.Output == 0 || e.Input == 0 {
		t.Errorf("%+v", e)
	}
	if o := b.over(); o.Outcome != proxy.Failed || !o.Estimated {
		t.Errorf("%+v", o)
	}
}

// A stream that ends too early, cleanly or not, does not reach the caller as a success.
func TestCutStreams(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(){"cleanly": func() {}, "broken": func() { panic(http.ErrAbortHandler) }} {
		for where, text := range map[string]string{"between events": chunk("one"), "within an event": chunk("one") + `data: {"id":`} {
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/event-stream")
					_, _ = io.WriteString(w, text)
					_ = http.NewResponseController(w).Flush()
					cut()
				}, nil)
				got := b.chat(`"stream":true`)
				if !strings.HasPrefix(got.body, chunk("one")) {
					t.Errorf("%q", got.body)
				}
				if got.err == nil && !strings.Contains(got.body, `"error"`) {
					t.Errorf("reads as a success: %q", got.body)
				}
				if e := b.booked(1)[0]; !e.Estimated || e.Status != "SETTLED" || b.reached.Load() != 1 {
					t.Errorf("%+v", e)
				}
				b.settled()
			})
		}
	}
}

// When the caller leaves, the provider is left at once, and what has passed is booked as an estimate.
func TestCallerLeaves(t *testing.T) {
	t.Parallel()
	left := make(chan struct{})
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, chunk("one"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(left)
	}, nil)
	ctx, leave := context.WithCancel(t.Context())
	request := must(http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/v1/chat/completions",
		strings.NewReader(`{"model":"model-1","stream":true,"messages":[{"role":"user","content":"hi"}]}`)))
	request.Header.Set("Authorization", "Bearer "+b.Tenant.Secret.Text)
	response := must(http.DefaultTransport.RoundTrip(request))
	if _, err := response.Body.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	leave()
	_ = response.Body.Close()
	<-left
	if e := b.booked(1)[0]; !e.Estimated || e.Status != "SETTLED" || e.Output == 0 {
		t.Errorf("%+v", e)
	}
	if o := b.over(); o.Outcome != proxy.Left {
		t.Errorf("%+v", o)
	}
	b.settled()
}

// A caller who leaves before the provider has answered costs what went in, and one who leaves while Bursar decides costs nothing.
func TestCallerLeavesEarly(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	b := newBench(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-r.Context().Done()
	}, nil)
	ctx, leave := context.WithCancel(t.Context())
	request := must(http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/v1/chat/completions",
		strings.NewReader(`{"model":"model-1","messages":[{"role":"user","content":"hi"}]}`)))
	request.Header.Set("Authorization", "Bearer "+b.Tenant.Secret.Text)
	go func() {
		<-arrived
		leave()
	}()
	if _, err := http.DefaultTransport.RoundTrip(request); err == nil {
		t.Fatal("answered")
	}
	if e := b.booked(1)[0]; !e.Estimated || e.Output != 0 || e.Input == 0 {
		t.Errorf("%+v", e)
	}
	if o := b.over(); o.Outcome != proxy.Left || o.Status != 499 {
		t.Errorf("%+v", o)
	}
}

// A caller who stops reading, without closing the connection, is left after the time to write, so that nothing is held for good.
func TestCallerStopsReading(t *testing.T) {
	t.Parallel()
	left := make(chan struct{})
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat(chunk("one"), 1000)); err != nil {
				break
			}
		}
		close(left)
	}, func(s *proxy.Settings) { s.Timeouts.Write = time.Second })
	connection := must(net.Dial("tcp", strings.TrimPrefix(b.url, "http://")))
	defer func() { _ = connection.Close() }()
	const body = `{"model":"model-1","stream":true,"messages":[{"role":"user","content":"hi"}]}`
	_, err := io.WriteString(connection, "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer "+b.Tenant.Secret.Text+
		"\r\nContent-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-left:
	case <-time.After(timeout):
		t.Fatal("the provider is still read")
	}
	if e := b.booked(1)[0]; !e.Estimated || e.Output == 0 {
		t.Errorf("%+v", e)
	}
}
