package store_test

import (
	"compress/gzip"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"bursar/catalogue"
	"bursar/catalogue/store"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/fault"
	"bursar/usage"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

func actor() db.Actor { return db.Actor{Name: "test", Action: "importPrices"} }

// public reads one of the public lists.
func public(t *testing.T, name string) *catalogue.Catalogue {
	t.Helper()
	file, err := os.Open("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	list, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalogue.Read("", list, catalogue.Origin{CheckedAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// compare compares a list with everybody's prices.
func compare(t *testing.T, pool *pgxpool.Pool, list []catalogue.Price) catalogue.Difference {
	t.Helper()
	current, err := store.Read(t.Context(), pool, nil)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.Compare(current, list, time.Now())
}

// take imports what a list changes.
func take(t *testing.T, pool *pgxpool.Pool, list []catalogue.Price) catalogue.Difference {
	t.Helper()
	d := compare(t, pool, list)
	last := 0
	if err := store.Import(t.Context(), pool, actor(), nil, d.Writes(), store.Imported{New: len(d.New), Changed: len(d.Changed)}, func(done int) { last = done }); err != nil {
		t.Fatal(err)
	}
	if last != len(d.Writes()) {
		t.Errorf("the progress ended at %d of %d", last, len(d.Writes()))
	}
	return d
}

// Guarantee: both public lists are imported as they are: what has become no price has a reason, each import does what its comparison said, a second import
// of the same finds nothing to do, and the database finds for each name the price that the list has for it.
func TestPublicLists(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "imports 4,500 prices")
	pool := server.New(t)
	for _, test := range []struct {
		file                   string
		prices, refused, parts int
	}{{"genai-prices-2026-08.json.gz", 3324, 75, 119}, {"litellm-prices-2025-09.json.gz", 1287, 260, 117}} {
		list := public(t, test.file)
		refused, parts := 0, 0
		for _, r := range list.Refused {
			if r.Reason == "" || r.Damaged {
				t.Errorf("%s: %s, damaged %t", test.file, r, r.Damaged)
			}
			if r.Partly {
				parts++
			} else {
				refused++
			}
		}
		if got, want := fmt.Sprint(len(list.Prices), refused, parts), fmt.Sprint(test.prices, test.refused, test.parts); got != want {
			t.Errorf("%s has prices, refused and in part refused ones %s, want %s", test.file, got, want)
		}
		began := time.Now()
		d := take(t, pool, list.Prices)
		t.Logf("%s: %d prices, %d refused, %d without a part; %s; imported in %s", test.file, len(list.Prices), refused, parts, d.Summary(), time.Since(began).Round(time.Millisecond))
		if again := compare(t, pool, list.Prices); len(again.Writes()) != 0 {
			t.Errorf("%s: a second import would change: %s", test.file, again.Summary())
		}
		expectFound(t, pool, list)
	}
}

// expectFound looks some models of a list up in the database and in the list.
func expectFound(t *testing.T, pool *pgxpool.Pool, list *catalogue.Catalogue) {
	t.Helper()
	at := time.Now()
	for i := 0; i < len(list.Prices); i += 97 {
		p := &list.Prices[i]
		model := strings.ToUpper(p.Model) + map[bool]string{true: "-x"}[p.Prefix]
		want, ok := list.Find(p.Provider, model, at)
		var got *string
		if err := pool.QueryRow(t.Context(), `select (select p.model || case when p.is_prefix then '*' else '' end from prices p where p.id = f.id)
			from find_price(null, $1, $2, $3) f`, p.Provider, model, at).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if ok != (got != nil) || ok && want.Key().Pattern() != *got {
			t.Errorf("the database finds %v for %s %s, the list %v", got, p.Provider, model, want)
		}
	}
}

// Guarantee: an import is all or nothing, and fails when prices were changed since they were compared.
func TestImportIsOne(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	rates := []catalogue.Rate{{Unit: catalogue.InputTokens, ServiceTier: usage.Standard, Picos: 1}}
	var prices []catalogue.Price
	for n := range 250 {
		prices = append(prices, catalogue.Price{Provider: "p", Model: fmt.Sprintf("m-%d", n), Rates: rates})
	}
	err := store.Import(t.Context(), pool, actor(), nil, prices, store.Imported{New: 249}, func(int) {})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("an import that does other than expected has the error %v", err)
	}
	prices[249].Rates = []catalogue.Rate{{Unit: "DREAMS", ServiceTier: usage.Standard}}
	if err := store.Import(t.Context(), pool, actor(), nil, prices, store.Imported{New: 250}, func(int) {}); err == nil {
		t.Error("a price in a unit that there is not is imported")
	}
	if current, err := store.Read(t.Context(), pool, nil); err != nil || len(current) != 0 {
		t.Errorf("imports that failed have made %d prices, error %v", len(current), err)
	}
}

// Guarantee: a price with days comes into effect on them: what is planned waits, what the list dates back holds since then where there was no price.
func TestImportOfDatedPrices(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	next, past := time.Now().AddDate(1, 0, 0).UTC().Truncate(24*time.Hour), time.Date(2026, 3, 13, 0, 0, 0, 0, time.UTC)
	rate := func(picos int64) []catalogue.Rate {
		return []catalogue.Rate{{Unit: catalogue.InputTokens, ServiceTier: usage.Standard, Picos: picos}}
	}
	list := []catalogue.Price{{Provider: "p", Model: "planned", EffectiveTo: next, Rates: rate(1)}, {Provider: "p", Model: "planned", EffectiveFrom: next, Rates: rate(2)},
		{Provider: "p", Model: "old", EffectiveTo: past, Rates: rate(1)}, {Provider: "p", Model: "old", EffectiveFrom: past, Rates: rate(2)}}
	if d := take(t, pool, list); len(d.New) != 3 {
		t.Errorf("the first import is %s, want 3 new", d.Summary())
	}
	current, err := store.Read(t.Context(), pool, nil)
	if err != nil || len(current) != 3 {
		t.Fatalf("%d prices, error %v", len(current), err)
	}
	for _, p := range current {
		switch {
		case p.Model == "old" && (!p.EffectiveFrom.Equal(past) || !p.EffectiveTo.IsZero()):
			t.Errorf("the dated price is in effect from %s to %s", p.EffectiveFrom, p.EffectiveTo)
		case p.Model == "planned" && p.Rates[0].Picos == 1 && !p.EffectiveTo.Equal(next), p.Model == "planned" && p.Rates[0].Picos == 2 && !p.EffectiveFrom.Equal(next):
			t.Errorf("the planned prices do not change on %s: %+v", next, p)
		}
	}
	if again := compare(t, pool, list); len(again.Writes()) != 0 {
		t.Errorf("a second import would change: %s", again.Summary())
	}
}

// Guarantee: what usage costs by the list in Go is what PostgreSQL charges for it, to the pico-dollar, for any price and any parts.
func TestCostIsThatOfTheDatabase(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	rapid.Check(t, func(r *rapid.T) {
		p := catalogue.Price{}
		rates := "["
		for _, unit := range catalogue.Units() {
			for _, tier := range usage.ServiceTiers() {
				for _, above := range []int64{0, 1000, 200_000} {
					if rapid.IntRange(0, 3).Draw(r, "has") == 0 {
						rate := catalogue.Rate{Unit: unit, ServiceTier: tier, AboveInputTokens: above, Picos: 1000 * rapid.Int64Range(0, 1_000_000_000).Draw(r, "nanos")}
						p.Rates = append(p.Rates, rate)
						rates += strings.TrimPrefix(fmt.Sprintf(`,{"unit": %q, "service_tier": %q, "above_input_tokens": %d, "picos": %d}`, unit, tier, above, rate.Picos), map[bool]string{true: ","}[rates == "["])
					}
				}
			}
		}
		part := func(of int64, name string) int64 { return rapid.Int64Range(0, of).Draw(r, name) }
		u := usage.Parts{ServiceTier: rapid.SampledFrom(usage.ServiceTiers()).Draw(r, "tier"), Requests: part(2, "requests"), InputTokens: part(400_000, "input"),
			OutputTokens: part(400_000, "output"), Images: part(9, "images"), WebSearches: part(9, "searches")}
		u.CachedInputTokens = part(u.InputTokens, "cached")
		u.CacheWriteTokens = part(u.InputTokens-u.CachedInputTokens, "writes")
		u.CacheWrite1hTokens = part(u.CacheWriteTokens, "hours")
		u.AudioInputTokens = part(u.InputTokens-u.CachedInputTokens-u.CacheWriteTokens, "audio")
		u.ReasoningTokens = part(u.OutputTokens, "reasoning")
		u.AudioOutputTokens = part(u.OutputTokens-u.ReasoningTokens, "audio out")
		var picos string
		if err := pool.QueryRow(t.Context(), `select cost_of(r.steps, r.step_rates, $2::text::service_tier, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)::text from resolve_rates($1) r`,
			rates+"]", string(u.ServiceTier), u.Requests, u.InputTokens, u.CachedInputTokens, u.CacheWriteTokens, u.CacheWrite1hTokens, u.AudioInputTokens, u.OutputTokens,
			u.ReasoningTokens, u.AudioOutputTokens, u.Images, u.WebSearches).Scan(&picos); err != nil {
			r.Fatal(err)
		}
		want, ok := new(big.Int).SetString(picos, 10)
		if !ok {
			r.Fatalf("the cost is %q", picos)
		}
		if got := p.Cost(&u); got.Mul(got, big.NewInt(1000)).Cmp(want) != 0 {
			r.Fatalf("the list says %s picos, PostgreSQL %s: %s, %+v", got, want, rates, u)
		}
	})
}
