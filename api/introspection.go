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

// Who may ask for the schema. Without a valid token nothing else can be asked, so that strangers' documents are not even
// parsed unless the schema is public.
const (
	IntrospectionPublic Introspection = "public" // everybody
	IntrospectionTokens Introspection = "tokens" // callers with a valid token
	IntrospectionOff    Introspection = "off"    // nobody, and no error suggests names
)

// operationRules refuses, before anything of it runs, introspection by who may not ask for the schema, and a mutation that
// came by GET.
type operationRules struct{ introspection Introspection }

var _ interface {
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = operationRules{}

// ExtensionName names the extension.
func (operationRules) ExtensionName() string { return "OperationRules" }

// Validate accepts every schema.
func (operationRules) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation before it runs.
func (r operationRules) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = r.introspection == IntrospectionOff
	if introspects(operation.Operation.SelectionSet) {
		if err := r.maySeeSchema(ctx); err != nil {
			return gqlerror.Wrap(err)
		}
	}
	if operation.Operation.Operation == ast.Mutation && isGet(ctx) {
		return gqlerror.Wrap(fault.New(fault.BadUserInput, "GET runs queries only; send mutations with POST"))
	}
	return nil
}

// maySeeSchema refuses callers who may not ask for the schema. A token that was valid before may have been revoked since.
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

// introspects tells whether selections at an operation's root ask for the schema.
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
