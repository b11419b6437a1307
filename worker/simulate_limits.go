package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/id"
	"bursar/simulate"
	"bursar/worker/job"
)

const (
	// simulationPage is how many ledger rows one statement reads: some tens of milliseconds.
	simulationPage = 20_000
	// simulationTimeout is how long a simulation may run.
	simulationTimeout = 10 * time.Minute
	// simulationAttempts is how often a simulation is begun whose run is interrupted or fails.
	simulationAttempts = 3
	// simulationsTimeout is how long one run of the job begins with further simulations. The rest is the next one's.
	simulationsTimeout = 10 * time.Minute
)

// limitSimulator works [job.SimulateLimits]: one simulation after the other, in the whole database.
type limitSimulator struct {
	river.WorkerDefaults[job.SimulateLimits]
	pool    *pgxpool.Pool
	logger  *slog.Logger
	page    int32
	timeout time.Duration // of one simulation
}

// Timeout implements [river.Worker].
func (*limitSimulator) Timeout(*river.Job[job.SimulateLimits]) time.Duration {
	return simulationsTimeout + simulationTimeout + time.Minute
}

// Work implements [river.Worker].
func (l *limitSimulator) Work(ctx context.Context, _ *river.Job[job.SimulateLimits]) error {
	began := time.Now()
	for time.Since(began) < simulationsTimeout {
		simulation, err := db.New().ClaimSimulation(ctx, l.pool)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find a simulation: %w", err)
		}
		if err := l.simulate(ctx, simulation); err != nil {
			return fmt.Errorf("simulation %s: %w", simulation.ExternalID(), err) // the next run begins with it again
		}
	}
	return nil
}

// simulate runs a simulation that was claimed, and notes what becomes of it. One that was interrupted too often, or takes too long, has failed; so has
// one that the database fails for the last time. One whose worker stops is given back.
func (l *limitSimulator) simulate(ctx context.Context, s *db.Simulation) error {
	if s.Attempts > simulationAttempts {
		return l.fail(ctx, s, fmt.Sprintf("it was begun %d times and interrupted each time", simulationAttempts))
	}
	within, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	err := simulate.Run(within, l.pool, s, l.page)
	switch {
	case err == nil:
		l.logger.InfoContext(ctx, "simulated limits", "organization", id.Organization.Format(s.OrganizationID), "simulation", s.ExternalID())
		return nil
	case errors.Is(err, simulate.ErrEnded), db.MovedOrganizations(err) != nil: // one that was moved is begun again when its organization is here
		return nil
	case ctx.Err() != nil:
		// a moment more than the job has
		returning, cancel := context.WithTimeout(context.WithoutCancel(ctx), softStop)
		defer cancel()
		return errors.Join(err, db.New().ReturnSimulation(returning, l.pool,
			&db.ReturnSimulationParams{OrganizationID: s.OrganizationID, ID: s.ID, Attempts: s.Attempts}))
	case within.Err() != nil:
		return l.fail(ctx, s, fmt.Sprintf("it took longer than %s; choose a shorter time", spell(l.timeout)))
	case errors.Is(err, simulate.ErrTooLarge):
		return l.fail(ctx, s, err.Error())
	case s.Attempts == simulationAttempts:
		return errors.Join(err, l.fail(ctx, s, "the database failed; ask the operator, who has the errors in the worker's log"))
	}
	return err // it is begun again
}

func (l *limitSimulator) fail(ctx context.Context, s *db.Simulation, why string) error {
	_, err := db.New().FailSimulation(ctx, l.pool,
		&db.FailSimulationParams{Failure: why, OrganizationID: s.OrganizationID, ID: s.ID, Attempts: s.Attempts})
	if err != nil {
		return fmt.Errorf("note that it has failed: %w", err)
	}
	return nil
}
