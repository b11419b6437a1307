package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

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
		"operations": {fields(99, "query q%d{viewer{role}}") + "query q{viewer{role}}",
			fields(100, "query q%d{viewer{role}}") + "query q{viewer{role}}"},
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
		"reports":              {"", "query($f:UsageFilter!){" + fields(3, "u%d:usage(filter:$f,interval:HOUR,groupBy:[MODEL]){total{cost}}") + "}"},
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
