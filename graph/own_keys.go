package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// ownKeysOnly returns the member to whose own API keys the caller is restricted; nil for callers who are not a MEMBER.
func ownKeysOnly(ctx context.Context) *uuid.UUID {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return principal.OwnKeysOnly()
}

func notOwn(field string) *fault.Fault {
	return fault.New(fault.Forbidden, "%s: a MEMBER may do this with API keys that they created, and with nothing else", field)
}

// ownKey refuses a MEMBER a key that somebody else created.
func ownKey(ctx context.Context, field string, key *db.APIKey) error {
	if own := ownKeysOnly(ctx); own != nil && (key.CreatedByID == nil || *key.CreatedByID != *own) {
		return notOwn(field)
	}
	return nil
}

// ofOwnKey refuses a MEMBER an object of a key that somebody else created, or of no key.
func (r *Resolver) ofOwnKey(ctx context.Context, field string, keyID *uuid.UUID) error {
	switch {
	case ownKeysOnly(ctx) == nil:
		return nil
	case keyID == nil:
		return notOwn(field)
	}
	_, err := r.apiKey(ctx, field, id.APIKey.Format(*keyID))
	return err
}

// visibleLimit refuses a MEMBER the limits of keys that somebody else created. Those of workspaces and of the organization are visible:
// they apply to the MEMBER's own keys too.
func (r *Resolver) visibleLimit(ctx context.Context, field string, limit *db.LimitStatus) error {
	if limit.SubjectType != db.SubjectTypeAPIKEY {
		return nil
	}
	return r.ofOwnKey(ctx, field, &limit.SubjectID)
}

// visible refuses a MEMBER the objects of keys that somebody else created, and those that belong to no key, such as access tokens. Keys
// and limits were checked when they were found.
func (r *Resolver) visible(ctx context.Context, node model.Node) error {
	switch n := node.(type) {
	case *db.Organization, *db.Workspace, *db.Member, *db.APIKey, *db.BudgetLimit, *db.RateLimit:
		return nil
	case *db.Reservation:
		return r.ofOwnKey(ctx, "id", &n.APIKeyID)
	case *db.UsageEvent:
		return r.ofOwnKey(ctx, "id", &n.APIKeyID)
	case *db.Alert:
		return r.ofOwnKey(ctx, "id", n.APIKeyID)
	}
	return r.ofOwnKey(ctx, "id", nil)
}

// creatorOf returns the creator of a new key: the given member, else the calling member, else nobody. A MEMBER creates keys for
// themselves alone.
func creatorOf(ctx context.Context, given *string) (*uuid.UUID, error) {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	if given == nil {
		return principal.MemberID, nil
	}
	creator, err := memberID("createdById", *given)
	if own := principal.OwnKeysOnly(); err == nil && own != nil && *creator != *own {
		return nil, notOwn("createdById")
	}
	return creator, err
}

// notSilenced refuses a MEMBER to switch off the mail of a key, which others read too.
func notSilenced(ctx context.Context, emailNotifications *bool) error {
	if ownKeysOnly(ctx) == nil || validate.ValueOr(emailNotifications, true) {
		return nil
	}
	return fault.New(fault.Forbidden, "emailNotifications: only an OWNER or ADMIN switches a key's mail off")
}

// guardOwners refuses a change that makes, changes or removes an OWNER, unless the caller is an OWNER or the operator. change says what
// is to change; the caller is added to it.
func (r *Resolver) guardOwners(ctx context.Context, tx db.DBTX, change *db.GuardOwnersParams) error {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	change.Operator = principal.Role == auth.RoleRoot
	if principal.Role == auth.RoleOwner {
		change.CallerID = principal.MemberID
	}
	return r.queries.GuardOwners(ctx, tx, change)
}
