package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/id"
	"bursar/observe"
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
	found := &verification{table: tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)}
	err := c.Where.with(ctx, "verify", logger, func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		if err := found.run(ctx, pool, p.stderr); err != nil {
			return err
		}
		return found.printSum(p.stdout)
	})
	switch {
	case err != nil:
		return &unknown{err}
	case found.differences > 0:
		return fmt.Errorf("%s between what is stored and what the ledger says", plural(found.differences, "difference"))
	}
	return nil
}

// verification counts what was verified. Differences are printed when they are found and not stored, so that their number does
// not affect the memory.
type verification struct {
	organizations int64
	verified      db.CountLedgerRow // of all organizations
	differences   int64
	table         *tabwriter.Writer // of the differences
}

// alignedRows is the number of rows whose columns are aligned with each other: that many are buffered.
const alignedRows = 1000

func (v *verification) run(ctx context.Context, pool *pgxpool.Pool, progress io.Writer) error {
	organizations, err := db.New().ListOrganizationIDs(ctx, pool)
	if err != nil {
		return fmt.Errorf("list the organizations: %w", err)
	}
	shown := isTerminal(progress)
	for _, organization := range organizations {
		// one transaction, in which no partition of the ledger is dropped
		if err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if err := db.New().KeepLedger(ctx, tx); err != nil {
				return err
			}
			return db.New().EachLedgerDifference(ctx, tx, organization, v.print)
		}); err != nil {
			return fmt.Errorf("verify %s: %w", id.Organization.Format(organization), err)
		}
		count, err := db.New().CountLedger(ctx, pool, organization)
		if err != nil {
			return fmt.Errorf("count %s: %w", id.Organization.Format(organization), err)
		}
		v.organizations++
		v.verified.UsageEvents += count.UsageEvents
		v.verified.Reservations += count.Reservations
		v.verified.Limits += count.Limits
		v.verified.BudgetPeriods += count.BudgetPeriods
		if shown {
			if _, err := fmt.Fprintf(progress, "\r%d of %d organizations", v.organizations, len(organizations)); err != nil {
				return err
			}
		}
	}
	if shown && v.organizations > 0 {
		_, err = fmt.Fprint(progress, "\r\x1b[K") // the summary replaces it
	}
	return err
}

// print writes a difference; the first one with the header of the table.
func (v *verification) print(d *db.LedgerDifference) error {
	if v.differences == 0 {
		if _, err := fmt.Fprintln(v.table, "ORGANIZATION\tWHAT\tOF\tSTORED\tEXPECTED"); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(v.table, "%s\t%s\t%s\t%s\t%s\n", id.Organization.Format(d.OrganizationID), d.What, d.Subject, d.Stored, d.Expected)
	if v.differences++; err == nil && v.differences%alignedRows == 0 {
		err = v.table.Flush()
	}
	return err
}

// printSum writes the rest of the table and a summary of one line.
func (v *verification) printSum(w io.Writer) error {
	if err := v.table.Flush(); err != nil {
		return err
	}
	result := "no difference"
	if v.differences > 0 {
		result = plural(v.differences, "difference")
	}
	_, err := fmt.Fprintf(w, "verified %s, %s, %s, %s, %s: %s\n", plural(v.organizations, "organization"),
		plural(v.verified.UsageEvents, "usage event"), plural(v.verified.Reservations, "reservation"), plural(v.verified.Limits, "limit"),
		plural(v.verified.BudgetPeriods, "closed period"), result)
	return err
}

func plural(number int64, noun string) string {
	if number == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", number, noun)
}

// isTerminal reports whether a writer is a terminal.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
