package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/id"
)

const rootToken = "root-token-of-the-tests"

var postgres *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { postgres = s }) }

// api is a running server on a database of its own, with one tenant.
type api struct {
	t       testing.TB
	url     string
	pool    *pgxpool.Pool
	tenant  *dbtest.Tenant
	admin   string // tokens of the tenant
	viewer  string
	gateway string
}

func newAPI(t testing.TB) *api {
	t.Helper()
	return serve(t, postgres.New(t))
}

// serve starts a server on a pool, with a new tenant.
func serve(t testing.TB, pool *pgxpool.Pool) *api {
	t.Helper()
	return serveWith(t, pool, graph.Config{})
}

// serveWith is serve with a configuration of the test's own, but for the pool, the root token and the logger.
func serveWith(t testing.TB, pool *pgxpool.Pool, config graph.Config) *api {
	t.Helper()
	config.Pool, config.RootToken = pool, rootToken
	a := &api{t: t, pool: pool, tenant: dbtest.NewTenant(t, pool), url: startWith(t, config)}
	a.admin = a.tenant.AccessToken(a.tenant.Organization.ID, db.TokenRoleADMIN)
	a.viewer = a.tenant.AccessToken(a.tenant.Organization.ID, db.TokenRoleVIEWER)
	a.gateway = a.tenant.AccessToken(a.tenant.Organization.ID, db.TokenRoleGATEWAY)
	return a
}

// start starts a server on the database of a pool, connected as servers are: confined.
func start(t testing.TB, pool *pgxpool.Pool) string {
	t.Helper()
	return startWith(t, graph.Config{Pool: pool, RootToken: rootToken})
}

// startWith is start with a configuration of the test's own.
func startWith(t testing.TB, config graph.Config) string {
	t.Helper()
	config.Pool = postgres.ServerPool(t, config.Pool)
	config.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	server := graph.New(config)
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		server.Close()
	})
	return listener.URL
}

type object = map[string]any

// answer is a response; its data is walked with get.
type answer struct {
	t      testing.TB
	Status int         `json:"-"`
	Bytes  int         `json:"-"` // of the body
	Header http.Header `json:"-"`
	Data   object
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code, Field, RequestID string }
	}
}

// do runs an operation of the contract.
func (a *api) do(token, operation string, variables object) *answer {
	a.t.Helper()
	return a.post(token, object{"query": document(a.t, operation), "operationName": operation, "variables": variables})
}

// run runs an operation of the contract that must succeed.
func (a *api) run(token, operation string, variables object) *answer {
	a.t.Helper()
	result := a.do(token, operation, variables)
	if len(result.Errors) > 0 {
		a.t.Fatalf("%s: %+v", operation, result.Errors)
	}
	return result
}

// refused runs an operation of the contract that must fail with a code, about a field.
func (a *api) refused(token, operation string, variables object, code, field string) {
	a.t.Helper()
	a.do(token, operation, variables).must(code, field)
}

func (r *answer) must(code, field string) {
	r.t.Helper()
	if len(r.Errors) != 1 || r.Errors[0].Extensions.Code != code || r.Errors[0].Extensions.Field != field {
		r.t.Fatalf("want %s about %q, got %+v with data %v", code, field, r.Errors, r.Data)
	}
}

func (a *api) post(token string, body any) *answer {
	a.t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.send(http.MethodPost, "", token, encoded)
}

func (a *api) send(method, query, token string, body []byte) *answer {
	a.t.Helper()
	return a.sendWith(method, query, token, body, http.Header{})
}

// sendWith is send with headers of the test's own.
func (a *api) sendWith(method, query, token string, body []byte, header http.Header) *answer {
	a.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, a.url+"/graphql"+query, bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	maps.Copy(request.Header, header)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	result := &answer{t: a.t, Status: response.StatusCode, Bytes: len(text), Header: response.Header}
	if err := json.Unmarshal(text, result); err != nil {
		a.t.Fatalf("answer %d is no JSON: %.300s", response.StatusCode, text)
	}
	return result
}

// get walks the data: names of fields, numbers of elements.
func (r *answer) get(path ...any) any {
	r.t.Helper()
	var value any = r.Data
	for _, step := range path {
		switch step := step.(type) {
		case string:
			value = value.(object)[step]
		case int:
			value = value.([]any)[step]
		}
	}
	return value
}

func (r *answer) text(path ...any) string {
	r.t.Helper()
	text, isText := r.get(path...).(string)
	if !isText {
		r.t.Fatalf("%v is %v, not a string", path, r.get(path...))
	}
	return text
}

// equal fails the test unless the value at a path is the wanted one, as JSON.
func (r *answer) equal(want any, path ...any) {
	r.t.Helper()
	wanted, err := json.Marshal(want)
	if err != nil {
		r.t.Fatal(err)
	}
	got, err := json.Marshal(r.get(path...))
	if err != nil {
		r.t.Fatal(err)
	}
	if !bytes.Equal(got, wanted) {
		r.t.Fatalf("%v is %s, want %s", path, got, wanted)
	}
}

// contract returns the contract's documents.
func contract(t testing.TB) (string, *ast.QueryDocument) {
	t.Helper()
	text, err := os.ReadFile("testdata/operations.graphql")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.ParseQuery(&ast.Source{Name: "operations.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return string(text), parsed
}

// document returns one operation of the contract with the fragments that it needs, word for word.
func document(t testing.TB, operation string) string {
	t.Helper()
	text, parsed := contract(t)
	wanted := parsed.Operations.ForName(operation)
	if wanted == nil {
		t.Fatalf("the contract has no operation %s", operation)
	}
	needed := map[string]bool{}
	var visit func(ast.SelectionSet)
	visit = func(selections ast.SelectionSet) {
		for _, selection := range selections {
			switch s := selection.(type) {
			case *ast.Field:
				visit(s.SelectionSet)
			case *ast.InlineFragment:
				visit(s.SelectionSet)
			case *ast.FragmentSpread:
				needed[s.Name] = true
				visit(parsed.Fragments.ForName(s.Name).SelectionSet)
			}
		}
	}
	visit(wanted.SelectionSet)
	result := definitionAt(text, wanted.Position.Start)
	for _, fragment := range parsed.Fragments {
		if needed[fragment.Name] {
			result += "\n" + definitionAt(text, fragment.Position.Start)
		}
	}
	return result
}

// definitionAt returns the definition that begins at an offset in runes: up to the brace that closes it. Comments may hold
// braces.
func definitionAt(document string, start int) string {
	text, depth, comment := []rune(document), 0, false
	for i := start; i < len(text); i++ {
		switch {
		case comment:
			comment = text[i] != '\n'
		case text[i] == '#':
			comment = true
		case text[i] == '{':
			depth++
		case text[i] == '}':
			if depth--; depth == 0 {
				return string(text[start : i+1])
			}
		}
	}
	return string(text[start:])
}

func (a *api) organizationID() string { return id.Organization.Format(a.tenant.Organization.ID) }
func (a *api) workspaceID() string    { return id.Workspace.Format(a.tenant.Workspace.ID) }
func (a *api) keyID() string          { return id.APIKey.Format(a.tenant.Key.ID) }
func (a *api) ownerID() string        { return id.Member.Format(a.tenant.Owner.ID) }
