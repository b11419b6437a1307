package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/db/model"
	"bursar/fault"
)

// usage lists the organization's usage.
func (g *gateway) usage(from, to time.Time, interval db.UsageInterval, dimensions ...db.UsageDimension) []*db.UsageBucket {
	g.T.Helper()
	names := []string{}
	for _, d := range dimensions {
		names = append(names, string(d))
	}
	buckets, err := db.New().ListUsage(context.Background(), g.Pool, &db.ListUsageParams{OrganizationID: g.Organization.ID,
		FromTime: from, ToTime: to, BucketInterval: interval, Dimensions: names})
	return must(g.T, buckets, err)
}

// sameAsLedger fails the test unless usage is what a plain sum over the ledger says, bucket by bucket.
func (g *gateway) sameAsLedger(interval db.UsageInterval, dimensions ...db.UsageDimension) {
	g.T.Helper()
	from, to := noon.AddDate(0, 0, -2), noon.AddDate(0, 2, 0)
	type key struct{ key, workspace, provider, model, tier, start string }
	var got, want = map[key]string{}, map[key]string{}
	for _, b := range g.usage(from, to, interval, dimensions...) {
		if b.Requests.IsZero() && b.CostNanos.IsZero() && b.InputTokens.IsZero() && b.OutputTokens.IsZero() && b.Images.IsZero() && b.WebSearches.IsZero() {
			continue
		}
		got[key{fmt.Sprint(b.APIKeyID), fmt.Sprint(b.WorkspaceID), b.Provider, b.Model, b.ServiceTier, b.BucketStart.UTC().String()}] =
			fmt.Sprint(b.Requests, b.InputTokens, b.OutputTokens, b.CachedInputTokens, b.CacheWriteTokens, b.CostNanos, b.CacheWrite1hTokens,
				b.ReasoningTokens, b.AudioInputTokens, b.AudioOutputTokens, b.Images, b.WebSearches, b.UnpricedRequests, b.UnpricedEvents)
	}
	type sum struct {
		Key, Workspace, Provider, Model, Tier    string
		Start                                    time.Time
		R, I, O, C, W, N, H, T, A, B, P, S, U, E decimal.Decimal
	}
	unit := map[db.UsageInterval]string{"HOUR": "hour", "DAY": "day", "MONTH": "month", "WEEK": "week"}[interval]
	has := func(d db.UsageDimension) bool { return slices.Contains(dimensions, d) }
	for _, s := range rowsOf[sum](g, `
		select
			case when $2 then api_key_id::text else '<nil>' end, case when $3 then coalesce(workspace_id::text, '<nil>') else '<nil>' end,
			case when $4 then provider else '' end, case when $5 then model else '' end,
			case when $7 then service_tier::text else '' end,
			case $6 when 'week' then date_trunc('week', recorded_at + interval '1 day', 'UTC') - interval '1 day'
				else date_trunc($6, recorded_at, 'UTC') end,
			sum(requests), sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(cache_write_tokens),
			sum(cost_nanos), sum(cache_write_1h_tokens), sum(reasoning_tokens), sum(audio_input_tokens), sum(audio_output_tokens),
			sum(images), sum(web_searches), sum(case when unpriced then requests else 0 end), count(*) filter (where unpriced)
		from usage_events where organization_id = $1 group by 1, 2, 3, 4, 5, 6`,
		g.Organization.ID, has("API_KEY"), has("WORKSPACE"), has("PROVIDER"), has("MODEL"), unit, has("SERVICE_TIER")) {
		if s.R.IsZero() && s.I.IsZero() && s.O.IsZero() && s.N.IsZero() && s.P.IsZero() && s.S.IsZero() {
			continue
		}
		want[key{s.Key, s.Workspace, s.Provider, s.Model, s.Tier, s.Start.UTC().String()}] = fmt.Sprint(s.R, s.I, s.O, s.C, s.W, s.N, s.H, s.T, s.A, s.B, s.P, s.S, s.U, s.E)
	}
	equal(g.T, fmt.Sprint("cells by ", interval, dimensions), len(got), len(want))
	for k, sums := range want {
		equal(g.T, fmt.Sprint("sums of ", k), got[k], sums)
	}
}

// Usage is what a plain sum over the ledger says, at any moment: after any interleaving of records, roll-ups of any size,
// settlements, and transactions that were rolled back and left holes in the positions.
func TestUsageIsTheLedger(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 1<<60, 1<<20)
	g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 1<<40)
	direct, _ := g.Factory.Key(g.Organization.ID, nil, nil)
	keys := []report{reportTokens(0), reportTokens(0).by(g.newKey()), reportTokens(0).by(direct.ID)}
	providers, models, tiers := []string{"", "openai", "anthropic"}, []string{"", "small", "large"}, []string{"", "BATCH", "FLEX"}
	seeded := rand.New(rand.NewPCG(7, 7))
	random := func() report {
		r := keys[seeded.IntN(3)].from(providers[seeded.IntN(3)], models[seeded.IntN(3)])
		r.requests, r.input, r.output, r.nanos = seeded.Int64N(3), seeded.Int64N(1000), seeded.Int64N(1000), seeded.Int64N(1e12)
		r.cached = seeded.Int64N(r.input + 1)
		r.written = seeded.Int64N(r.input - r.cached + 1)
		r.parts = model.Parts{Written1h: seeded.Int64N(r.written + 1), AudioInput: seeded.Int64N(r.input - r.cached - r.written + 1),
			Reasoning: r.output / 3, AudioOutput: r.output / 2, Images: seeded.Int64N(3), Searches: seeded.Int64N(3), Tier: tiers[seeded.IntN(3)]}
		return r
	}
	at := g
	for step := range 150 {
		switch seeded.IntN(10) {
		case 0, 1, 2, 3:
			at.book(random())
		case 4:
			_, err := at.recordOn(g.Pool, &at.now, random(), random(), random())
			must(t, 0, err)
		case 5:
			at.book(random().settling(at.admit(estimateCost(seeded.Int64N(1e9)))))
		case 6:
			at.rolledBack(func(on db.DBTX) {
				_, err := at.recordOn(on, &at.now, random(), random())
				must(t, 0, err)
				if seeded.IntN(2) == 0 {
					_, err = db.New().RollUpUsage(context.Background(), on,
						&db.RollUpUsageParams{OrganizationID: g.Organization.ID, Number: 100})
					must(t, 0, err)
				}
			})
		case 7:
			_, err := db.New().RollUpUsage(context.Background(), g.Pool,
				&db.RollUpUsageParams{OrganizationID: g.Organization.ID, Number: 1 + seeded.Int32N(5)})
			must(t, 0, err)
		case 8:
			at = at.after(time.Duration(seeded.Int64N(int64(30 * time.Hour))))
		case 9:
			if seeded.IntN(3) == 0 {
				g.rollUp()
			}
		}
		if step%50 == 49 {
			for _, interval := range []db.UsageInterval{"HOUR", "DAY", "WEEK", "MONTH"} {
				g.sameAsLedger(interval)
			}
			g.sameAsLedger("DAY", "API_KEY", "WORKSPACE", "PROVIDER", "MODEL", "SERVICE_TIER")
			g.sameAsLedger("HOUR", "SERVICE_TIER")
			g.sameAsLedger("WEEK", "MODEL")
			g.sameAsLedger("HOUR", "WORKSPACE")
			g.verified()
		}
	}
	g.rollUp()
	equal(t, "left to roll up", g.rollUp(), 0)
	g.sameAsLedger("DAY", "API_KEY", "MODEL")
	g.verified()
}

// Every bucket of every series is there, empty ones included; weeks start on Sunday and months on the 1st.
func TestEmptyBucketsArePresent(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	date := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	g.book(reportTokens(5).from("openai", "small"))
	g.rollUp()
	g.at(date(3, 30)).book(reportTokens(7).from("openai", "large"))
	for _, c := range []struct {
		interval db.UsageInterval
		from, to time.Time
		first    time.Time
		buckets  int
	}{
		{"WEEK", date(3, 10), date(3, 30), date(3, 8), 4},
		{"WEEK", date(3, 8), date(3, 15), date(3, 8), 1},
		{"MONTH", date(1, 31), date(5, 2), date(1, 1), 5},
		{"DAY", date(3, 11), date(3, 14), date(3, 11), 3},
		{"DAY", date(3, 11).Add(time.Hour), date(3, 11).Add(2 * time.Hour), date(3, 11), 1},
		{"HOUR", date(3, 11), date(3, 12), date(3, 11), 24},
		{"DAY", date(6, 1), date(6, 3), date(6, 1), 2},
	} {
		buckets := g.usage(c.from, c.to, c.interval)
		name := fmt.Sprint(c.interval, " from ", c.from)
		equal(t, name, len(buckets), c.buckets)
		equalTime(t, name+": first", buckets[0].BucketStart, c.first)
		for i := 1; i < len(buckets); i++ {
			equalTime(t, name+": next", buckets[i].BucketStart, buckets[i-1].BucketEnd)
		}
	}
	series := g.usage(date(3, 1), date(4, 1), "DAY", "MODEL")
	equal(t, "days of two models", len(series), 62)
	sum := db.UsageSum{}
	for _, b := range series {
		sum.Add(b)
	}
	equal(t, "tokens", sum.Tokens().String(), "12")
}

// A report with more buckets than may be is refused.
func TestTooManyBuckets(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	report := func(most int32) ([]*db.UsageBucket, error) {
		return db.New().ListUsage(t.Context(), g.Pool, &db.ListUsageParams{OrganizationID: g.Organization.ID,
			FromTime: noon, ToTime: noon.Add(9*time.Hour + time.Minute), BucketInterval: db.UsageIntervalHOUR, Dimensions: []string{}, Most: &most})
	}
	if buckets, err := report(10); len(buckets) != 10 || err != nil {
		t.Errorf("10 buckets, where 10 may be: %d, %v", len(buckets), err)
	}
	if _, err := report(9); fault.CodeOf(db.Fault(err)) != fault.QueryTooComplex {
		t.Errorf("10 buckets, where 9 may be: %v", err)
	}
}

// Usage is filtered by model, provider, workspace and key; null means all of them.
func TestUsageFilters(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	direct, _ := g.Factory.Key(g.Organization.ID, nil, nil)
	g.book(reportTokens(1).from("openai", "small"))
	g.book(reportTokens(10).from("openai", "large"))
	g.rollUp()
	g.book(reportTokens(100).from("anthropic", "small").by(g.newKey()))
	g.book(reportTokens(1000).from("", "").by(direct.ID))
	g.neighbour().book(reportTokens(10000))
	for want, p := range map[string]db.ListUsageParams{
		"1111": {},
		"101":  {Models: []string{"small"}},
		"11":   {Providers: []string{"openai"}},
		"1010": {Models: []string{"large", ""}},
		"1":    {Models: []string{"small"}, Providers: []string{"openai"}},
		"111":  {WorkspaceID: &g.Workspace.ID},
		"1000": {APIKeyIDs: []uuid.UUID{direct.ID}},
		"1011": {APIKeyIDs: []uuid.UUID{direct.ID, g.Key.ID}},
		"10":   {CreatedByID: &g.Owner.ID, Models: []string{"large", ""}},
		"0":    {Models: []string{}},
	} {
		p.OrganizationID, p.BucketInterval, p.Dimensions = g.Organization.ID, "DAY", []string{}
		p.FromTime, p.ToTime = noon, noon.Add(time.Hour)
		buckets, err := db.New().ListUsage(context.Background(), g.Pool, &p)
		equal(t, "buckets", len(must(t, buckets, err)), 1)
		equal(t, "tokens", buckets[0].InputTokens.String(), want)
	}
}

// A roll-up adds each row exactly once, however many run at the same time as reports come in.
func TestConcurrentRollUps(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	done := make(chan error, 8)
	for worker := range 8 {
		go func() {
			for range 15 {
				var err error
				if worker%2 == 0 {
					_, err = g.recordOn(g.Pool, nil, reportTokens(1).from("openai", "small"), reportTokens(2))
				} else {
					_, err = db.New().RollUpUsage(context.Background(), g.Pool,
						&db.RollUpUsageParams{OrganizationID: g.Organization.ID, Number: 7})
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		must(t, 0, <-done)
	}
	g.verified()
	g.rollUp()
	g.verified()
	equal(t, "tokens of hours", query[int64](g, `select sum(input_tokens)::bigint from usage_hours`), 180)
	equal(t, "tokens of days", query[int64](g, `select sum(input_tokens)::bigint from usage_days`), 180)
}
