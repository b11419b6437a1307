package catalogue_test

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bursar/catalogue"
	"bursar/usage"
)

// drawPrice draws a price with any rates.
func drawPrice(t *rapid.T) *catalogue.Price {
	p := &catalogue.Price{}
	for _, unit := range catalogue.Units() {
		for _, tier := range usage.ServiceTiers() {
			for _, above := range []int64{0, 1000, 200_000} {
				if rapid.IntRange(0, 3).Draw(t, "has") == 0 {
					p.Rates = append(p.Rates, catalogue.Rate{Unit: unit, ServiceTier: tier, AboveInputTokens: above, Picos: rapid.Int64Range(0, catalogue.MaxPicos).Draw(t, "picos")})
				}
			}
		}
	}
	return p
}

// drawParts draws parts that are no more than their whole.
func drawParts(t *rapid.T) *usage.Parts {
	tokens := rapid.OneOf(rapid.Int64Range(0, 3000), rapid.Int64Range(0, 400_000), rapid.Int64Range(0, usage.MaxQuantity))
	p := &usage.Parts{ServiceTier: rapid.SampledFrom(usage.ServiceTiers()).Draw(t, "tier"), Requests: rapid.Int64Range(0, 2).Draw(t, "requests"),
		InputTokens: tokens.Draw(t, "input"), OutputTokens: tokens.Draw(t, "output"), Images: rapid.Int64Range(0, 9).Draw(t, "images"), WebSearches: rapid.Int64Range(0, 9).Draw(t, "searches")}
	part := func(of int64, name string) int64 { return rapid.Int64Range(0, of).Draw(t, name) }
	p.CachedInputTokens = part(p.InputTokens, "cached")
	p.CacheWriteTokens = part(p.InputTokens-p.CachedInputTokens, "writes")
	p.CacheWrite1hTokens = part(p.CacheWriteTokens, "hours")
	p.AudioInputTokens = part(p.InputTokens, "audio")
	p.ReasoningTokens = part(p.OutputTokens, "reasoning")
	p.AudioOutputTokens = part(p.OutputTokens, "audio out")
	return p
}

// modelRate is the rate by the rules of the manual, in dollars: the largest size that is exceeded; the service tier, else STANDARD; else the unit that is
// charged for in place of this one.
func modelRate(p *catalogue.Price, parts *usage.Parts, units ...catalogue.Unit) *big.Rat {
	for _, unit := range units {
		for _, tier := range []usage.ServiceTier{parts.ServiceTier, usage.Standard} {
			for _, above := range []int64{200_000, 1000, 0} {
				at := slices.IndexFunc(p.Rates, func(r catalogue.Rate) bool {
					return r.Unit == unit && r.ServiceTier == tier && r.AboveInputTokens == above
				})
				if at >= 0 && (above == 0 || parts.InputTokens > above) {
					return big.NewRat(p.Rates[at].Picos, 1_000_000_000_000)
				}
			}
		}
	}
	return new(big.Rat)
}

// Guarantee: what usage costs is the exact sum of its parts at their rates, each token once, rounded up once to a nano-dollar, for any price and
// any parts, also such as have tokens in common.
func TestCostIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, u := drawPrice(t), drawParts(t)
		sum := new(big.Rat)
		audio, audioOut := min(u.AudioInputTokens, u.InputTokens-u.CachedInputTokens-u.CacheWriteTokens), min(u.AudioOutputTokens, u.OutputTokens-u.ReasoningTokens)
		for _, part := range []struct {
			quantity int64
			units    []catalogue.Unit
		}{
			{u.InputTokens - u.CachedInputTokens - u.CacheWriteTokens - audio, []catalogue.Unit{catalogue.InputTokens}},
			{u.CachedInputTokens, []catalogue.Unit{catalogue.CachedInputTokens, catalogue.InputTokens}},
			{u.CacheWriteTokens - u.CacheWrite1hTokens, []catalogue.Unit{catalogue.CacheWriteTokens, catalogue.InputTokens}},
			{u.CacheWrite1hTokens, []catalogue.Unit{catalogue.CacheWrite1hTokens, catalogue.CacheWriteTokens, catalogue.InputTokens}},
			{audio, []catalogue.Unit{catalogue.AudioInputTokens, catalogue.InputTokens}},
			{u.OutputTokens - u.ReasoningTokens - audioOut, []catalogue.Unit{catalogue.OutputTokens}},
			{u.ReasoningTokens, []catalogue.Unit{catalogue.ReasoningTokens, catalogue.OutputTokens}},
			{audioOut, []catalogue.Unit{catalogue.AudioOutputTokens, catalogue.OutputTokens}},
			{u.Images, []catalogue.Unit{catalogue.Images}}, {u.Requests, []catalogue.Unit{catalogue.Requests}}, {u.WebSearches, []catalogue.Unit{catalogue.WebSearches}},
		} {
			cost := modelRate(p, u, part.units...)
			sum.Add(sum, cost.Mul(cost, big.NewRat(part.quantity, 1)))
		}
		got := new(big.Rat).SetFrac(p.Cost(u), big.NewInt(1_000_000_000))
		over := got.Sub(got, sum)
		if over.Sign() < 0 || over.Cmp(big.NewRat(1, 1_000_000_000)) >= 0 {
			t.Fatalf("the cost is %s dollars more than the exact sum %s, want 0 or more and less than a nano-dollar", over, sum)
		}
	})
}

// Guarantee: a price of a name comes before those of its beginnings, a longer beginning before a shorter, and one that is not in effect never.
func TestFind(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	c := read(t, `{"prices": [
		{"provider": "p", "model": "m*", "rates": [{"unit": "IMAGES", "perMillion": "1"}]}, {"provider": "p", "model": "m-long*", "rates": [{"unit": "IMAGES", "perMillion": "2"}]},
		{"provider": "p", "model": "m-long-1", "effectiveFrom": "2026-01-02", "effectiveTo": "2026-01-03", "rates": [{"unit": "IMAGES", "perMillion": "3"}]},
		{"provider": "q", "model": "m-long-1", "rates": [{"unit": "IMAGES", "perMillion": "4"}]}]}`)
	for _, test := range []struct {
		model string
		at    int
		want  string
	}{{"M-LONG-1", 2, "3"}, {"m-long-1", 1, "2"}, {"m-long-1", 3, "2"}, {"m-long", 2, "2"}, {"m-lon", 2, "1"}, {"m", 2, "1"}, {"n", 2, ""}} {
		got := ""
		if p, ok := c.Find("P", test.model, day(test.at)); ok {
			got = p.Rates[0].PerMillion()
		}
		if got != test.want {
			t.Errorf("on day %d %s costs %q, want %q", test.at, test.model, got, test.want)
		}
	}
}
