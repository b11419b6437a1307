package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// AgeLog has a new PostgreSQL create a number of segments of its write-ahead log, 16 MB each, which it then reuses, as one does
// that has run for an hour. A commit that has to wait for a new segment's file takes 100 ms. The URL must name a superuser.
// PostgreSQL keeps as many segments as fit min_wal_size.
func AgeLog(ctx context.Context, databaseURL string, segments int) error {
	connection, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return fmt.Errorf("age the write-ahead log: %w", err)
	}
	defer func() { _ = connection.Close(ctx) }()
	for range segments {
		// pg_switch_wal does nothing in a segment without records
		if _, err := connection.Exec(ctx, "select pg_logical_emit_message(true, 'bursar bench', ''), pg_switch_wal()"); err != nil {
			return fmt.Errorf("age the write-ahead log: %w", err)
		}
	}
	if _, err := connection.Exec(ctx, "checkpoint"); err != nil {
		return fmt.Errorf("age the write-ahead log: %w", err)
	}
	return nil
}
