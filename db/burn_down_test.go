package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/fault"
)

// burnDown returns what was used of a budget by the end of each bucket, at the gateway's instant.
func (g *gateway) burnDown(budget uuid.UUID, interval db.UsageInterval) []*db.BurnDownPoint {
	g.T.Helper()
	return rowsOf[db.BurnDownPoint](g, `select * from burn_downs(array[$1]::uuid[], array[$2]::uuid[], $3, $4)`,
		g.Organization.ID, budget, interval, g.now)
}

// burns fails the test unless a budget's points are what a plain sum over the ledger says: what was charged to its current period and recorded
// before the end of each bucket. Points are a bucket apart, from the period's beginning at 0 to now at all that is used.
func (g *gateway) burns(budget uuid.UUID, interval db.UsageInterval) {
	g.T.Helper()
	limit, points := g.limit(budget), g.burnDown(budget, interval)
	first, last := points[0], points[len(points)-1]
	equalTime(g.T, "the first point", first.At, limit.PeriodStart)
	if g.now.After(limit.PeriodStart) {
		equal(g.T, "used at first", first.UsedUnits.String(), "0")
	}
	equalTime(g.T, "the last point", last.At, g.now)
	equal(g.T, "used at last", last.UsedUnits.String(), limit.UsedUnits.String())
	type compared struct {
		At, End        time.Time
		Used, Expected decimal.Decimal
	}
	for _, point := range rowsOf[compared](g, `
		select p.at, least(usage_bucket_end($3, p.previous), $4), p.used_units, (
			select coalesce(sum(case c.type when 'COST' then e.cost_nanos else e.input_tokens + e.output_tokens end), 0)
			from usage_events e, unnest(e.counter_ids, e.period_numbers) q (counter_id, period_number)
			join counters c on c.id = q.counter_id and c.period_number = q.period_number and (c.period_end is null or c.period_end > $4)
			where c.limit_id = $2 and (e.recorded_at < p.at or p.at = $4))
		from (select p.*, lag(p.at) over (order by p.at) as previous from burn_downs(array[$1]::uuid[], array[$2]::uuid[], $3, $4) p) p
		where p.previous is not null`, g.Organization.ID, budget, interval, g.now) {
		equalTime(g.T, "the point after another", point.At, point.End)
		equal(g.T, fmt.Sprint(interval, " point at ", point.At), point.Used.String(), point.Expected.String())
	}
}

// A budget's burn-down is what a plain sum over the ledger says after every single step of any interleaving of reports, late settlements,
// roll-ups of any size, rebuilds, resets, changes of its type and the passing of periods, for every reset and interval.
func TestBurnDownIsTheLedgerAfterEveryStep(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		g := newGatewayIn(t, pool)
		g.exec(`select create_usage_partitions(4, $1)`, noon)
		budgets := []uuid.UUID{
			g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 1<<50), g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 1<<50),
			g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 1<<50),
		}
		report := func() report {
			r := reportTokens(rapid.Int64Range(0, 1000).Draw(rt, "tokens"))
			r.output, r.nanos = r.input/3, rapid.Int64Range(0, 1e12).Draw(rt, "nanos")
			return r
		}
		var held []uuid.UUID
		steps := map[string]func(){
			"record":  func() { g.book(report()) },
			"reserve": func() { held = append(held, g.admit(estimateTokens(1).lasting(24*time.Hour))) },
			"settle": func() {
				if len(held) > 0 {
					g.book(report().settling(held[0]))
					held = held[1:]
				}
			},
			"roll some up": func() { _, err := g.rollUpOn(pool, rapid.Int32Range(1, 4).Draw(rt, "rows")); must(t, 0, err) },
			"rebuild":      func() { _, err := db.New().RebuildRollups(ctx, pool, g.Organization.ID); must(t, 0, err) },
			"reset":        func() { g.reset(rapid.SampledFrom(budgets).Draw(rt, "budget")) },
			"change":       func() { g.change(budgets[1], edit{unit: new(db.LimitTypeCOST), amount: new(int64(1 << 50))}) },
			"clean up":     func() { _, err := db.New().DeleteEndedBudgetHours(ctx, pool); must(t, 0, err) },
			"time": func() {
				g.now = g.now.Add(time.Duration(rapid.Int64Range(0, 9*24*3600*1e6).Draw(rt, "later")) * time.Microsecond)
			},
		}
		names := []string{"record", "record", "record", "reserve", "settle", "settle", "roll some up", "roll some up", "rebuild", "reset", "change",
			"clean up", "time", "time"}
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			steps[rapid.SampledFrom(names).Draw(rt, "step")]()
			g.burns(rapid.SampledFrom(budgets).Draw(rt, "compared"), rapid.SampledFrom(db.AllUsageIntervalValues()).Draw(rt, "interval"))
		}
		g.verified()
	})
}

// What was recorded before there were hours of budgets is in the burn-down all the same, and is rolled up from the oldest row on by roll-ups
// that have nothing else to do; usage is added once.
func TestBudgetHoursCatchUp(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	for i := range 5 {
		g.after(time.Duration(i) * time.Hour).book(reportTokens(10))
	}
	g.rollUp()
	g.exec(`delete from budget_hours`)
	g.exec(`update rollup_watermarks set budget_position = 0`)
	later := g.after(5 * time.Hour)
	later.book(reportTokens(7))
	for added, want := range []int64{0, 2, 2, 2, 0} {
		if added > 0 {
			got, err := g.rollUpOn(g.Pool, 2)
			equal(t, fmt.Sprint("added by roll-up ", added), must(t, got, err), want)
		}
		later.burns(budget, db.UsageIntervalHOUR)
		g.verified()
		organizations, err := db.New().ListOrganizationsToRollUp(t.Context(), g.Pool)
		equal(t, "left to roll up", len(must(t, organizations, err)) > 0, added < 3)
	}
	equal(t, "tokens of hours", query[int64](g, `select sum(input_tokens)::bigint from usage_hours`), 57)
	equal(t, "tokens of budgets", query[int64](g, `select sum(units)::bigint from budget_hours`), 57)
}

// What was charged by the hour to a period that is over, and to a budget that was deleted, is deleted by the clean-up job, and nothing else.
func TestEndedBudgetHoursAreDeleted(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	kept := g.tokenBudget(100)
	deleted := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	weekly := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	g.book(reportTokens(5))
	g.rollUp()
	g.deleteLimit(deleted, db.LimitKindBUDGET)
	next := g.after(7 * 24 * time.Hour)
	next.book(reportTokens(2))
	next.rollUp()
	rows, err := db.New().DeleteEndedBudgetHours(t.Context(), g.Pool)
	equal(t, "deleted", must(t, rows, err), 2)
	next.burns(kept, db.UsageIntervalDAY)
	next.burns(weekly, db.UsageIntervalDAY)
	equal(t, "hours of the kept budget", query[int64](g, `select count(*) from budget_hours b join counters c on c.id = b.counter_id
		where c.limit_id = $1`, kept), 2)
}

// Burn-downs have no more points than they may, all budgets together.
func TestBurnDownsAreBounded(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budgets := []uuid.UUID{g.tokenBudget(100), g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)}
	read := func(most int) error {
		_, err := g.Pool.Exec(t.Context(), `select * from burn_downs(array[$1, $1]::uuid[], $2, 'HOUR', $3, $4)`,
			g.Organization.ID, budgets, g.now.Add(9*time.Hour), most)
		return err
	}
	must(t, 0, read(22))
	if err := read(21); fault.CodeOf(db.Fault(err)) != fault.QueryTooComplex {
		t.Errorf("22 points, where 21 may be: %v", err)
	}
}

// projected returns when a budget will be used up, from the gateway's instant on; nil when it will not.
func (g *gateway) projected(budget uuid.UUID) *time.Time {
	g.T.Helper()
	rows := rowsOf[db.ProjectedExhaustion](g, `select * from projected_exhaustions(array[$1]::uuid[], array[$2]::uuid[], $3)`,
		g.Organization.ID, budget, g.now)
	if len(rows) == 0 {
		return nil
	}
	return &rows[0].ExhaustedAt
}

// A budget is projected to be used up at its average of the last 7 days, or since its period or generation began if that is shorter. It is not
// when that is after its period, without usage, or when the usage is older than 7 days. With nothing left it is used up now.
func TestProjectedExhaustion(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.exec(`select create_usage_partitions(12, $1)`, noon)
	g.now = time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	endless := g.tokenBudget(1000)
	monthly := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	wants := func(g *gateway, name string, budget uuid.UUID, want *time.Time) {
		t.Helper()
		switch got := g.projected(budget); {
		case got == nil || want == nil:
			if got != nil || want != nil {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		case got.Sub(*want).Abs() > time.Microsecond:
			t.Errorf("%s: %s, want %s", name, got.UTC(), want.UTC())
		}
	}
	after := func(g *gateway, d time.Duration) *time.Time { return new(g.now.Add(d)) }
	wants(g, "at once", endless, nil)
	wants(g.after(time.Hour), "without usage", endless, nil)
	g.book(reportTokens(100))
	day := g.after(24 * time.Hour) // 100 a day since the generation began
	wants(day, "after a day", endless, after(day, 9*24*time.Hour))
	wants(day, "after a day of a month", monthly, after(day, 9*24*time.Hour))
	g.rollUp()
	wants(day, "rolled up", endless, after(day, 9*24*time.Hour))
	five := g.after(5 * 24 * time.Hour) // 100 in 5 days
	wants(five, "after five days", endless, after(five, 45*24*time.Hour))
	wants(five, "not in this month", monthly, nil)
	eighth := g.after(7 * 24 * time.Hour)
	eighth.book(reportTokens(500))
	tenth := g.after(9 * 24 * time.Hour)
	wants(tenth, "the last seven days alone", endless, after(tenth, 400*7*24*time.Hour/500))
	wants(tenth, "in the new period", monthly, nil)
	april := g.at(time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC))
	april.book(reportTokens(200))
	wants(april, "since the period began", monthly, after(april, 800*2*24*time.Hour/200))
	wants(g.after(40*24*time.Hour), "after a month without usage", endless, nil)
	april.book(reportTokens(300))
	wants(april, "nothing left", endless, &april.now)
	april.reset(endless)
	wants(april, "after a reset", endless, nil)
	april.book(reportTokens(1))
	wants(april.after(time.Hour), "since the reset", endless, after(april.after(time.Hour), 999*time.Hour))
	wants(april.after(26*7*24*time.Hour), "in another year", monthly, nil)
}

// An empty budget whose usage is minute lasts longer than can be told.
func TestProjectionsHaveAnEnd(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 1<<62)
	g.book(reportCost(1))
	if got := g.after(6 * 24 * time.Hour).projected(budget); got != nil {
		t.Errorf("used up at %s", got)
	}
}
