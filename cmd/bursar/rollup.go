package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/id"
	"bursar/observe"
	"bursar/verify"
)

type rollupCommand struct {
	Rebuild rollupRebuildCommand `cmd:"" help:"Compute usage by hour and by day anew from the ledger."`
}

type rollupRebuildCommand struct {
	Where        databaseOrEmbedded `embed:""`
	Organization string             `placeholder:"SLUG" help:"Of this organization alone; unset, of every one."`
	Log          logFlags           `embed:""`
}

// Help is the long text of --help.
func (rollupRebuildCommand) Help() string {
	return `Safe while traffic goes on: each organization is rebuilt in one transaction, and reports are exact before, during and
after it. Months of the ledger that were dropped past their retention keep the hours and days that they have.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// Run rebuilds one organization after the other, until ctx ends.
func (c *rollupRebuildCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.with(ctx, "rollup rebuild", logger, func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		organizations, err := c.organizations(ctx, pool)
		if err != nil {
			return err
		}
		for _, organization := range organizations {
			hours, err := db.New().RebuildRollups(ctx, pool, organization)
			if err != nil {
				return fmt.Errorf("rebuild %s: %w", id.Organization.Format(organization), err)
			}
			if _, err := fmt.Fprintf(p.stdout, "rebuilt %s: %s\n", id.Organization.Format(organization), verify.Plural(hours, "hour")); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *rollupRebuildCommand) organizations(ctx context.Context, pool *pgxpool.Pool) ([]uuid.UUID, error) {
	if c.Organization == "" {
		organizations, err := db.New().ListOrganizationIDs(ctx, pool)
		if err != nil {
			return nil, fmt.Errorf("list the organizations: %w", err)
		}
		return organizations, nil
	}
	organizationID, err := findOrganization(ctx, pool, c.Organization)
	if err != nil {
		return nil, err
	}
	return []uuid.UUID{*organizationID}, nil
}
