package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Requests that are no GraphQL get an error in GraphQL's form: a mutation over GET, a body that is no JSON or too large.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Send(http.MethodGet, "?query=mutation{revokeApiKey(input:{id:%22"+a.KeyID()+"%22}){apiKey{id}}}", a.Admin, nil).Must("BAD_USER_INPUT", "")
	a.Run(a.Admin, "ApiKey", object{"id": a.KeyID()}).Equal("ACTIVE", "apiKey", "status")
	a.Send(http.MethodGet, "?query={viewer{role}}", a.Admin, nil).Equal("ADMIN", "viewer", "role")
	a.Send(http.MethodPut, "", a.Admin, []byte(`{"query": "{viewer{role}}"}`)).Must("BAD_USER_INPUT", "")
	for _, header := range []http.Header{{"Content-Type": {"text/plain"}}, {"Upgrade": {"websocket"}}} {
		a.SendWith(http.MethodPost, "", a.Admin, []byte(`{"query": "{viewer{role}}"}`), header).Must("BAD_USER_INPUT", "")
	}
	for _, body := range []string{"", "{", "query", `[]`, `"x"`, `{"query": 1}`, `{"query": "{"}`, `{"query": "{nothing}"}`, `{}`,
		`{"query": "query A {viewer{role}} query B {viewer{role}}"}`, strings.Repeat("x", 3<<20)} {
		if result := a.Send(http.MethodPost, "", a.Admin, []byte(body)); len(result.Errors) == 0 || result.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
			t.Errorf("%.40q: %+v", body, result.Errors)
		}
	}
}

// Documents that ask for too much are QUERY_TOO_COMPLEX: too large a page, too many rows, too many levels.
func TestTooComplex(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Refused(a.Admin, "ApiKeys", object{"first": 101}, "QUERY_TOO_COMPLEX", "first")
	a.Refused(a.Admin, "ApiKeys", object{"first": -1}, "BAD_USER_INPUT", "first")
	a.Refused(a.Admin, "ApiKeys", object{"after": "?"}, "BAD_USER_INPUT", "after")
	a.Run(a.Admin, "ApiKeys", object{"first": 100})
	wide := "{"
	for i := range 40 {
		wide += fmt.Sprintf(" a%d:apiKeys(first:100){edges{node{budgetLimits{id used reserved amount}}}}", i)
	}
	a.Post(a.Admin, object{"query": wide + "}"}).Must("QUERY_TOO_COMPLEX", "")
	nested := "organization{workspaces(first:1){edges{node{"
	document := "{viewer{" + strings.Repeat(nested, 5) + "id" + strings.Repeat("}}}}", 5) + "}}"
	a.Post(a.Admin, object{"query": document}).Must("QUERY_TOO_COMPLEX", "")
}
