package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/model"
	"bursar/id"
)

// ownKey refuses a MEMBER a key that somebody else created.
func ownKey(ctx context.Context, field string, key *db.APIKey) error {
	if own := caller.OwnKeysOnly(ctx); own != nil && (key.CreatedByID == nil || *key.CreatedByID != *own) {
		return caller.NotOwn(field)
	}
	return nil
}

// OfOwnKey refuses a MEMBER an object of a key that somebody else created, or of no key.
func (f *Finder) OfOwnKey(ctx context.Context, field string, keyID *uuid.UUID) error {
	switch {
	case caller.OwnKeysOnly(ctx) == nil:
		return nil
	case keyID == nil:
		return caller.NotOwn(field)
	}
	_, err := f.APIKey(ctx, field, id.APIKey.Format(*keyID))
	return err
}

// visibleLimit refuses a MEMBER the limits of keys that somebody else created. Those of workspaces and of the organization are visible:
// they apply to the MEMBER's own keys too.
func (f *Finder) visibleLimit(ctx context.Context, field string, limit *db.LimitStatus) error {
	if limit.SubjectType != db.SubjectTypeAPIKEY {
		return nil
	}
	return f.OfOwnKey(ctx, field, &limit.SubjectID)
}

// visible refuses a MEMBER the objects of keys that somebody else created, and those that belong to no key, such as access tokens. Keys
// and limits were checked when they were found.
func (f *Finder) visible(ctx context.Context, node model.Node) error {
	switch n := node.(type) {
	case *db.Organization, *db.Workspace, *db.Member, *db.APIKey, *db.BudgetLimit, *db.RateLimit:
		return nil
	case *db.Reservation:
		return f.OfOwnKey(ctx, "id", &n.APIKeyID)
	case *db.UsageEvent:
		return f.OfOwnKey(ctx, "id", &n.APIKeyID)
	case *db.Alert:
		return f.OfOwnKey(ctx, "id", n.APIKeyID)
	}
	return f.OfOwnKey(ctx, "id", nil)
}
