package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"bursar/api"
	"bursar/auth"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// download asks for the schema, and returns the answer's status, media type and text.
func download(a *graphtest.API, method, token string) (status int, mediaType, text string) {
	a.T.Helper()
	request, err := http.NewRequestWithContext(a.T.Context(), method, a.URL+"/schema.graphql", nil)
	if err != nil {
		a.T.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.T.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Content-Type"), string(body)
}

// The schema is served as text to those who may ask for it by introspection, and to nobody else: with a valid token as a rule, everybody
// or nobody where the operator says so. A token that was revoked is none.
func TestSchemaIsServedAsIntrospectionIs(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one request after the other, many of them")
	pool := kit.New(t)
	for mode, want := range map[api.Introspection]struct{ anonymous, token int }{
		"":                      {401, 200},
		api.IntrospectionPublic: {200, 200},
		api.IntrospectionOff:    {403, 403},
	} {
		a := kit.ServeWith(t, pool, api.Config{Introspection: mode})
		revoked := a.Tenant.AccessToken(a.Tenant.Organization.ID, "VIEWER")
		a.Run(revoked, "Viewer", nil)
		if _, err := pool.Exec(t.Context(), "update access_tokens set revoked_at = clock_timestamp() where prefix = $1", revoked[:10]); err != nil {
			t.Fatal(err)
		}
		for token, status := range map[string]int{"": want.anonymous, auth.NewSecret(auth.AccessTokenPrefix).Text: want.anonymous,
			revoked: want.anonymous, a.Admin: want.token, a.Gateway: want.token, graphtest.RootToken: want.token} {
			got, mediaType, text := download(a, http.MethodGet, token)
			if got != status || (status == 200) != (text == api.SDL()) || (status == 200) != strings.HasPrefix(mediaType, "text/plain") {
				t.Errorf("%q: %d %s, want %d: %.100s", mode, got, mediaType, status, text)
			}
		}
		if status, _, _ := download(a, http.MethodPost, a.Admin); status != http.StatusMethodNotAllowed {
			t.Errorf("by POST: %d", status)
		}
	}
}

// The text is the schema: every type with every field, argument, directive and description, by which the contract's documents are valid.
func TestSDLIsTheSchema(t *testing.T) {
	t.Parallel()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: api.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	_, contract := graphtest.Contract(t)
	if errs := validator.ValidateWithRules(schema, contract, rules.NewDefaultRules()); len(errs) > 0 {
		t.Error(errs)
	}
	a := newAPI(t)
	const introspection = `{ __schema { types { name description fields { name description type { name kind ofType { name } } args { name description defaultValue } }
		inputFields { name description defaultValue } enumValues { name description } possibleTypes { name } } } }`
	answered := a.Post(a.Admin, object{"query": introspection})
	for i := range answered.Get("__schema", "types").([]any) {
		name := answered.Text("__schema", "types", i, "name")
		definition := schema.Types[name]
		if definition == nil {
			t.Errorf("%s is not in the text", name)
			continue
		}
		if description, _ := answered.Get("__schema", "types", i, "description").(string); !strings.HasPrefix(name, "__") && description != definition.Description {
			t.Errorf("%s: %q, by introspection %q", name, definition.Description, description)
		}
		fields, _ := answered.Get("__schema", "types", i, "fields").([]any)
		for j := range fields {
			field := definition.Fields.ForName(answered.Text("__schema", "types", i, "fields", j, "name"))
			if description, _ := answered.Get("__schema", "types", i, "fields", j, "description").(string); field == nil ||
				!strings.HasPrefix(name, "__") && field.Description != description {
				t.Errorf("%s: %v, by introspection %v", name, field, fields[j])
			}
		}
	}
	if !strings.Contains(api.SDL(), "@auth(roles: [ROOT,OWNER,ADMIN]") {
		t.Errorf("who may do what is not in the text")
	}
}
