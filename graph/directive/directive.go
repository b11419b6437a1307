// Package directive gives the directives of the schema their meaning: who may use a field (@auth, @verifiesToken,
// @withoutOrganization), what it costs (@cost, @listSize), and which fields are enforcement (@enforcement).
package directive

import "github.com/vektah/gqlparser/v2/ast"

// The names of directives that the schema's fields have beside @auth. They run around no field: this package reads them.
const (
	enforcementDirective         = "enforcement"
	verifiesTokenDirective       = "verifiesToken"
	withoutOrganizationDirective = "withoutOrganization"
	costDirective                = "cost"
	listSizeDirective            = "listSize"
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
		return has(selected.Definition, enforcementDirective)
	case *ast.InlineFragment:
		return isEnforcementCall(selected.SelectionSet)
	case *ast.FragmentSpread:
		return isEnforcementCall(selected.Definition.SelectionSet)
	default:
		return false
	}
}

// has tells whether a field of the schema has a directive.
func has(field *ast.FieldDefinition, directive string) bool {
	return field.Directives.ForName(directive) != nil
}
