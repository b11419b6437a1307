package api_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"bursar/api"
	"bursar/api/document"
	"bursar/graph/graphtest"
)

var comments = regexp.MustCompile(`#.*`)

func trust(t *testing.T, name, content string) *document.Trusted {
	t.Helper()
	documents, err := api.NewTrustedDocuments(name, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return documents
}

// Of the contract as trusted documents each operation runs, whatever its layout and whatever else its document holds, and
// nothing else does: not a field more, not introspection.
func TestTrustedDocuments(t *testing.T) {
	t.Parallel()
	text, parsed := graphtest.Contract(t)
	a := kit.ServeWith(t, kit.New(t), api.Config{TrustedDocuments: trust(t, "operations.graphql", text)})
	for _, operation := range parsed.Operations {
		for _, query := range []string{text, graphtest.Document(t, operation.Name), strings.Join(strings.Fields(comments.ReplaceAllString(graphtest.Document(t, operation.Name), "")), "\n\t")} {
			result := a.Post(a.Viewer, object{"query": query, "operationName": operation.Name})
			if len(result.Errors) > 0 && strings.Contains(result.Errors[0].Message, "known operations") {
				t.Fatalf("%s is refused as unknown", operation.Name)
			}
		}
	}
	a.Run(a.Admin, "ApiKeys", object{"first": 1}).Equal(1, "apiKeys", "totalCount")
	viewer := graphtest.Document(t, "Viewer")
	for _, query := range []string{
		"{viewer{role}}", "query Viewer{viewer{role}}", "{__schema{types{name}}}", "{", "",
		strings.Replace(viewer, "role", "role __typename", 1), strings.Replace(viewer, "role", "rule: role", 1),
		strings.Replace(viewer, "viewer {", "viewer @include(if: true) {", 1), strings.Replace(viewer, "query Viewer", "query Viewer @skip(if: true)", 1),
		"query Other" + strings.TrimPrefix(viewer, "query Viewer"),
	} {
		request := object{"query": query}
		if result := a.Post(a.Admin, request); len(result.Errors) != 1 || result.Data != nil ||
			result.Errors[0].Extensions.Code != "FORBIDDEN" && query != "" {
			t.Errorf("%q: %v %v", query, result.Errors, result.Data)
		}
	}
	a.Post(a.Admin, persisted(viewer, false)).Must("PERSISTED_QUERY_NOT_FOUND", "")
	a.Post("", object{"query": viewer}).Must("UNAUTHENTICATED", "")
}

// The manifests of the usual tools name documents by ids, which may be sent alone.
func TestTrustedManifests(t *testing.T) {
	t.Parallel()
	const query = "query A { viewer { role } } query B { viewer { organization { slug } } }"
	relay, err := json.Marshal(object{"0123": query})
	if err != nil {
		t.Fatal(err)
	}
	apollo, err := json.Marshal(object{"format": "apollo-persisted-query-manifest", "version": 1,
		"operations": []object{{"id": "0123", "name": "A", "type": "query", "body": query}}})
	if err != nil {
		t.Fatal(err)
	}
	pool := kit.New(t)
	for _, content := range [][]byte{relay, apollo} {
		a := kit.ServeWith(t, pool, api.Config{TrustedDocuments: trust(t, "manifest.json", string(content))})
		byID := func(documentID, operation string) object {
			return object{"operationName": operation, "extensions": object{"persistedQuery": object{"version": 1, "sha256Hash": documentID}}}
		}
		a.Post(a.Admin, byID("0123", "A")).Equal("ADMIN", "viewer", "role")
		a.Post(a.Admin, byID("0123", "B")).Equal(a.Tenant.Organization.Slug, "viewer", "organization", "slug")
		a.Post(a.Admin, byID("0123", "C")).Must("FORBIDDEN", "")
		a.Post(a.Admin, byID("4567", "A")).Must("PERSISTED_QUERY_NOT_FOUND", "")
		a.Post(a.Admin, object{"query": "query A{viewer{role}}"}).Equal("ADMIN", "viewer", "role")
		a.Post(a.Admin, persisted("{viewer{role}}", true)).Must("FORBIDDEN", "")
	}
}

// A file that is no set of documents for this schema is refused before anything is served.
func TestBadTrustedDocuments(t *testing.T) {
	t.Parallel()
	for _, file := range []struct{ name, content string }{
		{"operations.txt", "{viewer{role}}"},
		{"empty.graphql", ""},
		{"empty.json", ""},
		{"none.json", "{}"},
		{"list.json", `["{viewer{role}}"]`},
		{"numbers.json", `{"a": 1}`},
		{"half.graphql", "query {"},
		{"unknown.graphql", "{viewer{colour}}"},
		{"unknown.json", `{"a": "{viewer{colour}}"}`},
		{"large.graphql", "{viewer{" + fields(51, "r%d:role") + "}}"},
	} {
		if _, err := api.NewTrustedDocuments(file.name, []byte(file.content)); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", file.name, err)
		}
	}
}
