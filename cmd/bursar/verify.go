package main

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/cells/command"
	"bursar/db/fitness"
	"bursar/observe"
	"bursar/verify"
)

type verifyCommand struct {
	Where databaseOrEmbedded `embed:""`
	Log   logFlags           `embed:""`
}

// Help is the long text of --help.
func (verifyCommand) Help() string {
	return `Exact while traffic goes on: each organization is looked at in one snapshot. Exits 0 if there is no difference, 1 if there is
one, and 3 if it could not look at all of the books, because the database cannot be reached or has another schema for one.
With BURSAR_CELLS it goes through home and all cells, whatever becomes of one.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// Run verifies every organization.
func (c *verifyCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	differences := int64(0)
	err := c.Where.each(ctx, p, "verify", logger, (*command.Databases).Each, func(to io.Writer, pool *pgxpool.Pool) error {
		if err := fitness.Require(ctx, pool); err != nil {
			return err
		}
		verification := verify.New(to)
		defer func() { differences += verification.Differences }()
		return verification.Run(ctx, pool, p.stderr)
	})
	switch {
	case err != nil:
		return &unknown{err}
	case differences > 0:
		return fmt.Errorf("%s between what is stored and what the ledger says", verify.Plural(differences, "difference"))
	}
	return nil
}
