package httpserver

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Guarantee: another site's page whose name resolves to this machine is refused; localhost and IP addresses are not, nor are
// other machines, whatever name they know this one by.
func TestRebindingIsRejected(t *testing.T) {
	t.Parallel()
	handler := RejectRebinding("not here", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, test := range []struct {
		remote, host string
		status       int
	}{
		{"127.0.0.1:1", "127.0.0.1:8080", 200},
		{"127.0.0.1:1", "localhost:8080", 200},
		{"127.0.0.1:1", "bursar.localhost", 200},
		{"[::1]:1", "[::1]:8080", 200},
		{"127.0.0.1:1", "evil.example:8080", 403},
		{"127.0.0.1:1", "localhost.evil.example", 403},
		{"[::ffff:127.0.0.1]:1", "evil.example", 403},
		{"127.0.0.1:1", "", 403},
		{"192.0.2.1:1", "devbox.example:8080", 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/outbox", nil)
		r.RemoteAddr, r.Host = test.remote, test.host
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if answer.Code != test.status {
			t.Errorf("%s asks %q: %d, want %d", test.remote, test.host, answer.Code, test.status)
		}
	}
}
