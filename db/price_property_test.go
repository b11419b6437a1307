package db_test

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
)

// drawRates draws up to 12 rates, at times of a fraction of a nano-dollar, at times of many dollars.
func drawRates(rt *rapid.T) []*db.PriceRate {
	list := rapid.SliceOfNDistinct(rapid.Custom(func(rt *rapid.T) *db.PriceRate {
		return &db.PriceRate{
			Unit: rapid.SampledFrom(db.AllPriceUnitValues()).Draw(rt, "unit"), ServiceTier: rapid.SampledFrom(db.AllServiceTierValues()).Draw(rt, "tier"),
			AboveInputTokens: rapid.SampledFrom([]int64{0, 0, 0, 1, 128_000, 200_000}).Draw(rt, "above"),
			Picos:            rapid.SampledFrom([]int64{0, 1, 999, 1000, 1001, 2_500_000, 999_999_999_999_999}).Draw(rt, "picos"),
		}
	}), 1, 12, func(r *db.PriceRate) db.PriceRate {
		return db.PriceRate{Unit: r.Unit, ServiceTier: r.ServiceTier, AboveInputTokens: r.AboveInputTokens}
	})
	return list.Draw(rt, "rates")
}

// drawUsage draws usage, of nothing to more than any model takes.
func drawUsage(rt *rapid.T) model.Priced {
	count := func(what string, most int64) int64 {
		return rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, most), rapid.Just(most)).Draw(rt, what)
	}
	u := model.Priced{Requests: count("requests", 1000)}
	u.Tier = string(rapid.SampledFrom(db.AllServiceTierValues()).Draw(rt, "tier"))
	u.Images, u.Searches = count("images", 100), count("searches", 100)
	u.Input = rapid.SampledFrom([]int64{0, 1, 2, 127_999, 128_000, 128_001, 200_000, 200_001, 1_000_000_000_000}).Draw(rt, "input")
	u.Output = rapid.SampledFrom([]int64{0, 1, 7, 500, 64_000, 1_000_000_000_000}).Draw(rt, "output")
	u.Cached = count("cached", u.Input)
	u.Written = count("written", u.Input-u.Cached)
	u.Written1h = count("written for an hour", u.Written)
	u.AudioInput = count("audio in", u.Input)
	u.Reasoning = count("reasoning", u.Output)
	u.AudioOutput = count("audio out", u.Output)
	return u
}

// The cost that the database computes is that of exact fractions, rounded up to a nano-dollar once, for any rates, sizes, service
// tiers, parts and multipliers; the parts that are shown add up to it.
func TestCostIsExact(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	multipliers := []string{"1", "0.85", "0", "1000", "0.000000001", "1.333333333"}
	rapid.Check(t, func(rt *rapid.T) {
		for range 20 {
			price, parts := &model.Price{Rates: drawRates(rt)}, drawUsage(rt)
			multiplier := rapid.SampledFrom(multipliers).Draw(rt, "multiplier")
			encoded, err := json.Marshal(price.Rates)
			must(t, 0, err)
			factor, _ := new(big.Rat).SetString(multiplier)
			arguments := []any{encoded, parts.Tier, parts.Requests, parts.Input, parts.Cached, parts.Written, parts.Written1h, parts.AudioInput,
				parts.Output, parts.Reasoning, parts.AudioOutput, parts.Images, parts.Searches}
			got := query[string](g, `select nanos_of_picos(cost_of(r.steps, r.step_rates, $2::text::service_tier, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13), $14::text::numeric)::text
				from normalize_rates($1) n (rates), resolve_rates(n.rates) r`, append(arguments, multiplier)...)
			if want := price.Cost(parts, factor).String(); got != want {
				rt.Fatalf("%s by %s of %+v: %s, want %s", encoded, multiplier, parts, got, want)
			}
			difference := query[string](g, `select (cost_of(r.steps, r.step_rates, $2::text::service_tier, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
				- (select coalesce(sum(p.quantity::numeric * p.picos), 0) from price_parts(r.steps, r.step_rates, $2::text::service_tier, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) p))::text
				from normalize_rates($1) n (rates), resolve_rates(n.rates) r`, arguments...)
			if difference != "0" {
				rt.Fatalf("the parts of %+v by %s differ by %s", parts, encoded, difference)
			}
		}
	})
}

// No request of the size that is asked for, or less, costs more than its upper bound, whatever its parts; images and searches aside.
func TestUpperBoundIsOne(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rapid.Check(t, func(rt *rapid.T) {
		for range 20 {
			parts, list := drawUsage(rt), drawRates(rt)
			encoded, err := json.Marshal(list)
			must(t, 0, err)
			parts.Images, parts.Searches = 0, 0
			moreIn := rapid.SampledFrom([]int64{0, 1, 200_000}).Draw(rt, "more input")
			moreOut := rapid.SampledFrom([]int64{0, 1, 64_000}).Draw(rt, "more output")
			if query[bool](g, `select c.cost > upper_bound_of(r.steps, r.step_rates, $2::text::service_tier, $3, $4 + $14::bigint, $9 + $15::bigint, 0)
				  or c.cost > upper_bound_of(r.steps, r.step_rates, $2::text::service_tier, $3, 0, 0, $4 + $9 + $14::bigint + $15::bigint)
				from normalize_rates($1) n (rates), resolve_rates(n.rates) r,
				lateral (select cost_of(r.steps, r.step_rates, $2::text::service_tier, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as cost) c`,
				encoded, parts.Tier, parts.Requests, parts.Input, parts.Cached, parts.Written, parts.Written1h, parts.AudioInput,
				parts.Output, parts.Reasoning, parts.AudioOutput, parts.Images, parts.Searches, moreIn, moreOut) {
				rt.Fatalf("%+v costs more than its upper bound by %s", parts, encoded)
			}
		}
	})
}

// Whatever prices are set, ended and planned for whomever, the price that the database finds at any instant is the most specific one that is
// in effect, with the multiplier of then.
func TestFoundPriceIsTheModels(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	patterns := []string{"*", "g*", "gpt*", "gpt-4*", "gpt-4", "gpt-4o", "o3", "GPT-4o*"}
	rapid.Check(t, func(rt *rapid.T) {
		g := newGatewayIn(t, pool)
		g.exec(`delete from prices`)
		organizations := []uuid.UUID{uuid.Nil, g.Organization.ID, g.neighbour().Organization.ID}
		var all model.Model
		for range rapid.IntRange(1, 12).Draw(rt, "prices") {
			p := &model.Price{
				Organization: rapid.SampledFrom(organizations).Draw(rt, "organization"), Provider: rapid.SampledFrom([]string{"openai", "Azure"}).Draw(rt, "provider"),
				Pattern: rapid.SampledFrom(patterns).Draw(rt, "pattern"),
				Rates:   rates(rapid.Int64Range(1, 2).Draw(rt, "picos"), 1),
				From:    g.now.Add(time.Duration(rapid.Int64Range(0, 3).Draw(rt, "hours")) * time.Hour),
			}
			stored, err := db.New().SetPrice(context.Background(), pool, g.priceParams(p.Organization, p.Provider, p.Pattern, &p.From, p.Rates))
			p.ID = must(t, stored, err).ID
			p.Provider, p.Pattern = strings.ToLower(p.Provider), strings.ToLower(p.Pattern)
			if !all.SetPrice(p) {
				equal(t, "an equal price", query[int](g, `select count(*)::integer from prices where id = $1`, p.ID), 1)
			}
			g.now = g.now.Add(time.Duration(rapid.Int64Range(0, 90).Draw(rt, "minutes")) * time.Minute)
		}
		for range 10 {
			at := g.at(g.now.Add(time.Duration(rapid.Int64Range(-600, 600).Draw(rt, "at")) * time.Minute))
			provider, name := rapid.SampledFrom([]string{"", "openai", "azure", "mistral"}).Draw(rt, "of"), rapid.SampledFrom([]string{"gpt-4", "gpt-4o", "GPT-4o-mini", "g", "o3", ""}).Draw(rt, "model")
			want := uuid.Nil
			if p := model.PriceOf(all.Prices, g.Organization.ID, provider, name, at.now); p != nil {
				want = p.ID
			}
			if got := at.priceFound(provider, name); got != want {
				rt.Fatalf("%s %s at %s: %s, want %s of %+v", provider, name, at.now, got, want, all.Prices)
			}
		}
	})
}
