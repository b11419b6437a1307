package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"bursar/graph/graphtest"
)

// A request for events or an export that gets neither is answered the same way: with an HTTP status, and the errors of GraphQL as JSON, whose id
// is that of the answer's header.
func TestEventsAndExportsRefuseAlike(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, path := range []string{"/events", "/export/usage.csv"} {
		for _, test := range []struct {
			method, token, code string
			status              int
		}{
			{http.MethodPost, a.Viewer, "BAD_USER_INPUT", http.StatusMethodNotAllowed},
			{http.MethodGet, "", "UNAUTHENTICATED", http.StatusUnauthorized},
			{http.MethodGet, "bst_wrong", "UNAUTHENTICATED", http.StatusUnauthorized},
			{http.MethodGet, a.Gateway, "FORBIDDEN", http.StatusForbidden},
			{http.MethodGet, graphtest.RootToken, "BAD_USER_INPUT", http.StatusBadRequest}, // names no organization
		} {
			request, err := http.NewRequestWithContext(t.Context(), test.method, a.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.token != "" {
				request.Header.Set("Authorization", "Bearer "+test.token)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			var body struct {
				Data   any
				Errors []struct {
					Message    string
					Extensions struct{ Code, RequestID string }
				}
			}
			if err := json.NewDecoder(response.Body).Decode(&body); err != nil || len(body.Errors) == 0 {
				t.Fatalf("%s %s: %v, %+v", test.method, path, err, body)
			}
			_ = response.Body.Close()
			first := body.Errors[0]
			if response.StatusCode != test.status || first.Extensions.Code != test.code || first.Message == "" || body.Data != nil ||
				first.Extensions.RequestID == "" || first.Extensions.RequestID != response.Header.Get("X-Request-Id") {
				t.Errorf("%s %s: status %d, want %d; %+v, want %s; X-Request-Id %q", test.method, path, response.StatusCode, test.status, body, test.code,
					response.Header.Get("X-Request-Id"))
			}
			if allowed := response.Header.Get("Allow"); (allowed == "GET, OPTIONS") != (test.status == http.StatusMethodNotAllowed) {
				t.Errorf("%s %s: Allow %q", test.method, path, allowed)
			}
		}
	}
}
