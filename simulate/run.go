package simulate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/id"
)

// MaxEvents is how many rows of the ledger a simulation reads at most.
const MaxEvents = 20_000_000

var (
	// ErrEnded is a simulation that was canceled, or that another run has begun with.
	ErrEnded = errors.New("the simulation was canceled, or another run has begun with it")
	// ErrTooLarge is a simulation of more than MaxEvents rows.
	ErrTooLarge = fmt.Errorf("the organization has more than %d usage events in this time: choose a shorter one", MaxEvents)
)

// Run runs a simulation that was claimed, page by page: each is a statement of its own, so that no snapshot is kept open meanwhile. After each page it
// waits for as long as the page has taken, which leaves the database to enforcement. page is how many rows of the ledger one has.
func Run(ctx context.Context, pool *pgxpool.Pool, s *db.Simulation, page int32) error {
	queries := db.New()
	limits, err := limitsOf(ctx, pool, s)
	if err != nil {
		return err
	}
	span, err := queries.SimulatedSpan(ctx, pool, &db.SimulatedSpanParams{OrganizationID: s.OrganizationID, FromTime: s.FromTime, ToTime: s.ToTime})
	switch {
	case err != nil:
		return fmt.Errorf("find the span of the ledger: %w", err)
	case span.Events > MaxEvents:
		return ErrTooLarge
	}
	replay, after, done := New(limits, s.FromTime, s.ToTime, s.Interval()), span.FirstPosition, int64(0)
	for after < span.LastPosition {
		began := time.Now()
		next, err := queries.NextSimulatedPage(ctx, pool, &db.NextSimulatedPageParams{OrganizationID: s.OrganizationID, After: after, Number: page})
		if err != nil {
			return fmt.Errorf("find the next page of the ledger: %w", err)
		}
		if next.Number == 0 {
			break
		}
		last := min(next.Last, span.LastPosition)
		if err := read(ctx, pool, replay, s, after, last); err != nil {
			return fmt.Errorf("read the ledger: %w", err)
		}
		after, done = last, min(done+next.Number, span.Events)
		if err := note(ctx, pool, s, span.Events, done); err != nil {
			return err
		}
		if err := wait(ctx, time.Since(began)); err != nil {
			return err
		}
	}
	replay.Finish()
	return store(ctx, pool, s, replay, span.Events)
}

// read has a replay take the events between two positions.
func read(ctx context.Context, pool *pgxpool.Pool, replay *Replay, s *db.Simulation, after, last int64) error {
	rows, err := db.New().ListSimulatedEvents(ctx, pool, &db.ListSimulatedEventsParams{
		OrganizationID: s.OrganizationID, After: after, Last: last, APIKeyID: s.APIKeyID, WorkspaceID: s.WorkspaceID})
	if err != nil {
		return err
	}
	for _, row := range rows {
		var admittedAt time.Time
		if row.ReservationID != nil {
			admittedAt = id.CreatedAt(*row.ReservationID)
		}
		replay.Add(Event{APIKeyID: row.APIKeyID, Requests: row.Requests, Tokens: row.Tokens, CostNanos: row.CostNanos}, row.RecordedAt, admittedAt)
	}
	return nil
}

// note notes the progress. It fails with ErrEnded if the simulation is not this run's any more.
func note(ctx context.Context, on db.DBTX, s *db.Simulation, total, done int64) error {
	rows, err := db.New().NoteSimulationProgress(ctx, on, &db.NoteSimulationProgressParams{
		EventsTotal: total, EventsDone: done, OrganizationID: s.OrganizationID, ID: s.ID, Attempts: s.Attempts})
	switch {
	case err != nil:
		return fmt.Errorf("note the progress: %w", err)
	case rows == 0:
		return ErrEnded
	}
	return nil
}

// wait waits, unless ctx ends before.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// store stores what was refused and ends the simulation, in one transaction.
func store(ctx context.Context, pool *pgxpool.Pool, s *db.Simulation, replay *Replay, total int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := note(ctx, tx, s, total, total); err != nil { // which locks the row
			return err
		}
		for _, result := range replay.Results() {
			result.OrganizationID, result.SimulationID = s.OrganizationID, s.ID
			if err := db.New().CreateSimulationResult(ctx, tx, result); err != nil {
				return fmt.Errorf("store what limit %d refused: %w", result.LimitNumber, err)
			}
		}
		finish := replay.Total()
		finish.OrganizationID, finish.ID, finish.Attempts = s.OrganizationID, s.ID, s.Attempts
		if _, err := db.New().FinishSimulation(ctx, tx, finish); err != nil {
			return fmt.Errorf("store what was decided on: %w", err)
		}
		return nil
	})
}

// limitsOf returns the limits of a simulation, with the bounds of their periods and windows as the database computes them.
func limitsOf(ctx context.Context, pool *pgxpool.Pool, s *db.Simulation) ([]*Limit, error) {
	limits := make([]*Limit, len(s.Limits))
	for i, of := range s.Limits {
		limits[i] = &Limit{SimulatedLimit: of}
		if of.Kind == db.LimitKindRATE {
			window, err := db.New().SimulatedWindow(ctx, pool, &db.SimulatedWindowParams{Period: of.Period, At: s.FromTime})
			if err != nil {
				return nil, fmt.Errorf("find the windows of limit %d: %w", i+1, err)
			}
			limits[i].WindowStart, limits[i].WindowLength = window.WindowStart.UnixMicro(), window.Seconds*time.Second.Microseconds()
			continue
		}
		params := &db.SimulatedPeriodsParams{Period: of.Period, FromTime: s.FromTime, ToTime: s.ToTime}
		if of.TimeZone != "UTC" || of.WeekStartsOn != 0 || of.DayOfMonth != 1 || of.ResetDays != nil { // else it is as a counter without a calendar
			params.TimeZone, params.WeekStartsOn, params.DayOfMonth = &of.TimeZone, of.WeekStartsOn, of.DayOfMonth
			params.ResetDays, params.ResetAnchor = of.ResetDays, of.ResetAnchor
		}
		starts, err := db.New().SimulatedPeriods(ctx, pool, params)
		if err != nil {
			return nil, fmt.Errorf("find the periods of limit %d: %w", i+1, err)
		}
		for _, start := range starts {
			limits[i].Starts = append(limits[i].Starts, start.UnixMicro())
		}
	}
	return limits, nil
}
