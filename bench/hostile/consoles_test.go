package hostile

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"bursar/graph/sdl"
)

// Guarantee: what a console asks for is valid.
func TestOverviewIsValid(t *testing.T) {
	t.Parallel()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: sdl.Text()})
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{spend, detail} {
		if _, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules()); len(errs) > 0 {
			t.Error(errs)
		}
	}
}
