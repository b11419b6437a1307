package pools

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/identity"
)

// Problem says what is wrong with the schema of a database, or that this is not known.
type Problem func(ctx context.Context, pool *pgxpool.Pool) (unfit, unknown error)

// OpenAll is Open for home and other cells, given by their URLs: home first. Without others it is Open for home alone. A cell whose identity or schema is unfit, or not
// known yet, is not asked until that has changed, and no failure.
func OpenAll(ctx context.Context, others map[string]string, config Config, problem Problem) (all []*Pools, err error) {
	if len(others) == 0 {
		home, err := Open(ctx, cells.Home, config)
		return []*Pools{home}, err
	}
	guard, err := identity.NewGuard(ctx, identity.Config{
		Home: config.URL, Cells: others, ApplicationName: config.ApplicationName, Role: db.OperatorRole, AllowSuperuser: config.AllowSuperuser, Logger: config.Logger,
	})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			CloseAll(all)
			guard.Close()
		}
	}()
	if err := guard.Check(ctx); err != nil {
		config.Logger.WarnContext(ctx, "home cannot say yet what it knows of the cells; until then none of them is asked", "error", err)
	}
	config.Cell = guard.Cell(cells.Home)
	home, err := Open(ctx, cells.Home, config)
	if err != nil {
		return nil, err
	}
	home.guard, all = guard, append(all, home)
	for _, name := range slices.Sorted(maps.Keys(others)) {
		looking, err := db.NewPool(ctx, db.PoolConfig{
			URL: others[name], ApplicationName: config.ApplicationName, Role: db.OperatorRole, MaxConnections: 1, AllowSuperuser: config.AllowSuperuser,
			StopAbandoned: true, Cell: guard.Cell(name),
		})
		if err != nil {
			return all, err
		}
		gate := NewGate(name, guard.Cell(name), looking, problem, config.Logger)
		gate.Look(ctx)
		config.URL, config.Cell = others[name], gate
		cell, err := Open(ctx, name, config)
		if err != nil {
			looking.Close()
			return all, err
		}
		cell.gate, all = gate, append(all, cell)
	}
	return all, nil
}

// CloseAll closes the connections of all but enforcement, the last first.
func CloseAll(all []*Pools) {
	for _, p := range slices.Backward(all) {
		p.Close()
	}
}
