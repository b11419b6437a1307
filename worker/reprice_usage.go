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
	"bursar/id"
	"bursar/worker/job"
)

// repriceChunk is how many ledger rows one transaction prices again. The organization is locked meanwhile, and its requests wait: some tens
// of milliseconds.
const repriceChunk = 250

// usageRepricer works [job.RepriceUsage]. A repricing's position moves in the transaction that corrects the rows, so that each is corrected once,
// whatever is killed. What it has not come to within its timeout the next run does.
type usageRepricer struct {
	river.WorkerDefaults[job.RepriceUsage]
	pool   *pgxpool.Pool
	logger *slog.Logger
	chunk  int32
}

// Timeout implements [river.Worker].
func (*usageRepricer) Timeout(*river.Job[job.RepriceUsage]) time.Duration {
	return organizationsTimeout
}

// Work implements [river.Worker].
func (r *usageRepricer) Work(ctx context.Context, _ *river.Job[job.RepriceUsage]) error {
	repricings, err := db.New().ListUnfinishedRepricings(ctx, r.pool)
	if err != nil {
		return fmt.Errorf("list the repricings that are not finished: %w", err)
	}
	var failures []error
	for _, repricing := range repricings {
		if err := r.reprice(ctx, repricing); err != nil && db.MovedOrganizations(err) == nil {
			failures = append(failures, fmt.Errorf("repricing %s: %w", id.Repricing.Format(repricing.ID), err))
		}
	}
	return errors.Join(failures...)
}

// reprice goes on with a repricing until it is finished. Between two chunks it leaves the organization to its requests for as long as a chunk
// has taken.
func (r *usageRepricer) reprice(ctx context.Context, repricing *db.Repricing) error {
	for {
		began := time.Now()
		finished, err := db.New().RepriceUsage(ctx, r.pool,
			&db.RepriceUsageParams{OrganizationID: repricing.OrganizationID, RepricingID: repricing.ID, Number: r.chunk})
		if err != nil {
			return err
		}
		if finished {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Since(began)):
		}
	}
	r.logger.InfoContext(ctx, "priced usage again", "organization", id.Organization.Format(repricing.OrganizationID),
		"repricing", id.Repricing.Format(repricing.ID))
	return nil
}
