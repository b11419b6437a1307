package api

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/auth"
)

// refuseInvited refuses somebody who is a member of no organization that the request could mean, and is invited to one, all operations
// but those about invitations. The error is the one that they would get without an invitation, and nothing is executed.
func refuseInvited(ctx context.Context, operation *ast.OperationDefinition) error {
	if auth.Person(ctx) == "" || auth.Undecided(ctx) != "" || hasOnly(operation.SelectionSet, isAboutInvitations) {
		return nil
	}
	_, err := auth.FromContext(ctx)
	return err
}

func isAboutInvitations(root *ast.Field) bool {
	switch root.Name {
	case "acceptMembership", "declineMembership":
		return true
	case "viewer":
		return hasOnly(root.SelectionSet, func(f *ast.Field) bool { return f.Name == "invitations" || f.Name == "__typename" })
	}
	return false
}

// hasOnly tells whether all selected fields, those in fragments among them, are allowed. The operation must have been validated.
func hasOnly(selections ast.SelectionSet, allowed func(*ast.Field) bool) bool {
	for _, selection := range selections {
		only := false
		switch selected := selection.(type) {
		case *ast.Field:
			only = allowed(selected)
		case *ast.InlineFragment:
			only = hasOnly(selected.SelectionSet, allowed)
		case *ast.FragmentSpread:
			only = hasOnly(selected.Definition.SelectionSet, allowed)
		}
		if !only {
			return false
		}
	}
	return true
}
