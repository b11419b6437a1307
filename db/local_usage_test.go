package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/fault"
)

// localUsage returns a report in days, weeks or months of a time zone.
func (g *gateway) localUsage(interval db.UsageInterval, zone string, week int16, from, to time.Time, change func(*db.ListLocalUsageParams)) ([]*db.UsageBucket, error) {
	params := &db.ListLocalUsageParams{OrganizationID: g.Organization.ID, FromTime: from, ToTime: to, BucketInterval: interval,
		Dimensions: []string{}, TimeZone: zone, WeekStartsOn: week}
	if change != nil {
		change(params)
	}
	return db.New().ListLocalUsage(context.Background(), g.Pool, params)
}

// A report in a time zone has each unit of usage in the one day of that zone in which it was recorded, rolled up or not, also in days of 23 and 25
// hours; weeks begin on the day that is asked for. The sum of all buckets, and of all series, is the total. Where days do not begin at whole
// hours the report is refused, and so nothing is ever counted in a day that it is not in.
func TestUsageByLocalDays(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	begin := time.Date(2026, 10, 22, 0, 0, 0, 0, time.UTC)
	g.exec(`select create_usage_partitions(4, $1)`, begin)
	total := decimal.Zero
	for i := range 60 {
		g.now = begin.Add(time.Duration(i)*117*time.Minute + 59*time.Minute)
		r := reportTokens(int64(i + 1))
		r.model = []string{"a", "b", "c"}[i%3]
		g.book(r)
		total = total.Add(decimal.NewFromInt(int64(i + 1)))
		if i == 40 {
			g.rollUp()
		}
	}
	from, to := begin, begin.AddDate(0, 0, 6)
	for _, zone := range []string{"Europe/Berlin", "America/Havana", "Pacific/Kiritimati", "UTC"} {
		buckets, err := g.localUsage(db.UsageIntervalDAY, zone, 0, from, to, nil)
		must(t, 0, err)
		sum := decimal.Zero
		for i, bucket := range buckets {
			want := query[decimal.Decimal](g, `select coalesce(sum(e.input_tokens + e.output_tokens), 0)::numeric from usage_events e
				where e.recorded_at >= $1 and e.recorded_at < $2`, bucket.BucketStart, bucket.BucketEnd)
			equal(t, zone+" "+bucket.BucketStart.String(), bucket.InputTokens.Add(bucket.OutputTokens).String(), want.String())
			equal(t, zone+" days", query[int](g, `select ($2::timestamptz at time zone $3)::date - ($1::timestamptz at time zone $3)::date`,
				bucket.BucketStart, bucket.BucketEnd, zone), 1)
			if i > 0 {
				equalTime(t, zone+": a day begins where the one before it ends", bucket.BucketStart, buckets[i-1].BucketEnd)
			}
			sum = sum.Add(bucket.InputTokens).Add(bucket.OutputTokens)
		}
		equal(t, zone+" total", sum.String(), total.String())
		for _, top := range []*int32{nil, new(int32(1))} {
			series, err := g.localUsage(db.UsageIntervalWEEK, zone, 1, from, to, func(p *db.ListLocalUsageParams) {
				p.Dimensions, p.Top = []string{"MODEL"}, top
				if top != nil {
					p.OrderBy = new(db.UsageOrderTOKENS)
				}
			})
			must(t, 0, err)
			sum := decimal.Zero
			for _, bucket := range series {
				sum = sum.Add(bucket.InputTokens).Add(bucket.OutputTokens)
				equal(t, zone+": weeks begin on", query[int](g, `select extract(dow from $1::timestamptz at time zone $2)::integer`, bucket.BucketStart, zone), 1)
			}
			equal(t, zone+" total of series", sum.String(), total.String())
		}
	}
	for _, zone := range []string{"Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham"} {
		if _, err := g.localUsage(db.UsageIntervalDAY, zone, 0, from, to, nil); fault.CodeOf(db.Fault(err)) != fault.BadUserInput {
			t.Errorf("%s: %v, want a refusal", zone, err)
		}
		_, err := g.localUsage(db.UsageIntervalHOUR, zone, 0, from, to, nil)
		must(t, 0, err)
	}
	if _, err := g.localUsage(db.UsageIntervalDAY, "Europe/Berlin", 0, from, to, func(p *db.ListLocalUsageParams) { p.Most = new(int32(5)) }); err == nil {
		t.Error("more buckets than most are answered")
	}
}

// A burn-down has the days of the budget's own calendar, also at three quarters of an hour: its points are what a sum over the ledger says, at
// each midnight there, with what is rolled up and what is not. verify finds no difference, also after a rebuild.
func TestBurnDownByLocalDays(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.now = time.Date(2026, 6, 30, 18, 15, 0, 0, time.UTC) // 1 July in Kathmandu
	begin := g.now
	g.exec(`select create_usage_partitions(4, $1)`, begin)
	budget := g.calendarBudget(db.LimitPeriodMONTHLY, `{"time_zone": "Asia/Kathmandu"}`, 1<<40)
	for i := range 50 {
		g.now = begin.Add(time.Duration(i) * 97 * time.Minute)
		g.book(reportTokens(int64(i + 1)))
		if i == 30 {
			g.rollUp()
		}
	}
	for range 2 {
		points := g.burnDown(budget, db.UsageIntervalDAY)
		equal(t, "points", len(points), 5)
		for i, point := range points[:len(points)-1] {
			equalTime(t, "a midnight in Kathmandu", point.At, begin.AddDate(0, 0, i))
			want := query[decimal.Decimal](g, `select coalesce(sum(e.input_tokens + e.output_tokens), 0)::numeric from usage_events e where e.recorded_at < $1`, point.At)
			equal(t, "used by "+point.At.String(), point.UsedUnits.String(), want.String())
		}
		equalTime(t, "the last point", points[len(points)-1].At, g.now)
		equal(t, "used", points[len(points)-1].UsedUnits.String(), g.limit(budget).UsedUnits.String())
		g.verified()
		g.rollUp()
		g.exec(`select rebuild_rollups($1)`, g.Organization.ID)
	}
}
