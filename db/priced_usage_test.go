package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
)

// pricedEvent is what a test reads of a row of the ledger.
type pricedEvent struct {
	CostNanos  int64
	PriceID    *uuid.UUID
	Multiplier string
	Unpriced   bool
	Tier       string
	Provider   string
	Model      string
}

func (g *gateway) pricedEvent(id uuid.UUID) *pricedEvent {
	g.T.Helper()
	return rowsOf[pricedEvent](g, `select cost_nanos, price_id, coalesce(price_multiplier::text, ''), unpriced, service_tier::text, provider, model
		from usage_events where id = $1`, id)[0]
}

// wantPriced fails the test unless a report was booked at a cost by a price; nil: by none.
func (g *gateway) wantPriced(what string, r report, nanos int64, by *db.Price) {
	g.T.Helper()
	event := g.pricedEvent(g.book(r).ID)
	equal(g.T, what+": cost", event.CostNanos, nanos)
	equal(g.T, what+": unpriced", event.Unpriced, by == nil)
	id := uuid.Nil
	if by != nil {
		id = by.ID
	}
	got := uuid.Nil
	if event.PriceID != nil {
		got = *event.PriceID
	}
	equal(g.T, what+": price", got, id)
}

// A reservation of a model without a cost holds its upper bound: all input at the dearest rate of input, all output that it may have, at most
// what the price says that the model writes. A cost and tokens that are given are held as they are.
func TestReservationHoldsTheUpperBound(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	params := g.priceParams(uuid.Nil, "openai", "gpt-4", nil, append(rates(2_000, 10_000), rate(db.PriceUnitCACHEWRITETOKENS, 2_500),
		rate(db.PriceUnitCACHEDINPUTTOKENS, 500), rate(db.PriceUnitREQUESTS, 1_000_000),
		&db.PriceRate{Unit: db.PriceUnitINPUTTOKENS, ServiceTier: db.ServiceTierBATCH, Picos: 1_000},
		&db.PriceRate{Unit: db.PriceUnitOUTPUTTOKENS, ServiceTier: db.ServiceTierSTANDARD, AboveInputTokens: 1000, Picos: 20_000}))
	most := int64(64_000)
	params.MaxOutputTokens = &most
	price, err := db.New().SetPrice(context.Background(), g.Pool, params)
	must(t, 0, err)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 1000*dollar)
	held := func(what string, e estimate, tokens, nanos int64) {
		t.Helper()
		for _, answer := range []*db.UsageAnswer{g.check(e), g.reserve(e)} {
			wantReasons(t, answer)
		}
		r := rowsOf[struct {
			ID            uuid.UUID
			Tokens, Nanos int64
			PriceID       *uuid.UUID
		}](g, `select id, tokens, cost_nanos, price_id from reservations where status = 'HELD'`)[0]
		equal(t, what+": tokens", r.Tokens, tokens)
		equal(t, what+": nanos", r.Nanos, nanos)
		equal(t, what+": price", *r.PriceID, price.ID)
		g.release(r.ID)
	}
	held("input and output", estimateModel("OpenAI", "GPT-4", 100, 10), 110, 1_000+250+100)
	held("the most output", estimateModel("openai", "gpt-4", 100, -1), 64_100, 1_000+250+640_000)
	held("a larger input", estimateModel("openai", "gpt-4", 1001, 10), 1011, 1_000+2503+200)
	held("without a size", estimateModel("openai", "gpt-4", -1, -1), 0, 1_000+640_000)
	held("rounded up", estimateModel("openai", "gpt-4", 1, 0), 1, 1_000+3)
	held("of a service tier", estimateModel("openai", "gpt-4", 100, 10).at(db.ServiceTierBATCH), 110, 1_000+250+100)
	only := estimateModel("openai", "gpt-4", -1, -1)
	only.tokens = 1000
	held("tokens alone", only, 1000, 1_000+10_000)
	only.output = &[]int64{300}[0]
	held("tokens and output", only, 1000, 1_000+1_750+3_000)
	held("a cost", estimateModel("openai", "gpt-4", 100, 10).costing(7), 110, 7)
	g.counts(budget, 0, 0)
	g.verified()
}

// A request whose price nobody knows is denied with PRICE_UNKNOWN, 412, if a budget of dollars would have to be charged, beside
// whatever else denies it, and only then: not without such a budget, not with a cost, not without a model, not when its organization allows
// it, and not when it repeats one that was admitted.
func TestUnknownPriceIsDenied(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	unknown := estimateModel("", "gpt-9", 100, 10)
	first := g.admit(unknown.named("first"))
	g.release(first)
	g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodNONE, dollar)
	g.tokenBudget(280)
	wantReasons(t, g.check(unknown), db.DenialReasonPRICEUNKNOWN)
	denied := g.deny(unknown, db.DenialReasonPRICEUNKNOWN)
	equal(t, "denied by", denied.DeniedBy(), db.DeniedByBudget)
	equal(t, "decisive", denied.Decisive().Reason, db.DenialReasonPRICEUNKNOWN)
	equal(t, "seconds to wait", denied.RetryAfterSeconds(), nil)
	large := estimateModel("", "gpt-9", 300, 10)
	g.deny(large, db.DenialReasonPRICEUNKNOWN, db.DenialReasonESTIMATEEXCEEDSLIMIT)
	wantReasons(t, g.check(large), db.DenialReasonPRICEUNKNOWN, db.DenialReasonESTIMATEEXCEEDSLIMIT)
	g.release(g.admit(unknown.costing(5)))
	g.release(g.admit(estimateTokens(5)))
	answers, err := g.reserveOn(g.Pool, &g.now, unknown, estimateTokens(5), unknown.named("x"), unknown.named("x"), unknown.costing(1))
	must(t, 0, err)
	for i, want := range [][]db.DenialReason{{db.DenialReasonPRICEUNKNOWN}, nil, {db.DenialReasonPRICEUNKNOWN}, {db.DenialReasonPRICEUNKNOWN}, nil} {
		wantReasons(t, answers[i], want...)
	}
	wantReasons(t, g.reserve(unknown.named("first")), db.DenialReasonRESERVATIONCLOSED)
	g.neighbour().admit(unknown)

	g.exec(`update organizations set unpriced_policy = 'ALLOW_UNPRICED' where id = $1`, g.Organization.ID)
	g.admit(unknown)
	g.exec(`update organizations set unpriced_policy = 'DENY' where id = $1`, g.Organization.ID)
	g.price("openai", "gpt-9", rates(0, 0)...)
	g.admit(estimateModel("openai", "gpt-9", 10, 10))
	g.verified()
}

// What settles a reservation is charged at the rates of its admission, whatever prices and multipliers have become of them since; usage
// that nothing reserved at those of now. A cost that is given stays, 0 as well.
func TestReservationFixesThePrice(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 1000*dollar)
	old := g.price("openai", "gpt-4*", rates(1_000, 10_000)...)
	g.exec(`select set_price_multiplier($1, '', 0.5, null, $2)`, g.Organization.ID, g.now)
	call := estimateModel("openai", "gpt-4", 100, 10)
	reserved, other, third, fourth, fifth := g.admit(call), g.admit(call), g.admit(call), g.admit(call), g.admit(call.at(db.ServiceTierFLEX))
	later := g.after(time.Minute)
	price := later.price("openai", "gpt-4*", append(rates(2_000, 20_000), rate(db.PriceUnitCACHEDINPUTTOKENS, 1))...)
	cheap := later.price("openai", "gpt-4-mini", rates(100, 1000)...)
	later.exec(`select set_price_multiplier($1, '', 3, null, $2)`, g.Organization.ID, later.now)

	later.wantPriced("settled", reportModel("", "", 1000, 100).settling(reserved), 1000, old)
	later.wantPriced("settled as the same model", reportModel("openai", "GPT-4", 10, 1).settling(other), 10, old)
	later.wantPriced("settled as a model that had another price then", reportModel("", "gpt-4-mini", 10, 1).settling(third), 10, old)
	later.wantPriced("not reserved", reportModel("openai", "gpt-4", 1000, 100), 12_000, price)
	later.wantPriced("of whichever provider", reportModel("", "gpt-4-mini", 1000, 100), 600, cheap)
	cached := reportModel("openai", "gpt-4", 1000, 0)
	cached.cached = 1000
	later.wantPriced("in all its parts", cached, 3, price)

	event := later.pricedEvent(later.book(reportModel("", "", 1, 0).costing(0).settling(fourth)).ID)
	equal(t, "a cost of 0", event.CostNanos, 0)
	equal(t, "is no lack of a price", event.Unpriced || event.PriceID != nil, false)
	event = later.pricedEvent(later.book(reportModel("", "", 1, 0).settling(fifth)).ID)
	equal(t, "the reservation's service tier", event.Tier, "FLEX")
	equal(t, "the reservation's model", event.Provider+" "+event.Model, "openai gpt-4")
	equal(t, "the reservation's multiplier", event.Multiplier, "0.5")
	g.counts(budget, 1000+10+10+12_000+600+3+1, 0)
	g.verified()
}

// Usage without a price costs nothing and is marked, never silently free: usage of a model, and any tokens, images and searches. A price of
// 0 is a price, and requests alone are no usage.
func TestUnpricedUsageIsMarked(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for _, priced := range []bool{false, true} {
		if priced {
			g.price("openai", "free", rates(0, 0)...)
		}
		g.wantPriced("an unknown model", reportModel("openai", "gpt-9", 1, 0), 0, nil)
		g.wantPriced("an unknown provider", reportModel("mistral", "free", 0, 0), 0, nil)
		g.wantPriced("no model", reportModel("", "", 0, 1), 0, nil)
		g.wantPriced("searches", reportModel("", "", 0, 0).of(model.Parts{Searches: 1}), 0, nil)
		g.wantPriced("settled without a price", reportModel("", "", 1, 0).settling(g.admit(estimateModel("openai", "gpt-9", 1, 1))), 0, nil)
		for what, r := range map[string]report{"given": reportTokens(5), "requests alone": reportModel("", "", 0, 0)} {
			equal(t, what, g.pricedEvent(g.book(r).ID).Unpriced, false)
		}
	}
	g.wantPriced("a price of 0", reportModel("openai", "free", 5, 5), 0, rowsOf[db.Price](g, `select * from prices`)[0])
	g.rollUp()
	equal(t, "unpriced requests in reports", query[int64](g, `select sum(unpriced_requests)::bigint from usage_days where organization_id = $1`, g.Organization.ID), 10)
	g.verified()
}

// A batch is priced as its requests one by one are: organizations, providers, models and service tiers side by side.
func TestBatchIsPriced(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	g.price("openai", "a*", rates(1_000, 1_000)...)
	g.price("openai", "b", rates(2_000, 2_000)...)
	other.ownPrice("openai", "b", rates(5_000, 5_000)...)
	foreign := reportModel("openai", "b", 10, 0).by(other.Key.ID).within(anyOrganization)
	fixed := g.admit(estimateModel("openai", "b", 1, 1))
	batch := []report{reportModel("openai", "a1", 10, 0), reportTokens(3), reportModel("openai", "b", 10, 0), foreign, reportModel("openai", "c", 10, 0),
		reportModel("openai", "a2", 10, 0), reportModel("", "", 20, 0).settling(fixed), reportModel("OPENAI", "B", 1, 0).costing(4)}
	answers, err := g.recordOn(g.Pool, &g.now, batch...)
	must(t, 0, err)
	for i, want := range []int64{10, 0, 20, 50, 0, 10, 40, 4} {
		event := g.pricedEvent(*answers[i].UsageEventID)
		equal(t, "cost", event.CostNanos, want)
		equal(t, "unpriced", event.Unpriced, i == 4)
	}
	asked, err := g.reserveOn(g.Pool, &g.now, estimateModel("openai", "a1", 10, 0), estimateTokens(1), estimateModel("openai", "b", 10, 0),
		estimateModel("openai", "b", 10, 0).by(other.Key.ID).within(anyOrganization), estimateModel("openai", "b", 10, 0).costing(3))
	must(t, 0, err)
	for i, want := range []int64{10, 0, 20, 50, 3} {
		equal(t, "held", asked[i].Reservation.CostNanos, want)
	}
	g.verified()
	other.verified()
}

// A reservation holds as many images and searches as its estimate says, at the dearest rates that its size of input may have, beside those of
// its tokens; in a batch each holds its own, and what settles it costs no more than it held.
func TestReservationHoldsImagesAndSearches(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	above := func(unit db.PriceUnit, tokens, picos int64) *db.PriceRate {
		return &db.PriceRate{Unit: unit, ServiceTier: db.ServiceTierSTANDARD, AboveInputTokens: tokens, Picos: picos}
	}
	g.price("openai", "painter", append(rates(1000, 2000), rate(db.PriceUnitIMAGES, 40_000_000), above(db.PriceUnitIMAGES, 1000, 30_000_000),
		rate(db.PriceUnitWEBSEARCHES, 10_000_000), above(db.PriceUnitWEBSEARCHES, 1000, 25_000_000), above(db.PriceUnitWEBSEARCHES, 2000, 90_000_000),
		&db.PriceRate{Unit: db.PriceUnitIMAGES, ServiceTier: db.ServiceTierBATCH, Picos: 20_000_000})...)
	g.price("openai", "writer", rates(1000, 2000)...)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, dollar)
	pieces := func(e estimate, images, searches int64) estimate { e.images, e.searches = images, searches; return e }
	of := func(input int64) estimate { return estimateModel("openai", "painter", input, 10) }
	batch := []estimate{of(100), pieces(of(100), 3, 0), pieces(of(100), 1, 2), pieces(of(1500), 1, 2), pieces(of(100), 2, 0).at(db.ServiceTierBATCH),
		pieces(estimateModel("openai", "writer", 100, 10), 5, 5), pieces(of(100).costing(7), 3, 3)}
	answers, err := g.reserveOn(g.Pool, &g.now, batch...)
	var sum int64
	for i, want := range []int64{120, 120 + 3*40_000, 120 + 40_000 + 2*10_000, 1520 + 30_000 + 2*25_000, 120 + 2*20_000, 120, 7} {
		equal(t, "held", must(t, answers, err)[i].Reservation.CostNanos, want)
		sum += want
	}
	g.counts(budget, 0, sum)
	settled := report{requests: -1, input: 1500, output: 10, nanos: -1, reservation: answers[3].Reservation.ID}.of(model.Parts{Images: 1, Searches: 2})
	equal(t, "costs", g.pricedEvent(g.book(settled).ID).CostNanos, 1520+30_000+2*25_000)
}

// looked returns how often a plan looks a table up.
func (n *planNode) looked(table string) (times float64) {
	if n.Relation == table {
		times = n.Loops
	}
	for i := range n.Plans {
		times += n.Plans[i].looked(table)
	}
	return times
}

// A batch looks each of its models up once, however many of its requests and reports are of it.
func TestBatchLooksEachModelUpOnce(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	url := server.NewURL(t)
	g := newGatewayIn(t, server.Pool(t, url))
	const models = 3
	for i := range models {
		g.price("openai", fmt.Sprint("model-", i), rates(1_000, 1_000)...)
	}
	e := explain(t, url)
	lookUps := func(size int) (times float64) {
		t.Helper()
		estimates, reports := []estimate{}, []report{}
		for i := range size {
			name := fmt.Sprint("model-", i%models)
			estimates, reports = append(estimates, estimateModel("openai", name, 1, 1)), append(reports, reportModel("openai", name, 1, 1))
		}
		e.taken(t)
		held, err := g.reserveOn(e.session, nil, estimates...)
		equal(t, "reserved", len(must(t, held, err)), size)
		booked, err := g.recordOn(e.session, nil, reports...)
		equal(t, "recorded", len(must(t, booked, err)), size)
		for _, s := range e.taken(t) {
			times += s.Plan.looked("prices")
		}
		return times
	}
	lookUps(models) // plans
	few := lookUps(models)
	if many := lookUps(100 * models); few == 0 || many > few {
		t.Errorf("%.0f look-ups of prices for a request of each model, %.0f for 100", few, many)
	}
}
