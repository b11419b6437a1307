package worker

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/id"
)

type closedPeriod struct {
	number int32
	start  time.Time
	used   int64
	closed bool
}

// After weeks without a worker one run makes the history whole: every period in order, with what was used in it, the empty
// ones included. A second run changes nothing.
func TestClosePeriodsCatchesUp(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	thisWeek := deliverytest.LastSunday(time.Now())
	week := func(ago int) time.Time { return thisWeek.AddDate(0, 0, -7*ago) }
	budget := f.Budget(db.LimitPeriodWEEKLY, 1000, week(3).Add(time.Hour))
	must(t, f.Record(100, week(3).Add(2*time.Hour)))
	must(t, f.Record(11, week(2).Add(-time.Microsecond)))
	must(t, f.Record(50, week(2)))
	// nothing in the week before this one

	closer := &periodCloser{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 2}
	must(t, work(t.Context(), closer))
	want := []closedPeriod{{1, week(3), 111, true}, {2, week(2), 50, true}, {3, week(1), 0, true}}
	first, closedAt := f.periods(budget)
	if len(first) != len(want) {
		t.Fatalf("history %+v, want %+v", first, want)
	}
	for i := range want {
		if first[i].number != want[i].number || !first[i].start.Equal(want[i].start) || first[i].used != want[i].used || !first[i].closed {
			t.Errorf("period %d of the history is %+v, want %+v", i, first[i], want[i])
		}
	}

	must(t, work(t.Context(), closer))
	second, closedAgainAt := f.periods(budget)
	if len(second) != len(first) || !closedAt.Equal(closedAgainAt) {
		t.Fatalf("a second run closed something: %+v at %s, then %+v at %s", first, closedAt, second, closedAgainAt)
	}
	if left, err := db.New().ListOrganizationsToClose(t.Context(), f.Pool, nil); err != nil || len(left) != 0 {
		t.Fatalf("%d organizations are left to close, error %v", len(left), err)
	}
}

// Two workers that close at the same time close each period once.
func TestClosePeriodsConcurrently(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	budget := f.Budget(db.LimitPeriodMONTHLY, 1000, time.Now().AddDate(0, -3, 0))
	closer := &periodCloser{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 2}
	failures := make(chan error)
	for range 3 {
		go func() { failures <- work(t.Context(), closer) }()
	}
	for range 3 {
		must(t, <-failures)
	}
	periods, _ := f.periods(budget)
	for i, period := range periods {
		if period.number != int32(i+1) || !period.closed {
			t.Fatalf("history %+v, want closed periods numbered from 1", periods)
		}
	}
	if len(periods) < 3 {
		t.Fatalf("history %+v, want 3 months at least", periods)
	}
}

// An organization that cannot be closed is named, and stops no other.
func TestOneOrganizationFailsAlone(t *testing.T) {
	t.Parallel()
	broken, fine := uuid.New(), uuid.New()
	var reached []uuid.UUID
	err := eachOrganization(t.Context(), []uuid.UUID{broken, fine}, func(_ context.Context, organizationID uuid.UUID) error {
		reached = append(reached, organizationID)
		if organizationID == broken {
			return deliverytest.ErrOutage
		}
		return nil
	})
	if want := "organization org_" + strings.ReplaceAll(broken.String(), "-", "") + ": " + deliverytest.ErrOutage.Error(); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if len(reached) != 2 {
		t.Errorf("reached %v, want both", reached)
	}
}

// A worker that stops begins no further organization and says so, so that River puts the job back.
func TestOrganizationsStopWithTheWorker(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	reached := 0
	err := eachOrganization(ctx, make([]uuid.UUID, 3), func(context.Context, uuid.UUID) error {
		reached++
		cancel()
		return nil
	})
	if reached != 1 || err == nil || ctx.Err() == nil {
		t.Fatalf("reached %d organizations, error %v; want 1 and an error", reached, err)
	}
}

// An outage that every organization shares makes a short error.
func TestManyFailuresAreSummedUp(t *testing.T) {
	t.Parallel()
	err := eachOrganization(t.Context(), make([]uuid.UUID, 5000), func(context.Context, uuid.UUID) error { return deliverytest.ErrOutage })
	if err == nil || len(err.Error()) > 2000 {
		t.Fatalf("an error of %d bytes", len(err.Error()))
	}
}

func (f *fixture) periods(budget uuid.UUID) (periods []closedPeriod, lastClosedAt time.Time) {
	f.T.Helper()
	rows, err := f.Pool.Query(context.Background(), `select period_number, period_start, used_units::bigint, closed_at
		from budget_periods where budget_limit_id = $1 order by period_start`, budget)
	must(f.T, err)
	defer rows.Close()
	for rows.Next() {
		var period closedPeriod
		var closedAt *time.Time
		must(f.T, rows.Scan(&period.number, &period.start, &period.used, &closedAt))
		if period.closed = closedAt != nil; period.closed {
			lastClosedAt = *closedAt
		}
		periods = append(periods, period)
	}
	must(f.T, rows.Err())
	return periods, lastClosedAt
}

// The reset job tells of budgets whose period begins in the future, because the database's clock was ahead: in the log, and as a number
// that the metrics show. When they have been reset, it is zero.
func TestFutureBudgetsAreNoted(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Budget(db.LimitPeriodMONTHLY, 1000, time.Now())
	budget := f.Budget(db.LimitPeriodWEEKLY, 1000, time.Now().Add(8*24*time.Hour))
	log := &bytes.Buffer{}
	closer := &periodCloser{pool: f.Pool, logger: slog.New(slog.NewTextHandler(log, nil)), chunk: 2}
	noted := func(want int64) {
		t.Helper()
		must(t, work(t.Context(), closer))
		check, err := db.New().GetClockCheck(t.Context(), f.Pool)
		must(t, err)
		if check.FutureBudgets != want || time.Since(check.CheckedAt) > time.Minute {
			t.Errorf("%d budgets are noted at %s, want %d now", check.FutureBudgets, check.CheckedAt, want)
		}
	}
	noted(1)
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), id.BudgetLimit.Format(budget)) {
		t.Errorf("the log does not name the budget: %s", log)
	}
	log.Reset()
	_, err := db.New().ResetBudgetLimit(t.Context(), f.Pool, &db.ResetBudgetLimitParams{OrganizationID: f.Organization.ID, ID: budget})
	must(t, err)
	noted(0)
	if log.Len() > 0 {
		t.Errorf("the log tells of a budget that was reset: %s", log)
	}
}
