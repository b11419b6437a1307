// Package auth knows who is calling: tokens, key secrets, roles and principals.
package auth

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Role is what a caller may do: the ViewerRole of the schema.
type Role string

// The roles. MEMBER is members' own, VIEWER and GATEWAY are tokens'.
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
	Role           Role       // what the token is at most, and never more than its member is
	TokenID        uuid.UUID  // zero for ROOT and for people who signed in, whose tokens have no row
	OrganizationID *uuid.UUID // null for ROOT: every organization
	MemberID       *uuid.UUID // null for a token that is bound to no member
	MemberRole     Role       // what that member is; "" when there is none
	Email          string     // the verified address of a person who signed in; "" for tokens
	ExpiresAt      time.Time  // when the token of a person who signed in expires; zero for tokens of the database, which knows
	AcceptsKeyIDs  bool       // whether the key of an enforcement call may be an API key's id, which is no secret
	Actor          string     // as the audit log names it: root, the token's external id, or that of the member who signed in
}

// May tells whether the lists of roles, taken together, have the principal's, and that of the member whom its token is bound to.
func (p *Principal) May(lists ...[]Role) bool {
	have := func(role Role) bool {
		return slices.ContainsFunc(lists, func(roles []Role) bool { return slices.Contains(roles, role) })
	}
	return have(p.Role) && (p.MemberRole == "" || have(p.MemberRole))
}

// OwnKeysOnly returns the member who created the only API keys that the principal may see and manage; null when it is
// confined to none.
func (p *Principal) OwnKeysOnly() *uuid.UUID {
	if p.MemberRole == RoleMember {
		return p.MemberID
	}
	return nil
}

type contextKey struct{}

type presented struct {
	principal *Principal
	err       error
	confirm   func() (*Principal, error) // nil: there is nothing to confirm
	person    string                     // see Person; "": none
	undecided bool                       // see WithUndecided
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

// WithUndecided returns a context that carries a person, by their verified address, who is a member of several organizations and has
// not said which one they mean; err says so. Nobody is calling for FromContext: they have no role and no organization.
func WithUndecided(ctx context.Context, email string, err error) context.Context {
	return context.WithValue(ctx, contextKey{}, presented{person: email, undecided: true, err: err})
}

// WithInvited returns a context that carries a person, by their verified address, who is a member of no organization that the request
// could mean, as err says, and whom one has invited. Nobody is calling for FromContext.
func WithInvited(ctx context.Context, email string, err error) context.Context {
	return context.WithValue(ctx, contextKey{}, presented{person: email, err: err})
}

// Undecided returns the verified address of a person who has not said which of their organizations they mean; "" for all others.
func Undecided(ctx context.Context) string {
	p, _ := ctx.Value(contextKey{}).(presented)
	if !p.undecided {
		return ""
	}
	return p.person
}

// Person returns the verified address of a person who has signed in and is nobody for FromContext: see WithUndecided and WithInvited.
// "" for all others.
func Person(ctx context.Context) string {
	p, _ := ctx.Value(contextKey{}).(presented)
	return p.person
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
