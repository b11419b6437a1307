package db_test

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"bursar/db"
)

// Money is exact to the nano-dollar: a million tokens at $0.05 a million, one by one, are five cents and nothing else.
func TestNanoDollarsAreExact(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, dollar)
	for range 10 {
		batch := make([]report, 100)
		for i := range batch {
			batch[i] = reportCost(50)
		}
		_, err := g.recordOn(g.Pool, &g.now, batch...)
		must(t, 0, err)
	}
	g.counts(budget, 50_000, 0)
	equal(t, "used", g.limit(budget).Used().String(), "0.00005")
	equal(t, "remaining", g.limit(budget).Remaining().String(), "0.99995")
	g.admit(estimateCost(dollar - 50_000))
	g.deny(estimateCost(1), db.DenialReasonBUDGETEXHAUSTED)
	g.verified()
}

// A budget admits to the last nano-dollar and not one further, also where a float would have lost it.
func TestLargeBudgetsAreExact(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	const amount = int64(9_007_199_254_740_993) // 2⁵³ + 1
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, amount)
	g.book(reportCost(amount - 2))
	g.admit(estimateCost(1))
	g.deny(estimateCost(2), db.DenialReasonBUDGETEXHAUSTED)
	g.admit(estimateCost(1))
	g.counts(budget, amount-2, 2)
	equal(t, "amount in an answer", g.check(estimateCost(0)).Limits[0].MaxUnits, amount)
	equal(t, "used in an answer", g.check(estimateCost(0)).Limits[0].UsedUnits.String(), "9007199254740991")
}

// What is used may pass 2⁶³: every report is booked in full, in counters, history, alerts, roll-ups and usage.
func TestUsedPasses64Bits(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodWEEKLY, math.MaxInt64, math.MaxInt64-1)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, math.MaxInt64)
	for range 3 {
		g.book(reportCost(math.MaxInt64).counting(math.MaxInt64))
	}
	want := decimal.NewFromInt(math.MaxInt64).Mul(whole(3))
	equal(t, "used", g.limit(budget).UsedUnits.Equal(want), true)
	equal(t, "requests", g.limit(rate).UsedUnits.Equal(want), true)
	g.raised(budget, math.MaxInt64-1, 0)
	g.deny(estimateCost(0), db.DenialReasonBUDGETEXHAUSTED, db.DenialReasonRATELIMITED)
	g.rollUp()
	g.book(reportCost(math.MaxInt64))
	equal(t, "usage", g.usage(noon, noon.Add(1), "DAY")[0].CostNanos.Equal(want.Add(whole(math.MaxInt64))), true)
	equal(t, "requests past 64 bits", g.usage(noon, noon.Add(1), "DAY")[0].TotalRequests().Equal(want.Add(whole(1))), true)
	next := g.after(7 * 24 * 3600 * 1e9)
	next.closePeriods()
	equal(t, "history", g.history(budget)[0].UsedUnits.Equal(want.Add(whole(math.MaxInt64))), true)
	g.verified()
}

// The largest estimates are refused or held without an error, beside what is used and held already.
func TestLargestEstimates(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, math.MaxInt64)
	held := g.admit(estimateCost(math.MaxInt64 - 1))
	g.deny(estimateCost(math.MaxInt64), db.DenialReasonBUDGETEXHAUSTED)
	g.admit(estimateCost(1))
	g.counts(budget, 0, math.MaxInt64)
	g.book(reportCost(math.MaxInt64).settling(held))
	g.deny(estimateCost(math.MaxInt64), db.DenialReasonBUDGETEXHAUSTED)
	g.verified()
}
