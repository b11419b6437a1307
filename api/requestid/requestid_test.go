package requestid_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/api/requestid"
)

// A caller's id is kept when it has the form of one and holds no secret; every other request gets a new one. Context and answer
// have the same.
func TestHandler(t *testing.T) {
	t.Parallel()
	var seen string
	handler := requestid.Handler(
		func(text string) bool { return strings.Contains(text, "secret") },
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = requestid.FromContext(r.Context()) }),
	)
	for sent, kept := range map[string]bool{
		"gw-1.2_3": true, strings.Repeat("x", 64): true,
		"": false, strings.Repeat("x", 65): false, "a b": false, "a\nb": false, "é": false, "my-secret": false,
	} {
		request, answer := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody), httptest.NewRecorder()
		request.Header.Set(requestid.Header, sent)
		handler.ServeHTTP(answer, request)
		if got := answer.Header().Get(requestid.Header); got != seen {
			t.Errorf("%q: the answer has %q, the context %q", sent, got, seen)
		}
		if _, err := uuid.Parse(seen); kept != (seen == sent) || kept == (err == nil) {
			t.Errorf("%q became %q", sent, seen)
		}
	}
	if got := requestid.FromContext(t.Context()); got != "" {
		t.Errorf("no request has the id %q", got)
	}
}
