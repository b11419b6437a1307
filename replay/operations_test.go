package replay

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Every operation is one that the schema has.
func TestOperationsMatchSchema(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../graph/schema/*.graphqls")
	if err != nil || len(paths) == 0 {
		t.Fatalf("schema files %v, error %v", paths, err)
	}
	var sources []*ast.Source
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: path, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range []operation{reserveUsage(), recordUsage(), listAPIKeys(), listAlerts()} {
		document, errs := gqlparser.LoadQueryWithRules(schema, op.document, rules.NewDefaultRules())
		if errs != nil {
			t.Errorf("%s: %v", op.name, errs)
			continue
		}
		if len(document.Operations) != 1 || document.Operations[0].Name != op.name {
			t.Errorf("%s is not the name of its document's only operation", op.name)
		}
	}
}
