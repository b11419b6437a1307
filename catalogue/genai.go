package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The form of genai-prices, as far as it is needed.
type (
	genaiProvider struct {
		ID        string       `json:"id"`
		Fallbacks []string     `json:"fallback_model_providers"`
		Models    []genaiModel `json:"models"`
	}
	genaiModel struct {
		ID       string          `json:"id"`
		Match    genaiClause     `json:"match"`
		Prices   json.RawMessage `json:"prices"`
		Comments string          `json:"price_comments"`
		About    string          `json:"description"`
	}
	genaiDated struct {
		Constraint *struct {
			StartDate string `json:"start_date"`
			StartTime string `json:"start_time"`
			EndTime   string `json:"end_time"`
		} `json:"constraint"`
		Prices map[string]json.RawMessage `json:"prices"`
	}
	genaiTiered struct {
		Base  json.RawMessage `json:"base"`
		Tiers []struct {
			Start json.RawMessage `json:"start"`
			Price json.RawMessage `json:"price"`
		} `json:"tiers"`
	}
)

// readGenAI reads version 2 of the data of genai-prices.
func readGenAI(list []byte, origin Origin, into *Catalogue) error {
	var providers []genaiProvider
	if err := decode(list, &providers); err != nil {
		return err
	}
	byID := map[string]*genaiProvider{}
	for i := range providers {
		if providers[i].ID == "" || byID[providers[i].ID] != nil {
			return fmt.Errorf("the provider %q is there twice, or has no id", providers[i].ID)
		}
		byID[providers[i].ID] = &providers[i]
	}
	for i := range providers {
		of := genaiReading{into: into, origin: origin, provider: strings.ToLower(providers[i].ID)}
		of.models = append(of.models, providers[i].Models...)
		for _, fallback := range providers[i].Fallbacks {
			if other := byID[fallback]; other != nil {
				of.models = append(of.models, other.Models...)
			}
		}
		of.read()
	}
	return nil
}

// genaiReading reads the models of a provider, those of others that it sells too behind its own.
type genaiReading struct {
	into     *Catalogue
	origin   Origin
	provider string
	models   []genaiModel
}

func (g *genaiReading) read() {
	for i := range g.models {
		model := &g.models[i]
		key := Key{Provider: g.provider, Model: strings.ToLower(model.ID)}
		names, err := g.names(i)
		if err != nil {
			g.into.refuse(key, "match", err)
		}
		prices, err := g.dated(key, model)
		for _, name := range names {
			if err != nil {
				g.into.refuse(Key{g.provider, name.text, name.prefix}, "", err)
				continue
			}
			for _, price := range prices {
				price.Rates = slices.Clone(price.Rates)
				price.Model, price.Prefix = name.text, name.prefix
				g.into.add(price)
			}
		}
	}
}

// dated returns the prices of a model one after the other. A price holds from its first day until the next one's.
func (g *genaiReading) dated(key Key, model *genaiModel) ([]Price, error) {
	conditional := []genaiDated{{}}
	if json.Unmarshal(model.Prices, &conditional) != nil {
		conditional = []genaiDated{{}}
		if err := json.Unmarshal(model.Prices, &conditional[0].Prices); err != nil {
			return nil, damaged("prices: %v", err)
		}
	}
	if len(conditional) == 0 {
		return nil, errNoRates
	}
	var prices []Price
	for i, one := range conditional {
		price := Price{Provider: g.provider, Source: g.origin.Source, CheckedAt: g.origin.CheckedAt}
		if one.Constraint != nil {
			if one.Constraint.StartDate == "" {
				return nil, fmt.Errorf("its price changes with the time of day (%s to %s)", one.Constraint.StartTime, one.Constraint.EndTime)
			}
			from, err := time.Parse(day, one.Constraint.StartDate)
			if err != nil {
				return nil, damaged("start_date: %v", err)
			}
			if i > 0 { // the first one holds before its first day as well
				price.EffectiveFrom = from
			}
		}
		var err error
		if len(one.Prices) == 0 && strings.Contains(model.Comments+model.About, "free of charge") {
			price.Rates = free()
		} else if price.Rates, err = g.rates(key, one.Prices); err != nil {
			return nil, err
		}
		prices = append(prices, price)
	}
	slices.SortStableFunc(prices, comparePrices)
	for i := range len(prices) - 1 {
		if prices[i].EffectiveTo = prices[i+1].EffectiveFrom; prices[i].EffectiveTo.Equal(prices[i].EffectiveFrom) {
			return nil, errors.New("it has two prices from the same day on")
		}
	}
	return prices, nil
}
