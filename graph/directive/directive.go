// Package directive gives the directives of the schema their meaning: who may use a field (@auth, @verifiesToken,
// @withoutOrganization), what it costs (@cost, @listSize), and which fields are enforcement
// (@enforcement) or beside it (@gateways).
package directive

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// The names of directives. But for @auth, they run around no field: this package reads them.
const (
	authDirective                = "auth"
	enforcementDirective         = "enforcement"
	gatewaysDirective            = "gateways"
	verifiesTokenDirective       = "verifiesToken"
	withoutOrganizationDirective = "withoutOrganization"
	costDirective                = "cost"
	listSizeDirective            = "listSize"
)

// IsEnforcement tells whether an operation is one call of a field with @enforcement, and nothing else: what it asks for of the answer has no
// field with @auth, which would look for more than the call has found. The operation must have been validated, which attaches the schema's
// definitions to it.
func IsEnforcement(operation *ast.OperationDefinition) bool {
	return isCall(operation.SelectionSet, enforcementDirective)
}

// IsGateways tells the same of a field with @gateways.
func IsGateways(operation *ast.OperationDefinition) bool {
	return isCall(operation.SelectionSet, gatewaysDirective)
}

// IsEnforcementWithin tells whether an operation has a call of a field with @enforcement, whatever else it asks for.
func IsEnforcementWithin(operation *ast.OperationDefinition) bool {
	return isSelected(operation.SelectionSet, func(root *ast.FieldDefinition) bool { return has(root, enforcementDirective) })
}

// IsSelected tells whether an operation asks for a field of Query or Mutation.
func IsSelected(operation *ast.OperationDefinition, name string) bool {
	return isSelected(operation.SelectionSet, func(root *ast.FieldDefinition) bool { return root.Name == name })
}

// isSelected tells whether one of the fields of a selection, with its fragments inlined, is wanted.
func isSelected(selections ast.SelectionSet, wanted func(*ast.FieldDefinition) bool) bool {
	return slices.ContainsFunc(selections, func(selection ast.Selection) bool {
		switch selected := selection.(type) {
		case *ast.Field:
			return wanted(selected.Definition)
		case *ast.InlineFragment:
			return isSelected(selected.SelectionSet, wanted)
		case *ast.FragmentSpread:
			return isSelected(selected.Definition.SelectionSet, wanted)
		default:
			return false
		}
	})
}

// isCall tells whether one field is selected, with a directive, and no field with @auth in it.
func isCall(selections ast.SelectionSet, directive string) bool {
	if len(selections) != 1 {
		return false
	}
	switch selected := selections[0].(type) {
	case *ast.Field:
		return has(selected.Definition, directive) && !looksFurther(selected.SelectionSet)
	case *ast.InlineFragment:
		return isCall(selected.SelectionSet, directive)
	case *ast.FragmentSpread:
		return isCall(selected.Definition.SelectionSet, directive)
	default:
		return false
	}
}

// looksFurther tells whether a selection has a field with @auth. Documents are small enough to be walked with their fragments inlined.
func looksFurther(selections ast.SelectionSet) bool {
	return slices.ContainsFunc(selections, func(selection ast.Selection) bool {
		switch selected := selection.(type) {
		case *ast.Field:
			return has(selected.Definition, authDirective) || looksFurther(selected.SelectionSet)
		case *ast.InlineFragment:
			return looksFurther(selected.SelectionSet)
		case *ast.FragmentSpread:
			return looksFurther(selected.Definition.SelectionSet)
		default:
			return false
		}
	})
}

// has tells whether a field of the schema has a directive.
func has(field *ast.FieldDefinition, directive string) bool {
	return field.Directives.ForName(directive) != nil
}
