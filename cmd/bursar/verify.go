package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/google/uuid"
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
	return `Exact while traffic goes on: each organization is looked at in one snapshot. Exits 1 if there is a difference.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// Run verifies every organization.
func (c *verifyCommand) Run(ctx context.Context, p *program) error {
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.with(ctx, "verify", logger, func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		found, err := verify(ctx, pool, p.stderr)
		if err != nil {
			return err
		}
		if err := found.print(p.stdout); err != nil {
			return err
		}
		if number := len(found.differences); number > 0 {
			return fmt.Errorf("%s between what is stored and what the ledger says", plural(int64(number), "difference"))
		}
		return nil
	})
}

// verification is what was gone through and what was found.
type verification struct {
	organizations int64
	gone          db.CountLedgerRow // through, of all organizations
	differences   []*db.LedgerDifference
}

func verify(ctx context.Context, pool *pgxpool.Pool, progress io.Writer) (*verification, error) {
	organizations, err := db.New().ListOrganizationIDs(ctx, pool)
	if err != nil {
		return nil, fmt.Errorf("list the organizations: %w", err)
	}
	found, shown := &verification{}, isTerminal(progress)
	for _, organization := range organizations {
		differences, err := findDifferences(ctx, pool, organization)
		if err != nil {
			return nil, fmt.Errorf("verify %s: %w", id.Organization.Format(organization), err)
		}
		count, err := db.New().CountLedger(ctx, pool, organization)
		if err != nil {
			return nil, fmt.Errorf("count %s: %w", id.Organization.Format(organization), err)
		}
		found.organizations++
		found.differences = append(found.differences, differences...)
		found.gone.UsageEvents += count.UsageEvents
		found.gone.Reservations += count.Reservations
		found.gone.Limits += count.Limits
		found.gone.BudgetPeriods += count.BudgetPeriods
		if shown {
			if _, err := fmt.Fprintf(progress, "\r%d of %d organizations", found.organizations, len(organizations)); err != nil {
				return nil, err
			}
		}
	}
	if shown && found.organizations > 0 {
		_, err = fmt.Fprint(progress, "\r\x1b[K") // the summary says it all
	}
	return found, err
}

// findDifferences is one snapshot of an organization, in which no partition of the ledger is dropped.
func findDifferences(ctx context.Context, pool *pgxpool.Pool, organization uuid.UUID) (found []*db.LedgerDifference, err error) {
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := db.New().KeepLedger(ctx, tx); err != nil {
			return err
		}
		found, err = db.New().FindLedgerDifferences(ctx, tx, organization)
		return err
	})
	return found, err
}

// print writes each difference and one line that sums up.
func (v *verification) print(w io.Writer) error {
	if len(v.differences) > 0 {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		if _, err := fmt.Fprintln(table, "ORGANIZATION\tWHAT\tOF\tSTORED\tEXPECTED"); err != nil {
			return err
		}
		for _, d := range v.differences {
			_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", id.Organization.Format(d.OrganizationID), d.What, d.Subject,
				d.Stored, d.Expected)
			if err != nil {
				return err
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	result := "no difference"
	if number := len(v.differences); number > 0 {
		result = plural(int64(number), "difference")
	}
	_, err := fmt.Fprintf(w, "verified %s, %s, %s, %s, %s: %s\n", plural(v.organizations, "organization"),
		plural(v.gone.UsageEvents, "usage event"), plural(v.gone.Reservations, "reservation"), plural(v.gone.Limits, "limit"),
		plural(v.gone.BudgetPeriods, "closed period"), result)
	return err
}

func plural(number int64, noun string) string {
	if number == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", number, noun)
}

// isTerminal tells whether what is written is read by a person as it comes.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
