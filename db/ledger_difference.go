package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// EachLedgerDifference is FindLedgerDifferences for any number of differences: it calls a function with each row as it is read,
// so that they need not fit into memory, and stops at the function's error. The argument is valid until the function returns.
func (q *Queries) EachLedgerDifference(
	ctx context.Context, db DBTX, organizationID uuid.UUID, each func(*LedgerDifference) error,
) error {
	rows, err := db.Query(ctx, findLedgerDifferences, organizationID)
	if err != nil {
		return err
	}
	var d LedgerDifference
	_, err = pgx.ForEachRow(rows, []any{&d.OrganizationID, &d.What, &d.Subject, &d.Stored, &d.Expected}, func() error {
		return each(&d)
	})
	return err
}
