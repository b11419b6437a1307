package sql

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrUnreleased is a database that a binary of before the first release migrated. Its numbers of migrations mean other files, so
// nothing can be migrated; it is left as it is.
var ErrUnreleased = errors.New("the database's schema is of before the first release, from which nothing leads to this one; " +
	"start with a new, empty database (for bursar dev: another --data-dir)")

// unreleased tells whether the tables are those of before the first release: limits and their counters were one.
const unreleased = `
select exists (
  select from pg_attribute where attrelid = to_regclass('limits') and attname = 'used_units' and not attisdropped)`

// querier is a connection or a pool.
type querier interface {
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
}

func isUnreleased(ctx context.Context, database querier) (bool, error) {
	var is bool
	err := database.QueryRow(ctx, unreleased).Scan(&is)
	return is, err
}

// refuseUnreleased answers ErrUnreleased for such a database.
func refuseUnreleased(ctx context.Context, database querier) error {
	is, err := isUnreleased(ctx, database)
	switch {
	case err != nil:
		return fmt.Errorf("read the schema's version: %w", err)
	case is:
		return ErrUnreleased
	}
	return nil
}
