package graph_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bursar/graph"
	"bursar/graph/graphtest"
)

// fields returns a selection of n fields that differ by their aliases.
func fields(n int, format string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, format+" ", i)
	}
	return text.String()
}

// A document that is too large in any way is QUERY_TOO_COMPLEX and nothing of it runs; what is just within a bound runs.
func TestDocumentsAreBounded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	doubling := "{viewer{organization{...f0}}}"
	for i := range 30 {
		doubling += fmt.Sprintf("fragment f%d on Organization{...f%d ...f%d} ", i, i+1, i+1)
	}
	for name, test := range map[string]struct{ admitted, refused string }{
		"bytes":   {"{viewer{role}}" + strings.Repeat(" ", 1<<15), "{viewer{role}}" + strings.Repeat(" ", 1<<16)},
		"tokens":  {"", "{viewer{" + strings.Repeat("...{role} ", 1_000) + "}}"},
		"nesting": {"", strings.Repeat("{viewer", 1_500) + strings.Repeat("}", 1_500)},
		"operations": {fields(49, "query q%d{viewer{role}}") + "query q{viewer{role}}",
			fields(50, "query q%d{viewer{role}}") + "query q{viewer{role}}"},
		"depth":         {"", "{viewer{" + strings.Repeat("organization{workspaces(first:1){edges{node{", 4) + "id" + strings.Repeat("}}}}", 4) + "}}"},
		"root fields":   {"{" + fields(10, "v%d:viewer{role}") + "}", "{" + fields(11, "v%d:viewer{role}") + "}"},
		"root fragment": {"", "{...f ...g}fragment f on Query{" + fields(13, "v%d:viewer{role}") + "}fragment g on Query{" + fields(13, "w%d:viewer{role}") + "}"},
		"aliases":       {"{viewer{" + fields(50, "r%d:role") + "}}", "{viewer{" + fields(51, "r%d:role") + "}}"},
		"directives": {"{viewer{" + fields(50, "r%d:role@skip(if:false)@include(if:true)") + "}}",
			"{viewer@skip(if:false){" + fields(50, "r%d:role@skip(if:false)@include(if:true)") + "}}"},
		"repeated":             {"{viewer{" + strings.Repeat("role ", 101) + "}}", "{viewer{" + strings.Repeat("role ", 102) + "}}"},
		"spreads":              {"", "{viewer{" + strings.Repeat("...f ", 102) + "}}fragment f on Viewer{role}"},
		"fragments":            {"", doubling + "fragment f30 on Organization{id}"},
		"complexity":           {"", "{a:apiKeys(first:100){edges{node{budgetLimits{id used reserved amount}}}} " + fields(13, "a%d:apiKeys(first:100){edges{node{budgetLimits{id used reserved amount}}}}") + "}"},
		"reports":              {"", "query($f:UsageFilter!){" + fields(3, "u%d:usage(filter:$f,interval:HOUR){total{cost}}") + "}"},
		"schema":               {"{__schema{types{name}}}", "{a:__schema{types{name}} b:__schema{types{name}}}"},
		"schema in a fragment": {"", "{__schema{...f}}fragment f on __Schema{a:types{name} b:types{name}}"},
	} {
		variables := object{"f": object{"subjectId": a.OrganizationID(), "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}}
		if result := a.Post(a.Admin, object{"query": test.refused, "operationName": operationName(test.refused), "variables": variables}); len(result.Errors) != 1 ||
			result.Errors[0].Extensions.Code != "QUERY_TOO_COMPLEX" || result.Data != nil {
			t.Errorf("%s: %.300v with data %v", name, result.Errors, result.Data)
		}
		if test.admitted == "" {
			continue
		}
		if result := a.Post(a.Admin, object{"query": test.admitted, "operationName": operationName(test.admitted)}); len(result.Errors) > 0 {
			t.Errorf("%s: what is within the bound is refused: %v", name, result.Errors)
		}
	}
}

// operationName names the last operation of a document that has several.
func operationName(document string) any {
	if strings.Contains(document, "query q{") {
		return "q"
	}
	return nil
}

// Several requests in one, as an array, are refused, and none of them runs.
func TestBatchesAreRefused(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	revoke := object{"query": graphtest.Document(t, "RevokeApiKey"), "operationName": "RevokeApiKey", "variables": object{"input": object{"id": a.KeyID()}}}
	a.Post(a.Admin, []object{revoke, revoke}).Must("BAD_USER_INPUT", "")
	a.Run(a.Admin, "ApiKey", object{"id": a.KeyID()}).Equal("ACTIVE", "apiKey", "status")
}

// A thousand wrong names are answered with a few errors, not with each of them.
func TestErrorsAreFew(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	result := a.Post(a.Admin, object{"query": "{viewer{" + strings.ReplaceAll(fields(1_000, "rule%d"), "  ", " ") + "}}"})
	if n := len(result.Errors); n != 100 || result.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
		t.Errorf("%d errors, the first is %v", n, result.Errors[:1])
	}
}

// Who may ask for the schema: with a valid token as a rule; everybody or nobody where the operator says so. Without a token
// nothing else is answered, and where the schema is nobody's no error suggests names from it.
func TestIntrospection(t *testing.T) {
	t.Parallel()
	pool := kit.New(t)
	const schema, misspelt = "{__schema{queryType{name}}}", "{viewer{rolle}}"
	for mode, want := range map[graph.Introspection]struct{ stranger, token string }{
		"":                        {"UNAUTHENTICATED", ""},
		graph.IntrospectionTokens: {"UNAUTHENTICATED", ""},
		graph.IntrospectionPublic: {"", ""},
		graph.IntrospectionOff:    {"UNAUTHENTICATED", "FORBIDDEN"},
	} {
		a := kit.ServeWith(t, pool, graph.Config{Introspection: mode})
		for _, query := range []string{schema, "{...f}fragment f on Query{...{__type(name:\"Query\"){name}}}"} {
			for token, code := range map[string]string{"": want.stranger, "bst_wrong": want.stranger, a.Admin: want.token, a.Gateway: want.token, graphtest.RootToken: want.token} {
				result := a.Post(token, object{"query": query})
				got := ""
				if len(result.Errors) > 0 {
					got = result.Errors[0].Extensions.Code
				}
				if got != code {
					t.Errorf("%q: %s: %v, want %q", mode, query, result.Errors, code)
				}
			}
		}
		for _, query := range []string{"{viewer{role}}", misspelt, "{"} {
			if result := a.Post("", object{"query": query}); mode != graph.IntrospectionPublic && result.Errors[0].Extensions.Code != "UNAUTHENTICATED" {
				t.Errorf("%q: a stranger is told of %s: %v", mode, query, result.Errors)
			}
		}
		message := a.Post(a.Admin, object{"query": misspelt}).Errors[0].Message
		if suggests := strings.Contains(message, `"role"`); suggests != (mode != graph.IntrospectionOff) {
			t.Errorf("%q: %s", mode, message)
		}
		revoked := a.Tenant.AccessToken(a.Tenant.Organization.ID, "VIEWER")
		a.Run(revoked, "Viewer", nil)
		if _, err := pool.Exec(context.Background(), "update access_tokens set revoked_at = clock_timestamp() where prefix = $1", revoked[:10]); err != nil {
			t.Fatal(err)
		}
		if result := a.Post(revoked, object{"query": schema}); (len(result.Errors) == 0) != (mode == graph.IntrospectionPublic) {
			t.Errorf("%q: to a token that was revoked: %v", mode, result.Errors)
		}
	}
}

// What a browser sends for a page of another site is refused, whatever the method, also with a token; programs and pages of
// our own are served. Nothing allows other origins until the operator names them, and then those alone.
func TestCrossSiteRequestsAreRefused(t *testing.T) {
	t.Parallel()
	pool := kit.New(t)
	closed := kit.ServeWith(t, pool, graph.Config{})
	open := kit.ServeWith(t, pool, graph.Config{Origins: []string{"https://portal.example"}})
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

// persisted is a request that names its document by the hash, with or without the document.
func persisted(document string, with bool) object {
	hash := sha256.Sum256([]byte(document))
	request := object{"extensions": object{"persistedQuery": object{"version": 1, "sha256Hash": hex.EncodeToString(hash[:])}}}
	if with {
		request["query"] = document
	}
	return request
}

// A document that was sent once with its hash can be asked for by the hash, by GET too. Nobody without a token makes the
// server remember anything, and a hash of another document is refused.
func TestAutomaticPersistedQueries(t *testing.T) {
	t.Parallel()
	for _, mode := range []graph.Introspection{graph.IntrospectionTokens, graph.IntrospectionPublic} {
		a := kit.ServeWith(t, kit.New(t), graph.Config{Introspection: mode})
		const query = "query P { viewer { role } }"
		a.Post(a.Admin, persisted(query, false)).Must("PERSISTED_QUERY_NOT_FOUND", "")
		for _, stranger := range []string{"", "bst_wrong"} {
			a.Post(stranger, persisted(query, true)).Must("UNAUTHENTICATED", "")
		}
		a.Post(a.Admin, persisted(query, false)).Must("PERSISTED_QUERY_NOT_FOUND", "")
		a.Post(a.Admin, persisted(query, true)).Equal("ADMIN", "viewer", "role")
		a.Post(a.Gateway, persisted(query, false)).Equal("GATEWAY", "viewer", "role")
		extensions, err := json.Marshal(persisted(query, false)["extensions"])
		if err != nil {
			t.Fatal(err)
		}
		a.Send(http.MethodGet, "?extensions="+url.QueryEscape(string(extensions)), a.Viewer, nil).Equal("VIEWER", "viewer", "role")
		wrong := persisted(query, true)
		wrong["query"] = "{viewer{organization{id}}}"
		a.Post(a.Admin, wrong).Must("BAD_USER_INPUT", "")
		wrong["extensions"] = object{"persistedQuery": object{"version": 2, "sha256Hash": "x"}}
		a.Post(a.Admin, wrong).Must("BAD_USER_INPUT", "")
		wrong["extensions"] = object{"persistedQuery": "x"}
		a.Post(a.Admin, wrong).Must("BAD_USER_INPUT", "")
	}
}

// GET requests that are none get an error of GraphQL's form, without an echo of what was sent.
func TestBadGets(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, query := range []string{"?query=%zz", "?query={viewer{role}}&variables=secret", "?query={viewer{role}}&variables=[]", "?query={viewer{role}}&extensions=secret", "", "?query="} {
		result := a.Send(http.MethodGet, query, a.Admin, nil)
		result.Must("BAD_USER_INPUT", "")
		if strings.Contains(result.Errors[0].Message, "secret") {
			t.Errorf("%s: %s", query, result.Errors[0].Message)
		}
	}
}

// A usage report has at most 20,000 buckets in all, so that no mix of dimensions and time fills the server's memory.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	from := time.Now().UTC().Truncate(time.Hour).Add(-100 * 24 * time.Hour)
	report := func() *graphtest.Answer { // 200 days are 4,800 hours
		return a.Do(a.Admin, "Usage", object{"interval": "HOUR", "groupBy": []any{"MODEL"}, "filter": object{
			"subjectId": a.OrganizationID(), "from": from, "to": from.Add(200 * 24 * time.Hour)}})
	}
	for i := range 5 {
		if i == 4 {
			if result := report(); len(result.Errors) > 0 || len(result.Get("usage", "series").([]any)) != 4 {
				t.Fatalf("19,200 buckets: %v", result.Errors)
			}
		}
		a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "model": fmt.Sprint("model ", i), "inputTokens": 1}})
	}
	report().Must("QUERY_TOO_COMPLEX", "")
}
