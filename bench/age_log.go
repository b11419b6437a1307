package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// AgeLog gives a new PostgreSQL, whose superuser the URL names, what one that has run for an hour has: a number of segments of its
// write-ahead log, 16 MB each, that it fills again. A new one makes a file for each, and a commit that meets that takes 100 ms.
// PostgreSQL keeps as many as its min_wal_size has room for.
func AgeLog(ctx context.Context, databaseURL string, segments int) error {
	connection, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return fmt.Errorf("age the write-ahead log: %w", err)
	}
	defer func() { _ = connection.Close(ctx) }()
	for range segments {
		// a segment that nothing was written to is not switched from
		if _, err := connection.Exec(ctx, "select pg_logical_emit_message(true, 'bursar bench', ''), pg_switch_wal()"); err != nil {
			return fmt.Errorf("age the write-ahead log: %w", err)
		}
	}
	if _, err := connection.Exec(ctx, "checkpoint"); err != nil {
		return fmt.Errorf("age the write-ahead log: %w", err)
	}
	return nil
}
