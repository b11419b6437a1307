package graph

import "github.com/vektah/gqlparser/v2/ast"

// IsEnforcement tells whether an operation is a single enforcement call.
func IsEnforcement(operation *ast.OperationDefinition) bool { return enforces(operation.SelectionSet) }

// enforces tells whether an operation is a single enforcement call.
func enforces(selections ast.SelectionSet) bool {
	if len(selections) != 1 {
		return false
	}
	switch selected := selections[0].(type) {
	case *ast.Field:
		return isEnforcement[selected.Name]
	case *ast.InlineFragment:
		return enforces(selected.SelectionSet)
	case *ast.FragmentSpread:
		return enforces(selected.Definition.SelectionSet)
	default:
		return false
	}
}

var isEnforcement = map[string]bool{
	"checkUsage": true, "reserveUsage": true, "recordUsage": true, "releaseReservation": true, "extendReservation": true,
}
