// Package auth knows who is calling: tokens, key secrets, roles and principals.
package auth

import (
	"context"
	"slices"

	"github.com/google/uuid"
)

// Role is what a caller may do: the ViewerRole of the schema.
type Role string

// The roles. OWNER and MEMBER are members' own; ADMIN is a member's or a token's.
const (
	RoleRoot    Role = "ROOT"
	RoleOwner   Role = "OWNER"
	RoleAdmin   Role = "ADMIN"
	RoleMember  Role = "MEMBER"
	RoleViewer  Role = "VIEWER"
	RoleGateway Role = "GATEWAY"
)

// Principal is who presents a bearer token.
type Principal struct {
	Role           Role
	OrganizationID *uuid.UUID // null for ROOT: every organization
	MemberID       *uuid.UUID // null for a token that is bound to no member
	Actor          string     // as the audit log names it: root, or the token's external id
}

// May tells whether the principal has one of the roles.
func (p *Principal) May(roles []Role) bool { return slices.Contains(roles, p.Role) }

type contextKey struct{}

type presented struct {
	principal *Principal
	err       error
}

// WithPrincipal returns a context that carries who is calling, or why that is not known.
func WithPrincipal(ctx context.Context, principal *Principal, err error) context.Context {
	return context.WithValue(ctx, contextKey{}, presented{principal, err})
}

// FromContext returns who is calling, or why that is not known. Neither is set when no token was presented.
func FromContext(ctx context.Context) (*Principal, error) {
	p, _ := ctx.Value(contextKey{}).(presented)
	return p.principal, p.err
}
