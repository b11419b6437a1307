package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/cells/command"
	"bursar/observe"
	"bursar/sql"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" help:"Bring the schema to this binary's version; refuses a newer one."`
	Status migrateStatusCommand `cmd:"" help:"Show where the schema stands against this binary's."`
}

// Help is the long text of --help.
func (migrateCommand) Help() string {
	return `Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.

Servers and workers of the release before go on while it upgrades, and after it. It waits for a lock on a table in use for
0.1 s at a time, so that requests do not queue behind it, says who uses the table, and gives up after a minute. For another
migrate up it waits ten minutes at most. It needs a connection to PostgreSQL itself, without a pooler in transaction mode.

With BURSAR_CELLS it goes through all cells, and home last and only if none has failed: servers of the new release do not start
before home has the schema, and find it in all cells then.`
}

type migrateUpCommand struct {
	CloseOut bool               `help:"Refuse servers of the release before from now on, and take away the rights that only they need: for when all are replaced."`
	Where    databaseOrEmbedded `embed:""`
	Log      logFlags           `embed:""`
}

// Run migrates. When several run at the same time, one migrates and the others wait for it.
func (c *migrateUpCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.each(ctx, p, "migrate", logger, (*command.Databases).HomeLast, func(to io.Writer, pool *pgxpool.Pool) error {
		if err := sql.Up(ctx, pool, logger); err != nil {
			return err
		}
		if c.CloseOut {
			if err := sql.CloseOut(ctx, pool, logger); err != nil {
				return err
			}
		}
		status, err := sql.StatusOf(ctx, pool)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(to, "the schema is current: version %d\n", status.Version)
		return err
	})
}

type migrateStatusCommand struct {
	Where databaseOrEmbedded `embed:""`
	Log   logFlags           `embed:""`
}

// Run prints the status and changes nothing.
func (c *migrateStatusCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.each(ctx, p, "migrate", logger, (*command.Databases).Each, func(to io.Writer, pool *pgxpool.Pool) error {
		status, err := sql.StatusOf(ctx, pool)
		if err != nil {
			return err
		}
		var lacking []string
		if status.Same {
			if lacking, err = sql.LackingOf(ctx, pool); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(to, "migrations  %d of %d\nfunctions   %s\njob queue   %s\nroles       %s\nrelease     %s\n", status.Version,
			status.Latest, currentOr(status.Same), currentOr(status.River), rolesOf(status, lacking), releaseOf(status))
		if err != nil {
			return err
		}
		if problem := cmp.Or(status.Problem(), sql.LackingError(lacking)); problem != nil {
			_, err = fmt.Fprintln(to, problem)
		}
		return err
	})
}

// rolesOf says whether the database has the roles of servers, and what stands with them: policies, grants, triggers and functions.
func rolesOf(status sql.Status, lacking []string) string {
	switch {
	case !status.Same:
		return "not looked at: the schema is not this binary's"
	case len(lacking) > 0:
		return "incomplete"
	}
	return "complete, with policies and grants"
}

// releaseOf says which release's schema it is and whose servers work on it.
func releaseOf(status sql.Status) string {
	if status.Number == 0 {
		return fmt.Sprintf("none; this binary's is %d", status.Binary)
	}
	return fmt.Sprintf("%d, for binaries of %d and later; this one's is %d", status.Number, status.Oldest, status.Binary)
}

func currentOr(current bool) string {
	if current {
		return "current"
	}
	return "not this binary's"
}
