package lookup

import (
	"context"
	"slices"

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

// hidden returns which objects a MEMBER does not see: those of keys that somebody else created, and those that belong to no key, such as access
// tokens. The organization, its workspaces and members, and the limits that apply to all keys are visible. Keys are read in one statement.
func (f *Finder) hidden(ctx context.Context, nodes map[string]model.Node) (map[string]bool, error) {
	own := caller.OwnKeysOnly(ctx)
	if own == nil {
		return nil, nil
	}
	keyOf, keyIDs := map[string]uuid.UUID{}, []uuid.UUID{}
	for external, node := range nodes {
		if keyID, restricted := restrictedTo(node); restricted {
			keyOf[external], keyIDs = keyID, append(keyIDs, keyID)
		}
	}
	keys, err := f.Queries.FindAPIKeys(ctx, f.Within(ctx), &db.FindAPIKeysParams{IDs: keyIDs, OrganizationID: caller.Organization(ctx)})
	hidden := map[string]bool{}
	for external, keyID := range keyOf {
		hidden[external] = !slices.ContainsFunc(keys, func(k *db.APIKey) bool { return k.ID == keyID && ownKey(ctx, "id", k) == nil })
	}
	return hidden, db.Fault(err)
}

// restrictedTo returns the key whose creator alone, of all members in the role MEMBER, sees an object; the zero id for an object that none of
// them sees, and false for one that all do.
func restrictedTo(node model.Node) (uuid.UUID, bool) {
	switch n := node.(type) {
	case *db.Organization, *db.Workspace, *db.Member, *db.Price:
		return uuid.Nil, false
	case *db.APIKey:
		return n.ID, true
	case *db.BudgetLimit:
		return n.SubjectID, n.SubjectType == db.SubjectTypeAPIKEY
	case *db.RateLimit:
		return n.SubjectID, n.SubjectType == db.SubjectTypeAPIKEY
	case *db.Reservation:
		return n.APIKeyID, true
	case *db.Lease:
		return n.APIKeyID, true
	case *db.UsageEvent:
		return n.APIKeyID, true
	case *db.Alert:
		if n.APIKeyID != nil {
			return *n.APIKeyID, true
		}
	}
	return uuid.Nil, true
}
