package pools

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/session"
	"bursar/fault"
)

const (
	gateInterval   = 10 * time.Second // between two looks at the schema of a cell that is asked
	closedInterval = time.Second      // and of one that is not
	gateTimeout    = 2 * time.Second  // of one look
)

// errUnseen is why a cell is not asked before its schema has been looked at.
var errUnseen = fault.ErrUnavailable.Because(errors.New("the cell could not be reached yet"))

// Gate keeps a cell from being asked while its schema is not the server's, besides the [session.Cell] that it has: one that is behind waits for bursar migrate up.
type Gate struct {
	session.Cell
	name    string
	pool    *pgxpool.Pool // of its own, which asks whatever the schema is
	problem Problem
	refused atomic.Pointer[error]
	logger  *slog.Logger
}

// NewGate returns a closed gate.
func NewGate(name string, cell session.Cell, pool *pgxpool.Pool, problem Problem, logger *slog.Logger) *Gate {
	g := &Gate{Cell: cell, name: name, pool: pool, problem: problem, logger: logger}
	g.refused.Store(new(error(errUnseen)))
	return g
}

// Refused implements [session.Cell].
func (g *Gate) Refused() error {
	if refused := g.Cell.Refused(); refused != nil {
		return refused
	}
	return g.Unfit()
}

// Unfit returns what is wrong with the schema; nil: nothing.
func (g *Gate) Unfit() error { return *g.refused.Load() }

// Look looks at the schema. What cannot be found out stays as it was.
func (g *Gate) Look(ctx context.Context) {
	looking, cancel := context.WithTimeout(ctx, gateTimeout)
	defer cancel()
	unfit, unknown := g.problem(looking, g.pool)
	if unknown != nil {
		g.logger.DebugContext(ctx, "the schema of a cell cannot be looked at", "cell", g.name, "error", unknown)
		return
	}
	if unfit != nil {
		unfit = &session.UnfitError{Reason: unfit.Error()}
	}
	switch was := *g.refused.Swap(&unfit); {
	case unfit != nil && (was == nil || was.Error() != unfit.Error()):
		g.logger.ErrorContext(ctx, "a cell is not asked: its schema is unfit", "cell", g.name, "error", unfit)
	case unfit == nil && was != nil && !errors.Is(was, errUnseen):
		g.logger.InfoContext(ctx, "the schema of a cell is fit again", "cell", g.name)
	}
}

// Run looks now and then until ctx ends.
func (g *Gate) Run(ctx context.Context) {
	for {
		interval := gateInterval
		if g.Unfit() != nil {
			interval = closedInterval
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(interval):
			g.Look(ctx)
		}
	}
}
