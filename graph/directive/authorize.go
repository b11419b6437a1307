package directive

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"bursar/auth"
	"bursar/fault"
)

// RequireRole is the directive @auth. It refuses callers in none of the roles. Roles in own are let through: the field's resolver
// confines them to their own keys. With signedIn, access tokens are refused. A token that is remembered from an earlier request is looked up first, unless the field's own
// statement verifies it. A person who has not said which of their organizations they mean, or who is invited and no member, is let
// through to fields with @withoutOrganization alone.
func RequireRole(ctx context.Context, _ any, next graphql.Resolver, roles, own []auth.Role, signedIn *bool) (any, error) {
	identify, field := auth.Confirmed, graphql.GetFieldContext(ctx).Field.Definition
	if has(field, verifiesTokenDirective) {
		identify = auth.FromContext
	}
	principal, err := identify(ctx)
	if err != nil {
		if auth.Person(ctx) != "" && has(field, withoutOrganizationDirective) {
			return next(ctx)
		}
		return nil, err
	}
	if !principal.May(roles, own) {
		return nil, fault.New(fault.Forbidden, "the role %s may not do this", principal.Role)
	}
	if signedIn != nil && *signedIn && principal.Email == "" {
		return nil, fault.New(fault.Forbidden, "only a person who has signed in may do this for themselves, and no access token")
	}
	return next(ctx)
}
