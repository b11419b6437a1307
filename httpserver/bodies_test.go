package httpserver

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// What a mux refuses, and what a handler without a body answers, is answered although the body never comes, and the connection ends. A small
// body, and one that a handler reads, leave it open.
func TestBodiesThatNobodyReadsAreLeft(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /read", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /write", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("/folder/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(LeaveBodies(mux, "POST /write"))
	t.Cleanup(server.Close)
	const none, large = "", "Content-Length: 250000"
	for name, test := range map[string]struct {
		line, framing string
		body          int // bytes of it that come
		status        int
		ends          bool
	}{
		"no such path":          {"POST /nothing", large, 0, http.StatusNotFound, true},
		"no such method":        {"POST /read", large, 100, http.StatusMethodNotAllowed, true},
		"a redirect":            {"POST /folder", large, 0, http.StatusTemporaryRedirect, true},
		"nobody reads it":       {"GET /read", large, 0, http.StatusNoContent, true},
		"of no known length":    {"POST /read", "Transfer-Encoding: chunked", 0, http.StatusMethodNotAllowed, true},
		"more than a small one": {"PUT /write", "Content-Length: 4097", 0, http.StatusMethodNotAllowed, true},
		"a small one":           {"PUT /write", "Content-Length: 4096", 4096, http.StatusMethodNotAllowed, false},
		"none":                  {"GET /read", none, 0, http.StatusNoContent, false},
		"one that is read":      {"POST /write", large, 250000, http.StatusNoContent, false},
	} {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		head := test.line + " HTTP/1.1\r\nHost: bursar\r\n"
		if test.framing != none {
			head += test.framing + "\r\n"
		}
		if _, err := fmt.Fprintf(connection, "%s\r\n%*s", head, test.body, ""); err != nil {
			t.Fatal(err)
		}
		if err := connection.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if response.StatusCode != test.status || response.Close != test.ends {
			t.Errorf("%s: %d, the connection ends: %t; want %d, %t", name, response.StatusCode, response.Close, test.status, test.ends)
		}
	}
}
