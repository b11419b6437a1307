package db_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
)

// A new price closes the old one and changes nothing else of it; the same rates again change nothing. A price that is not yet in effect is
// replaced by one from the same instant, and never was in effect. One that begins before another ends with it.
func TestNewPriceClosesTheOldOne(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	first := g.price("OpenAI", "GPT-4", rates(10, 20)...)
	equal(t, "provider", first.Provider, "openai")
	equal(t, "model", first.Model, "gpt-4")
	again := g.after(time.Hour).price("openai", "gpt-4", rate(db.PriceUnitOUTPUTTOKENS, 20), rate(db.PriceUnitINPUTTOKENS, 10))
	equal(t, "the same price", again.ID, first.ID)

	later := g.after(2 * time.Hour)
	second := later.price("openai", "gpt-4", rates(11, 20)...)
	old, err := db.New().FindPrices(context.Background(), g.Pool, &db.FindPricesParams{IDs: []uuid.UUID{first.ID}})
	must(t, 0, err)
	equalTime(t, "end of the old price", *old[0].EffectiveTo, later.now)
	equal(t, "rates", len(old[0].Rates), 2)
	equal(t, "the old rate", old[0].Rates[0].Picos, 10)
	equal(t, "before", g.after(2*time.Hour-time.Microsecond).priceFound("openai", "gpt-4"), first.ID)
	equal(t, "from then on", later.priceFound("openai", "gpt-4"), second.ID)

	ahead := later.now.Add(24 * time.Hour)
	set := func(from time.Time, list []*db.PriceRate) *db.Price {
		p, err := db.New().SetPrice(context.Background(), g.Pool, later.priceParams(uuid.Nil, "openai", "gpt-4", &from, list))
		return must(t, p, err)
	}
	planned := set(ahead, rates(12, 20))
	between := set(ahead.Add(-time.Hour), rates(13, 20))
	equalTime(t, "ends with the next one", *between.EffectiveTo, ahead)
	replaced := set(ahead, rates(14, 20))
	for at, want := range map[time.Time]uuid.UUID{
		ahead.Add(-time.Hour - 1000): second.ID, ahead.Add(-time.Hour): between.ID, ahead.Add(-1000): between.ID, ahead: replaced.ID,
	} {
		equal(t, at.String(), g.at(at).priceFound("openai", "gpt-4"), want)
	}
	equal(t, "withdrawn", query[bool](g, `select effective_to = effective_from from prices where id = $1`, planned.ID), true)
}

// History is not rewritten: a price from an instant that is over is refused where another one was in effect, and accepted where there was
// none. Prices of one provider and model never overlap, also when they are stored by plain SQL.
func TestHistoryOfPricesIsNotRewritten(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	first := g.price("openai", "gpt-4", rates(10, 20)...)
	later := g.after(time.Hour)
	set := func(from time.Time, picos int64) (*db.Price, error) {
		return db.New().SetPrice(context.Background(), g.Pool, later.priceParams(uuid.Nil, "openai", "gpt-4", &from, rates(picos, 20)))
	}
	_, err := set(g.now.Add(time.Minute), 11)
	wantConstraint(t, err, "prices_history_check")
	before, err := set(g.now.Add(-time.Hour), 9)
	must(t, 0, err)
	equalTime(t, "ends where the history begins", *before.EffectiveTo, first.EffectiveFrom)
	_, err = g.Pool.Exec(context.Background(), `insert into prices (provider, model, is_prefix, effective_from, rates, steps, step_rates)
		select provider, model, is_prefix, effective_from + interval '1 day', rates, steps, step_rates from prices where id = $1`, first.ID)
	wantConstraint(t, err, "prices_overlap_excl")
}

func wantConstraint(t *testing.T, err error, constraint string) {
	t.Helper()
	refused, is := err.(*pgconn.PgError) //nolint:errorlint // pgx returns it as it is
	if !is || refused.ConstraintName != constraint {
		t.Errorf("%v, want the violation of %s", err, constraint)
	}
}

// The most specific price applies: the organization's before everybody's, the whole name before a beginning, a longer beginning before a
// shorter one, in whatever case. Without a provider it is the price that all providers of the model have, or none. Another
// organization's price is none.
func TestMostSpecificPriceApplies(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	find := func(what, provider, model string, want *db.Price) {
		t.Helper()
		id := uuid.Nil
		if want != nil {
			id = want.ID
		}
		equal(t, what, g.priceFound(provider, model), id)
	}
	find("none", "openai", "gpt-4o", nil)
	shorter := g.price("openai", "gpt-*", rates(1, 1)...)
	longer := g.price("openai", "gpt-4o*", rates(2, 2)...)
	find("a longer beginning", "openai", "gpt-4o-mini", longer)
	find("the beginning itself", "OpenAI", "GPT-4o", longer)
	find("a shorter beginning", "openai", "gpt-5", shorter)
	find("what begins otherwise", "openai", "o3", nil)
	whole := g.price("openai", "gpt-4o", rates(3, 3)...)
	find("the whole name", "openai", "gpt-4o", whole)
	find("not the whole name", "openai", "gpt-4o-mini", longer)
	g.neighbour().ownPrice("openai", "gpt-4o", rates(4, 4)...)
	find("another organization's", "openai", "gpt-4o", whole)
	own := g.ownPrice("openai", "gpt*", rates(5, 5)...)
	find("the organization's", "openai", "gpt-4o", own)
	find("any model of a provider", "openai", "o3", nil)
	all := g.price("openai", "*", rates(6, 6)...)
	find("any model of a provider", "openai", "o3", all)

	find("of any provider", "", "gpt-4o", own)
	azure := g.price("azure", "o3", rates(7, 7)...)
	find("of the only provider with the name", "", "o3", azure)
	same := g.price("aws", "o3", rates(7, 7)...)
	find("of several that are equal", "", "o3", same)
	g.price("mirror", "o3", rates(8, 7)...)
	find("of several that differ", "", "o3", nil)
	find("another provider", "mistral", "o3", nil)
	find("no model", "", "", nil)
	find("a long name", "openai", "gpt-"+strings.Repeat("x", 195), own)
}

// A price that has ended makes room for what is less specific, from that instant on; it cannot be ended in the past, nor twice. One
// that was planned is withdrawn.
func TestEndedPrice(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	everybodys, own := g.price("openai", "gpt-4", rates(1, 1)...), g.ownPrice("openai", "gpt-4", rates(2, 2)...)
	later := g.after(time.Hour)
	_, err := db.New().EndPrice(context.Background(), g.Pool, &db.EndPriceParams{ID: own.ID, EffectiveTo: &g.now, Now: &later.now})
	wantConstraint(t, err, "prices_ended_check")
	ended, err := db.New().EndPrice(context.Background(), g.Pool, &db.EndPriceParams{ID: own.ID, Now: &later.now})
	equalTime(t, "end", *must(t, ended, err).EffectiveTo, later.now)
	equal(t, "before", g.priceFound("openai", "gpt-4"), own.ID)
	equal(t, "afterwards", later.priceFound("openai", "gpt-4"), everybodys.ID)
	if _, err := db.New().EndPrice(context.Background(), g.Pool, &db.EndPriceParams{ID: own.ID, Now: &later.now}); err == nil {
		t.Error("a price was ended twice")
	}
}

// A multiplier of a provider applies in place of the one for all; each closes the one before, and history is not rewritten.
func TestPriceMultipliers(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.price("openai", "gpt-4", rates(1, 1)...)
	set := func(at *gateway, provider, multiplier string, from *time.Time) error {
		_, err := g.Pool.Exec(context.Background(), `select set_price_multiplier($1, $2, $3::numeric, $4, $5)`,
			g.Organization.ID, provider, multiplier, from, at.now)
		return err
	}
	multiplier := func(at *gateway) string {
		return query[string](at, `select coalesce(multiplier::text, 'none') from find_price($1, 'openai', 'gpt-4', $2)`,
			g.Organization.ID, at.now)
	}
	equal(t, "without one", multiplier(g), "none")
	must(t, 0, set(g, "", "0.850", nil))
	equal(t, "for all", multiplier(g), "0.85")
	must(t, 0, set(g, "Azure", "3", nil))
	equal(t, "another provider's", multiplier(g), "0.85")
	must(t, 0, set(g, "OpenAI", "0", nil))
	equal(t, "the provider's", multiplier(g), "0")
	later := g.after(time.Hour)
	must(t, 0, set(later, "openai", "1.5", nil))
	equal(t, "before", multiplier(g), "0")
	equal(t, "from then on", multiplier(later), "1.5")
	wantConstraint(t, set(later, "openai", "2", &g.now), "price_multipliers_history_check")
	wantConstraint(t, set(later, "openai", "1000.1", nil), "price_multipliers_multiplier_check")
	wantConstraint(t, set(later, "openai", "0.0000000001", nil), "price_multipliers_multiplier_check")
	equal(t, "another organization's", query[string](g.neighbour(), `select coalesce(multiplier::text, 'none')
		from find_price(uuid_v7(), 'openai', 'gpt-4', $1)`, g.now), "none")
}
