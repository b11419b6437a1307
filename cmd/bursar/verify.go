package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

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

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// Run verifies every organization.
func (c *verifyCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	verification := verify.New(p.stdout)
	err := c.Where.with(ctx, "verify", logger, func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		return verification.Run(ctx, pool, p.stderr)
	})
	switch {
	case err != nil:
		return &unknown{err}
	case verification.Differences > 0:
		return fmt.Errorf("%s between what is stored and what the ledger says", verify.Plural(verification.Differences, "difference"))
	}
	return nil
}
