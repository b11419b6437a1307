// Package sdl has the schema of the API as clients see it, parsed and as text.
package sdl

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"bursar/graph/exec"
)

// Directives that are no part of the API: clients neither see nor use them.
const (
	// deferDirective is declared by the parser's prelude, in every schema. gqlgen defers the fragments, but its answer over HTTP is
	// their first part alone: what was deferred would be lost.
	deferDirective = "defer"
	// generatorDirective tells gqlgen how to generate the code of a field.
	generatorDirective = "goField"
)

// Schema returns the parsed schema, as clients see it.
func Schema() *ast.Schema {
	schema := *exec.NewExecutableSchema(exec.Config{}).Schema() // which is shared: what differs is copied
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, deferDirective)
	delete(schema.Directives, generatorDirective)
	schema.Types = maps.Clone(schema.Types)
	for name, definition := range schema.Types {
		if definition.Kind == ast.InputObject {
			copied := *definition
			copied.Fields = withoutDirective(definition.Fields, generatorDirective)
			schema.Types[name] = &copied
		}
	}
	return &schema
}

// withoutDirective returns fields of the schema without a directive.
func withoutDirective(fields ast.FieldList, directive string) ast.FieldList {
	without := make(ast.FieldList, len(fields))
	for i, field := range fields {
		copied := *field
		copied.Directives = slices.DeleteFunc(slices.Clone(field.Directives), func(d *ast.Directive) bool { return d.Name == directive })
		without[i] = &copied
	}
	return without
}

// Text returns the schema in GraphQL's schema definition language: directives, then types, each by name.
func Text() string {
	schema := Schema()
	var definitions []string
	format := func(document *ast.SchemaDocument) {
		var text bytes.Buffer
		formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchemaDocument(document)
		if text.Len() > 0 { // which it is for what every schema has
			definitions = append(definitions, text.String())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Directives)) {
		format(&ast.SchemaDocument{Directives: ast.DirectiveDefinitionList{schema.Directives[name]}})
	}
	for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
		format(&ast.SchemaDocument{Definitions: ast.DefinitionList{schema.Types[name]}})
	}
	return strings.Join(definitions, "\n")
}
