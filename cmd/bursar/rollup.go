package main

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/id"
	"bursar/verify"
)

type rollupCommand struct {
	Rebuild rollupRebuildCommand `cmd:"" help:"Compute usage by hour and by day anew from the ledger."`
}

type rollupRebuildCommand struct {
	Of ofOrganization `embed:""`
}

// Help is the long text of --help.
func (rollupRebuildCommand) Help() string {
	return `Safe while traffic goes on: each organization is rebuilt in one transaction, and reports are exact before, during and
after it. Months of the ledger that were dropped past their retention keep the hours and days that they have. With BURSAR_CELLS
it goes through home and all cells, whatever becomes of one.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// Run rebuilds one organization after the other, until ctx ends. One that is not HERE is left out, unless it is named.
func (c *rollupRebuildCommand) Run(ctx context.Context, p *program) error {
	return c.Of.each(ctx, p, "rollup rebuild", func(to io.Writer, pool *pgxpool.Pool, organizationID *uuid.UUID) error {
		organizations := []uuid.UUID{}
		if organizationID != nil {
			organizations = append(organizations, *organizationID)
		} else if all, err := db.New().ListOrganizationIDs(ctx, pool); err != nil {
			return fmt.Errorf("list the organizations: %w", err)
		} else {
			organizations = all
		}
		for _, organization := range organizations {
			hours, err := db.New().RebuildRollups(ctx, pool, organization)
			if organizationID == nil && db.MovedOrganizations(err) != nil {
				if _, err := fmt.Fprintf(to, "left out %s: it is out of service\n", id.Organization.Format(organization)); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return fmt.Errorf("rebuild %s: %w", id.Organization.Format(organization), err)
			}
			if _, err := fmt.Fprintf(to, "rebuilt %s: %s\n", id.Organization.Format(organization), verify.Plural(hours, "hour")); err != nil {
				return err
			}
		}
		return nil
	})
}
