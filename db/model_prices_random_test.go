package db_test

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/model"
)

// Names of models and providers, which prices are for and requests name, in whatever case. A dollar pays for 25 tokens or some more, so
// that priced requests fill limits as others do.
var (
	someProviders = rapid.SampledFrom([]string{"acme", "acme", "ACME", "other", "nobody", ""})
	someModels    = rapid.SampledFrom([]string{"large", "large", "Large-2", "large-2-mini", "small", "unknown"})
	somePatterns  = rapid.SampledFrom([]string{"large", "L*", "large-2*", "*", "small"})
	someTiers     = rapid.SampledFrom([]db.ServiceTier{"", "", db.ServiceTierSTANDARD, db.ServiceTierBATCH, db.ServiceTierPRIORITY})
	someSizes     = rapid.SampledFrom([]int64{model.NotGiven, 0, 1, 10, 24, 25, 26, 50, 100})
	somePicos     = rapid.SampledFrom([]int64{0, 1, 1001, dollar, 39_999_999_999, 40 * dollar, 80 * dollar})
)

// price makes an estimate one of a model, and leaves to its price what it may cost, mostly.
func (e *estimate) price(rt *rapid.T) {
	e.labels = db.RequestLabels{Provider: someProviders.Draw(rt, "provider"), Model: someModels.Draw(rt, "model"), ServiceTier: someTiers.Draw(rt, "tier")}
	if oneIn(rt, 10, "no model") {
		e.labels = db.RequestLabels{ServiceTier: db.ServiceTierFLEX}
	}
	for _, size := range []**int64{&e.input, &e.output} {
		if tokens := someSizes.Draw(rt, "size"); tokens != model.NotGiven {
			*size = &tokens
		}
	}
	if rapid.Bool().Draw(rt, "without tokens") {
		e.tokens = model.NotGiven
	}
	if !oneIn(rt, 4, "with a cost") {
		e.nanos = model.NotGiven
	}
}

// price makes a report one without a cost, of a model or of none. No price makes it more than can be kept.
func (r *report) price(rt *rapid.T) {
	r.nanos, r.input, r.output = model.NotGiven, min(r.input, 1000), min(r.output, 1000)
	if rapid.Bool().Draw(rt, "of a model") {
		r.provider, r.model = someProviders.Draw(rt, "provider"), someModels.Draw(rt, "model")
	}
}

// setPrice sets a price, everybody's or an organization's, from now on or a little later.
func (p *play) setPrice(rt *rapid.T) {
	list := rapid.SliceOfNDistinct(rapid.Custom(func(rt *rapid.T) *db.PriceRate {
		return &db.PriceRate{
			Unit: rapid.SampledFrom(db.AllPriceUnitValues()).Draw(rt, "unit"), ServiceTier: rapid.SampledFrom(db.AllServiceTierValues()).Draw(rt, "tier"),
			AboveInputTokens: rapid.SampledFrom([]int64{0, 0, 0, 1, 25}).Draw(rt, "above"), Picos: somePicos.Draw(rt, "picos"),
		}
	}), 0, 3, func(r *db.PriceRate) db.PriceRate {
		return db.PriceRate{Unit: r.Unit, ServiceTier: r.ServiceTier, AboveInputTokens: r.AboveInputTokens}
	})
	more := slices.DeleteFunc(list.Draw(rt, "rates"), func(r *db.PriceRate) bool {
		return r.ServiceTier == db.ServiceTierSTANDARD && r.AboveInputTokens == 0 && (r.Unit == db.PriceUnitINPUTTOKENS || r.Unit == db.PriceUnitOUTPUTTOKENS)
	})
	added := &model.Price{
		Organization: rapid.SampledFrom([]uuid.UUID{uuid.Nil, uuid.Nil, p.Organizations[0].ID, p.Organizations[1].ID}).Draw(rt, "organization"),
		Provider:     rapid.SampledFrom([]string{"acme", "acme", "Other"}).Draw(rt, "provider"), Pattern: somePatterns.Draw(rt, "pattern"),
		From:          p.Now.Add(rapid.SampledFrom([]time.Duration{0, 0, time.Second, time.Hour}).Draw(rt, "from")),
		MaximumOutput: rapid.SampledFrom([]int64{0, 0, 20}).Draw(rt, "maximum of output"),
		Rates:         append(rates(somePicos.Draw(rt, "input"), somePicos.Draw(rt, "output")), more...),
	}
	params := p.g.priceParams(added.Organization, added.Provider, added.Pattern, &added.From, added.Rates)
	params.Now = &p.Now
	if added.MaximumOutput > 0 {
		params.MaxOutputTokens = &added.MaximumOutput
	}
	stored, err := db.New().SetPrice(context.Background(), p.g.Pool, params)
	if err != nil {
		rt.Fatal(err)
	}
	added.ID, added.Provider, added.Pattern = stored.ID, strings.ToLower(added.Provider), strings.ToLower(added.Pattern)
	known := slices.ContainsFunc(p.Prices, func(other *model.Price) bool { return other.ID == stored.ID })
	if is := p.SetPrice(added); is == known {
		rt.Fatalf("the price is new: %t, want %t", !known, is)
	}
}

// endPrice ends a price now.
func (p *play) endPrice(rt *rapid.T) {
	if len(p.Prices) == 0 {
		return
	}
	price := rapid.SampledFrom(p.Prices).Draw(rt, "price")
	_, err := db.New().EndPrice(context.Background(), p.g.Pool, &db.EndPriceParams{ID: price.ID, Now: &p.Now})
	if ended := p.EndPrice(price); ended && err != nil || !ended && !errors.Is(err, pgx.ErrNoRows) {
		rt.Fatalf("ended: %v, want %t", err, ended)
	}
}

// setMultiplier sets what an organization pays of prices from now on.
func (p *play) setMultiplier(rt *rapid.T) {
	value := rapid.SampledFrom([]string{"0", "0.5", "1", "1.333333333", "3"}).Draw(rt, "multiplier")
	added := &model.Multiplier{Organization: rapid.SampledFrom(p.Organizations).Draw(rt, "organization").ID,
		Provider: rapid.SampledFrom([]string{"", "acme"}).Draw(rt, "provider"), Value: new(big.Rat), From: p.Now}
	added.Value.SetString(value)
	p.exec(rt, `select set_price_multiplier($1, $2, $3::text::numeric, null, $4)`, added.Organization, added.Provider, value, p.Now)
	p.SetMultiplier(added)
}

// changeUnpricedPolicy lets an organization admit requests without a price, or not.
func (p *play) changeUnpricedPolicy(rt *rapid.T) {
	o := rapid.SampledFrom(p.Organizations).Draw(rt, "organization")
	o.Unpriced = !o.Unpriced
	p.exec(rt, `update organizations set unpriced_policy = case when $2 then 'ALLOW_UNPRICED' else 'DENY' end::unpriced_policy where id = $1`, o.ID, o.Unpriced)
}

// priceText tells a price and its multiplier.
func priceText(price *model.Price, multiplier *model.Multiplier) string {
	if price == nil {
		return "no price"
	}
	text := price.ID.String()
	if multiplier != nil {
		text += " times " + strings.TrimRight(strings.TrimRight(multiplier.Value.FloatString(9), "0"), ".") //nolint:mnd // decimals that are kept
	}
	return text
}
