package lookup

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/id"
)

// ActorOf returns the access token or the member, also one who was removed, who made a change; nil for every other actor. Those of the entries of
// its batch are read with it.
func (f *Finder) ActorOf(ctx context.Context, entry *db.AuditEntry) (model.Node, error) {
	return nodeOf(ctx, f, entry, "actor", func(e *db.AuditEntry) string { return actorID(e.Actor) })
}

// RequesterOf returns the access token or the member, also one who was removed, who asked for a repricing; nil for every other actor. Those of the
// repricings of its batch are read with it.
func (f *Finder) RequesterOf(ctx context.Context, repricing *db.Repricing) (model.Node, error) {
	return nodeOf(ctx, f, repricing, "actor", func(r *db.Repricing) string { return actorID(r.Actor) })
}

// TargetOf returns what was changed, as it is now; nil when it was deleted. Those of the entries of its batch are read with it.
func (f *Finder) TargetOf(ctx context.Context, entry *db.AuditEntry) (model.Node, error) {
	return nodeOf(ctx, f, entry, "target", (*db.AuditEntry).ExternalTargetID)
}

// DimensionNode returns the API key or the workspace that a value of a report's dimension is; nil for other dimensions. Those of the report's other
// values are read with it.
func (f *Finder) DimensionNode(ctx context.Context, value *model.UsageDimensionValue) (model.Node, error) {
	return nodeOf(ctx, f, value, "node", func(v *model.UsageDimensionValue) string {
		if v.Value == nil || v.Dimension != db.UsageDimensionAPIKEY && v.Dimension != db.UsageDimensionWORKSPACE {
			return ""
		}
		return *v.Value
	})
}

// nodeOf returns the object that a row names by its external id; nil for none. Whoever sees the row sees the object. Those of the other rows of its
// batch are read with it, with one statement for each type.
func nodeOf[V any](ctx context.Context, f *Finder, row *V, what string, named func(*V) string) (model.Node, error) {
	nodes, err := loader.Load(ctx, row, what, func(rows []*V) (map[string]model.Node, error) {
		ids := make([]string, len(rows))
		for i, one := range rows {
			ids[i] = named(one)
		}
		return f.existing(ctx, ids)
	})
	return nodes[named(row)], err
}

// actorID returns the id of an actor that is an access token or a member; "" for every other.
func actorID(actor string) string {
	if strings.HasPrefix(actor, string(id.AccessToken)+"_") || strings.HasPrefix(actor, string(id.Member)+"_") {
		return actor
	}
	return ""
}

// Actor returns the organization of the access token or member with an id, also of one who was removed.
func (f *Finder) Actor(ctx context.Context, field, external string) (uuid.UUID, error) {
	if actorID(external) == "" {
		return uuid.Nil, fault.BadInput(field, "must be the id of a member or an access token")
	}
	found, err := f.existing(ctx, []string{external})
	switch n := found[external].(type) {
	case *db.AccessToken:
		return n.OrganizationID, nil
	case *db.Member:
		return n.OrganizationID, nil
	}
	if err == nil {
		err = NotFound(field, "member or access token")
	}
	return uuid.Nil, err
}
