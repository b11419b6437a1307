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

// periodCloser works [job.ClosePeriods]. Each organization is closed in a transaction of its own; closing one again closes
// nothing more.
type periodCloser struct {
	river.WorkerDefaults[job.ClosePeriods]
	pool   *pgxpool.Pool
	logger *slog.Logger
}

// Timeout implements [river.Worker].
func (*periodCloser) Timeout(*river.Job[job.ClosePeriods]) time.Duration { return organizationsTimeout }

// Work implements [river.Worker].
func (c *periodCloser) Work(ctx context.Context, _ *river.Job[job.ClosePeriods]) error {
	queries := db.New()
	organizationIDs, err := queries.ListOrganizationsToClose(ctx, c.pool, nil)
	if err != nil {
		return fmt.Errorf("list the organizations whose budget periods are over: %w", err)
	}
	return eachOrganization(ctx, organizationIDs, func(ctx context.Context, organizationID uuid.UUID) error {
		closed, err := queries.ClosePeriods(ctx, c.pool, &db.ClosePeriodsParams{OrganizationID: organizationID})
		if err != nil {
			return fmt.Errorf("close budget periods: %w", err)
		}
		if closed > 0 {
			c.logger.InfoContext(ctx, "closed budget periods", "organization", id.Organization.Format(organizationID), "periods", closed)
		}
		return nil
	})
}
