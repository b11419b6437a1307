// Package auth knows who is calling: tokens, key secrets, roles and principals.
package auth

import (
	"context"
	"slices"
	"sync"

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
	TokenID        uuid.UUID  // zero for ROOT, whose token has no row
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
	confirm   func() (*Principal, error) // nil: there is nothing to confirm
}

// WithPrincipal returns a context that carries who is calling, or why that is not known.
func WithPrincipal(ctx context.Context, principal *Principal, err error) context.Context {
	return context.WithValue(ctx, contextKey{}, presented{principal: principal, err: err})
}

// WithRemembered returns a context that carries who was calling with the same token before, which may have been revoked
// since. confirm asks the database; it is called at most once, by Confirmed.
func WithRemembered(ctx context.Context, principal *Principal, confirm func() (*Principal, error)) context.Context {
	return context.WithValue(ctx, contextKey{}, presented{principal: principal, confirm: sync.OnceValues(confirm)})
}

// FromContext returns who is calling, or why that is not known. Neither is set when no token was presented. Whoever acts on a
// remembered principal has the database look at its TokenID in the same statement.
func FromContext(ctx context.Context) (*Principal, error) {
	p, _ := ctx.Value(contextKey{}).(presented)
	return p.principal, p.err
}

// Confirmed is FromContext, of whom the database says that their token is valid now.
func Confirmed(ctx context.Context) (*Principal, error) {
	p, _ := ctx.Value(contextKey{}).(presented)
	if p.confirm != nil {
		return p.confirm()
	}
	return p.principal, p.err
}
