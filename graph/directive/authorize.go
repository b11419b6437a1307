package directive

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

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
	if err := may(principal, roles, own); err != nil {
		return nil, err
	}
	if signedIn != nil && *signedIn && principal.Email == "" {
		return nil, fault.New(fault.Forbidden, "only a person who has signed in may do this for themselves, and no access token")
	}
	return next(ctx)
}

func may(principal *auth.Principal, roles, own []auth.Role) error {
	if !principal.May(roles, own) {
		return fault.New(fault.Forbidden, "the role %s may not do this", principal.Role)
	}
	return nil
}

// Authorize refuses callers whom @auth of a field refuses, and returns the others: for what is answered outside GraphQL with the rows of the
// field. Whoever answers confines the roles in own to their own keys.
func Authorize(ctx context.Context, field *ast.FieldDefinition) (*auth.Principal, error) {
	principal, err := auth.Confirmed(ctx)
	if err != nil {
		return nil, err
	}
	return principal, May(principal, field)
}

// May is Authorize for a caller who is known.
func May(principal *auth.Principal, field *ast.FieldDefinition) error {
	directive := field.Directives.ForName("auth")
	return may(principal, rolesOf(directive, "roles"), rolesOf(directive, "own"))
}

// rolesOf returns the roles in an argument of @auth.
func rolesOf(directive *ast.Directive, name string) (roles []auth.Role) {
	argument := directive.Arguments.ForName(name)
	if argument == nil {
		return nil
	}
	for _, role := range argument.Value.Children {
		roles = append(roles, auth.Role(role.Value.Raw))
	}
	return roles
}
