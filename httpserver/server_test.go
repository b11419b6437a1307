package main

import (
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"
)

// serveOn serves a handler on a free port.
func serveOn(t *testing.T, handler http.HandlerFunc) (*server, string) {
	t.Helper()
	listener, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(listener, handler, defaultLimits(0), nil, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { s.drain(time.Second) })
	return s, urlOf(listener, "http")
}

// Guarantee: draining waits for what is in flight.
func TestDrainWaits(t *testing.T) {
	t.Parallel()
	arrived, proceed := make(chan struct{}), make(chan struct{})
	s, url := serveOn(t, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-proceed
		_, _ = io.WriteString(w, "in full")
	})
	answers, drained := make(chan answer, 1), make(chan bool, 1)
	go func() { answers <- get(t, url) }()
	<-arrived
	go func() { drained <- s.drain(patience) }()
	close(proceed)
	if got := <-answers; got.body != "in full" {
		t.Errorf("the answer is %q", got.body)
	}
	if !<-drained {
		t.Error("drain says that requests were cut off")
	}
}

// Guarantee: what takes longer than the limit does not keep the program: its context ends.
func TestDrainIsBounded(t *testing.T) {
	t.Parallel()
	arrived, ended := make(chan struct{}), make(chan struct{})
	s, url := serveOn(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(ended)
	})
	go func() {
		response, err := http.Get(url) // the server ends it
		if err == nil {
			_ = response.Body.Close()
		}
	}()
	<-arrived
	if s.drain(10 * time.Millisecond) {
		t.Error("drain says that every request was answered")
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the request's context goes on")
	}
}

// Guarantee: the printed URL is one that a browser on this machine can open, whatever the server listens on.
func TestURLIsReachable(t *testing.T) {
	t.Parallel()
	for _, addr := range []address{"127.0.0.1:0", ":0", "0.0.0.0:0", "localhost:0"} {
		listener, err := listen(t.Context(), addr)
		if err != nil {
			t.Fatal(err)
		}
		s := serve(listener, http.HandlerFunc(serveHealth), defaultLimits(0), nil, slog.New(slog.DiscardHandler))
		if got := get(t, urlOf(listener, "http")); got.body != "ok\n" {
			t.Errorf("%s: %q", addr, got.body)
		}
		s.drain(time.Second)
	}
}
