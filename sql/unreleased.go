package sql

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrUnreleased is a database that a binary of before the first release migrated. Its numbers of migrations mean other files, so
// nothing can be migrated; it is left as it is.
var ErrUnreleased = errors.New("the database's schema is of before the first release and cannot be upgraded; " +
	"start with a new, empty database (for bursar dev: another --data-dir)")

// isUnreleased tells whether the tables are those of before the first release: limits and their counters were one.
func isUnreleased(ctx context.Context, pool *pgxpool.Pool) (is bool, err error) {
	err = pool.QueryRow(ctx, `
		select exists (
			select from pg_attribute where attrelid = to_regclass('limits') and attname = 'used_units' and not attisdropped)`).Scan(&is)
	return is, err
}
