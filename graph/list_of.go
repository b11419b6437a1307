package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
)

// listRead names what one read of lists returns: the same page of one list of every row of a batch.
type listRead struct {
	what   string
	number int32
	after  uuid.UUID
}

// listOf returns a page of what an organization has; the same page of its batch is read with it.
func listOf[V any](
	ctx context.Context, organization *db.Organization, what string, p page, owner func(*V) uuid.UUID, list func(ids []uuid.UUID) ([]*V, error),
) ([]*V, error) {
	read := listRead{what, p.Number, valueOr(p.After, uuid.Nil)}
	lists, err := load(ctx, organization, read, func(all []*db.Organization) (map[uuid.UUID][]*V, error) {
		rows, err := list(distinct(all, organizationID))
		return group(loaded(ctx, rows), owner), err
	})
	return lists[organization.ID], err
}

// totalOf returns how many of something an organization has, when the client asked for it; those of its batch are counted
// with them.
func totalOf[V any](
	ctx context.Context, organization *db.Organization, what string, number func(*V) (uuid.UUID, int64), count func(ids []uuid.UUID) ([]*V, error),
) (int, error) {
	return total(ctx, func() (int64, error) {
		totals, err := load(ctx, organization, "total of "+what, func(all []*db.Organization) (map[uuid.UUID]int64, error) {
			rows, err := count(distinct(all, organizationID))
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
