package directive

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"bursar/graph/exec"
)

// schemaOf returns the parsed schema.
func schemaOf() *ast.Schema { return exec.NewExecutableSchema(exec.Config{}).Schema() }

// operationOf returns the only operation of a document that is valid by the schema.
func operationOf(t *testing.T, text string) *ast.OperationDefinition {
	t.Helper()
	document, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	if errs := validator.ValidateWithRules(schemaOf(), document, rules.NewDefaultRules()); len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	return document.Operations[0]
}

// fieldsWith returns the fields of Query and Mutation that have a directive.
func fieldsWith(directive string) (names []string) {
	schema := schemaOf()
	for _, field := range slices.Concat(schema.Query.Fields, schema.Mutation.Fields) {
		if has(field, directive) {
			names = append(names, field.Name)
		}
	}
	slices.Sort(names)
	return names
}

// The calls of gateways are enforcement. Those of them whose functions look at the token in the same statement are trusted to
// do so, and no other field is.
func TestDirectivesOfEnforcement(t *testing.T) {
	t.Parallel()
	if got := fieldsWith(enforcementDirective); !slices.Equal(got, []string{
		"checkUsage", "extendReservation", "leaseUsage", "recordUsage", "recordUsages", "releaseReservation", "reserveUsage", "reserveUsages", "returnLease"}) {
		t.Errorf("@enforcement: %v", got)
	}
	if got := fieldsWith(gatewaysDirective); !slices.Equal(got, []string{"reportOutage"}) {
		t.Errorf("@gateways: %v", got)
	}
	if got := fieldsWith(withoutOrganizationDirective); !slices.Equal(got, []string{
		"acceptMembership", "declineMembership", "leaveOrganization", "viewer"}) {
		t.Errorf("@withoutOrganization: %v", got)
	}
	if got := fieldsWith(verifiesTokenDirective); !slices.Equal(got, []string{"checkUsage", "leaseUsage", "recordUsage", "recordUsages", "reserveUsage", "reserveUsages"}) {
		t.Errorf("@verifiesToken: %v", got)
	}
}

// An operation is enforcement when it is one such call, in fragments or not, and nothing else: neither two nor one beside another
// field.
func TestIsEnforcement(t *testing.T) {
	t.Parallel()
	const release = `releaseReservation(input: {reservationId: "x"}) { reservation { id } }`
	for text, want := range map[string]bool{
		`{ checkUsage(input: {key: "k"}) { allowed } }`:                                                                     true,
		`mutation { alias: ` + release + ` }`:                                                                               true,
		`mutation { ... { ... on Mutation { ` + release + ` } } }`:                                                          true,
		`mutation { ...f } fragment f on Mutation { ` + release + ` }`:                                                      true,
		`mutation { a: ` + release + ` b: ` + release + ` }`:                                                                false,
		`{ checkUsage(input: {key: "k"}) { allowed } viewer { role } }`:                                                     false,
		`{ checkUsage: viewer { role } }`:                                                                                   false,
		`{ __typename }`:                                                                                                    false,
		`mutation { recordUsage(input: {}) { usageEvent { id } } }`:                                                         true,
		`mutation { recordUsage(input: {}) { usageEvent { apiKey { id } } } }`:                                              false,
		`mutation { ...f } fragment f on Mutation { recordUsage(input: {}) { usageEvent { ... { reservation { id } } } } }`: false,
		`{ ...f } fragment f on Query { checkUsage(input: {key: "k"}) { allowed } __schema { queryType { name } } }`:        false,
	} {
		if got := IsEnforcement(operationOf(t, text)); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
	}
}

// What an enforcement call answers has no field that takes arguments, and so no page: such a call passes the limit of complexity
// and the queues of other requests by. A call that asks for a field with @auth does not, whatever that field has.
func TestEnforcementAnswersNoPages(t *testing.T) {
	t.Parallel()
	schema := schemaOf()
	seen := map[string]bool{}
	var look func(definition *ast.Definition)
	look = func(definition *ast.Definition) {
		if seen[definition.Name] {
			return
		}
		seen[definition.Name] = true
		for _, field := range definition.Fields {
			if has(field, authDirective) {
				continue
			}
			if len(field.Arguments) > 0 {
				t.Errorf("%s.%s takes arguments", definition.Name, field.Name)
			}
			look(schema.Types[field.Type.Name()])
		}
	}
	for _, name := range fieldsWith(enforcementDirective) {
		for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
			if field := root.Fields.ForName(name); field != nil {
				look(schema.Types[field.Type.Name()])
			}
		}
	}
	if !seen["UsageDecision"] || !seen["UsageEvent"] {
		t.Errorf("looked at %v", seen)
	}
}
