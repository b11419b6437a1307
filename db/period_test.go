package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// Weeks begin on Sunday and months on the 1st, 00:00 UTC, over leap years, year ends and months of any length, whatever the
// session's time zone and its daylight saving.
func TestPeriodsAreUTCWhateverTheSession(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	const layout = "2006-01-02T15:04:05.999999Z"
	cases := []struct {
		period         db.LimitPeriod
		at, start, end string
	}{
		{"WEEKLY", "2026-03-11T12:00:30Z", "2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"WEEKLY", "2026-03-14T23:59:59.999999Z", "2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z"},
		{"WEEKLY", "2026-03-15T00:00:00Z", "2026-03-15T00:00:00Z", "2026-03-22T00:00:00Z"},
		{"WEEKLY", "2026-03-16T00:00:00Z", "2026-03-15T00:00:00Z", "2026-03-22T00:00:00Z"},
		{"WEEKLY", "2027-01-01T00:00:00Z", "2026-12-27T00:00:00Z", "2027-01-03T00:00:00Z"},
		{"WEEKLY", "2028-02-29T12:00:00Z", "2028-02-27T00:00:00Z", "2028-03-05T00:00:00Z"},
		{"WEEKLY", "2100-03-01T12:00:00Z", "2100-02-28T00:00:00Z", "2100-03-07T00:00:00Z"},
		{"MONTHLY", "2026-03-11T12:00:30Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"},
		{"MONTHLY", "2026-01-31T23:59:59.999999Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
		{"MONTHLY", "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
		{"MONTHLY", "2026-12-31T23:59:59.999999Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"MONTHLY", "2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"},
		{"MONTHLY", "2028-02-29T23:59:59Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"},
		{"MONTHLY", "2100-02-28T23:59:59.999999Z", "2100-02-01T00:00:00Z", "2100-03-01T00:00:00Z"},
		{"DAY", "2026-03-08T23:59:59.999999Z", "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"},
		{"DAY", "2026-11-01T05:30:00Z", "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"},
		{"DAY", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z", "2028-03-01T00:00:00Z"},
		{"HOUR", "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z", "2026-03-08T08:00:00Z"},
		{"HOUR", "2026-11-01T06:59:59.999999Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z"},
		{"MINUTE", "2026-12-31T23:59:59.999999Z", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"},
	}
	for _, zone := range []string{"UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Australia/Lord_Howe"} {
		session, err := pool.Acquire(context.Background())
		must(t, 0, err)
		_, err = session.Exec(context.Background(), `select set_config('timezone', $1, false)`, zone)
		must(t, 0, err)
		for _, c := range cases {
			at, err := time.Parse(layout, c.at)
			must(t, 0, err)
			var start, end time.Time
			must(t, 0, session.QueryRow(context.Background(),
				`select period_start($1, $2), period_end($1, $2)`, c.period, at).Scan(&start, &end))
			equal(t, zone+": start of "+string(c.period)+" at "+c.at, start.UTC().Format(layout), c.start)
			equal(t, zone+": end of "+string(c.period)+" at "+c.at, end.UTC().Format(layout), c.end)
		}
		must(t, 0, session.Conn().Close(context.Background())) // its time zone goes with it
		session.Release()
	}
}

// Periods follow each other without a gap or an overlap for two centuries: each ends where the next starts.
func TestPeriodsAreSeamless(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for period, want := range map[db.LimitPeriod]int64{"MONTHLY": 2400, "WEEKLY": 10436} {
		count, wrong := 0, 0
		must(t, 0, g.Pool.QueryRow(context.Background(), `
			with recursive periods (started, ended) as (
				select period_start($1, '2000-01-02Z'), period_end($1, '2000-01-02Z')
				union all
				select ended, period_end($1, ended) from periods where ended < '2200-01-01Z'
			)
			select count(*), count(*) filter (where period_start($1, started) <> started
				or period_start($1, ended - interval '1 microsecond') <> started
				or extract(day from started at time zone 'UTC') <> 1 and $1 = 'MONTHLY'
				or extract(dow from started at time zone 'UTC') <> 0 and $1 = 'WEEKLY')
			from periods`, period).Scan(&count, &wrong))
		equal(t, "wrong periods", wrong, 0)
		equal(t, "periods of "+string(period), int64(count), want)
	}
}

// Everything is the same in a session of another time zone: periods roll, histories fill and answers tell the same instants.
func TestEnforcementInAnotherTimeZone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100)
	weekly := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 50)
	g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodDAY, 10)
	session, err := g.Pool.Acquire(ctx)
	must(t, 0, err)
	defer session.Release()
	_, err = session.Exec(ctx, `set timezone = 'America/New_York'`)
	must(t, 0, err)

	lastOfMarch := time.Date(2026, 3, 31, 23, 59, 59, 999_999_000, time.UTC) // still the 31st in New York at April's start
	_, err = g.recordOn(session, &lastOfMarch, reportTokens(10))
	must(t, 0, err)
	answers, err := g.reserveOn(session, &lastOfMarch, estimateTokens(1))
	must(t, 0, err)
	wantReasons(t, answers[0], db.DenialReasonRATELIMITED)
	equalTime(t, "retry", *answers[0].Denials[0].RetryAt, lastOfMarch.Add(time.Microsecond))
	equal(t, "seconds", deref(answers[0].RetryAfterSeconds()), 1)

	firstOfApril := lastOfMarch.Add(time.Microsecond)
	answers, err = g.reserveOn(session, &firstOfApril, estimateTokens(1))
	must(t, 0, err)
	wantReasons(t, answers[0])
	april := g.at(firstOfApril)
	april.counts(budget, 0, 1)
	april.counts(weekly, 10, 1)
	equalTime(t, "start of April", april.limit(budget).PeriodStart, firstOfApril)
	equal(t, "ended months", len(g.history(budget)), 1)
	equal(t, "ended weeks", len(g.history(weekly)), 3)
	_, err = session.Exec(ctx, `select create_usage_partitions(2, $1)`, firstOfApril)
	must(t, 0, err)
	april.book(reportTokens(1))
	g.rollUp()
	g.verified()
}

// The first touch after a boundary opens the new period, at its calendar start, with every worker stopped.
func TestFirstTouchOpensThePeriod(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, touch := range map[string]func(g *gateway, budget uuid.UUID){
		"reserve": func(g *gateway, _ uuid.UUID) { g.admit(estimateTokens(0)) },
		"record":  func(g *gateway, _ uuid.UUID) { g.book(reportTokens(0)) },
		"edit":    func(g *gateway, budget uuid.UUID) { g.raise(budget, 200) },
		"close":   func(g *gateway, _ uuid.UUID) { g.closePeriods() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
			g.book(reportTokens(100))
			end := *g.limit(budget).PeriodEnd
			next := g.at(end.Add(50 * time.Hour))
			touch(next, budget)
			equalTime(t, "start", query[time.Time](g, `select period_start from counters where limit_id = $1`, budget), end)
			equal(t, "number", query[int32](g, `select period_number from counters where limit_id = $1`, budget), 2)
			next.counts(budget, 0, 0)
			period := g.history(budget)[0]
			g.ended(period, 100, 0)
			equalTime(t, "end of the ended", *period.PeriodEnd, end)
			equal(t, "amount of the ended", period.MaxUnits, 100)
		})
	}
}

// A budget's period only moves forward: a call with an instant before the stored period counts in the stored one. (Of rate limits see
// TestRateLimitsRecoverFromAClockThatWasAhead.)
func TestABudgetsPeriodNeverReopens(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	next := g.after(7 * 24 * time.Hour)
	next.book(reportTokens(10))
	start := next.limit(budget).PeriodStart
	g.admit(estimateTokens(20).lasting(30 * 24 * time.Hour))
	g.book(reportTokens(30))
	g.closePeriods()
	g.counts(budget, 40, 20)
	next.counts(budget, 40, 20)
	equalTime(t, "start", g.limit(budget).PeriodStart, start)
	equal(t, "ended periods", len(g.history(budget)), 1)
	g.ended(g.history(budget)[0], 0, 0)
	g.deny(estimateTokens(41), db.DenialReasonBUDGETEXHAUSTED)
	g.verified()
}

// A new limit counts from its creation, inside the calendar period that contains it.
func TestNewLimitCountsFromItsCreation(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.book(reportTokens(70))
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100)
	g.counts(budget, 0, 0)
	equalTime(t, "start", g.limit(budget).PeriodStart, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	g.book(reportTokens(100))
	total := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	equalTime(t, "start without a reset", g.limit(total).PeriodStart, noon)
	g.verified()
}

// A budget without a reset never ends.
func TestBudgetWithoutResetNeverEnds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	g.book(reportTokens(100))
	later := g.at(noon.AddDate(50, 0, 0))
	later.deny(estimateTokens(0), db.DenialReasonBUDGETEXHAUSTED)
	equal(t, "closed", later.closePeriods(), 0)
	later.counts(budget, 100, 0)
}

// The reset job closes every ended period once, empty ones in between included, after any pause; running it again does nothing.
func TestResetJobCatchesUp(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	monthly := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	g.book(reportTokens(60))
	equal(t, "closed early", g.closePeriods(), 0)
	later := g.after(4 * 7 * 24 * time.Hour)
	later.book(reportTokens(5))
	organizations, err := db.New().ListOrganizationsToClose(context.Background(), g.Pool, &later.now)
	equal(t, "organizations to close", len(must(t, organizations, err)), 1)
	equal(t, "closed", later.closePeriods(), 5)
	equal(t, "closed again", later.closePeriods(), 0)
	organizations, err = db.New().ListOrganizationsToClose(context.Background(), g.Pool, &later.now)
	equal(t, "organizations to close", len(must(t, organizations, err)), 0)
	periods := g.history(budget)
	equal(t, "ended weeks", len(periods), 4)
	equal(t, "ended months", len(g.history(monthly)), 1)
	for i, used := range []int64{60, 0, 0, 0} {
		g.ended(periods[i], used, 0)
		equalTime(t, "start", periods[i].PeriodStart, time.Date(2026, 3, 8+7*i, 0, 0, 0, 0, time.UTC))
		equalTime(t, "end", *periods[i].PeriodEnd, time.Date(2026, 3, 15+7*i, 0, 0, 0, 0, time.UTC))
		equal(t, "number", periods[i].PeriodNumber, int32(i+1))
		equalTime(t, "closed", *periods[i].ClosedAt, later.now)
	}
	later.counts(budget, 5, 0)
	later.counts(monthly, 5, 0)
	g.verified()
}
