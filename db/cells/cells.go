// Package cells says in which of several databases an organization is. A database decides for an organization while its residence there is HERE; what this
// package knows is where to ask first, and may be out of date without harm.
package cells

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Home is the name of the cell in DATABASE_URL, which has the directory.
const Home = "home"

// Cell is a database with the organizations that are in it.
type Cell struct {
	Name        string        // Home, or that in BURSAR_CELLS
	Control     *pgxpool.Pool // of all that is no enforcement; acts as db.ServerRole
	Enforcement *pgxpool.Pool // of enforcement and the look-ups of tokens; nil: Control
	Operator    *pgxpool.Pool // acts as db.OperatorRole, for River; nil: a server for enforcement alone
}

type chosenKey struct{}

// Choose returns a context in which the operator, who names no organization, asks a cell; without it, home.
func Choose(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, chosenKey{}, name)
}
