package fitness

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// AwaitInterval is the time between attempts to connect to a database that cannot be reached.
const AwaitInterval = time.Second

// Await waits until the database can be reached and takes writes, and fails if its schema is not this binary's.
func Await(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	for {
		if reachable, err := Refuse(ctx, pool, logger); reachable || err != nil {
			return err
		}
		if err := Pause(ctx, AwaitInterval); err != nil {
			return err
		}
	}
}

// Pause waits, but not longer than ctx.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
