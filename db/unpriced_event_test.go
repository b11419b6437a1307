package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// unpricedOf returns how many unpriced events of a model are listed from both ends, counted and in the report by model, of all keys and of one. It fails the
// test unless these are the same.
func (g *gateway) unpricedOf(ofModel string) int {
	g.T.Helper()
	ctx, models := context.Background(), []string{ofModel}
	first := -1
	same := func(what string, number int) {
		if first < 0 {
			first = number
		}
		equal(g.T, ofModel+" "+what, number, first)
	}
	for _, keys := range [][]uuid.UUID{nil, {g.Key.ID}} {
		for _, backward := range []bool{false, true} {
			listed, err := db.New().ListUsageEvents(ctx, g.Pool, &db.ListUsageEventsParams{OrganizationID: g.Organization.ID, APIKeyIDs: keys, Models: models,
				Unpriced: true, Backward: backward, Number: 100})
			same(fmt.Sprint("listed ", keys, backward), len(must(g.T, listed, err)))
		}
		counted, err := db.New().CountUsageEvents(ctx, g.Pool, &db.CountUsageEventsParams{OrganizationID: g.Organization.ID, APIKeyIDs: keys, Models: models,
			Unpriced: true})
		same(fmt.Sprint("counted ", keys), int(must(g.T, counted, err)))
		for _, interval := range []db.UsageInterval{db.UsageIntervalHOUR, db.UsageIntervalDAY} {
			buckets, err := db.New().ListUsage(ctx, g.Pool, &db.ListUsageParams{OrganizationID: g.Organization.ID, APIKeyIDs: keys, Models: models,
				FromTime: noon.AddDate(0, 0, -1), ToTime: noon.AddDate(0, 0, 3), BucketInterval: interval, Dimensions: []string{"MODEL"}})
			number := 0
			for _, b := range must(g.T, buckets, err) {
				number += int(b.UnpricedEvents.IntPart())
			}
			same(fmt.Sprint("reported ", keys, interval), number)
		}
	}
	return first
}

// Usage without a price is found however many requests it counts for, none, one or many: in lists from both ends, counts and reports by hour and day,
// of all keys and of one, before and after it is rolled up, until it is priced. Roll-ups are what the ledger says all along, also when they are made
// anew.
func TestUnpricedEventsAreFoundWithoutRequests(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	const models = 3
	requests := [models]int64{0, 1, 7}
	for i, n := range requests {
		g.book(unpriced(1000).counting(n).from("acme", fmt.Sprint("model-", n)))
		g.now = noon.Add(time.Duration(i+1) * time.Hour)
	}
	g.book(unpriced(1000).counting(0).from("acme", "model-0"))
	g.book(reportTokens(10).costing(5).counting(0).from("acme", "model-0")) // has a cost
	g.now = g.now.Add(time.Hour)
	expect := func(when string, want ...int) {
		t.Helper()
		for i, n := range requests {
			equal(t, fmt.Sprint(when, ", of ", n, " requests"), g.unpricedOf(fmt.Sprint("model-", n)), want[i])
		}
		g.verified()
	}
	price := func(of uuid.UUID, n, picos int64) { // of everybody, or of the organization
		t.Helper()
		from := noon.AddDate(0, 0, -1)
		_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(of, "acme", fmt.Sprint("model-", n), &from, rates(picos, 0)))
		must(t, 0, err)
	}
	expect("in the ledger's tail", 2, 1, 1)
	g.rollUp()
	expect("rolled up", 2, 1, 1)

	price(uuid.Nil, 0, 3_000_000)
	equal(t, "corrections", g.reprice(nil).Corrections, 2)
	expect("corrections in the ledger's tail", 0, 1, 1)
	g.rollUp()
	expect("corrections rolled up", 0, 1, 1)

	price(g.Organization.ID, 0, 1_000_000) // the second correction prices nothing that was not priced
	price(uuid.Nil, 1, 1_000_000)
	equal(t, "corrections", g.reprice(nil).Corrections, 3)
	expect("corrected twice", 0, 0, 1)
	g.rollUp()
	expect("corrected twice and rolled up", 0, 0, 1)

	_, err := db.New().RebuildRollups(context.Background(), g.Pool, g.Organization.ID)
	must(t, 0, err)
	expect("made anew", 0, 0, 1)
	price(uuid.Nil, 7, 1_000_000)
	equal(t, "corrections", g.reprice(nil).Corrections, 1)
	g.rollUp()
	expect("all priced", 0, 0, 0)
	for _, table := range []string{"usage_hours", "usage_days", "usage_key_days", "usage_owner_days", "usage_workspace_hours", "usage_workspace_days"} {
		equal(t, table, query[int64](g, `select sum(unpriced_events)::bigint from `+table), 0)
	}
}
