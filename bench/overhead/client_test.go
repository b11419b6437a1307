package overhead

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Guarantee: a connection reads answers with a length and answers in chunks, with trailers, one after the other, and tells an answer that is an error, is cut off, or
// does not end as it must from a good one.
func TestConnection(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Trailer", "X-Cost")
		switch kind := string(body); kind {
		case "length":
			w.Header().Del("Trailer")
			_, _ = io.WriteString(w, `{"a":1}`)
		case "chunks", "wrong end":
			for range 3 {
				_, _ = io.WriteString(w, strings.Repeat("x", 5000))
				_ = http.NewResponseController(w).Flush()
			}
			_, _ = io.WriteString(w, "the end"+strings.TrimPrefix(kind, "chunks"))
			w.Header().Set("X-Cost", "1")
		case "error":
			http.Error(w, "no", http.StatusTeapot)
		case "cut":
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	c, err := dial(t.Context(), &Target{URL: server.URL, Header: "X-One: 1\r\n"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, test := range []struct{ body, end, want string }{
		{"length", "}", ""}, {"chunks", "the end", ""}, {"length", "}", ""}, {"wrong end", "the end", "the answer ends with"}, {"error", "}", "HTTP status 418"},
		{"chunks", "the end", ""}, {"cut", "half", "read the answer"},
	} {
		started := 0
		first, err := c.call(&chat{body: test.body, end: test.end}, "key", func() { started++ })
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.body, err)
		}
		if started != 1 || first.IsZero() {
			t.Errorf("%s: begun %d times, at %s", test.body, started, first)
		}
	}
}
