package graph

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph/exec"
)

// What an enforcement call answers has no field that takes arguments, and so no page: such a call passes the limit of complexity and the
// places of portals by.
func TestEnforcementAnswersNoPages(t *testing.T) {
	t.Parallel()
	schema := exec.NewExecutableSchema(exec.Config{}).Schema()
	seen := map[string]bool{}
	var look func(definition *ast.Definition)
	look = func(definition *ast.Definition) {
		if seen[definition.Name] {
			return
		}
		seen[definition.Name] = true
		for _, field := range definition.Fields {
			if len(field.Arguments) > 0 {
				t.Errorf("%s.%s takes arguments", definition.Name, field.Name)
			}
			look(schema.Types[field.Type.Name()])
		}
	}
	for name := range isEnforcement {
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
