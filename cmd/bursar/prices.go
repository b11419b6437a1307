package main

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue/takeover"
)

type pricesCommand struct {
	Import  pricesImportCommand   `cmd:"" help:"Take over a list of prices, the one in this binary or a file, after showing what changes and asking."`
	Export  pricesExportCommand   `cmd:"" help:"Write the prices that are in effect now or later."`
	BuiltIn takeover.WriteBuiltIn `cmd:"" help:"Write the list in this binary, without a database."`
}

type pricesImportCommand struct {
	takeover.Import `embed:""`
	Of              ofOrganization `embed:""`
}

// Help is the long text of --help.
func (pricesImportCommand) Help() string {
	return `New and changed prices hold from now on, or from the day that the list has for them; what was charged stays. Prices that the list
does not have any more stay too. All of it is imported or nothing, and nothing is downloaded. With --organization they become its own
prices, which come before everybody's.`
}

// Run imports the list.
func (c *pricesImportCommand) Run(ctx context.Context, p *program) error {
	list, err := c.Read(p.stderr)
	if err != nil {
		return err
	}
	return c.Of.with(ctx, p, "prices import", func(pool *pgxpool.Pool, organizationID *uuid.UUID) error {
		return public(c.Import.Run(ctx, pool, organizationID, list, p.stdout, p.stderr))
	})
}

type pricesExportCommand struct {
	takeover.Export `embed:""`
	Of              ofOrganization `embed:""`
}

// Run writes the prices.
func (c *pricesExportCommand) Run(ctx context.Context, p *program) error {
	return c.Of.with(ctx, p, "prices export", func(pool *pgxpool.Pool, organizationID *uuid.UUID) error {
		return public(c.Export.Run(ctx, pool, organizationID, p.stdout))
	})
}
