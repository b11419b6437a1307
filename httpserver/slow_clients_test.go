package httpserver

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serveWithin serves a handler within limits and returns the address.
func serveWithin(t *testing.T, limits Limits, handler http.HandlerFunc) string {
	t.Helper()
	return strings.TrimPrefix(newServer(t, limits).Serve(listen(t, "127.0.0.1:0"), handler), "http://")
}

// connect opens a connection and sends something.
func connect(t *testing.T, address, text string) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

// answered reads until the server closes the connection, which it must.
func answered(t *testing.T, conn net.Conn) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("the connection stays open after %q", text)
	}
	return string(text) // a reset is an end too
}

// Guarantee: clients that send their header or their body slowly, that do not read the answer, or that send nothing at all,
// are disconnected; the handler that reads a body which never ends gets an error.
func TestSlowClientsAreDisconnected(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits(0)
	limits.ReadHeader, limits.Read, limits.Write, limits.Idle = 100*time.Millisecond, 200*time.Millisecond, 400*time.Millisecond, 100*time.Millisecond
	bodies := make(chan error, 1)
	address := serveWithin(t, limits, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/body":
			_, err := io.ReadAll(r.Body)
			bodies <- err
		case "/endless":
			for block := make([]byte, 1<<16); ; {
				if _, err := w.Write(block); err != nil {
					bodies <- err
					return
				}
			}
		}
	})
	answered(t, connect(t, address, ""))
	answered(t, connect(t, address, "POST / HTTP/1.1\r\nHost: a\r\nX-Slow: "))
	answered(t, connect(t, address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")) // answered, then idle
	answered(t, connect(t, address, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nslow"))
	if err := <-bodies; err == nil {
		t.Error("half a body passes for a whole one")
	}
	connect(t, address, "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n") // and reads nothing of it
	select {
	case err := <-bodies:
		if err == nil {
			t.Error("an answer that nobody reads is written")
		}
	case <-time.After(timeout):
		t.Error("an answer that nobody reads is written for ever")
	}
}

// Guarantee: a header beyond 16 KiB is refused, and one short of it is not.
func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	address := serveWithin(t, DefaultLimits(0), func(http.ResponseWriter, *http.Request) {})
	for size, want := range map[int]string{15 << 10: "HTTP/1.1 200", 32 << 10: "HTTP/1.1 431", 8 << 20: "HTTP/1.1 431"} {
		conn := connect(t, address, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Large: ")
		go func() { _, _ = io.WriteString(conn, strings.Repeat("x", size)+"\r\n\r\n") }() // it may be cut off
		if status, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(status, want) {
			t.Errorf("%d bytes: %q, %v", size, status, err)
		}
	}
}

// Guarantee: beyond the bound on connections, those are closed that have waited longest for a request, silent ones and ones
// that send a header slowly alike; requests in flight are answered, and new connections are served.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits(20)
	limits.ReadHeader, limits.Read, limits.Idle = time.Hour, time.Hour, time.Hour
	proceed := make(chan struct{})
	var working atomic.Int32
	arrived := make(chan struct{}, 5)
	address := serveWithin(t, limits, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/work" {
			working.Add(1)
			arrived <- struct{}{}
			<-proceed
		}
		_, _ = io.WriteString(w, "served")
	})
	var workers []net.Conn
	for range 5 {
		workers = append(workers, connect(t, address, "GET /work HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
		<-arrived
	}
	var idle []net.Conn
	for i := range 200 {
		text := []string{"", "G", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "}[i%3]
		idle = append(idle, connect(t, address, text))
	}
	for i := range 20 {
		if got := get(t, "http://"+address); got != "served" {
			t.Fatalf("call %d: %s", i, got)
		}
	}
	for _, conn := range idle[:180] { // those that have waited longest have been closed
		answered(t, conn)
	}
	close(proceed)
	for _, conn := range workers {
		if text := answered(t, conn); !strings.HasSuffix(text, "served") {
			t.Errorf("a request in flight is answered %q", text)
		}
	}
}
