package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/graph/graphtest"
	"bursar/id"
)

// extremes returns values of the right kind for a field, at the ends of what its type can hold, and beyond what the field takes.
func extremes(schema *ast.Schema, name string, of *ast.Type) []string {
	if definition := schema.Types[of.Name()]; of.Elem == nil && definition.Kind == ast.Enum {
		var names []string
		for _, value := range definition.EnumValues {
			names = append(names, `"`+value.Name+`"`)
		}
		return names
	}
	if of.Elem != nil {
		element := valueOf(schema, name, of.Elem, nil, "")
		return []string{`[]`, `[` + strings.TrimSuffix(strings.Repeat(element+",", 120), ",") + `]`}
	}
	return map[string][]string{
		"String": {`""`, `" "`, `"\u0000"`, `"\ud800"`, `"` + strings.Repeat("x", 20_000) + `"`, `"` + strings.Repeat("🚀", 200) + `"`, `"%_\\'\";--"`, `"\ufeff\u202e"`},
		"ID": {`""`, `"x"`, `"\u0000"`, `5`, `"key_00000000000000000000000000000000"`, `"org_ffffffffffffffffffffffffffffffff"`, `"ws_00000000000000000000000000000000"`,
			`"res_00000000000000000000000000000000"`, `"mem_00000000000000000000000000000000"`, `"bud_00000000000000000000000000000000"`},
		"Boolean": {`true`, `false`},
		"Int":     {`0`, `-1`, `2147483648`, `-2147483649`, `9223372036854775807`, `-9223372036854775808`},
		"Int64":   {`0`, `-1`, `9223372036854775807`, `-9223372036854775808`, `1000000000000`, `1000000000001`},
		"Decimal": {`0`, `-1`, `"0.000000001"`, `"0.0000000001"`, `9223372036.854775807`, `9223372036854775807`, `9223372036854775808`, `1e99`, `1e-99`,
			strings.Repeat("9", 40) + "." + strings.Repeat("9", 40)},
		"Time":     {`"1970-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.999999999Z"`, `"2030-01-01T00:00:00.000000001-12:34"`},
		"Metadata": {`{"": ""}`, `{"\u0000": "x"}`, `{"a": "` + strings.Repeat("x", 20_000) + `"}`, `{"\ud800": "\udc00"}`, `{"__proto__": "'"}`},
	}[of.Name()]
}

// realIDs returns the ids of things that are, by the name of the field or the operation that names them.
func realIDs(a *graphtest.API) map[string]string {
	budget := a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 1e9, "alertThresholds": []any{5}}}).
		Text("createBudgetLimit", "budgetLimit", "id")
	rate := a.Run(a.Admin, "CreateRateLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "limit": int64(1e9), "interval": "DAY"}}).
		Text("createRateLimit", "rateLimit", "id")
	reservation := a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID(), "ttlSeconds": 600}}).Text("reserveUsage", "reservation", "id")
	return map[string]string{"ownerId": a.WorkspaceID(), "organizationId": a.OrganizationID(), "subjectId": a.KeyID(), "createdById": a.OwnerID(),
		"memberId": a.OwnerID(), "targetId": a.KeyID(), "reservationId": reservation, "key": a.KeyID(), "node": a.KeyID(), "apiKey": a.KeyID(),
		"updateApiKey": a.KeyID(), "rotateApiKey": a.KeyID(), "updateOrganization": a.OrganizationID(), "updateBudgetLimit": budget,
		"resetBudgetLimit": budget, "updateRateLimit": rate,
		"updateMember": id.Member.Format(a.Tenant.Member(a.Tenant.Organization.ID, "m@acme.test", "MEMBER").ID)}
}

// No value of the right kind is INTERNAL, at the ends of what its type can hold, in any field of any operation whose other fields are right:
// what PostgreSQL would refuse is refused before it, or is the violation of a constraint that has words for clients.
func TestExtremeInputIsNeverInternal(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	schema, ids, codes := graph.Schema(), realIDs(a), map[string]int{}
	for operation, root := range map[string]*ast.Definition{"query": schema.Query, "mutation": schema.Mutation} {
		for _, field := range root.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			for _, argument := range field.Arguments {
				for _, input := range fieldsOf(schema, []string{}, argument.Type) {
					for _, value := range extremes(schema, lastOf(argument, input), input.of) {
						codes[tryExtreme(a, operation, field, argument, input, value, ids)]++
					}
				}
			}
		}
	}
	if codes["INTERNAL"]+codes["UNAVAILABLE"] > 0 || codes[""] < 100 || codes["BAD_USER_INPUT"] < 100 {
		t.Errorf("answers by their codes: %v", codes)
	}
}

// lastOf returns the name of a field in the input; that of a list for its elements.
func lastOf(argument *ast.ArgumentDefinition, input inputField) string {
	name := argument.Name
	for _, step := range input.path {
		if step != "0" {
			name = step
		}
	}
	return name
}

// tryExtreme sends a value in a variable and returns the code of the answer's first error; "" when there is none.
func tryExtreme(a *graphtest.API, operation string, field *ast.FieldDefinition, argument *ast.ArgumentDefinition, input inputField, value string, ids map[string]string) string {
	a.T.Helper()
	schema := graph.Schema()
	selection := ""
	if schema.Types[field.Type.Name()].IsCompositeType() {
		selection = "{ __typename }"
	}
	given := map[string]json.RawMessage{}
	var declared, passed []string
	for _, other := range field.Arguments {
		path := []string(nil)
		if other.Name == argument.Name {
			path = input.path
		}
		text := withIDs(valueOf(schema, other.Name, other.Type, path, value), field.Name, ids)
		given[other.Name] = json.RawMessage(text)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		declared = append(declared, "$"+name+": "+field.Arguments.ForName(name).Type.String())
		passed = append(passed, name+": $"+name)
	}
	answer := a.Post(graphtest.RootToken, object{"variables": given, "query": fmt.Sprintf("%s(%s) { %s(%s) %s }",
		operation, strings.Join(declared, ", "), field.Name, strings.Join(passed, ", "), selection)})
	if len(answer.Errors) == 0 {
		return ""
	}
	if code := answer.Errors[0].Extensions.Code; code == "INTERNAL" || code == "UNAVAILABLE" {
		a.T.Errorf("%s with %s%v = %.100s: %+v", field.Name, argument.Name, input.path, value, answer.Errors)
	}
	return answer.Errors[0].Extensions.Code
}

// withIDs puts the ids of things that are where valueOf wrote one of nothing. A report names a key or a reservation, not both.
func withIDs(text, operation string, ids map[string]string) string {
	text = strings.ReplaceAll(text, `[{"id": `+right["ID"], `[{"id": null`) // a limit that is new
	for name, real := range ids {
		text = strings.ReplaceAll(text, fmt.Sprintf("%q: %s", name, right["ID"]), fmt.Sprintf("%q: %q", name, real))
	}
	text = strings.ReplaceAll(text, `"key": "x"`, fmt.Sprintf(`"key": %q`, ids["key"]))
	if operation == "recordUsage" {
		text = strings.Replace(text, fmt.Sprintf(`"reservationId": %q`, ids["reservationId"]), `"reservationId": null`, 1)
	}
	if text == right["ID"] {
		return fmt.Sprintf("%q", ids[operation])
	}
	return strings.ReplaceAll(text, `"id": `+right["ID"], fmt.Sprintf(`"id": %q`, ids[operation]))
}
