package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"bursar/api"
	"bursar/api/document"
	"bursar/db/dbtest"
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
// nothing else does: not a field more but __typename, not introspection.
func TestTrustedDocuments(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
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
		"{viewer{role}}", "query Viewer{viewer{role}}", "{__schema{types{name}}}", "{", "", "query Viewer{__typename}",
		strings.Replace(viewer, "role", "role type: __typename", 1), strings.Replace(viewer, "role", "rule: role", 1),
		strings.Replace(viewer, "role", "role __typename @skip(if: true)", 1), strings.Replace(viewer, "role", "role role", 1),
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

// asClient returns an operation of the contract as clients print it: with __typename in every selection but the root's, as Apollo Client
// and urql add it, and in reverse order of everything whose order means nothing, for tools sort it.
func asClient(t *testing.T, operation string) string {
	t.Helper()
	parsed, err := parser.ParseQuery(&ast.Source{Input: graphtest.Document(t, operation)})
	if err != nil {
		t.Fatal(err)
	}
	var change func(ast.SelectionSet) ast.SelectionSet
	change = func(selections ast.SelectionSet) ast.SelectionSet {
		if len(selections) == 0 {
			return nil
		}
		changed := ast.SelectionSet{&ast.Field{Name: "__typename", Alias: "__typename"}}
		for _, selection := range slices.Backward(selections) {
			switch selected := selection.(type) {
			case *ast.Field:
				slices.Reverse(selected.Arguments)
				selected.SelectionSet = change(selected.SelectionSet)
			case *ast.InlineFragment:
				selected.SelectionSet = change(selected.SelectionSet)
			}
			changed = append(changed, selection)
		}
		return changed
	}
	for _, definition := range parsed.Operations {
		slices.Reverse(definition.VariableDefinitions)
		definition.SelectionSet = change(definition.SelectionSet)[1:]
	}
	for _, fragment := range parsed.Fragments {
		fragment.SelectionSet = change(fragment.SelectionSet)
	}
	slices.Reverse(parsed.Fragments)
	var text strings.Builder
	formatter.NewFormatter(&text).FormatQueryDocument(parsed)
	return text.String()
}

// Trusted documents are those of clients that add __typename and sort what they print; the answer has what the client asked for, in its
// order. Another definition of a fragment under the same name does not run.
func TestTrustedDocumentsOfClients(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
	text, parsed := graphtest.Contract(t)
	a := kit.ServeWith(t, kit.New(t), api.Config{TrustedDocuments: trust(t, "operations.graphql", text)})
	for _, operation := range parsed.Operations {
		result := a.Post(a.Viewer, object{"query": asClient(t, operation.Name), "operationName": operation.Name})
		if len(result.Errors) > 0 && strings.Contains(result.Errors[0].Message, "known operations") {
			t.Errorf("%s is refused as unknown", operation.Name)
		}
	}
	result := a.Post(a.Admin, object{"query": asClient(t, "Viewer")})
	result.Equal("Viewer", "viewer", "__typename")
	result.Equal("Organization", "viewer", "organization", "__typename")
	if !strings.Contains(result.Body, `"member":null,"organization":{`) {
		t.Errorf("not in the client's order: %s", result.Body)
	}
	key := graphtest.Document(t, "ApiKey")
	for _, query := range []string{
		key + " fragment ApiKeyFields on ApiKey { id createdBy { role } }", // which is behind the trusted one
		"fragment ApiKeyFields on ApiKey { id createdBy { role } } " + key,
	} {
		result := a.Post(a.Admin, object{"query": query, "variables": object{"id": a.KeyID()}})
		if len(result.Errors) == 0 && strings.Contains(result.Body, `"role"`) {
			t.Errorf("more was answered than is trusted: %s", result.Body)
		}
	}
}

// The id of a trusted document may be sent as documentId, by POST and by GET, with the prefix sha256: or without it, whichever the
// manifest has. Documents that a server has persisted by themselves are found by it too.
func TestDocumentID(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
	const query = "query A { viewer { role } }"
	pool := kit.New(t)
	hash := sha256.Sum256([]byte(query))
	plain := hex.EncodeToString(hash[:])
	persistedByItself := kit.ServeWith(t, pool, api.Config{})
	persistedByItself.Post(persistedByItself.Admin, persisted(query, true)).Equal("ADMIN", "viewer", "role")
	servers := []*graphtest.API{persistedByItself}
	for _, name := range []string{plain, "sha256:" + plain} {
		manifest, err := json.Marshal(object{name: query})
		if err != nil {
			t.Fatal(err)
		}
		servers = append(servers, kit.ServeWith(t, pool, api.Config{TrustedDocuments: trust(t, "manifest.json", string(manifest))}))
	}
	for i, a := range servers {
		for _, name := range []string{plain, "sha256:" + plain} {
			a.Post(a.Admin, object{"documentId": name}).Equal("ADMIN", "viewer", "role")
			a.Post(a.Admin, object{"documentId": name, "operationName": "A", "variables": nil, "extensions": nil}).Equal("ADMIN", "viewer", "role")
			a.Send(http.MethodGet, "?documentId="+name, a.Viewer, nil).Equal("VIEWER", "viewer", "role")
			if i > 0 { // what persists by itself wants the hash alone there
				a.Post(a.Admin, object{"extensions": object{"persistedQuery": object{"version": 1, "sha256Hash": name}}}).Equal("ADMIN", "viewer", "role")
			}
		}
		for _, unknown := range []string{"sha256:", plain[1:], "x-own:" + plain, strings.Repeat("0", 64)} {
			a.Post(a.Admin, object{"documentId": unknown}).Must("PERSISTED_QUERY_NOT_FOUND", "")
		}
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
