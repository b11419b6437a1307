package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bursar/api"
	"bursar/graph/graphtest"
)

// What a browser sends for a page of another site is refused, whatever the method, also with a token; programs and pages of
// our own are served. Nothing allows other origins until the operator names them, and then those alone.
func TestCrossSiteRequestsAreRefused(t *testing.T) {
	t.Parallel()
	pool := kit.New(t)
	closed := kit.ServeWith(t, pool, api.Config{})
	open := kit.ServeWith(t, pool, api.Config{Origins: []string{"https://portal.example"}})
	for _, test := range []struct {
		header  http.Header
		allowed bool // by the server that names the origin; the other refuses all that is cross-site
		crosses bool
	}{
		{http.Header{}, true, false},
		{http.Header{"Sec-Fetch-Site": {"same-origin"}}, true, false},
		{http.Header{"Sec-Fetch-Site": {"none"}}, true, false},
		{http.Header{"Sec-Fetch-Site": {"cross-site"}}, false, true},
		{http.Header{"Sec-Fetch-Site": {"same-site"}}, false, true},
		{http.Header{"Origin": {"https://evil.example"}}, false, true},
		{http.Header{"Origin": {"null"}}, false, true},
		{http.Header{"Origin": {"https://portal.example"}, "Sec-Fetch-Site": {"cross-site"}}, true, true},
		{http.Header{"Origin": {"http://portal.example"}, "Sec-Fetch-Site": {"cross-site"}}, false, true},
	} {
		for _, a := range []*graphtest.API{closed, open} {
			allowed := test.allowed && (a == open || !test.crosses)
			for method, query := range map[string]string{http.MethodPost: "", http.MethodGet: "?query={viewer{role}}"} {
				result := a.SendWith(method, query, a.Admin, []byte(`{"query": "{viewer{role}}"}`), test.header)
				switch {
				case allowed:
					result.Equal("ADMIN", "viewer", "role")
				case result.Status != http.StatusForbidden:
					t.Errorf("%s with %v: %d %v", method, test.header, result.Status, result.Errors)
				default:
					result.Must("FORBIDDEN", "")
				}
			}
		}
	}
	for a, want := range map[*graphtest.API]string{closed: "", open: "https://portal.example"} {
		for _, origin := range []string{"https://portal.example", "https://evil.example"} {
			header := preflight(a, origin)
			wanted := want
			if origin != want {
				wanted = ""
			}
			if got := header.Get("Access-Control-Allow-Origin"); got != wanted || header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s is told %q, want %q", origin, got, wanted)
			}
		}
	}
	if allowed := preflight(open, "https://portal.example").Get("Access-Control-Allow-Headers"); !strings.Contains(allowed, "authorization") {
		t.Errorf("a page may send %q", allowed)
	}
}

// preflight asks as a browser does before a page of another origin may call.
func preflight(a *graphtest.API, origin string) http.Header {
	a.T.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodOptions, a.URL+"/graphql", nil)
	if err != nil {
		a.T.Fatal(err)
	}
	request.Header.Set("Origin", origin)
	request.Header.Set("Access-Control-Request-Method", "POST")
	request.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.Header
}
