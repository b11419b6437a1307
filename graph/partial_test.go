package graph_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph"
	"bursar/graph/sdl"
)

// Every field of Query and Mutation may be null, so that one that fails takes no other along.
func TestRootFieldsAreNullable(t *testing.T) {
	t.Parallel()
	for _, root := range []*ast.Definition{graph.Schema().Query, graph.Schema().Mutation} {
		for _, field := range root.Fields {
			if field.Type.NonNull && !strings.HasPrefix(field.Name, "__") {
				t.Errorf("%s.%s is %s", root.Name, field.Name, field.Type)
			}
		}
	}
}

// Of five mutations in one document the fourth fails: the other four are done and answered, the secret that is shown this once among
// them. Of three queries one fails: the other two are answered.
func TestOneFailureTakesNoOtherAnswerAlong(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	result := a.Post(a.Admin, object{"query": `mutation($organization: ID!, $key: ID!) {
		a: createWorkspace(input: {organizationId: $organization, name: "First"}) { workspace { name } }
		b: createApiKey(input: {ownerId: $organization, name: "second"}) { secret apiKey { id name } }
		c: createBudgetLimit(input: {subjectId: $key, type: TOKENS, amount: 5}) { budgetLimit { amount } }
		d: createRateLimit(input: {subjectId: $key, type: TOKENS, limit: 0, interval: DAY}) { rateLimit { id } }
		e: updateApiKey(input: {id: $key, name: "fifth"}) { apiKey { name } }
	}`, "variables": object{"organization": a.OrganizationID(), "key": a.KeyID()}})
	result.Must("BAD_USER_INPUT", "limit")
	if path := result.Errors[0].Path; len(path) != 1 || path[0] != "d" || result.Status != http.StatusOK {
		t.Errorf("%d, the error is at %v, want d", result.Status, path)
	}
	result.Equal("First", "a", "workspace", "name")
	result.Equal("5", "c", "budgetLimit", "amount")
	result.Equal(nil, "d")
	result.Equal("fifth", "e", "apiKey", "name")
	a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": result.Text("b", "secret")}}).
		Equal(result.Text("b", "apiKey", "id"), "checkUsage", "apiKeyId")

	read := a.Post(a.Viewer, object{"query": `{ viewer { role } apiKey(id: "key_1") { id } apiKeys { totalCount } }`})
	read.Must("BAD_USER_INPUT", "id")
	read.Equal("VIEWER", "viewer", "role")
	read.Equal(2, "apiKeys", "totalCount")
	read.Equal(nil, "apiKey")
}

// Nothing is deferred: @defer is no part of the schema, neither by introspection nor in SDL, and a document that has it is refused
// whole, for its answer would be without what was deferred. Nor do clients see what tells the generator of code how to generate.
func TestNothingIsDeferred(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, query := range []string{
		`{ apiKeys { edges { node { name ... @defer { budgetLimits { id } } } } } }`,
		`{ apiKeys { edges { node { name ...f @defer(label: "f") } } } } fragment f on ApiKey { budgetLimits { id } }`,
		`{ ... @defer(if: false) { viewer { role } } }`,
	} {
		result := a.Post(a.Admin, object{"query": query})
		result.Must("BAD_USER_INPUT", "")
		if result.Data != nil || strings.Contains(result.Body, "hasNext") || !strings.Contains(result.Errors[0].Message, `"@defer"`) {
			t.Errorf("%s: %s", query, result.Body)
		}
	}
	directives := a.Post(a.Admin, object{"query": "{ __schema { directives { name } } }"})
	for _, name := range []string{"defer", "goField"} {
		if strings.Contains(directives.Body, `"`+name+`"`) || strings.Contains(sdl.Text(), "@"+name) {
			t.Errorf("clients see @%s", name)
		}
	}
	for _, name := range []string{"include", "skip", "auth", "cost", "listSize", "enforcement"} {
		if !strings.Contains(directives.Body, `"`+name+`"`) {
			t.Errorf("clients do not see @%s", name)
		}
	}
}
