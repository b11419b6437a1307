package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"bursar/auth"
	"bursar/fault"
)

// requireRole is the @auth directive: the resolvers of fields with own confine those roles to their own keys.
func requireRole(ctx context.Context, _ any, next graphql.Resolver, roles, own []auth.Role) (any, error) {
	identify := auth.Confirmed
	if field := graphql.GetFieldContext(ctx); looksAtToken[field.Object+"."+field.Field.Name] {
		identify = auth.FromContext
	}
	principal, err := identify(ctx)
	if err != nil {
		return nil, err
	}
	if !principal.May(roles, own) {
		return nil, fault.New(fault.Forbidden, "the role %s may not do this", principal.Role)
	}
	return next(ctx)
}

// looksAtToken are the operations whose statement refuses a token that is not valid any more.
var looksAtToken = map[string]bool{"Query.checkUsage": true, "Mutation.reserveUsage": true, "Mutation.recordUsage": true}
