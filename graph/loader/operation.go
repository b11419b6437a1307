package loader

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"bursar/db"
	"bursar/graph/directive"
)

// PerOperation gives an operation loaders of its own and has it send one statement at a time: a document may ask for many things at
// once, and is not to occupy as many connections for it. An enforcement call sends nothing by itself (package enforce does). It is a
// response middleware of gqlgen; every executable schema of package graph needs it.
func PerOperation(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	ctx = NewContext(ctx)
	if !graphql.HasOperationContext(ctx) { // an error is answered
		return next(ctx)
	}
	if operation := graphql.GetOperationContext(ctx).Operation; operation != nil && !directive.IsEnforcement(operation) {
		ctx = db.Serialize(ctx)
	}
	return next(ctx)
}
