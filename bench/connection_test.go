package bench

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Guarantee: one connection carries requests with their token and body, one after the other, to a server of net/http.
func TestConnectionIsKept(t *testing.T) {
	t.Parallel()
	peers := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peers[r.RemoteAddr] = true // one connection has one request at a time
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization")+" "+string(body))
	}))
	defer server.Close()
	c, err := dial(t.Context(), server.URL, "secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"{}", strings.Repeat("x", 1000), ""} {
		answer, err := c.post([]byte(body))
		if want := "POST /graphql Bearer secret " + body; err != nil || string(answer) != want {
			t.Errorf("%q, %v, want %q", answer, err, want)
		}
	}
	if err := c.close(); err != nil {
		t.Error(err)
	}
	if len(peers) != 1 {
		t.Errorf("%d connections for three requests", len(peers))
	}
}

// Guarantee: an answer of another status or form is an error that shows it, and is not measured.
func TestOddAnswersAreErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"a status": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "too much", http.StatusTooManyRequests) }, "429: too much"},
		"chunks": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 5000)) // more than net/http keeps back to count
		}, "Content-Length"},
		"a broken connection": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(test.handler)
			defer server.Close()
			c, err := dial(t.Context(), server.URL, "")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.close() }() // the server may have closed it
			if _, err := c.post([]byte("{}")); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("want an error with %q, got %v", test.want, err)
			}
		})
	}
}

// Guarantee: the end of the context interrupts a request that waits for its answer.
func TestConnectionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-release
	}))
	defer server.Close()
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	c, err := dial(ctx, server.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := c.post([]byte("{}"))
		failed <- err
	}()
	<-arrived
	cancel()
	if err := <-failed; err == nil {
		t.Error("a request was answered that nobody answered")
	}
	if err := c.close(); err != nil {
		t.Error(err)
	}
}
