package api

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/auth"
	"bursar/fault"
)

// Introspection says who may ask for the schema.
type Introspection string

// Who may ask for the schema. Unless it is public, documents of callers without a valid token are not parsed.
const (
	IntrospectionPublic Introspection = "public" // everybody
	IntrospectionTokens Introspection = "tokens" // callers with a valid token
	IntrospectionOff    Introspection = "off"    // nobody, and no error suggests names
)

// operationRules is an extension of gqlgen that refuses operations before they are executed: those that another server answers, those
// of people who are invited and no members, but for what is about invitations, introspection by callers who may not ask for the schema, and mutations in GET requests.
type operationRules struct {
	only          Only
	introspection Introspection
}

var errMutationByGet = fault.New(fault.BadUserInput, "GET runs queries only; send mutations with POST")

var _ interface {
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = operationRules{}

// ExtensionName implements [graphql.HandlerExtension].
func (operationRules) ExtensionName() string { return "OperationRules" }

// Validate implements [graphql.HandlerExtension]. It accepts every schema.
func (operationRules) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements [graphql.OperationContextMutator].
func (r operationRules) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = r.introspection == IntrospectionOff
	if err := r.only.refuse(operation.Operation); err != nil {
		return gqlerror.Wrap(err)
	}
	if err := refuseInvited(ctx, operation.Operation); err != nil {
		return gqlerror.Wrap(err)
	}
	if introspects(operation.Operation.SelectionSet) {
		if err := r.maySeeSchema(ctx); err != nil {
			return gqlerror.Wrap(err)
		}
	}
	if operation.Operation.Operation == ast.Mutation && isGet(ctx) {
		return gqlerror.Wrap(errMutationByGet)
	}
	return nil
}

// maySeeSchema refuses callers who may not ask for the schema. A token that is remembered from an earlier request is looked up again:
// it may have been revoked.
func (r operationRules) maySeeSchema(ctx context.Context) error {
	switch r.introspection {
	case IntrospectionOff:
		return fault.New(fault.Forbidden, "introspection is off")
	case IntrospectionTokens:
		_, err := auth.Confirmed(ctx)
		return err
	default:
		return nil
	}
}

// introspects tells whether the selections at an operation's root have __schema or __type.
func introspects(selections ast.SelectionSet) bool {
	return slices.ContainsFunc(selections, func(selection ast.Selection) bool {
		switch selected := selection.(type) {
		case *ast.Field:
			return selected.Name == "__schema" || selected.Name == "__type"
		case *ast.InlineFragment:
			return introspects(selected.SelectionSet)
		case *ast.FragmentSpread:
			return introspects(selected.Definition.SelectionSet)
		default:
			return false
		}
	})
}
