package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/worker/job"
)

const (
	// keepRequestIDs is how long the ledger's request ids are known; clients are promised 48 hours.
	keepRequestIDs = 72 * time.Hour
	// keepReservations is how long reservations are kept that were settled, released or expired. They hold request ids as
	// well, and reports that come late are charged to the periods that they name.
	keepReservations = 7 * 24 * time.Hour
)

// cleaner works [job.CleanUp].
type cleaner struct {
	river.WorkerDefaults[job.CleanUp]
	pool   *pgxpool.Pool
	logger *slog.Logger
}

// Timeout implements [river.Worker]; an hour's rows of a busy database are millions.
func (*cleaner) Timeout(*river.Job[job.CleanUp]) time.Duration { return 10 * time.Minute }

// Work implements [river.Worker]. What fails keeps nothing else from being deleted.
func (c *cleaner) Work(ctx context.Context, _ *river.Job[job.CleanUp]) error {
	queries := db.New()
	return errors.Join(
		c.delete(ctx, "request ids", func() (int64, error) { return queries.DeleteUsageEventRequests(ctx, c.pool, keepRequestIDs) }),
		c.delete(ctx, "closed reservations", func() (int64, error) { return queries.DeleteClosedReservations(ctx, c.pool, keepReservations) }),
		c.delete(ctx, "ended secrets", func() (int64, error) { return queries.DeleteEndedSecrets(ctx, c.pool) }),
	)
}

func (c *cleaner) delete(ctx context.Context, what string, remove func() (int64, error)) error {
	rows, err := remove()
	if err != nil {
		return fmt.Errorf("delete %s: %w", what, err)
	}
	if rows > 0 {
		c.logger.InfoContext(ctx, "deleted what is past its time to keep", "what", what, "rows", rows)
	}
	return nil
}
