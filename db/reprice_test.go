package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/model"
)

// repricing asks for all usage of the organization to be priced again.
func (g *gateway) repricing(ofModel *string) *db.Repricing {
	g.T.Helper()
	r, err := db.New().CreateRepricing(context.Background(), g.Pool, &db.CreateRepricingParams{OrganizationID: g.Organization.ID, Model: ofModel,
		FromTime: noon.AddDate(-20, 0, 0), ToTime: noon.AddDate(1, 0, 0)})
	return must(g.T, r, err)
}

// repriceOn goes on with a repricing on a connection, a transaction or a pool.
func (g *gateway) repriceOn(on db.DBTX, r *db.Repricing, rows int32) (bool, error) {
	return db.New().RepriceUsage(context.Background(), on, &db.RepriceUsageParams{OrganizationID: g.Organization.ID, RepricingID: r.ID, Number: rows, Now: &g.now})
}

// reprice prices all usage again, some rows at a time, and returns what became of it.
func (g *gateway) reprice(ofModel *string) *db.Repricing {
	g.T.Helper()
	r := g.repricing(ofModel)
	for range 100 {
		finished, err := g.repriceOn(g.Pool, r, 2)
		if must(g.T, finished, err) {
			break
		}
	}
	return g.repriced(r)
}

// repriced returns a repricing as it is now.
func (g *gateway) repriced(r *db.Repricing) *db.Repricing {
	return rowsOf[db.Repricing](g, `select * from repricings where id = $1`, r.ID)[0]
}

// unpriced is usage of a model without a cost.
func unpriced(tokens int64) report { return reportTokens(tokens).costing(-1).from("acme", "large") }

// charged returns what the organization's usage costs by hour, in the order of time, and how many requests are unpriced in each.
func (g *gateway) charged() string {
	text := ""
	for _, b := range g.usage(noon.AddDate(0, -2, 0), noon.AddDate(0, 1, 0), db.UsageIntervalDAY) {
		if !b.Requests.IsZero() || !b.CostNanos.IsZero() {
			text += fmt.Sprint(b.BucketStart.UTC().Format("01-02 "), b.CostNanos, " nanos ", b.UnpricedRequests, " of ", b.Requests, " unpriced; ")
		}
	}
	return text
}

// Usage without a price, and usage that was priced otherwise, is corrected by rows of the ledger with the difference, positive or negative: once,
// in the budgets and periods that it was charged to, over or not, and in its own hours of reports, rolled up or not. Costs that gateways gave
// stay, and the corrected rows do. Counters, history and roll-ups are what the ledger says.
func TestRepricingCorrectsTheLedger(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.now = noon.AddDate(0, -1, 0)
	g.exec(`select create_usage_partitions(3, $1)`, g.now)
	monthly := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 1000*dollar)
	tokens := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1e9)
	first := g.book(unpriced(1000))
	g.book(reportTokens(1000).costing(5).from("acme", "large"))
	g.now = noon
	g.book(unpriced(2000).of(model.Parts{Tier: "BATCH"}))
	g.book(unpriced(10).from("acme", "small"))
	g.rollUp()
	equal(t, "is unpriced", first.Unpriced, true)
	lastMonth, today := noon.AddDate(0, -1, 0).Format("01-02 "), noon.Format("01-02 ")
	equal(t, "before", g.charged(), lastMonth+"5 nanos 1 of 2 unpriced; "+today+"0 nanos 2 of 2 unpriced; ")

	from := noon.AddDate(0, -3, 0)
	_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, "acme", "large", &from, rates(3_000_000, 0)))
	must(t, 0, err)
	r := g.reprice(nil)
	equal(t, "looked at", r.Events, 2)
	equal(t, "corrections", r.Corrections, 2)
	equal(t, "difference", r.DifferenceNanos.String(), "9000000")
	equal(t, "is finished", r.FinishedAt != nil, true)
	const after = "3000005 nanos 0 of 2 unpriced; "
	equal(t, "in the ledger's tail", g.charged(), lastMonth+after+today+"6000000 nanos 1 of 2 unpriced; ")
	g.verified()
	g.rollUp()
	equal(t, "rolled up", g.charged(), lastMonth+after+today+"6000000 nanos 1 of 2 unpriced; ")
	g.verified()
	g.counts(monthly, 6_000_000, 0)
	g.counts(tokens, 4010, 0)
	equal(t, "last month's budget", query[int64](g, `select used_units::bigint from budget_periods where budget_limit_id = $1`, monthly), 3_000_005)

	again := g.reprice(nil)
	equal(t, "corrections of the same", again.Corrections, 0)

	_, err = db.New().SetPrice(context.Background(), g.Pool, g.priceParams(g.Organization.ID, "acme", "large", &from, rates(1_000_000, 0)))
	must(t, 0, err)
	large := "large"
	cheaper := g.reprice(&large)
	equal(t, "corrections down", cheaper.Corrections, 2)
	equal(t, "difference down", cheaper.DifferenceNanos.String(), "-6000000")
	equal(t, "down", g.charged(), lastMonth+"1000005 nanos 0 of 2 unpriced; "+today+"2000000 nanos 1 of 2 unpriced; ")
	g.counts(monthly, 2_000_000, 0)
	g.rollUp()
	g.verified()
	_, err = db.New().RebuildRollups(context.Background(), g.Pool, g.Organization.ID)
	must(t, 0, err)
	g.verified()
	equal(t, "the first row", query[int64](g, `select cost_nanos from usage_events where id = $1`, first.ID), 0)
	total, err := db.New().CountUsageEvents(context.Background(), g.Pool, &db.CountUsageEventsParams{OrganizationID: g.Organization.ID})
	equal(t, "usage events", must(t, total, err), 4)
	events, err := db.New().ListUsageEvents(context.Background(), g.Pool, &db.ListUsageEventsParams{OrganizationID: g.Organization.ID, Number: 100})
	equal(t, "listed", len(must(t, events, err)), 4)
}

// A repricing that many workers do at once, of which some are killed, corrects each row once.
func TestRepricingIsExactlyOnce(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 1000*dollar, dollar/1000)
	for range 30 {
		g.book(unpriced(1000))
	}
	from := noon.AddDate(0, -1, 0)
	_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, "acme", "large", &from, rates(1_000_000, 0)))
	must(t, 0, err)
	r := g.repricing(nil)
	var workers sync.WaitGroup
	for worker := range 4 {
		workers.Go(func() {
			for {
				if worker%2 == 0 { // is killed before it commits
					tx, err := g.Pool.Begin(context.Background())
					must(t, 0, err)
					_, err = g.repriceOn(tx, r, 3)
					must(t, 0, err)
					must(t, 0, tx.Rollback(context.Background()))
				}
				finished, err := g.repriceOn(g.Pool, r, 3)
				if must(t, finished, err) {
					return
				}
			}
		})
	}
	workers.Wait()
	equal(t, "corrections", g.repriced(r).Corrections, 30)
	equal(t, "rows", query[int64](g, `select count(distinct corrects) from usage_events where corrects is not null`), 30)
	equal(t, "corrected", query[int64](g, `select count(*) from usage_events where corrects is not null`), 30)
	g.counts(budget, 30_000_000, 0)
	equal(t, "alerts", query[int64](g, `select count(*) from alerts where budget_limit_id = $1`, budget), 1)
	g.rollUp()
	g.verified()
}

// What reservations fixed is priced again by the prices of their admission, also when these are past their retention.
func TestRepricingKeepsTheInstantOfAdmission(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	from := noon.AddDate(0, -1, 0)
	price, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, "acme", "large", &from, rates(1_000_000, 0)))
	must(t, 0, err)
	reservation := g.admit(estimateTokens(10))
	g.exec(`update reservations set provider = 'acme', model = 'large', price_id = $1`, price.ID)
	g.now = g.now.Add(time.Minute)
	g.price("acme", "large", rates(9_000_000, 0)...)
	g.now = g.now.Add(time.Minute)
	event := g.book(unpriced(1000).settling(reservation))
	equal(t, "cost", event.CostNanos, 1_000_000)
	equal(t, "corrections", g.reprice(nil).Corrections, 0)
	g.exec(`delete from reservations`)
	equal(t, "corrections without the reservation", g.reprice(nil).Corrections, 0)
}

// Corrections of a month whose ledger was dropped, and of those before, are proved by what is carried of them.
func TestRepricedMonthsAreDropped(t *testing.T) {
	t.Parallel()
	g := past(t)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 1000*dollar)
	g.book(unpriced(1000))
	january := g.now
	g.now = january.AddDate(0, 1, 0)
	g.exec(`select create_usage_partitions(3, $1)`, january)
	from := january.AddDate(0, -1, 0)
	_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, "acme", "large", &from, rates(1_000_000, 0)))
	must(t, 0, err)
	equal(t, "corrections", g.reprice(nil).Corrections, 1)
	g.rollUp()
	g.verified()
	late := g.after(365 * 24 * time.Hour)
	equal(t, "dropped", late.drop(1), "usage_events_2020_01")
	g.verified()
	equal(t, "repriced events", query[int64](g, `select count(*) from repriced_events`), 0)
	equal(t, "dropped next", late.drop(1), "usage_events_2020_02")
	g.verified()
	g.counts(budget, 1_000_000, 0)
}

// What is kept of a corrected row is proved: its sum by the ledger, and its cost by the price.
func TestTamperingWithRepricedUsageIsFound(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.book(unpriced(1000))
	from := noon.AddDate(0, -1, 0)
	_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, "acme", "large", &from, rates(1_000_000, 0)))
	must(t, 0, err)
	equal(t, "corrections", g.reprice(nil).Corrections, 1)
	g.rollUp()
	g.verified()
	for statement, want := range map[string]string{
		`update repriced_events set cost_nanos = cost_nanos + 1`: "repriced_events sum",
		`update repriced_events set price_multiplier = 2`:        "repriced_events cost",
		`delete from repriced_events`:                            "repriced_events sum",
	} {
		g.rolledBack(func(on db.DBTX) {
			_, err := on.Exec(context.Background(), statement)
			must(t, 0, err)
			differences, err := db.New().FindLedgerDifferences(context.Background(), on, g.Organization.ID)
			found := ""
			for _, d := range must(t, differences, err) {
				found += d.What + ", "
			}
			equal(t, statement+" finds "+want+": "+found, strings.Contains(found, want), true)
		})
	}
}

// Usage events that have been priced since are not listed as unpriced, and not counted, wherever others of their hour still are: in the
// ledger's tail and rolled up, of all keys and of one, in both directions.
func TestPricedEventsAreNotUnpriced(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.book(unpriced(1000))
	small := g.book(unpriced(10).from("acme", "small"))
	g.book(unpriced(2000))
	expect := func(when string, want int64) {
		t.Helper()
		for _, keys := range [][]uuid.UUID{nil, {g.Key.ID}} {
			total, err := db.New().CountUsageEvents(context.Background(), g.Pool, &db.CountUsageEventsParams{
				OrganizationID: g.Organization.ID, APIKeyIDs: keys, Unpriced: true})
			equal(t, when+", counted", must(t, total, err), want)
			for _, backward := range []bool{false, true} {
				events, err := db.New().ListUsageEvents(context.Background(), g.Pool, &db.ListUsageEventsParams{
					OrganizationID: g.Organization.ID, APIKeyIDs: keys, Unpriced: true, Backward: backward, Number: 100})
				equal(t, when+", listed", int64(len(must(t, events, err))), want)
				equal(t, when+", among them", slices.ContainsFunc(events, func(e *db.UsageEvent) bool { return e.ID == small.ID }), true)
			}
		}
	}
	expect("at first", 3)
	g.rollUp()
	expect("rolled up", 3)
	from := noon.AddDate(0, 0, -1)
	_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, "acme", "large", &from, rates(3_000_000, 0)))
	must(t, 0, err)
	equal(t, "corrections", g.reprice(nil).Corrections, 2)
	expect("priced again", 1)
	g.rollUp()
	expect("priced again and rolled up", 1)
}
