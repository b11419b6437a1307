package cells

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// Control returns the way to the pools of all that is no enforcement.
func (s *Set) Control() db.Route {
	return s.route(func(c *Cell) *pgxpool.Pool { return c.Control })
}

// Enforcement returns the way to the pools of enforcement.
func (s *Set) Enforcement() db.Route {
	return s.route(func(c *Cell) *pgxpool.Pool { return c.Enforcement })
}

func (s *Set) route(pool func(*Cell) *pgxpool.Pool) db.Route {
	r := route{s, pool, map[*pgxpool.Pool]*Cell{}}
	for _, cell := range s.cells {
		r.cells[pool(cell)] = cell
	}
	return r
}

// route is the way to one kind of pools.
type route struct {
	set   *Set
	pool  func(*Cell) *pgxpool.Pool
	cells map[*pgxpool.Pool]*Cell
}

// Of implements [db.Route].
func (r route) Of(ctx context.Context, organizationID *uuid.UUID) (*pgxpool.Pool, error) {
	cell, err := r.set.Of(ctx, organizationID)
	if err != nil {
		return nil, err
	}
	return r.pool(cell), nil
}

// Moved implements [db.Route].
func (r route) Moved(ctx context.Context, organizationID uuid.UUID, from *pgxpool.Pool) (*pgxpool.Pool, error) {
	cell, err := r.set.Moved(ctx, organizationID, r.cells[from])
	if err != nil {
		return nil, err
	}
	return r.pool(cell), nil
}

// All implements [db.Route].
func (r route) All() (pools []*pgxpool.Pool) {
	for _, cell := range r.set.cells {
		pools = append(pools, r.pool(cell))
	}
	return pools
}
