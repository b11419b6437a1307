package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/auth"
	"bursar/db"
	"bursar/graph/graphtest"
)

const (
	jsonType    = "application/json"
	graphQLType = "application/graphql-response+json"
	apolloType  = "application/graphql-response+json,application/json;q=0.9" // what Apollo Client 4 accepts
)

// An answer has the media type that the client prefers: by quality, then in the client's order; without a preference JSON.
func TestMediaTypeIsNegotiated(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for accept, want := range map[string]string{
		"":          jsonType,
		"*/*":       jsonType,
		jsonType:    jsonType,
		graphQLType: graphQLType,
		apolloType:  graphQLType,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8":                                                   jsonType,    // a browser
		"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed": graphQLType, // urql
		"multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9":                       graphQLType,
		"application/json, application/graphql-response+json":                                                               jsonType,
		"application/json;q=0.5, application/graphql-response+json;q=0.4":                                                   jsonType,
		"application/json;q=0.4, application/graphql-response+json;q=0.5;charset=utf-8":                                     graphQLType,
		"application/graphql-response+json;q=0.5, */*;q=0.8":                                                                jsonType,
		"application/json;q=0, */*":                                  graphQLType,
		"application/*;q=0.1, application/graphql-response+json;q=0": jsonType,
		"image/png":                         jsonType,
		";;;, application/*":                jsonType,
		"APPLICATION/GraphQL-Response+JSON": graphQLType,
	} {
		result := a.SendWith(http.MethodPost, "", a.Admin, []byte(`{"query": "{viewer{role}}"}`), http.Header{"Accept": {accept}})
		if got := result.Header.Get("Content-Type"); got != want || result.Status != http.StatusOK {
			t.Errorf("%q: %d %s, want %s", accept, result.Status, got, want)
		}
	}
}

// sent is a request, and the status of its answer by media type.
type sent struct {
	method, query, token, body string
	header                     http.Header
	json, graphQL              int
}

// check sends the request as several clients do. Answers without data say so by having none.
func (s sent) check(t *testing.T, name string, a *graphtest.API) {
	t.Helper()
	for accept, mediaType := range map[string]string{"*/*": jsonType, apolloType: graphQLType} {
		header := http.Header{"Accept": {accept}}
		maps.Copy(header, s.header)
		result := a.SendWith(s.method, s.query, s.token, []byte(s.body), header)
		status := map[string]int{jsonType: s.json, graphQLType: s.graphQL}[mediaType]
		if got := result.Header.Get("Content-Type"); got != mediaType || result.Status != status {
			t.Errorf("%s, to %q: %d %s, want %d %s: %s", name, accept, result.Status, got, status, mediaType, result.Body)
		}
		failed := len(result.Errors) == 1 && result.Errors[0].Extensions.Code != ""
		if has := strings.Contains(result.Body, `"data":`); has == failed {
			t.Errorf("%s: %s", name, result.Body)
		}
	}
}

func posted(token, query string, json, graphQL int) sent {
	return sent{method: http.MethodPost, token: token, body: fmt.Sprintf(`{"query": %q}`, query), json: json, graphQL: graphQL}
}

// Every answer has the media type that the client accepts, whatever became of the request. With application/graphql-response+json the
// status tells of a request that was not executed; with application/json it is 200 for every GraphQL request that could be read. What
// was not executed has no data. Of the audits of the npm package graphql-http, 572B and D586 are "a syntax error", FDE2 and 5E5B "an
// unknown field", 7B9B "a missing variable", 9C48 "a mutation by GET", and 8764 and 3E3A "no query".
func TestRefusalsHaveTheAcceptedMediaType(t *testing.T) {
	t.Parallel()
	pool := kit.New(t)
	a := kit.ServeWith(t, pool, api.Config{Introspection: api.IntrospectionOff})
	header := func(name, value string, status int) sent {
		s := posted(a.Admin, "{viewer{role}}", status, status)
		s.header = http.Header{name: {value}}
		return s
	}
	for name, request := range map[string]sent{
		"data":                   posted(a.Admin, "{viewer{role}}", 200, 200),
		"no token":               posted("", "{viewer{role}}", 200, 401),
		"a wrong token":          posted(auth.NewSecret(auth.AccessTokenPrefix).Text, "{viewer{role}}", 200, 401),
		"a syntax error":         posted(a.Admin, "{", 200, 400),
		"an unknown field":       posted(a.Admin, "{viewer{rolle}}", 200, 400),
		"a missing variable":     posted(a.Admin, "query($id: ID!){node(id: $id){id}}", 200, 400),
		"no query":               posted(a.Admin, "", 400, 400),
		"too complex":            posted(a.Admin, "{"+fields(11, "v%d:viewer{role}")+"}", 200, 400),
		"introspection":          posted(a.Admin, "{__schema{queryType{name}}}", 200, 403),
		"an unknown document":    {method: http.MethodPost, token: a.Admin, body: `{"documentId": "sha256:0"}`, json: 200, graphQL: 404},
		"no JSON":                {method: http.MethodPost, token: a.Admin, body: "{", json: 400, graphQL: 400},
		"no object":              {method: http.MethodPost, token: a.Admin, body: "[]", json: 400, graphQL: 400},
		"a number for a text":    {method: http.MethodPost, token: a.Admin, body: `{"query": 1}`, json: 400, graphQL: 400},
		"too large":              {method: http.MethodPost, token: a.Admin, body: strings.Repeat(" ", 129<<10), json: 413, graphQL: 413},
		"a mutation by GET":      {method: http.MethodGet, token: a.Admin, query: "?query=mutation{__typename}", json: 405, graphQL: 405},
		"variables by GET":       {method: http.MethodGet, token: a.Admin, query: "?query={viewer{role}}&variables=1", json: 400, graphQL: 400},
		"another method":         {method: http.MethodPut, token: a.Admin, json: 405, graphQL: 405},
		"another content type":   header("Content-Type", "text/plain", 415),
		"a page of another site": header("Sec-Fetch-Site", "cross-site", 403),
		"an upgrade":             header("Upgrade", "websocket", 501),
	} {
		request.check(t, name, a)
	}

	unreachable, err := db.NewPool(t.Context(), db.PoolConfig{URL: "postgres://nobody@127.0.0.1:1/none"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(unreachable.Close)
	down := kit.StartWith(t, api.Config{Pool: unreachable, Timeout: 300 * time.Millisecond})
	posted(a.Admin, "{viewer{role}}", 200, 503).check(t, "no database", &graphtest.API{T: t, URL: down})

	guessed := &graphtest.API{T: t, URL: kit.Start(t, pool)}
	for guessed.Do("a guess", "Viewer", nil).Status != http.StatusTooManyRequests {
		continue
	}
	posted("a guess", "{viewer{role}}", 429, 429).check(t, "too many guesses", guessed)
}

// panicking is a tracer with which whoever asks for a connection panics.
type panicking struct{ pgx.QueryTracer }

func (panicking) TraceAcquireStart(context.Context, *pgxpool.Pool, pgxpool.TraceAcquireStartData) context.Context {
	panic("no connection today")
}

func (panicking) TraceAcquireEnd(context.Context, *pgxpool.Pool, pgxpool.TraceAcquireEndData) {}

// A panic while a request is authenticated, outside of resolvers, is answered INTERNAL in the media type that the client accepts.
func TestPanicsAreAnswered(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	config := kit.ServerPool(t, a.Pool).Config()
	config.ConnConfig.Tracer = panicking{}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	server := api.New(api.Config{Pool: pool, Logger: slog.New(slog.DiscardHandler)})
	listener := httptest.NewServer(server)
	t.Cleanup(func() { listener.Close(); server.Close() })
	broken := *a
	broken.URL = listener.URL
	posted(a.Admin, "{viewer{role}}", 500, 500).check(t, "a panic", &broken)
	broken.Refused(a.Admin, "Viewer", nil, "INTERNAL", "")
}
