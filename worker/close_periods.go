package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/id"
	"bursar/worker/job"
)

// closeChunk is how many budgets one transaction closes. The organization is locked meanwhile, and its requests wait: some
// tens of milliseconds.
const closeChunk = 250

// periodCloser works [job.ClosePeriods], organization by organization and chunk by chunk; closing again closes nothing more.
type periodCloser struct {
	river.WorkerDefaults[job.ClosePeriods]
	pool   *pgxpool.Pool
	logger *slog.Logger
	chunk  int32
}

// Timeout implements [river.Worker].
func (*periodCloser) Timeout(*river.Job[job.ClosePeriods]) time.Duration { return organizationsTimeout }

// Work implements [river.Worker].
func (c *periodCloser) Work(ctx context.Context, _ *river.Job[job.ClosePeriods]) error {
	organizationIDs, err := db.New().ListOrganizationsToClose(ctx, c.pool, nil)
	if err != nil {
		return fmt.Errorf("list the organizations whose budget periods are over: %w", err)
	}
	return errors.Join(eachOrganization(ctx, organizationIDs, c.close), c.noteFutureBudgets(ctx))
}

// close goes on until a chunk is not full: each budget in it has a period to close at least.
func (c *periodCloser) close(ctx context.Context, organizationID uuid.UUID) error {
	var total int64
	for {
		closed, err := db.New().ClosePeriods(ctx, c.pool, &db.ClosePeriodsParams{OrganizationID: organizationID, Number: c.chunk})
		if err != nil {
			return fmt.Errorf("close budget periods, after %d: %w", total, err)
		}
		total += int64(closed)
		if closed < c.chunk {
			break
		}
	}
	if total > 0 {
		c.logger.InfoContext(ctx, "closed budget periods", "organization", id.Organization.Format(organizationID), "periods", total)
	}
	return nil
}
