// Package directive reads the directives that fields of the schema have beside @auth: @enforcement, @verifiesToken, @cost and
// @listSize. gqlgen runs nothing for them.
package directive

import "github.com/vektah/gqlparser/v2/ast"

// The names of the directives.
const (
	enforcement   = "enforcement"
	verifiesToken = "verifiesToken"
	costName      = "cost"
	listSize      = "listSize"
)

// IsEnforcement tells whether an operation is one call of a field with @enforcement, and nothing else. The operation must have been
// validated, which attaches the schema's definitions to it.
func IsEnforcement(operation *ast.OperationDefinition) bool {
	return isEnforcementCall(operation.SelectionSet)
}

func isEnforcementCall(selections ast.SelectionSet) bool {
	if len(selections) != 1 {
		return false
	}
	switch selected := selections[0].(type) {
	case *ast.Field:
		return has(selected.Definition, enforcement)
	case *ast.InlineFragment:
		return isEnforcementCall(selected.SelectionSet)
	case *ast.FragmentSpread:
		return isEnforcementCall(selected.Definition.SelectionSet)
	default:
		return false
	}
}

// VerifiesToken tells whether a field has @verifiesToken.
func VerifiesToken(field *ast.FieldDefinition) bool { return has(field, verifiesToken) }

// has tells whether a field of the schema has a directive.
func has(field *ast.FieldDefinition, directive string) bool {
	return field.Directives.ForName(directive) != nil
}
