package cells

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/fault"
)

const (
	maxRemembered  = 65_536                 // organizations whose cells are remembered
	askingInterval = 20 * time.Millisecond  // between the first questions where an organization is that is being moved, doubled up to
	longestAsking  = 200 * time.Millisecond // this
)

// Set is the cells of an installation. Its methods may be called concurrently.
type Set struct {
	cells  []*Cell // home first
	named  map[string]*Cell
	where  *lru.Cache[uuid.UUID, *Cell]
	logger *slog.Logger
}

// New returns a set of cells, of which home is the first.
func New(logger *slog.Logger, home *Cell, others ...*Cell) *Set {
	where, err := lru.New[uuid.UUID, *Cell](maxRemembered)
	if err != nil {
		panic(err) // the size is positive
	}
	s := &Set{cells: append([]*Cell{home}, others...), named: map[string]*Cell{}, where: where, logger: logger}
	for _, c := range s.cells {
		c.Enforcement = cmp.Or(c.Enforcement, c.Control)
		s.named[c.Name] = c
	}
	return s
}

// All returns the cells, home first.
func (s *Set) All() []*Cell { return s.cells }

// Home returns the cell that has the directory.
func (s *Set) Home() *Cell { return s.cells[0] }

// Named returns a cell; nil: there is none of that name.
func (s *Set) Named(name string) *Cell { return s.named[name] }

// Of returns the cell in which an organization is, as far as is known; nil is the operator, who is asked for in the cell that [Choose] has named. Its
// error is UNAVAILABLE.
func (s *Set) Of(ctx context.Context, organizationID *uuid.UUID) (*Cell, error) {
	if len(s.cells) == 1 {
		return s.Home(), nil
	}
	if organizationID == nil {
		name, _ := ctx.Value(chosenKey{}).(string)
		if chosen := s.named[cmp.Or(name, Home)]; chosen != nil {
			return chosen, nil
		}
		return nil, fault.BadInput("Bursar-Cell", "there is no cell %q", name)
	}
	if cell, known := s.where.Get(*organizationID); known {
		return cell, nil
	}
	cell, err := s.find(ctx, *organizationID)
	if err != nil {
		return nil, err
	}
	return cell, nil
}

// find asks the directory, and then all cells, where an organization is, and remembers it. One that is nowhere is at home.
func (s *Set) find(ctx context.Context, organizationID uuid.UUID) (*Cell, error) {
	name, err := db.New().FindCell(ctx, db.NewTenantDB(s.Home().Control).For(nil), organizationID)
	if cell := s.named[name]; err == nil && cell != nil {
		s.where.Add(organizationID, cell)
		return cell, nil
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		s.logger.WarnContext(ctx, "the directory of cells cannot be read", "error", err)
	}
	var silent error
	for _, cell := range s.cells {
		here, err := db.New().ResidesHere(ctx, db.NewTenantDB(cell.Control).For(nil), organizationID)
		if here {
			s.where.Add(organizationID, cell)
			return cell, nil
		}
		silent = cmp.Or(err, silent)
	}
	if silent != nil {
		return nil, db.Fault(silent)
	}
	return s.Home(), nil
}

// Moved returns the cell in which an organization is, after one has refused it: another one, or the same if it decides again. It asks until there is one.
func (s *Set) Moved(ctx context.Context, organizationID uuid.UUID, _ *Cell) (*Cell, error) {
	if len(s.cells) == 1 {
		return nil, fault.ErrMoved
	}
	s.where.Remove(organizationID)
	for interval := askingInterval; ; interval = min(2*interval, longestAsking) {
		for _, cell := range s.cells {
			here, err := db.New().ResidesHere(ctx, db.NewTenantDB(cell.Control).For(nil), organizationID)
			if err == nil && here {
				s.where.Add(organizationID, cell)
				return cell, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, fault.ErrMoved
		case <-time.After(interval):
		}
	}
}

// Control returns the way to the pools of all that is no enforcement.
func (s *Set) Control() db.Route {
	return route{s, func(c *Cell) *pgxpool.Pool { return c.Control }}
}

// Enforcement returns the way to the pools of enforcement.
func (s *Set) Enforcement() db.Route {
	return route{s, func(c *Cell) *pgxpool.Pool { return c.Enforcement }}
}

// route is the way to one kind of pools.
type route struct {
	set  *Set
	pool func(*Cell) *pgxpool.Pool
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
	var left *Cell
	for _, cell := range r.set.cells {
		if r.pool(cell) == from {
			left = cell
		}
	}
	cell, err := r.set.Moved(ctx, organizationID, left)
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
