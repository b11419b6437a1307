package loader

import (
	"context"

	"github.com/google/uuid"
)

// Refer returns the row that another row names by its id; nil when it names none, or one that does not exist. The rows that the other
// rows of its batch name are read with it.
func Refer[V, T any](
	ctx context.Context, row *V, what string, named func(*V) *uuid.UUID, rowID func(*T) uuid.UUID, find func([]uuid.UUID) ([]*T, error),
) (*T, error) {
	wanted := named(row)
	if wanted == nil {
		return nil, nil
	}
	byID, err := Load(ctx, row, what, func(rows []*V) (map[uuid.UUID]*T, error) {
		found, err := find(Distinct(rows, named))
		byID := make(map[uuid.UUID]*T, len(found))
		for _, one := range Loaded(ctx, found) {
			byID[rowID(one)] = one
		}
		return byID, err
	})
	return byID[*wanted], err
}

// Distinct returns the ids that rows name, each once.
func Distinct[V any](rows []*V, named func(*V) *uuid.UUID) []uuid.UUID {
	ids, seen := []uuid.UUID{}, map[uuid.UUID]bool{}
	for _, row := range rows {
		if id := named(row); id != nil && !seen[*id] {
			seen[*id] = true
			ids = append(ids, *id)
		}
	}
	return ids
}

// Group returns rows by key, in their order.
func Group[K comparable, V any](rows []*V, key func(*V) K) map[K][]*V {
	groups := map[K][]*V{}
	for _, row := range rows {
		groups[key(row)] = append(groups[key(row)], row)
	}
	return groups
}
