package db_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
)

// drawnCalendar is a period of a calendar at an instant, and what the database makes of it.
type drawnCalendar struct {
	zone                   string
	period                 db.LimitPeriod
	week, day, days        int
	anchor, at, start, end time.Time
	location               *time.Location
}

// Each instant is in exactly one period, which contains it, is half-open, begins where the one before it ends, and ends where the next one
// begins, from 1970 to 2100, in every time zone that the machine has, around changes of their offsets and elsewhere. A period begins at the
// first instant at which a clock of the zone shows its first day, by a search in Go that uses no rule but what clocks show. Where Go's data of
// time zones are of another release than PostgreSQL's, PostgreSQL's are right.
func TestCalendarPeriodsInEveryZone(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	ctx := context.Background()
	seed := rand.Uint64() //nolint:gosec // a test's
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test's
	rows, err := pool.Query(ctx, `select name from pg_timezone_names where name not like 'posix%' and name not in ('localtime', 'Factory') order by name`)
	must(t, 0, err)
	var names []string
	var name string
	for rows.Next() {
		must(t, 0, rows.Scan(&name))
		names = append(names, name)
	}
	must(t, 0, rows.Err())
	if len(names) < 300 {
		t.Fatalf("%d time zones", len(names))
	}
	compared, otherwise := 0, 0
	for range dbtest.Repeat(1) {
		var drawn []*drawnCalendar
		for _, name := range names {
			location, err := time.LoadLocation(name)
			if err != nil {
				location = nil // PostgreSQL has zones that Go's data have not
			}
			for range 6 {
				drawn = append(drawn, drawCalendar(random, name, location))
			}
		}
		readPeriods(t, pool, drawn)
		for _, d := range drawn {
			if d.location == nil {
				continue
			}
			compared++
			if want := d.firstInstant(d.start); !want.Equal(d.start) {
				otherwise++
				if d.clocksAgree(t, pool, d.start, want) {
					t.Errorf("%s %s at %s begins at %s, want %s", d.zone, d.period, d.at, d.start, want)
				}
			}
		}
	}
	t.Logf("%d periods compared, of which %d are otherwise in Go's data of time zones", compared, otherwise)
}

// drawCalendar draws a calendar and an instant, half of them within a day of a change of the zone's offset if there is one in the year.
func drawCalendar(random *rand.Rand, zone string, location *time.Location) *drawnCalendar {
	d := &drawnCalendar{zone: zone, location: location, day: 1, days: 1, anchor: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	d.period = []db.LimitPeriod{"DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "YEARLY", "EVERY_DAYS"}[random.IntN(6)]
	switch d.period {
	case db.LimitPeriodWEEKLY:
		d.week = random.IntN(7)
	case db.LimitPeriodEVERYDAYS:
		d.days, d.anchor = 1+random.IntN(365), d.anchor.AddDate(0, 0, random.IntN(20_000)-10_000)
	default:
		d.day = 1 + random.IntN(31)
	}
	year := time.Date(1970+random.IntN(131), 1, 1, 0, 0, 0, 0, time.UTC)
	d.at = year.Add(time.Duration(random.Int64N(int64(365 * 24 * time.Hour)))).Truncate(time.Microsecond)
	if location == nil || random.IntN(2) == 0 {
		return d
	}
	var changes []time.Time
	for day := year; day.Year() == year.Year(); day = day.AddDate(0, 0, 1) {
		if offsetOf(day, location) != offsetOf(day.AddDate(0, 0, 1), location) {
			changes = append(changes, day)
		}
	}
	if len(changes) > 0 {
		d.at = changes[random.IntN(len(changes))].Add(time.Duration(random.Int64N(int64(48*time.Hour))) - 12*time.Hour).Truncate(time.Microsecond)
	}
	return d
}

// readPeriods asks the database for the periods of calendars, and fails the test where they do not contain the instant, or leave a gap or
// overlap beside the period.
func readPeriods(t *testing.T, pool *pgxpool.Pool, drawn []*drawnCalendar) {
	t.Helper()
	var zones, periods []string
	var weeks, days, lengths []int
	var anchors, ats []time.Time
	for _, d := range drawn {
		zones, periods = append(zones, d.zone), append(periods, string(d.period))
		weeks, days, lengths = append(weeks, d.week), append(days, d.day), append(lengths, d.days)
		anchors, ats = append(anchors, d.anchor), append(ats, d.at)
	}
	rows, err := pool.Query(context.Background(), `
		select p.period_start, p.period_end,
			p.period_start <= q.at and q.at < p.period_end
			and calendar_period(q.period, q.calendar, p.period_start) = p
			and calendar_period(q.period, q.calendar, p.period_end - interval '1 microsecond') = p
			and (calendar_period(q.period, q.calendar, p.period_end)).period_start = p.period_end
			and (calendar_period(q.period, q.calendar, p.period_start - interval '1 microsecond')).period_end = p.period_start
			and next_period(q.period, q.calendar, p.period_start, q.at) = p
		from (
			select q.index, q.period::limit_period as period, q.at,
				(q.zone, q.week, q.day, q.days, q.anchor)::calendar as calendar
			from unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::date[], $7::timestamptz[]) with ordinality
				q (zone, period, week, day, days, anchor, at, index)
		) q
		cross join lateral calendar_period(q.period, q.calendar, q.at) p
		order by q.index`, zones, periods, weeks, days, lengths, anchors, ats)
	must(t, 0, err)
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		var seamless bool
		must(t, 0, rows.Scan(&drawn[i].start, &drawn[i].end, &seamless))
		if !seamless {
			t.Errorf("%+v is not seamless", drawn[i])
		}
	}
	must(t, 0, rows.Err())
}

// firstInstant returns the first instant at which a clock of the zone shows the day that it shows at an instant, or a later one.
func (d *drawnCalendar) firstInstant(at time.Time) time.Time {
	day := dayOf(at, d.location)
	begin := day.Add(-40 * time.Hour)
	var candidates []time.Time
	for t := begin; t.Before(day.Add(40 * time.Hour)); t = t.Add(15 * time.Minute) {
		offset, next := offsetOf(t, d.location), offsetOf(t.Add(15*time.Minute), d.location)
		candidates = append(candidates, day.Add(-offset))
		if offset == next {
			continue
		}
		for second := range 15 * 60 { // a change may be at any second
			if u := t.Add(time.Duration(second) * time.Second); offsetOf(u, d.location) != offset {
				candidates = append(candidates, u)
				break
			}
		}
	}
	slices.SortFunc(candidates, time.Time.Compare)
	for _, candidate := range candidates {
		if !candidate.Before(begin) && !dayOf(candidate, d.location).Before(day) {
			return candidate
		}
	}
	return time.Time{}
}

// clocksAgree tells whether PostgreSQL's clocks of the zone and Go's show the same at and before two instants.
func (d *drawnCalendar) clocksAgree(t *testing.T, pool *pgxpool.Pool, instants ...time.Time) bool {
	t.Helper()
	for _, instant := range instants {
		for _, at := range []time.Time{instant, instant.Add(-time.Second), instant.Add(-24 * time.Hour), instant.Add(24 * time.Hour)} {
			var shown time.Time
			must(t, 0, pool.QueryRow(context.Background(), `select $1::timestamptz at time zone $2`, at, d.zone).Scan(&shown))
			if !shown.Equal(at.UTC().Add(offsetOf(at, d.location))) {
				return false
			}
		}
	}
	return true
}

func offsetOf(at time.Time, location *time.Location) time.Duration {
	_, offset := at.In(location).Zone()
	return time.Duration(offset) * time.Second
}

// dayOf returns the day that a clock shows, at 00:00 UTC.
func dayOf(at time.Time, location *time.Location) time.Time {
	return at.UTC().Add(offsetOf(at, location)).Truncate(24 * time.Hour)
}

// Zones with odd rules begin their days where the sources say. Rules that governments have changed since, or that a machine's data do not have
// yet, are marked: there PostgreSQL may have an older value.
func TestDaysOfOddZones(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for _, c := range []struct {
		zone, day, start, next string
		why                    string
		older                  string // the start by data before the change; "" where all data that are in use have it
	}{
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", "saving is half an hour: a day of 24.5 hours (tzdata, australasia: rule LH)", ""},
		{"Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z", "and one of 23.5 hours", ""},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "Samoa left out 30 December 2011: it begins, and ends, when the 31st does (International Date Line Act 2011)", ""},
		{"Pacific/Kwajalein", "1993-08-21", "1993-08-21T12:00:00Z", "1993-08-21T12:00:00Z", "Kwajalein left out 21 August 1993 (tzdata, australasia)", ""},
		{"Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z", "midnight does not exist: clocks go from 00:00 to 01:00 (tzdata, asia: rule Lebanon)", ""},
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", "midnight does not exist: 24:00 of Saturday is 01:00 (tzdata, southamerica: rule Chile)", ""},
		{"America/Santiago", "2026-04-05", "2026-04-05T04:00:00Z", "2026-04-06T04:00:00Z", "23:00 to 24:00 of Saturday comes twice: the day before has 25 hours", ""},
		{"America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "midnight does not exist (tzdata, northamerica: rule Cuba)", ""},
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "midnight comes twice, at 04:00 and 05:00 UTC: the first counts", ""},
		{"Africa/Casablanca", "2026-02-15", "2026-02-14T23:00:00Z", "2026-02-16T00:00:00Z", "Ramadan 2026 takes the clock back an hour on 15 February (tzdata, africa: rule Morocco)", ""},
		{"Africa/El_Aaiun", "2026-03-22", "2026-03-22T00:00:00Z", "2026-03-22T23:00:00Z", "and forward again after Ramadan, on 22 March", ""},
		{"Europe/Dublin", "2026-10-25", "2026-10-24T23:00:00Z", "2026-10-26T00:00:00Z", "winter time is the saving, of minus one hour (Standard Time Act 1971): 25 hours all the same", ""},
		{"America/St_Johns", "2010-03-14", "2010-03-14T03:30:00Z", "2010-03-15T02:30:00Z", "changed at 00:01 until 2011 (tzdata, northamerica: rule StJohns)", ""},
		{"America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z", "00:01 was 23:01 of the day before again: its midnight came twice", ""},
		{"Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z", "2026-01-01T18:15:00Z", "5:45 ahead since 1986", ""},
		{"Pacific/Chatham", "2026-04-05", "2026-04-04T10:15:00Z", "2026-04-05T11:15:00Z", "13:45 ahead in summer", ""},
		{"America/Vancouver", "2026-12-01", "2026-12-01T07:00:00Z", "2026-12-02T07:00:00Z", "British Columbia stays 7 hours behind since 2026 (tzdata 2026b)", "2026-12-01T08:00:00Z"},
		{"Europe/Chisinau", "2022-03-27", "2022-03-26T22:00:00Z", "2022-03-27T21:00:00Z", "Moldova changes clocks at 01:00 UTC since 2022, at 00:00 UTC in data before tzdata 2026a: its days begin the same", ""},
	} {
		var start, next, at time.Time
		must(t, 0, pool.QueryRow(context.Background(), `select day_start($1, $2::date), day_start($1, $2::date + 1),
			(calendar_period('DAILY', ($1, 0, 1, null, null)::calendar, day_start($1, $2::date))).period_start`, c.zone, c.day).Scan(&start, &next, &at))
		name := c.zone + " " + c.day + ": " + c.why
		if got := start.UTC().Format(time.RFC3339); got == c.older && got != c.start {
			t.Logf("%s: the machine's data of time zones are older", name)
			continue
		}
		equal(t, name, start.UTC().Format(time.RFC3339)+" to "+next.UTC().Format(time.RFC3339), c.start+" to "+c.next)
		equalTime(t, name+": the period at its beginning", at, start)
	}
}

// A day of 23 hours and one of 25 hours are whole periods in enforcement: what is used up stays so to their last microsecond, and the next
// midnight there opens the next one.
func TestBudgetsOfDaysWithDaylightSaving(t *testing.T) {
	t.Parallel()
	for day, length := range map[string]time.Duration{"2026-03-29": 23 * time.Hour, "2026-10-25": 25 * time.Hour, "2026-07-01": 24 * time.Hour} {
		g := newGateway(t)
		var start time.Time
		must(t, 0, g.Pool.QueryRow(context.Background(), `select ($1::date)::timestamp at time zone 'Europe/Berlin'`, day).Scan(&start))
		g.now = start
		budget := g.calendarBudget(db.LimitPeriodDAILY, `{"time_zone": "Europe/Berlin"}`, 10)
		end := start.Add(length)
		limit := g.limit(budget)
		equalTime(t, day+" begins", limit.PeriodStart, start)
		equalTime(t, day+" ends", *limit.PeriodEnd, end)
		g.book(reportTokens(10))
		g.now = end.Add(-time.Microsecond)
		equalTime(t, "until", *g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED).Denials[0].RetryAt, end)
		g.now = end
		g.admit(estimateTokens(10))
		equal(t, "generation", g.limit(budget).Generation, 1)
	}
}

// A period that is open keeps the bounds that it was opened with when the rules of its time zone change. The next one begins where it ends, without
// a gap or an overlap, and ends by the new rules; one that would last less than half a day is part of the next. What is answered before a counter
// is rolled is what rolling it stores.
func TestOpenPeriodKeepsItsBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ ended, next time.Duration }{
		"midnight came an hour later before":   {ended: time.Hour, next: 24 * time.Hour},
		"midnight came an hour earlier before": {ended: -time.Hour, next: 24 * time.Hour},
		"the zone was on the other side":       {ended: 14 * time.Hour, next: 48 * time.Hour},
	} {
		g := newGateway(t)
		midnight := time.Date(2026, 6, 9, 22, 0, 0, 0, time.UTC) // 10 June in Berlin
		g.now = midnight.Add(-12 * time.Hour)
		budget := g.calendarBudget(db.LimitPeriodDAILY, `{"time_zone": "Europe/Berlin"}`, 10)
		g.book(reportTokens(10))
		ended := midnight.Add(c.ended)
		g.exec(`update counters set period_end = $1`, ended) // as by rules before
		g.now = ended.Add(-time.Microsecond)
		equalTime(t, name+": the open period ends", *g.limit(budget).PeriodEnd, ended)
		g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED)
		g.reset(budget)
		equalTime(t, name+": it ends there also after a reset by hand", *g.limit(budget).PeriodEnd, ended)
		g.book(reportTokens(10))

		g.now = midnight.AddDate(0, 0, 4).Add(time.Hour)
		answered := g.limit(budget)
		g.admit(estimateTokens(1))
		stored := g.limit(budget)
		equalTime(t, name+": what is answered begins where the stored one does", answered.PeriodStart, stored.PeriodStart)
		equalTime(t, name+": what is answered ends where the stored one does", *answered.PeriodEnd, *stored.PeriodEnd)
		periods := g.history(budget)
		slices.SortFunc(periods, func(a, b *db.BudgetPeriod) int { return int(a.PeriodNumber - b.PeriodNumber) })
		equalTime(t, name+": the next period ends by the new rules", *periods[2].PeriodEnd, midnight.Add(c.next))
		for i := 2; i < len(periods); i++ {
			equalTime(t, name+": a period begins where the one before it ends", periods[i].PeriodStart, *periods[i-1].PeriodEnd)
		}
	}
}

// Another time zone, week start, day of the month, number of days or anchor begins a new generation at zero. What is given and is so already does
// not, and neither does another amount.
func TestAnotherCalendarBeginsAGeneration(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	weekly := g.calendarBudget(db.LimitPeriodWEEKLY, `{"time_zone": "Europe/Berlin", "week_starts_on": 1}`, 100)
	g.book(reportTokens(1))
	for i, c := range []struct {
		period, options string
		anew            bool
	}{
		{"", `{"time_zone": "Europe/Berlin"}`, false},
		{"", `{"week_starts_on": 1}`, false},
		{"", `{"week_starts_on": 2}`, true},
		{"", `{"time_zone": "Asia/Kathmandu"}`, true},
		{"MONTHLY", `{}`, true},
		{"MONTHLY", `{"day_of_month": 1}`, false},
		{"", `{"day_of_month": 31}`, true},
		{"EVERY_DAYS", `{"reset_days": 10}`, true},
		{"", `{"reset_days": 10}`, false},
		{"", `{"reset_days": 11}`, true},
		{"", `{"reset_anchor": "2026-01-01"}`, true},
		{"NONE", `{}`, true},
	} {
		before := g.limit(weekly)
		g.exec(`select update_budget_limit($1, $2, null, nullif($3, '')::limit_period, 101, null, $4, $5)`, g.Organization.ID, weekly, c.period, c.options, g.now)
		after := g.limit(weekly)
		equal(t, c.options+" begins a generation", after.Generation > before.Generation, c.anew)
		equal(t, c.options+" keeps what was used", after.UsedUnits.Equal(before.UsedUnits), !c.anew)
		g.book(reportTokens(int64(i + 1)))
	}
	equal(t, "calendar of NONE", g.limit(weekly).Calendar == nil, true)
	g.verified()
}
