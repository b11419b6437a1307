package docs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Every GraphQL document in the manual is valid against the schema, and every JSON example is JSON.
func TestExamplesAreValid(t *testing.T) {
	t.Parallel()
	schema := gqlparser.MustLoadSchema(sources(t)...)
	block := regexp.MustCompile("(?s)\n```(graphql|json)\n(.*?)\n```")
	number := 0
	for _, name := range list("*.md") {
		for _, match := range block.FindAllStringSubmatch(string(read(name)), -1) {
			number++
			var err error
			if match[1] == "json" {
				err = json.Unmarshal([]byte(match[2]), new(any))
			} else if _, errors := gqlparser.LoadQueryWithRules(schema, match[2], rules.NewDefaultRules()); len(errors) > 0 {
				err = errors
			}
			if err != nil {
				t.Errorf("%s: %v in\n%s", name, err, match[2])
			}
		}
	}
	if number < 10 {
		t.Errorf("found %d examples: the test looks in the wrong place", number)
	}
}

func sources(t *testing.T) []*ast.Source {
	t.Helper()
	paths, err := filepath.Glob("../graph/schema/*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: path, Input: string(text)})
	}
	return sources
}
