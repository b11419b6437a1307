package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// What a cell says.
const (
	yes    = "yes"
	own    = "own keys"
	person = "signed in"
	no     = "–"
)

// table returns, as Markdown, which role may call which field: those of Query and Mutation, then those of other types that
// have @auth. Nobody calls a field without a token.
func table(schema *ast.Schema) string {
	roles := names(schema.Types["ViewerRole"].EnumValues)
	var text strings.Builder
	fmt.Fprintf(&text, "| | %s | no token |\n|---%s|\n", strings.Join(roles, " | "), strings.Repeat("|---", len(roles)+1))
	for _, name := range types(schema) {
		fields := guarded(schema.Types[name])
		if len(fields) == 0 {
			continue
		}
		fmt.Fprintf(&text, "| **%s** |%s\n", name, strings.Repeat(" |", len(roles)+1))
		for _, field := range fields {
			cells := make([]string, len(roles))
			for i, role := range roles {
				cells[i] = cell(field, role)
			}
			fmt.Fprintf(&text, "| `%s` | %s | %s |\n", field.Name, strings.Join(cells, " | "), no)
		}
	}
	return text.String()
}

func cell(field *ast.FieldDefinition, role string) string {
	auth := field.Directives.ForName("auth")
	switch {
	case slices.Contains(list(auth, "roles"), role) && isTrue(auth, "signedIn"):
		return person
	case slices.Contains(list(auth, "roles"), role):
		return yes
	case slices.Contains(list(auth, "own"), role):
		return own
	}
	return no
}

// isTrue tells whether a directive's argument is given as true.
func isTrue(directive *ast.Directive, argument string) bool {
	given := directive.Arguments.ForName(argument)
	return given != nil && given.Value.Raw == "true"
}

// list returns the enum values of a directive's argument.
func list(directive *ast.Directive, argument string) []string {
	var values []string
	if given := directive.Arguments.ForName(argument); given != nil {
		for _, child := range given.Value.Children {
			values = append(values, child.Value.Raw)
		}
	}
	return values
}

func names(values ast.EnumValueList) []string {
	result := make([]string, len(values))
	for i, value := range values {
		result[i] = value.Name
	}
	return result
}

// types returns Query, Mutation and then the other types, by name.
func types(schema *ast.Schema) []string {
	result := []string{}
	for name := range schema.Types {
		if name != "Query" && name != "Mutation" {
			result = append(result, name)
		}
	}
	slices.Sort(result)
	return append([]string{"Query", "Mutation"}, result...)
}

// guarded returns the fields that have @auth, by name.
func guarded(definition *ast.Definition) []*ast.FieldDefinition {
	var fields []*ast.FieldDefinition
	for _, field := range definition.Fields {
		if field.Directives.ForName("auth") != nil {
			fields = append(fields, field)
		}
	}
	slices.SortFunc(fields, func(a, b *ast.FieldDefinition) int { return strings.Compare(a.Name, b.Name) })
	return fields
}
