package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// pages returns the ids of all usage events, newest first, read in pages from one end.
func (g *gateway) pages(backward bool) (ids []uuid.UUID) {
	g.T.Helper()
	params := &db.ListUsageEventsParams{OrganizationID: g.Organization.ID, Backward: backward, Number: 3}
	for {
		page, err := db.New().ListUsageEvents(context.Background(), g.Pool, params)
		if len(must(g.T, page, err)) == 0 {
			break
		}
		for _, e := range page {
			ids = append(ids, e.ID)
		}
		last := page[len(page)-1].ID
		if params.After = &last; backward {
			params.After, params.Before = nil, &last
		}
	}
	if backward {
		slices.Reverse(ids)
	}
	return ids
}

// Lists have each event once, in order and from both ends, and none of the rows that correct them, wherever these are in the ledger: between events,
// many in a row, in one repricing or several.
func TestListsReadPastCorrections(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	price := func(of uuid.UUID, picos int64) {
		t.Helper()
		g.now = g.now.Add(time.Second)
		from := noon.AddDate(0, 0, -1)
		_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(of, "acme", "large", &from, rates(picos, 0)))
		must(t, 0, err)
	}
	expect := func(when string, spans int64) {
		t.Helper()
		want := query[[]uuid.UUID](g, `select array_agg(id order by position desc) from usage_events where corrects is null`)
		for _, backward := range []bool{false, true} {
			equal(t, fmt.Sprint(when, ", backward: ", backward), fmt.Sprint(g.pages(backward)), fmt.Sprint(want))
		}
		equal(t, when+", spans", query[int64](g, `select count(*) from correction_spans`), spans)
		equal(t, when+", corrections outside of spans or events in them", query[int64](g, `select count(*) from usage_events e where (e.corrects is not null) <> exists (
			select from correction_spans s where s.organization_id = e.organization_id and e.position between s.first_position and s.last_position)`), 0)
	}
	for range 10 {
		g.book(unpriced(1000))
	}
	price(uuid.Nil, 1_000_000)
	g.reprice(nil) // in chunks of two rows, with nothing in between
	expect("in a row", 1)
	price(g.Organization.ID, 2_000_000)
	r := g.repricing(nil)
	for range 5 {
		_, err := g.repriceOn(g.Pool, r, 3)
		must(t, 0, err)
		g.book(unpriced(1000))
	}
	expect("with events in between", 4) // the first chunk goes on where the last repricing ended
	g.rollUp()
	expect("rolled up", 4)
	g.verified()
}

// A page of usage events looks at few rows after a repricing has corrected many: it does not read the corrections.
func TestListsLookAtNoCorrections(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "corrects many events")
	url := server.NewURL(t)
	g := newGatewayIn(t, server.Pool(t, url))
	events := explainedKeys(t, 5000, 5000)
	first := g.book(unpriced(1000))
	g.exec(`insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens,
			cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at, unpriced)
		select organization_id, uuid_v7(recorded_at), nextval('usage_events_position_seq'), api_key_id, workspace_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at, unpriced
		from usage_events, generate_series(2, $2) where id = $1`, first.ID, events)
	g.rollUp()
	from := noon.AddDate(0, 0, -1)
	_, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, "acme", "large", &from, rates(1_000_000, 0)))
	must(t, 0, err)
	r := g.repricing(nil)
	for finished := false; !finished; {
		finished, err = g.repriceOn(g.Pool, r, 250)
		must(t, 0, err)
	}
	equal(t, "corrections", g.repriced(r).Corrections, int64(events))
	g.exec(`analyze`)
	e := explain(t, url)
	for _, state := range []string{"in the ledger's tail", "rolled up"} {
		if state == "rolled up" {
			g.rollUp()
		}
		for name, params := range map[string]db.ListUsageEventsParams{
			"newest first": {},
			"oldest first": {Backward: true},
			"of a key":     {APIKeyIDs: []uuid.UUID{g.Key.ID}},
			"of a model":   {Models: []string{"large"}},
		} {
			params.OrganizationID, params.Number = g.Organization.ID, 51
			e.taken(t)
			began := time.Now()
			listed, err := db.New().ListUsageEvents(context.Background(), e.session, &params)
			equal(t, name+" "+state, len(must(t, listed, err)), 51)
			t.Log(name, state, time.Since(began))
			looked := 0.0
			for _, s := range e.taken(t) {
				looked += s.Plan.scanned(func(string) {})
			}
			if looked > 500 {
				t.Errorf("%s, %s: looked at %.0f rows", name, state, looked)
			}
		}
	}
}
