package db_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
)

// usageSeries is a series of a report: its buckets, and the sum that orders it.
type usageSeries struct {
	buckets []*db.UsageBucket
	units   decimal.Decimal
}

func seriesOf(buckets []*db.UsageBucket, by db.UsageOrder) (series []*usageSeries) {
	for i, b := range buckets {
		if i == 0 || !b.SameSeries(buckets[i-1]) {
			series = append(series, &usageSeries{})
		}
		last := series[len(series)-1]
		last.buckets = append(last.buckets, b)
		last.units = last.units.Add(map[db.UsageOrder]decimal.Decimal{
			db.UsageOrderCOST: b.CostNanos, db.UsageOrderTOKENS: b.InputTokens.Add(b.OutputTokens), db.UsageOrderREQUESTS: b.Requests}[by])
	}
	return series
}

// sums returns what a bucket has, as text.
func sums(b *db.UsageBucket) string {
	return fmt.Sprint(b.BucketStart.UTC(), b.BucketEnd.UTC(), b.Requests, b.InputTokens, b.OutputTokens, b.CachedInputTokens, b.CacheWriteTokens, b.CostNanos,
		b.Denied, b.CacheWrite1hTokens, b.ReasoningTokens, b.AudioInputTokens, b.AudioOutputTokens, b.Images, b.WebSearches, b.UnpricedRequests)
}

// plus returns the sums of two series, bucket by bucket.
func plus(a, b []*db.UsageBucket) []*db.UsageBucket {
	result := make([]*db.UsageBucket, len(b))
	for i, x := range b {
		sum := *x
		if a != nil {
			sum.Requests, sum.CostNanos = x.Requests.Add(a[i].Requests), x.CostNanos.Add(a[i].CostNanos)
			sum.InputTokens, sum.OutputTokens = x.InputTokens.Add(a[i].InputTokens), x.OutputTokens.Add(a[i].OutputTokens)
			sum.CachedInputTokens = x.CachedInputTokens.Add(a[i].CachedInputTokens)
			sum.CacheWrite1hTokens, sum.ReasoningTokens = x.CacheWrite1hTokens.Add(a[i].CacheWrite1hTokens), x.ReasoningTokens.Add(a[i].ReasoningTokens)
			sum.AudioInputTokens, sum.AudioOutputTokens = x.AudioInputTokens.Add(a[i].AudioInputTokens), x.AudioOutputTokens.Add(a[i].AudioOutputTokens)
			sum.Images, sum.WebSearches = x.Images.Add(a[i].Images), x.WebSearches.Add(a[i].WebSearches)
			sum.CacheWriteTokens, sum.Denied = x.CacheWriteTokens.Add(a[i].CacheWriteTokens), x.Denied.Add(a[i].Denied)
		}
		result[i] = &sum
	}
	return result
}

func byID(a, b *uuid.UUID) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(len(fmt.Sprint(a)), len(fmt.Sprint(b))) // "<nil>" is shorter than an id
	default:
		return bytes.Compare(a[:], b[:])
	}
}

// drawUsage books up to 14 reports of random keys, providers, models and tiers in about 10 days from noon on, and denied requests; some of it is rolled up.
func (g *gateway) drawUsage(rt *rapid.T, keys []uuid.UUID) {
	for range rapid.IntRange(0, 14).Draw(rt, "reports") {
		// few different amounts, so that there are ties
		r := reportTokens(rapid.Int64Range(0, 2).Draw(rt, "input")).by(rapid.SampledFrom(keys).Draw(rt, "key")).
			from(rapid.SampledFrom([]string{"", "openai"}).Draw(rt, "provider"), rapid.SampledFrom([]string{"", "small", "large"}).Draw(rt, "model"))
		r.requests, r.nanos, r.output = rapid.Int64Range(0, 2).Draw(rt, "requests"), rapid.Int64Range(0, 2).Draw(rt, "nanos"), r.input
		r.written, r.parts = r.input, model.Parts{Written1h: r.input, Reasoning: r.output, Images: r.nanos, Searches: r.requests,
			Tier: rapid.SampledFrom([]string{"", "BATCH"}).Draw(rt, "tier")}
		g.book(r)
		if rapid.Bool().Draw(rt, "is denied") {
			g.exec(`insert into denial_counts (organization_id, id, hour, workspace_id, api_key_id, reason, denials, requests)
				select $1, (uuid_v7_prefix(h) || substr(gen_random_uuid()::text, 16))::uuid, h, k.workspace_id, k.id, 'KEY_EXPIRED', 3, $4
				from period_start('HOUR', $2) h left join api_keys k on k.id = $3`,
				g.Organization.ID, g.now, rapid.SampledFrom(append(keys, uuid.Nil)).Draw(rt, "denied"), rapid.IntRange(0, 2).Draw(rt, "requests denied"))
		}
		g.now = g.now.Add(time.Duration(rapid.Int64Range(0, int64(30*time.Hour)).Draw(rt, "later")))
		if rapid.IntRange(0, 3).Draw(rt, "rolls up") == 0 {
			_, err := g.rollUpOn(g.Pool, rapid.Int32Range(1, 9).Draw(rt, "rows"))
			must(g.T, 0, err)
		}
	}
}

// drawFilter draws the dimensions and the filter of a report.
func (g *gateway) drawFilter(rt *rapid.T, keys []uuid.UUID, p *db.ListUsageParams) {
	p.Dimensions = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"API_KEY", "WORKSPACE", "MODEL", "PROVIDER", "SERVICE_TIER"}), 0, 3, rapid.ID).Draw(rt, "dimensions")
	switch rapid.IntRange(0, 6).Draw(rt, "filter") {
	case 0:
		p.APIKeyIDs = keys[1:3]
	case 1:
		p.WorkspaceID = &g.Workspace.ID
	case 2:
		p.Models = []string{"small", ""}
	case 3:
		p.Providers, p.CreatedByID = []string{"openai"}, &g.Owner.ID
	case 4:
		p.ServiceTiers = []string{"BATCH", "FLEX"}
	}
}

// The largest series of a report are those of the whole report with the largest sums, equal ones by workspace, API key, provider, model and
// service tier, and the others are the sum of all the rest, bucket by bucket: whatever is rolled up and whatever is not, for all dimensions, filters and
// intervals.
func TestTopSeriesAreThoseOfTheWholeReport(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := newGatewayIn(t, pool)
		direct, _ := g.Factory.Key(g.Organization.ID, nil, nil)
		keys := []uuid.UUID{g.Key.ID, g.newKey(), g.newKey(), direct.ID}
		g.drawUsage(rt, keys)
		p := db.ListUsageParams{OrganizationID: g.Organization.ID, FromTime: noon.AddDate(0, 0, rapid.IntRange(-1, 3).Draw(rt, "from")),
			ToTime: noon.AddDate(0, 0, 20), BucketInterval: rapid.SampledFrom(db.AllUsageIntervalValues()).Draw(rt, "interval")}
		g.drawFilter(rt, keys, &p)
		whole, err := db.New().ListUsage(t.Context(), pool, &p)
		must(t, 0, err)
		order := rapid.SampledFrom(db.AllUsageOrderValues()).Draw(rt, "order")
		want := seriesOf(whole, order)
		slices.SortStableFunc(want, func(a, b *usageSeries) int {
			x, y := a.buckets[0], b.buckets[0]
			return cmp.Or(b.units.Cmp(a.units), byID(x.WorkspaceID, y.WorkspaceID), byID(x.APIKeyID, y.APIKeyID),
				cmp.Compare(x.Provider, y.Provider), cmp.Compare(x.Model, y.Model), cmp.Compare(x.ServiceTier, y.ServiceTier))
		})
		same := func(name string, got []*db.UsageBucket, want []*usageSeries) {
			series := seriesOf(got, order)
			equal(t, name+": series", len(series), len(want))
			for i := range min(len(series), len(want)) {
				a, b := series[i].buckets, want[i].buckets
				equal(t, name+": buckets", len(a), len(b))
				for j := range min(len(a), len(b)) {
					equal(t, fmt.Sprint(name, ": bucket of series ", i), sums(a[j]), sums(b[j]))
					if !a[j].SameSeries(b[j]) {
						t.Errorf("%s: series %d is %v, want %v", name, i, a[j], b[j])
					}
				}
			}
		}
		p.OrderBy = &order
		ordered, err := db.New().ListUsage(t.Context(), pool, &p)
		same("ordered", must(t, ordered, err), want)
		top := rapid.IntRange(1, 5).Draw(rt, "top")
		if top < len(want) {
			var rest []*db.UsageBucket
			for _, s := range want[top:] {
				rest = plus(rest, s.buckets)
			}
			for _, b := range rest {
				b.APIKeyID, b.WorkspaceID, b.Provider, b.Model, b.ServiceTier, b.Others = nil, nil, "", "", "", true
			}
			want = append(want[:top:top], &usageSeries{buckets: rest})
		}
		p.Top = new(int32(top))
		largest, err := db.New().ListUsage(t.Context(), pool, &p)
		same(fmt.Sprint("top ", top), must(t, largest, err), want)
	})
}
