package pools

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/identity"
	"bursar/db/failover"
	"bursar/db/session"
)

// WorkConfig says which databases' jobs are worked, and how a worker connects to them.
type WorkConfig struct {
	Home       string            // its URL
	Cells      map[string]string // the URLs of the other cells, by their names
	Only       []string          // the cells whose jobs are worked; none: all
	CloseLimit time.Duration
	Tracer     pgx.QueryTracer
	Logger     *slog.Logger
}

// Work is a database whose jobs are worked.
type Work struct {
	Name string // of the cell; "" where there is one database
	Pool *pgxpool.Pool
	Pace *pgxpool.Pool // to home, where the throttle of mail is; nil: Pool
}

// OpenWork connects to the databases, home first, without waiting for them. Without cells there is one, which nobody is asked about.
func OpenWork(ctx context.Context, c WorkConfig) (all []Work, stop func(), err error) {
	monitored, stopMonitors := context.WithCancel(context.WithoutCancel(ctx))
	opened := []*pgxpool.Pool{}
	stop = func() {
		stopMonitors()
		for _, pool := range opened {
			Close(pool, c.CloseLimit, c.Logger)
		}
	}
	connect := func(url string, connections int32, cell session.Cell) (*pgxpool.Pool, error) {
		monitor := failover.NewMonitor(c.Logger)
		pool, err := db.NewPool(ctx, db.PoolConfig{
			URL: url, ApplicationName: "bursar work", MaxConnections: connections, Monitor: monitor, Tracer: c.Tracer, Cell: cell,
		})
		if err == nil {
			opened = append(opened, pool)
			go monitor.Run(monitored)
		}
		return pool, err
	}
	defer func() {
		if err != nil {
			stop()
		}
	}()
	if len(c.Cells)+len(c.Only) == 0 {
		pool, err := connect(c.Home, 0, nil)
		return []Work{{Pool: pool}}, stop, err
	}
	guard, err := identity.NewGuard(ctx, identity.Config{Home: c.Home, Cells: c.Cells, ApplicationName: "bursar work", Logger: c.Logger})
	if err != nil {
		return nil, stop, err
	}
	if err := guard.Check(ctx); err != nil {
		c.Logger.WarnContext(ctx, "home cannot say yet what it knows of the cells; until then none of them is asked", "error", err)
	}
	go func() {
		guard.Run(monitored)
		guard.Close()
	}()
	pace, err := connect(c.Home, 2, guard.Cell(cells.Home))
	for _, name := range append([]string{cells.Home}, slices.Sorted(maps.Keys(c.Cells))...) {
		if err != nil || len(c.Only) > 0 && !slices.Contains(c.Only, name) {
			continue
		}
		each := Work{Name: name}
		url := c.Home
		if name != cells.Home {
			url, each.Pace = c.Cells[name], pace
		}
		each.Pool, err = connect(url, 0, guard.Cell(name))
		all = append(all, each)
	}
	return all, stop, err
}
