package worker

import (
	"context"
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

// rollUpChunk is how many ledger rows one transaction rolls up: enough to pay for it, and done within a second or two.
const rollUpChunk = 50_000

// usageRoller works [job.RollUpUsage]. A watermark moves in the transaction that adds the rows, so that each is added once
// however many workers race.
type usageRoller struct {
	river.WorkerDefaults[job.RollUpUsage]
	pool   *pgxpool.Pool
	logger *slog.Logger
	chunk  int32
}

// Timeout implements [river.Worker].
func (*usageRoller) Timeout(*river.Job[job.RollUpUsage]) time.Duration { return organizationsTimeout }

// Work implements [river.Worker].
func (r *usageRoller) Work(ctx context.Context, _ *river.Job[job.RollUpUsage]) error {
	organizationIDs, err := db.New().ListOrganizationsToRollUp(ctx, r.pool)
	if err != nil {
		return fmt.Errorf("list the organizations with usage to roll up: %w", err)
	}
	return eachOrganization(ctx, organizationIDs, r.rollUp)
}

// rollUp goes on until a chunk is not full: an organization that is written to all the time would never let it see an
// empty one.
func (r *usageRoller) rollUp(ctx context.Context, organizationID uuid.UUID) error {
	var total int64
	for {
		added, err := db.New().RollUpUsage(ctx, r.pool, &db.RollUpUsageParams{OrganizationID: organizationID, Number: r.chunk})
		if err != nil {
			return fmt.Errorf("roll usage up, after %d events: %w", total, err)
		}
		total += added
		if added < int64(r.chunk) {
			break
		}
	}
	r.logger.DebugContext(ctx, "rolled usage up", "organization", id.Organization.Format(organizationID), "events", total)
	return nil
}
