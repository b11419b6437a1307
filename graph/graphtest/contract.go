package graphtest

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Contract returns the documents of both parts of the contract, as text and parsed.
func Contract(t testing.TB) (string, *ast.QueryDocument) {
	t.Helper()
	var text strings.Builder
	for _, file := range []string{"operations.graphql", "operations-2.graphql"} {
		part, err := os.ReadFile(filepath.Join(module(t), "graph", "testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		text.Write(part)
		text.WriteByte('\n')
	}
	parsed, err := parser.ParseQuery(&ast.Source{Name: "operations.graphql", Input: text.String()})
	if err != nil {
		t.Fatal(err)
	}
	return text.String(), parsed
}

// module returns the folder of the module, in one of whose packages the test runs.
func module(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("the test does not run in the module's folder or below it")
		}
		folder = parent
	}
}

// documents are operations of the contract by name, as Document returns them, each made once: to parse the contract takes as long as to
// answer a request.
type documents struct {
	mutex  sync.Mutex
	byName map[string]string
}

// of returns the document of an operation; nil makes it anew.
func (d *documents) of(t testing.TB, operation string) string {
	t.Helper()
	if d == nil {
		return Document(t, operation)
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	document, made := d.byName[operation]
	if !made {
		document = Document(t, operation)
		d.byName[operation] = document
	}
	return document
}

// Document returns one operation of the contract with the fragments that it needs, word for word.
func Document(t testing.TB, operation string) string {
	t.Helper()
	text, parsed := Contract(t)
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
	definitions := []string{definitionAt(text, wanted.Position.Start)}
	for _, fragment := range parsed.Fragments {
		if needed[fragment.Name] {
			definitions = append(definitions, definitionAt(text, fragment.Position.Start))
		}
	}
	return strings.Join(definitions, "\n")
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
