package api_test

import (
	"context"
	"net/http"
	"net/url"
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
			header := preflight(a, "/graphql", origin, "authorization", "content-type")
			wanted := want
			if origin != want {
				wanted = ""
			}
			if got := header.Get("Access-Control-Allow-Origin"); got != wanted || header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s is told %q, want %q", origin, got, wanted)
			}
		}
	}
}

// A page of an origin that the operator names may send the headers that clients and tracing libraries send by themselves, and no others,
// and may read the schema.
func TestPreflights(t *testing.T) {
	t.Parallel()
	a := kit.ServeWith(t, kit.New(t), api.Config{Origins: []string{"https://portal.example"}})
	for name, headers := range map[string][]string{
		"Apollo Client 4": {"accept", "apollographql-client-name", "apollographql-client-version", "apollographql-library-name",
			"apollographql-library-version", "authorization", "content-type"},
		"Apollo's protection": {"apollo-require-preflight", "authorization"},
		"urql":                {"accept", "authorization", "content-type"},
		"OpenTelemetry":       {"authorization", "baggage", "content-type", "traceparent", "tracestate"},
		"B3":                  {"authorization", "b3", "x-b3-flags", "x-b3-parentspanid", "x-b3-sampled", "x-b3-spanid", "x-b3-traceid"},
		"Sentry":              {"authorization", "baggage", "content-type", "sentry-trace", "traceparent"},
		"Datadog": {"authorization", "traceparent", "tracestate", "x-datadog-origin", "x-datadog-parent-id", "x-datadog-sampling-priority",
			"x-datadog-trace-id"},
		"people who sign in": {"authorization", "bursar-organization", "content-type", "x-request-id"},
	} {
		for _, path := range []string{"/graphql", "/schema.graphql"} {
			header := preflight(a, path, "https://portal.example", headers...)
			if header.Get("Access-Control-Allow-Origin") == "" || header.Get("Access-Control-Allow-Headers") != strings.Join(headers, ",") {
				t.Errorf("%s, to %s: %v", name, path, header)
			}
		}
	}
	if header := preflight(a, "/graphql", "https://portal.example", "authorization", "x-forwarded-for"); header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a page may say where it is: %v", header)
	}
}

// A secret in a URL is refused, however it got there: what answered it would teach clients to send it where proxies log it.
func TestSecretsInURLsAreRefused(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	secret := a.Tenant.Secret.Text
	variables := func(key string) string {
		return "?query=" + url.QueryEscape("query($input: CheckUsageInput!) { checkUsage(input: $input) { allowed } }") +
			"&variables=" + url.QueryEscape(`{"input": {"key": "`+key+`"}}`)
	}
	a.Send(http.MethodGet, variables(a.KeyID()), a.Gateway, nil).Equal(true, "checkUsage", "allowed")
	for name, query := range map[string]string{
		"in the document": "?query=" + url.QueryEscape(`{ checkUsage(input: {key: "`+secret+`"}) { allowed } }`),
		"in variables":    variables(secret),
		"escaped":         strings.Replace(variables(secret), "bsr_", "%62sr%5F", 1),
		"cut":             variables(secret[:20]),
		"a token":         "?query={viewer{role}}&access_token=" + a.Admin,
		"the root token":  "?query={viewer{role}}&access_token=" + graphtest.RootToken,
		"unreadable":      "?query=%zz" + secret,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			result := a.Send(method, query, a.Gateway, []byte(`{"query": "{viewer{role}}"}`))
			result.Must("BAD_USER_INPUT", "")
			if result.Status != http.StatusBadRequest || !strings.Contains(result.Errors[0].Message, "a secret in a URL") ||
				strings.Contains(result.Body, secret[4:20]) {
				t.Errorf("%s, by %s: %d %s", name, method, result.Status, result.Body)
			}
		}
	}
}

// preflight asks as a browser does before a page of another origin may call.
func preflight(a *graphtest.API, path, origin string, headers ...string) http.Header {
	a.T.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodOptions, a.URL+path, nil)
	if err != nil {
		a.T.Fatal(err)
	}
	request.Header.Set("Origin", origin)
	request.Header.Set("Access-Control-Request-Method", "POST")
	request.Header.Set("Access-Control-Request-Headers", strings.Join(headers, ","))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.Header
}
