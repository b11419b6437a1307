// Package verify recomputes every counter, closed period and roll-up from the ledger, and says where they differ.
package verify

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
)

// Verification counts what was verified. Differences are printed when they are found and not stored, so that their number does
// not affect the memory.
type Verification struct {
	Differences int64 // found and printed so far

	organizations int64
	verified      db.CountLedgerRow // of all organizations
	out           io.Writer
	table         *tabwriter.Writer // of the differences
}

// New returns a verification that has looked at nothing yet. Differences and the summary are written to out.
func New(out io.Writer) *Verification {
	return &Verification{out: out, table: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
}

// AlignedRows is the number of rows whose columns are aligned with each other: that many are buffered.
const AlignedRows = 1000

// Run verifies every organization, each in one snapshot, while traffic goes on, and prints the differences and a summary of one line.
// A progress that is a terminal shows how many organizations are done. An error means that it did not look at all of the books.
func (v *Verification) Run(ctx context.Context, pool *pgxpool.Pool, progress io.Writer) error {
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
		if _, err := fmt.Fprint(progress, "\r\x1b[K"); err != nil { // the summary replaces it
			return err
		}
	}
	return v.printSum()
}

// print writes a difference; the first one with the header of the table.
func (v *Verification) print(d *db.LedgerDifference) error {
	if v.Differences == 0 {
		if _, err := fmt.Fprintln(v.table, "ORGANIZATION\tWHAT\tOF\tSTORED\tEXPECTED"); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(v.table, "%s\t%s\t%s\t%s\t%s\n", id.Organization.Format(d.OrganizationID), d.What, d.Subject, d.Stored, d.Expected)
	if v.Differences++; err == nil && v.Differences%AlignedRows == 0 {
		err = v.table.Flush()
	}
	return err
}

// printSum writes the rest of the table and a summary of one line.
func (v *Verification) printSum() error {
	if err := v.table.Flush(); err != nil {
		return err
	}
	result := "no difference"
	if v.Differences > 0 {
		result = Plural(v.Differences, "difference")
	}
	_, err := fmt.Fprintf(v.out, "verified %s, %s, %s, %s, %s: %s\n", Plural(v.organizations, "organization"),
		Plural(v.verified.UsageEvents, "usage event"), Plural(v.verified.Reservations, "reservation"), Plural(v.verified.Limits, "limit"),
		Plural(v.verified.BudgetPeriods, "closed period"), result)
	return err
}

// Plural returns a number with its noun: "1 limit", "2 limits".
func Plural(number int64, noun string) string {
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
