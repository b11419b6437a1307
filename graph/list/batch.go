package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// listRead names, for load, a read of the same page of one list of every organization of a batch.
type listRead struct {
	what          string
	number        int32
	backward      bool
	after, before uuid.UUID
}

// listOf returns a page of one list of an organization. The same page of the other organizations of its batch is read with it.
func listOf[V any](
	ctx context.Context, organization *db.Organization, what string, p page.Page, owner func(*V) uuid.UUID, list func(ids []uuid.UUID) ([]*V, error),
) ([]*V, error) {
	read := listRead{what, p.Number, p.Backward, validate.ValueOr(p.After, uuid.Nil), validate.ValueOr(p.Before, uuid.Nil)}
	lists, err := loader.Load(ctx, organization, read, func(all []*db.Organization) (map[uuid.UUID][]*V, error) {
		rows, err := list(loader.Distinct(all, organizationID))
		return loader.Group(loader.Loaded(ctx, rows), owner), err
	})
	return lists[organization.ID], err
}

// totalOf returns the length of one list of an organization, if the client asked for it; 0 otherwise. Those of the other organizations
// of its batch are counted with it.
func totalOf[V any](
	ctx context.Context, organization *db.Organization, what string, number func(*V) (uuid.UUID, int64), count func(ids []uuid.UUID) ([]*V, error),
) (int, error) {
	return page.Total(ctx, func() (int64, error) {
		totals, err := loader.Load(ctx, organization, "total of "+what, func(all []*db.Organization) (map[uuid.UUID]int64, error) {
			rows, err := count(loader.Distinct(all, organizationID))
			totals := make(map[uuid.UUID]int64, len(rows))
			for _, row := range rows {
				id, n := number(row)
				totals[id] = n
			}
			return totals, err
		})
		return totals[organization.ID], err
	})
}

func organizationID(o *db.Organization) *uuid.UUID { return &o.ID }
