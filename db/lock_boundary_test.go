package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// waitForLocks waits until a number of calls of a function are waiting for a lock, and returns when the first began.
func (g *gateway) waitForLocks(function string, calls int) time.Time {
	g.T.Helper()
	dbtest.AwaitLocked(g.T, g.Pool, calls, function)
	return query[time.Time](g, `select min(query_start) from pg_stat_activity
		where datname = current_database() and wait_event_type = 'Lock' and strpos(query, $1) > 0`, function)
}

// A call that waited for a lock across a period's boundary reads the clock again: it counts in the new period and never in
// the old one, although its statement began before the boundary.
func TestWaitingAcrossABoundary(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for function, c := range map[string]struct {
		call           func(g *gateway) error
		used, reserved int64 // in the new period
	}{
		"reserve_usage": {func(g *gateway) error { _, err := g.reserveOn(g.Pool, nil, estimateTokens(30)); return err }, 0, 30},
		"record_usage":  {func(g *gateway) error { _, err := g.recordOn(g.Pool, nil, reportTokens(30)); return err }, 30, 0},
		"update_budget_limit": {func(g *gateway) error {
			return db.Fault(updateAlerts(g))
		}, 0, 0},
	} {
		t.Run(function, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			g := newGatewayIn(t, pool)
			g.now = query[time.Time](g, `select clock_timestamp()`)
			budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
			g.book(reportTokens(90))
			// as if the stored period were the week before, and not yet over
			g.exec(`update counters set period_start = period_start - interval '7 days', period_end = clock_timestamp() + interval '1 hour'
				where limit_id = $1`, budget)

			first, err := g.Pool.Begin(ctx)
			must(t, 0, err)
			must(t, 0, db.New().LockOrganizations(ctx, first, []uuid.UUID{g.Organization.ID}))
			done := make(chan error, 1)
			go func() { done <- c.call(g) }()
			started := g.waitForLocks(function, 1)
			g.exec(`update counters set period_end = clock_timestamp() where limit_id = $1`, budget)
			boundary := query[time.Time](g, `select period_end from counters where limit_id = $1`, budget)
			equal(t, "the statement began before the boundary", started.Before(boundary), true)
			must(t, 0, first.Commit(ctx))
			must(t, 0, <-done)

			g.now = query[time.Time](g, `select clock_timestamp()`)
			g.counts(budget, c.used, c.reserved)
			equal(t, "number", g.limit(budget).PeriodNumber, 2)
			equal(t, "ended periods", len(g.history(budget)), 1)
			g.ended(g.history(budget)[0], 90, 0)
			g.verified()
		})
	}
}

func updateAlerts(g *gateway) error {
	limits, err := db.New().ListLimits(context.Background(), g.Pool, &db.ListLimitsParams{
		OrganizationIDs: []uuid.UUID{g.Organization.ID}, SubjectIDs: []uuid.UUID{g.Key.ID}})
	if err != nil {
		return err
	}
	_, err = db.New().UpdateBudgetLimit(context.Background(), g.Pool, &db.UpdateBudgetLimitParams{
		OrganizationID: g.Organization.ID, ID: limits[0].ID, AlertUnits: []int64{80}})
	return err
}

// A reservation that expires while an admission waits for the lock no longer holds when the admission decides.
func TestWaitingAcrossAnExpiry(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g.now = query[time.Time](g, `select clock_timestamp()`)
	budget := g.tokenBudget(10)
	held := g.admit(estimateTokens(10).lasting(time.Hour))
	first, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	must(t, 0, db.New().LockOrganizations(ctx, first, []uuid.UUID{g.Organization.ID}))
	answered := make(chan *db.UsageAnswer, 1)
	go func() {
		answers, err := g.reserveOn(g.Pool, nil, estimateTokens(10))
		if err != nil {
			t.Error(err)
			close(answered)
			return
		}
		answered <- answers[0]
	}()
	g.waitForLocks("reserve_usage", 1)
	g.exec(`update reservations set expires_at = clock_timestamp() where id = $1`, held)
	must(t, 0, first.Commit(ctx))
	answer, open := <-answered
	if !open {
		t.FailNow()
	}
	wantReasons(t, answer)
	g.now = query[time.Time](g, `select clock_timestamp()`)
	g.counts(budget, 0, 10)
	equal(t, "status", g.status(held), db.ReservationStatusEXPIRED)
	g.verified()
}

// What another transaction changed while a call waited for the lock is seen by it: a lowered amount denies, a new limit counts.
func TestWaitingSeesWhatWasCommitted(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g.now = query[time.Time](g, `select clock_timestamp()`)
	first, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	limit, err := db.New().CreateLimit(ctx, first, &db.CreateLimitParams{OrganizationID: g.Organization.ID, APIKeyID: &g.Key.ID,
		Kind: db.LimitKindBUDGET, Type: db.LimitTypeTOKENS, Period: db.LimitPeriodNONE, MaxUnits: 5, AlertUnits: []int64{}, Enabled: true, Mode: db.LimitModeENFORCE})
	must(t, 0, err)
	denied := make(chan bool, 1)
	go func() {
		answers, err := g.reserveOn(g.Pool, nil, estimateTokens(6))
		denied <- err == nil && !answers[0].Allowed
	}()
	g.waitForLocks("reserve_usage", 1)
	must(t, 0, first.Commit(ctx))
	equal(t, "denied", <-denied, true)
	g.counts(limit.ID, 0, 0)
}

// Roll-ups that run at the same time add each row once: they wait for each other before they read how far the last one came.
func TestRollUpsWaitForEachOther(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g.book(reportTokens(1))
	g.rollUp()
	g.book(reportTokens(2))
	holder, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	_, err = holder.Exec(ctx, `select from rollup_watermarks for update`)
	must(t, 0, err)
	added := make(chan int64, 2)
	for range 2 {
		go func() {
			rows, err := db.New().RollUpUsage(ctx, g.Pool, &db.RollUpUsageParams{OrganizationID: g.Organization.ID, Number: 100})
			if err != nil {
				t.Error(err)
			}
			added <- rows
		}()
	}
	g.waitForLocks("roll_up_usage", 2)
	must(t, 0, holder.Commit(ctx))
	equal(t, "added by both", <-added+<-added, 1)
	g.verified()
}
