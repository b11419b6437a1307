// Package pools has the connections of a server to the databases that it works with: of each, pools that take nothing from each other.
package pools

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/identity"
	"bursar/db/failover"
	"bursar/db/session"
)

// Config says how a server connects to a database.
type Config struct {
	URL             string
	ApplicationName string
	AllowSuperuser  bool  // see [db.PoolConfig]
	Control         int32 // connections of all that is no enforcement
	Enforcement     int32 // connections of enforcement; 0: there are none
	Operator        int32 // connections of River UI, which act as db.OperatorRole; 0: there are none
	CloseLimit      time.Duration
	Cell            session.Cell // that the database must be; nil: there is one database
	Tracer          pgx.QueryTracer
	Logger          *slog.Logger
}

// Pools are the connections to one database.
type Pools struct {
	cells.Cell
	monitor *failover.Monitor
	guard   *identity.Guard // of home: says which database each cell is; nil: there is one database
	gate    *Gate           // nil: of home, which the server does not start without
	close   func(*pgxpool.Pool)
}

// Open returns the connections to a database, without waiting for it. Enforcement has none before OpenEnforcement.
func Open(ctx context.Context, name string, config Config) (*Pools, error) {
	p := &Pools{Cell: cells.Cell{Name: name}, monitor: failover.NewMonitor(config.Logger), close: func(pool *pgxpool.Pool) { Close(pool, config.CloseLimit, config.Logger) }}
	open := func(role string, connections int32) (*pgxpool.Pool, error) {
		return db.NewPool(ctx, db.PoolConfig{
			URL: config.URL, ApplicationName: config.ApplicationName, Role: role, MaxConnections: connections, AllowSuperuser: config.AllowSuperuser,
			StopAbandoned: true, Cell: config.Cell, Monitor: p.monitor, Tracer: config.Tracer,
		})
	}
	var err error
	if p.Control, err = open(db.ServerRole, config.Control); err == nil && config.Operator > 0 {
		p.Operator, err = open(db.OperatorRole, config.Operator)
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// OpenEnforcement adds the connections of enforcement, which work until ctx ends.
func (p *Pools) OpenEnforcement(ctx context.Context, connections int32) (err error) {
	p.Enforcement, err = db.NewEnforcementPool(ctx, p.Control, connections, p.monitor)
	return err
}

// Deciding returns the connections of enforcement, or where there are none, the others.
func (p *Pools) Deciding() *pgxpool.Pool {
	if p.Enforcement != nil {
		return p.Enforcement
	}
	return p.Control
}

// ByName returns the pools of servers by the names that metrics give them.
func (p *Pools) ByName() map[string]*pgxpool.Pool {
	named := map[string]*pgxpool.Pool{"control": p.Control}
	if p.Enforcement != nil {
		named["enforcement"] = p.Enforcement
	}
	return named
}

// Run looks after the connections until ctx ends.
func (p *Pools) Run(ctx context.Context) {
	if p.guard != nil {
		go p.guard.Run(ctx)
	}
	if p.gate != nil {
		go p.gate.Run(ctx)
	}
	p.monitor.Run(ctx)
}

// Refused returns why the cell is not asked; nil: it is.
func (p *Pools) Refused() error {
	if p.gate == nil {
		return nil
	}
	return p.gate.Refused()
}

// CloseEnforcement closes the connections of enforcement.
func (p *Pools) CloseEnforcement() {
	if p.Enforcement != nil {
		p.close(p.Enforcement)
	}
}

// Close closes the others.
func (p *Pools) Close() {
	for _, pool := range []*pgxpool.Pool{p.Operator, p.Control} {
		if pool != nil {
			p.close(pool)
		}
	}
	if p.gate != nil {
		p.close(p.gate.pool)
	}
	if p.guard != nil {
		p.guard.Close()
	}
}

// Set returns the databases as cells, home first; nil: there is one.
func Set(logger *slog.Logger, all []*Pools) *cells.Set {
	if len(all) == 1 {
		return nil
	}
	others := []*cells.Cell{}
	for _, p := range all[1:] {
		others = append(others, &p.Cell)
	}
	return cells.New(logger, &all[0].Cell, others...)
}

// Close closes a pool. It waits until all connections are released, but not longer than the limit: the program's end closes the others.
func Close(pool *pgxpool.Pool, limit time.Duration, logger *slog.Logger) {
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(limit):
		logger.Warn("database connections are still in use", "connections", pool.Stat().AcquiredConns())
	}
}
