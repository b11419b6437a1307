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

// sweepChunk is how many reservations one transaction expires. The organization is locked meanwhile, and its requests wait.
const sweepChunk = 1000

// reservationSweeper works [job.SweepReservations], so that admissions find less to expire themselves.
type reservationSweeper struct {
	river.WorkerDefaults[job.SweepReservations]
	pool   *pgxpool.Pool
	logger *slog.Logger
	chunk  int32
}

// Timeout implements [river.Worker].
func (*reservationSweeper) Timeout(*river.Job[job.SweepReservations]) time.Duration {
	return organizationsTimeout
}

// Work implements [river.Worker].
func (s *reservationSweeper) Work(ctx context.Context, _ *river.Job[job.SweepReservations]) error {
	organizationIDs, err := db.New().ListOrganizationsToSweep(ctx, s.pool, nil)
	if err != nil {
		return fmt.Errorf("list the organizations with expired reservations: %w", err)
	}
	return eachOrganization(ctx, organizationIDs, s.sweep)
}

func (s *reservationSweeper) sweep(ctx context.Context, organizationID uuid.UUID) error {
	var total int64
	for {
		swept, err := db.New().SweepReservations(ctx, s.pool,
			&db.SweepReservationsParams{OrganizationID: organizationID, Number: s.chunk})
		if err != nil {
			return fmt.Errorf("expire reservations, after %d: %w", total, err)
		}
		total += int64(swept)
		if swept < s.chunk {
			break
		}
	}
	s.logger.DebugContext(ctx, "expired reservations", "organization", id.Organization.Format(organizationID), "reservations", total)
	return nil
}
