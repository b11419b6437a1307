package httpserver

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// timeout bounds how long a test waits for what must happen. It is long because the machine may be busy.
const timeout = 2 * time.Minute

// newServer returns a server that the test's end drains.
func newServer(t *testing.T, limits Limits) *Server {
	t.Helper()
	s := New(Config{Limits: limits, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() { s.Drain(time.Second) })
	return s
}

// listen opens a port.
func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	listener, err := Listen(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// get returns the body of an answer.
func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// says returns a handler that answers with a text.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }
}

// Guarantee: Drain waits for the requests in flight, on every listener.
func TestDrainWaits(t *testing.T) {
	t.Parallel()
	s := newServer(t, DefaultLimits(0))
	arrived, proceed := make(chan struct{}, 2), make(chan struct{})
	answers, drained := make(chan string, 2), make(chan bool, 1)
	for range 2 {
		url := s.Serve(listen(t, "127.0.0.1:0"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			arrived <- struct{}{}
			<-proceed
			_, _ = io.WriteString(w, "in full")
		}))
		go func() { answers <- get(t, url) }()
		<-arrived
	}
	go func() { drained <- s.Drain(timeout) }()
	close(proceed)
	for range 2 {
		if got := <-answers; got != "in full" {
			t.Errorf("the answer is %q", got)
		}
	}
	if !<-drained {
		t.Error("Drain says that requests were cut off")
	}
}

// Guarantee: a request that takes longer than the limit does not hold up the shutdown: its context ends.
func TestDrainIsBounded(t *testing.T) {
	t.Parallel()
	s := newServer(t, DefaultLimits(0))
	arrived, ended := make(chan struct{}), make(chan struct{})
	url := s.Serve(listen(t, "127.0.0.1:0"), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(ended)
	}))
	go func() {
		response, err := http.Get(url) // the server ends it
		if err == nil {
			_ = response.Body.Close()
		}
	}()
	<-arrived
	if s.Drain(10 * time.Millisecond) {
		t.Error("Drain says that every request was answered")
	}
	select {
	case <-ended:
	case <-time.After(timeout):
		t.Error("the request's context goes on")
	}
}

// Guarantee: the URL of a listener works in a browser on this machine, whatever address it listens on.
func TestURLIsReachable(t *testing.T) {
	t.Parallel()
	s := newServer(t, DefaultLimits(0))
	for _, address := range []string{"127.0.0.1:0", ":0", "0.0.0.0:0", "localhost:0"} {
		if got := get(t, s.Serve(listen(t, address), says("ok"))); got != "ok" {
			t.Errorf("%s: %q", address, got)
		}
	}
}

// Guarantee: each listener of a server has its own handler, and all of them stop with Drain.
func TestListenersHaveTheirOwnHandlers(t *testing.T) {
	t.Parallel()
	s := newServer(t, DefaultLimits(0))
	urls := map[string]string{}
	for _, name := range []string{"enforcement", "control"} {
		urls[name] = s.Serve(listen(t, "127.0.0.1:0"), says(name))
	}
	for name, url := range urls {
		if got := get(t, url); got != name {
			t.Errorf("%s answers %q", name, got)
		}
	}
	if !s.Drain(timeout) {
		t.Error("Drain says that requests were cut off")
	}
	for name, url := range urls {
		if connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
			_ = connection.Close()
			t.Errorf("%s still listens", name)
		}
	}
	select {
	case err := <-s.Failed():
		t.Errorf("a shutdown counts as a failure: %v", err)
	default:
	}
}

// Guarantee: a listener that breaks is reported, and a port that is in use is an error that callers can tell.
func TestListenersFail(t *testing.T) {
	t.Parallel()
	s, listener := newServer(t, DefaultLimits(0)), listen(t, "127.0.0.1:0")
	if _, err := Listen(t.Context(), listener.Addr().String()); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port in use: %v", err)
	}
	s.Serve(listener, says("ok"))
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.Failed():
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("the failure is %v", err)
		}
	case <-time.After(timeout):
		t.Error("a closed listener is not reported")
	}
}
