package worker

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"bursar/db"
)

// simulation asks for a simulation of a daily budget on the tenant's usage of the last day.
func (f *fixture) simulation() {
	f.T.Helper()
	_, err := db.New().SimulateLimits(f.T.Context(), f.Pool, &db.SimulateLimitsParams{OrganizationID: f.Organization.ID,
		Limits:   []byte(`[{"kind": "BUDGET", "type": "TOKENS", "period": "DAILY", "max_units": 1, "alert_units": []}]`),
		FromTime: time.Now().AddDate(0, 0, -1), ToTime: time.Now()})
	must(f.T, err)
}

// stands returns the tenant's simulation as it stands.
func (f *fixture) stands() *db.Simulation {
	f.T.Helper()
	rows, err := db.New().ListSimulations(f.T.Context(), f.Pool, &db.ListSimulationsParams{Number: 1})
	must(f.T, err)
	return rows[0]
}

func (f *fixture) simulator(timeout time.Duration) *limitSimulator {
	return &limitSimulator{pool: f.Pool, logger: slog.New(slog.DiscardHandler), page: 10, timeout: timeout}
}

// One run works off all simulations that wait. One that a killed worker has left is begun again, three times at most; one that takes too long has failed and
// says so; one that was canceled stays so; and one whose worker stops waits for the next, as if it had not been begun.
func TestSimulationsEnd(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.simulation()
	must(t, work(t.Context(), f.simulator(time.Minute)))
	if s := f.stands(); s.Status != db.SimulationStatusDONE || s.Attempts != 1 || s.Percent() != 100 || *s.ReplayedEvents != 0 {
		t.Errorf("%+v, want it done", s)
	}

	f.simulation()
	f.Exec(`update simulations set status = 'RUNNING', attempts = 1, started_at = now() where status = 'QUEUED'`)
	must(t, work(t.Context(), f.simulator(time.Minute)))
	if s := f.stands(); s.Status != db.SimulationStatusDONE || s.Attempts != 2 {
		t.Errorf("interrupted once: %+v, want it done", s)
	}

	f.simulation()
	f.Exec(`update simulations set status = 'RUNNING', attempts = 3, started_at = now() where status = 'QUEUED'`)
	must(t, work(t.Context(), f.simulator(time.Minute)))
	if s := f.stands(); s.Status != db.SimulationStatusFAILED || !strings.Contains(*s.Failure, "interrupted") {
		t.Errorf("interrupted three times: %+v, want it failed", s)
	}

	f.simulation()
	must(t, work(t.Context(), f.simulator(time.Nanosecond)))
	if s := f.stands(); s.Status != db.SimulationStatusFAILED || !strings.Contains(*s.Failure, "longer") {
		t.Errorf("without time: %+v, want it failed", s)
	}

	f.simulation()
	must(t, errorOf(db.New().CancelSimulation(t.Context(), f.Pool, &db.CancelSimulationParams{OrganizationID: f.Organization.ID, ID: f.stands().ID})))
	must(t, work(t.Context(), f.simulator(time.Minute)))
	if s := f.stands(); s.Status != db.SimulationStatusCANCELED || s.Attempts != 0 {
		t.Errorf("canceled: %+v, want it as it was", s)
	}

	f.simulation()
	claimed, err := db.New().ClaimSimulation(t.Context(), f.Pool)
	must(t, err)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := f.simulator(time.Minute).simulate(stopped, claimed); err == nil {
		t.Error("a worker that stops has ended the simulation")
	}
	if s := f.stands(); s.Status != db.SimulationStatusQUEUED || s.Attempts != 0 || s.StartedAt != nil {
		t.Errorf("its worker stops: %+v, want it queued", s)
	}
}

// Simulations are forgotten with what they have found 14 days after they were asked for, and leave no trace in the audit log of that.
func TestOldSimulationsAreForgotten(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.simulation()
	must(t, work(t.Context(), f.simulator(time.Minute)))
	f.Exec(`update simulations set requested_at = requested_at - interval '14 days'`)
	f.simulation()
	before := f.count(`select count(*) from audit_log`)
	must(t, work(t.Context(), &cleaner{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: cleanUpChunk}))
	if left, results, entries := f.count(`select count(*) from simulations`), f.count(`select count(*) from simulation_results`), f.count(`select count(*) from audit_log`); left != 1 || results != 0 || entries != before {
		t.Errorf("%d simulations and %d results are left, and %d entries of the audit log of %d", left, results, entries, before)
	}
}

func (f *fixture) count(query string) (n int) {
	f.T.Helper()
	must(f.T, f.Pool.QueryRow(f.T.Context(), query).Scan(&n))
	return n
}

func errorOf(_ any, err error) error { return err }
