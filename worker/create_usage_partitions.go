package worker

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/worker/job"
)

// monthsAhead is how many months beyond the current one have a partition. If the job fails for longer, the first report of a month
// makes its partition.
const monthsAhead = 2

// partitionInterval is how often it is looked whether one is missing.
const partitionInterval = 24 * time.Hour

// partitionCreator works [job.CreateUsagePartitions].
type partitionCreator struct {
	river.WorkerDefaults[job.CreateUsagePartitions]
	pool   *pgxpool.Pool
	logger *slog.Logger
}

// Work implements [river.Worker].
func (c *partitionCreator) Work(ctx context.Context, _ *river.Job[job.CreateUsagePartitions]) error {
	made, err := db.New().CreateUsagePartitions(ctx, c.pool, monthsAhead)
	if err != nil {
		return fmt.Errorf("create the ledger's partitions: %w", err)
	}
	if made > 0 {
		c.logger.InfoContext(ctx, "created partitions of the ledger", "partitions", made)
	}
	// A session that missed a new partition learns of it today, long before its month begins.
	refreshed, err := db.New().RefreshUsagePartitions(ctx, c.pool)
	if err != nil {
		return fmt.Errorf("refresh the ledger's partitions: %w", err)
	}
	if !refreshed {
		c.logger.WarnContext(ctx, "the ledger is locked by a change of the table, VACUUM or ANALYZE: its partitions are refreshed tomorrow")
	}
	return nil
}
