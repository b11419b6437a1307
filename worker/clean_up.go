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
	// keepRequestIDs is how long the request ids of the ledger and of the control plane are known; clients are promised 48 hours.
	keepRequestIDs = 72 * time.Hour
	// keepReservations is how long reservations are kept that were settled, released or expired. They hold request ids as
	// well, and reports that come late are charged to the periods that they name.
	keepReservations = 7 * 24 * time.Hour
	// cleanUpChunk is how many rows one transaction deletes, so that a run that is cut off has not worked for nothing.
	cleanUpChunk = 10_000
	// groupChunk is how many groups of policies one transaction looks at; requests of the organization wait for it.
	groupChunk = 1000
)

// cleaner works [job.CleanUp].
type cleaner struct {
	river.WorkerDefaults[job.CleanUp]
	pool   *pgxpool.Pool
	logger *slog.Logger
	chunk  int32
	keep   int32 // months that a partition of the ledger is kept after its end; 0: for good
}

// Timeout implements [river.Worker]; an hour's rows of a busy database are millions.
func (*cleaner) Timeout(*river.Job[job.CleanUp]) time.Duration { return 10 * time.Minute }

// Work implements [river.Worker]. What fails keeps nothing else from being deleted. Partitions come last: one stays as long
// as a reservation is there that was settled in it.
func (c *cleaner) Work(ctx context.Context, _ *river.Job[job.CleanUp]) error {
	queries := db.New()
	return errors.Join(
		c.delete(ctx, "request ids", func() (int64, error) {
			return queries.DeleteUsageEventRequests(ctx, c.pool, &db.DeleteUsageEventRequestsParams{Keep: keepRequestIDs, Number: c.chunk})
		}),
		c.delete(ctx, "request ids of the control plane", func() (int64, error) {
			return queries.DeleteControlRequests(ctx, c.pool, &db.DeleteControlRequestsParams{Keep: keepRequestIDs, Number: c.chunk})
		}),
		c.delete(ctx, "closed reservations", func() (int64, error) {
			return queries.DeleteClosedReservations(ctx, c.pool, &db.DeleteClosedReservationsParams{Keep: keepReservations, Number: c.chunk})
		}),
		c.delete(ctx, "simulations", func() (int64, error) {
			return queries.DeleteOldSimulations(ctx, c.pool, &db.DeleteOldSimulationsParams{Keep: db.SimulationRetention, Number: c.chunk})
		}),
		c.delete(ctx, "tests of webhooks", func() (int64, error) { return queries.DeleteOldWebhookTests(ctx, c.pool) }),
		c.delete(ctx, "ended secrets", func() (int64, error) { return queries.DeleteEndedSecrets(ctx, c.pool) }),
		c.forgetGroups(ctx),
		c.deleteDenials(ctx),
		c.dropPartitions(ctx),
		c.delete(ctx, "charges to ended periods", func() (int64, error) { return queries.DeleteEndedBudgetHours(ctx, c.pool) }),
		c.delete(ctx, "carried charges", func() (int64, error) { return queries.DeleteDroppedCharges(ctx, c.pool) }),
	)
}

// delete goes on until a chunk is not full.
func (c *cleaner) delete(ctx context.Context, what string, remove func() (int64, error)) error {
	var total int64
	for {
		rows, err := remove()
		if err != nil {
			return fmt.Errorf("delete %s, after %d: %w", what, total, err)
		}
		total += rows
		if rows != int64(c.chunk) {
			break
		}
	}
	if total > 0 {
		c.logger.InfoContext(ctx, "deleted what is past its time to keep", "what", what, "rows", total)
	}
	return nil
}

// deleteDenials deletes counts of denied requests of months that are past the ledger's retention.
func (c *cleaner) deleteDenials(ctx context.Context) error {
	if c.keep == 0 {
		return nil
	}
	return c.delete(ctx, "counts of denied requests", func() (int64, error) {
		return db.New().DeleteDenialCounts(ctx, c.pool, &db.DeleteDenialCountsParams{KeepMonths: c.keep, Number: c.chunk})
	})
}

// dropPartitions drops the months of the ledger that are past their retention, each in a transaction of its own.
func (c *cleaner) dropPartitions(ctx context.Context) error {
	if c.keep == 0 {
		return nil
	}
	for {
		name, err := db.New().DropUsagePartition(ctx, c.pool, &db.DropUsagePartitionParams{KeepMonths: c.keep})
		if err != nil {
			return fmt.Errorf("drop a partition of the ledger: %w", err)
		}
		if name == "" {
			return nil
		}
		c.logger.InfoContext(ctx, "dropped a partition of the ledger", "partition", name, "kept_months", c.keep)
	}
}
