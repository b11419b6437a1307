package db_test

import (
	"context"
	"encoding/json"
	"math/big"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
)

// driftCalls stores calls of the numbers $2 to $3 of an organization's key, of a thousand kinds, and charges its budgets as record_usage
// does: each call at its cost by the price, rounded up once.
const driftCalls = `
	with calls as materialized (
		select n, 1 + k as input, k * 3 / 7 as cached, k % 331 as output, k % 331 / 3 as reasoning
		from generate_series($2::bigint, $3::bigint) n cross join lateral (select n % 1000 as k) k
	), priced as materialized (
		select c.*, nanos_of_picos(cost_of(p.steps, p.step_rates, 'STANDARD', 1, c.input, c.cached, 0, 0, 0, c.output, c.reasoning, 0, 0, 0), f.multiplier)::bigint as cost,
			p.id as price_id, f.multiplier
		from calls c, find_price($1, 'acme', 'large', $4) f, prices p
		where p.id = f.id
	), stored as (
		insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens,
			reasoning_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at, price_id, price_multiplier)
		select k.organization_id, uuid_v7($4 - interval '1 day'), nextval('usage_events_position_seq'), k.id, k.workspace_id, 1, p.input, p.output, p.cached,
			p.reasoning, p.cost, 'acme', 'large', 1, c.ids, c.numbers, $4, $4 - p.n % 1440 * interval '1 minute', p.price_id, p.multiplier
		from priced p, api_keys k, (select array_agg(id) as ids, array_agg(period_number) as numbers from counters where organization_id = $1) c
		where k.organization_id = $1
	)
	update counters c set used_units = c.used_units + case c.type when 'COST' then s.cost when 'TOKENS' then s.tokens else s.calls end
	from (select count(*) as calls, sum(input + output)::bigint as tokens, sum(cost)::bigint as cost from priced) s
	where c.organization_id = $1`

// A million priced calls, each of a cost that is no whole number of nano-dollars, cost what exact fractions rounded up one by one add up to,
// to the last nano-dollar and beyond what a floating-point number holds: in the counter, in the roll-ups and in reports. It is 20,000
// unless BURSAR_TEST_REPEAT is 10 or more.
func TestMillionPricedCallsDoNotDrift(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "prices a million calls")
	const chunk = 20_000
	calls := chunk
	if dbtest.Repeat(1) >= 10 {
		calls = 1_000_000
	}
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 9_000_000_000*dollar)
	price := &model.Price{Rates: append(rates(719_999_999_999, 2_160_000_000_001), rate(db.PriceUnitCACHEDINPUTTOKENS, 3_333), rate(db.PriceUnitREASONINGTOKENS, 1),
		rate(db.PriceUnitREQUESTS, 7), &db.PriceRate{Unit: db.PriceUnitINPUTTOKENS, ServiceTier: db.ServiceTierSTANDARD, AboveInputTokens: 500, Picos: 1_440_000_000_001})}
	dayAgo := g.now.AddDate(0, 0, -2)
	encoded, err := json.Marshal(price.Rates)
	must(t, 0, err)
	_, err = db.New().SetPrice(context.Background(), g.Pool, &db.SetPriceParams{Provider: "acme", Model: "large", EffectiveFrom: &dayAgo, Rates: encoded, Now: &g.now})
	must(t, 0, err)
	g.exec(`select set_price_multiplier($1, 'acme', 1.333333333, $2, $3)`, g.Organization.ID, dayAgo, g.now)
	g.exec(`select create_usage_partitions(1, $1)`, dayAgo)

	multiplier, _ := new(big.Rat).SetString("1.333333333")
	const kinds = 1000
	sum := new(big.Int)
	for k := range int64(kinds) {
		parts := model.Priced{Requests: 1, Input: 1 + k, Cached: k * 3 / 7, Output: k % 331}
		parts.Reasoning = parts.Output / 3
		sum.Add(sum, new(big.Int).Mul(price.Cost(parts, multiplier), big.NewInt(int64(calls/kinds))))
	}
	for first := 0; first < calls; first += chunk {
		g.exec(driftCalls, g.Organization.ID, first, first+chunk-1, g.now)
	}
	if sum.Cmp(new(big.Int).Lsh(big.NewInt(1), 53)) < 0 {
		t.Fatalf("%s nano-dollars are a number that a float holds", sum)
	}
	reported := func() string {
		total := new(big.Int)
		for _, b := range g.usage(dayAgo, g.now.AddDate(0, 0, 1), db.UsageIntervalDAY) {
			total.Add(total, b.CostNanos.BigInt())
		}
		return total.String()
	}
	g.counts(budget, sum.Int64(), 0)
	equal(t, "reported in the ledger's tail", reported(), sum.String())
	for g.rollUp() > 0 {
	}
	equal(t, "reported when rolled up", reported(), sum.String())
	for _, table := range []string{"usage_hours", "usage_days", "usage_workspace_hours", "usage_workspace_days"} {
		equal(t, table, query[string](g, `select sum(cost_nanos)::text from `+table+` where organization_id = $1`, g.Organization.ID), sum.String())
	}
}
