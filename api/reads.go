package api

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/db/standby"
	"bursar/graph/directive"
)

// viewerField says who calls, which must be true now.
const viewerField = "viewer"

// readFrom returns a response middleware that has standbys answer what only reads. Enforcement calls are not touched: they read by statements of
// their own, and what gateways do counts for nobody's reads.
func readFrom(standbys *standby.Set) graphql.ResponseMiddleware {
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		if standbys == nil || !graphql.HasOperationContext(ctx) {
			return next(ctx)
		}
		switch operation := graphql.GetOperationContext(ctx).Operation; {
		case operation == nil || directive.IsEnforcement(operation):
			return next(ctx)
		case isExact(operation):
			return next(standbys.BeginExact(ctx))
		default:
			return next(standbys.Begin(ctx))
		}
	}
}

// isExact tells whether the primary has to answer an operation: it changes something, decides on usage, or asks who calls.
func isExact(operation *ast.OperationDefinition) bool {
	return operation.Operation != ast.Query || directive.IsEnforcementWithin(operation) || directive.IsSelected(operation, viewerField)
}
