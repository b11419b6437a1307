// Package identity makes sure that the databases of an installation are the ones that they are taken for, and are not from an earlier time: it compares
// what home knows of each cell with what the cell says of itself.
package identity

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/session"
)

const (
	interval    = 10 * time.Second // between two checks
	lookTimeout = 3 * time.Second  // of the questions to one database
)

// Config says how a Guard connects.
type Config struct {
	Home            string            // the URL of home
	Cells           map[string]string // the URLs of the other cells, by their names
	ApplicationName string            // seen in pg_stat_activity
	Role            string            // that its connections act as: db.OperatorRole, or the login
	AllowSuperuser  bool              // as in [db.PoolConfig]
	Logger          *slog.Logger
}

// Guard says which cells may be asked. It has a connection of its own to each, which asks whatever the cell is. When home cannot be reached, what was
// last found out stays; a cell of which home has said nothing yet is not asked. Its methods may be called concurrently.
type Guard struct {
	members []*member // home first
	logger  *slog.Logger
	mutex   sync.Mutex // of a check
}

// NewGuard returns a guard, which has asked nobody yet: see [Guard.Check].
func NewGuard(ctx context.Context, config Config) (*Guard, error) {
	g := &Guard{logger: config.Logger}
	add := func(name, url string, cell session.Cell) error {
		pool, err := db.NewPool(ctx, db.PoolConfig{
			URL: url, ApplicationName: config.ApplicationName, Role: config.Role, AllowSuperuser: config.AllowSuperuser, MaxConnections: 1,
			StopAbandoned: true, Cell: cell,
		})
		if err != nil {
			g.Close()
			return err
		}
		g.members = append(g.members, newMember(name, pool))
		return nil
	}
	if err := add(cells.Home, config.Home, nil); err != nil { // nil: it must not be another cell
		return nil, err
	}
	for name, url := range config.Cells {
		if err := add(name, url, session.AnyCell{}); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// Close closes the guard's connections.
func (g *Guard) Close() {
	for _, m := range g.members {
		m.pool.Close()
	}
}

// Cell returns what the pools of a cell ask (db.PoolConfig.Cell); of a name that the guard was not given, nil.
func (g *Guard) Cell(name string) session.Cell {
	for _, m := range g.members {
		if m.name == name {
			return m
		}
	}
	return nil
}

// Refused returns why a cell may not be asked now; nil: it may, or it is unknown.
func (g *Guard) Refused(name string) error {
	if cell := g.Cell(name); cell != nil {
		return cell.Refused()
	}
	return nil
}

// Run checks every ten seconds until ctx ends.
func (g *Guard) Run(ctx context.Context) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := g.Check(ctx); err != nil && ctx.Err() == nil {
				g.logger.WarnContext(ctx, "what home knows of the cells cannot be read; what was last found out stays", "error", err)
			}
		}
	}
}

// Check finds out which cells may be asked. It fails when home cannot tell, for whatever reason; that a cell cannot be reached or is refused is no
// failure (see Refused). Home is read before the cells and after them: a cell counts what comes and goes before home does, so that a cell that has counted
// less than home had before is from an earlier time, and so is home where it knows of less than a cell had, and of no move under way.
func (g *Guard) Check(ctx context.Context) error {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	before, err := readHome(ctx, g.members[0].pool)
	if err != nil {
		return err
	}
	found := make([]*db.CellIdentity, len(g.members))
	var reading sync.WaitGroup
	for i, m := range g.members[1:] {
		reading.Go(func() {
			stored, err := readIdentity(ctx, m.pool)
			if err == nil {
				found[i+1] = stored
			}
		})
	}
	reading.Wait()
	after, err := readHome(ctx, g.members[0].pool)
	if err != nil {
		return err
	}
	for i, m := range g.members {
		v := after.verdict(m.name)
		switch {
		case m.name == cells.Home:
			v.refused = after.outdated(g.names(), found)
		case v.refused == nil && found[i] != nil:
			v.refused = before.judge(m.name, found[i])
		case v.refused == nil: // it is silent: what is wrong with it shows with the first connection
			v.refused = m.Refused()
			if errors.Is(v.refused, errUnknown) {
				v.refused = nil
			}
		}
		m.decide(ctx, v, g.logger)
	}
	return nil
}

func (g *Guard) names() (names []string) {
	for _, m := range g.members {
		names = append(names, m.name)
	}
	return names
}

// Tool returns what the pools of commands ask of a cell, which look after it whether it is in service or not: whether the database is the cell, as far as is
// known. A database that is none yet may become it.
func (g *Guard) Tool(name string) session.Cell {
	for _, m := range g.members {
		if m.name == name {
			return tool{m}
		}
	}
	return nil
}

// Pool returns the guard's connection to a cell, which asks whatever the cell is; of a name that the guard was not given, nil.
func (g *Guard) Pool(name string) *pgxpool.Pool {
	for _, m := range g.members {
		if m.name == name {
			return m.pool
		}
	}
	return nil
}
