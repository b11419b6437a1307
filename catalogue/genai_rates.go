package catalogue

import (
	"encoding/json"
	"fmt"
	"slices"

	"bursar/usage"
)

// genaiUnits says which unit each kind of price is for, and how many of them cost it.
func genaiUnits() map[string]struct {
	unit Unit
	of   int64
} {
	const million, thousand = 1_000_000, 1000
	return map[string]struct {
		unit Unit
		of   int64
	}{
		"input_mtok": {InputTokens, million}, "cache_read_mtok": {CachedInputTokens, million},
		"cache_write_mtok": {CacheWriteTokens, million}, "cache_write_1h_mtok": {CacheWrite1hTokens, million},
		"output_mtok": {OutputTokens, million}, "output_reasoning_mtok": {ReasoningTokens, million},
		"input_audio_mtok": {AudioInputTokens, million}, "output_audio_mtok": {AudioOutputTokens, million},
		"requests_kcount": {Requests, thousand}, "web_searches_kcount": {WebSearches, thousand},
	}
}

// genaiWholes says of which unit a kind of price without a unit of its own is a part. Such a price is no loss where it is the same.
func genaiWholes() map[string]Unit {
	return map[string]Unit{
		"input_text_mtok": InputTokens, "input_image_mtok": InputTokens, "input_video_mtok": InputTokens,
		"output_text_mtok": OutputTokens, "output_image_mtok": OutputTokens, "output_video_mtok": OutputTokens,
		"cache_text_read_mtok": CachedInputTokens, "cache_image_read_mtok": CachedInputTokens, "cache_video_read_mtok": CachedInputTokens,
		"cache_audio_read_mtok": CachedInputTokens,
		"output_citation_mtok":  InputTokens, // of Perplexity: package usage counts them as input
	}
}

// rates converts one price. One that charges for something that Bursar has no part for is refused as a whole: without it, calls would be too cheap.
func (g *genaiReading) rates(key Key, prices map[string]json.RawMessage) ([]Rate, error) {
	if len(prices) == 0 {
		if freeByName(key.Model) {
			return free(), nil
		}
		return nil, errNoRates
	}
	var rates []Rate
	for _, name := range sorted(prices) {
		of, known := genaiUnits()[name]
		whole, part := genaiWholes()[name]
		switch {
		case known:
			tiers, err := g.tiers(key, name, prices[name], of.unit, of.of)
			if err != nil {
				return nil, fmt.Errorf("%w (%s)", err, name)
			}
			rates = append(rates, tiers...)
		case !part:
			return nil, fmt.Errorf("there is no unit for %s", name)
		default:
			if _, err := g.tiers(key, name, prices[name], whole, 1_000_000); err != nil {
				return nil, fmt.Errorf("%w (%s)", err, name)
			}
		}
	}
	return rates, g.wholes(key, prices, rates)
}

// wholes refuses prices of parts that Bursar does not count apart, where they differ from the price of their whole. Audio that was read from
// a cache is the exception: it is charged for as anything that was.
func (g *genaiReading) wholes(key Key, prices map[string]json.RawMessage, rates []Rate) error {
	slices.SortFunc(rates, compareRates)
	of := Price{Rates: rates}
	for _, name := range sorted(prices) {
		whole, part := genaiWholes()[name]
		if !part {
			continue
		}
		apart, err := g.tiers(key, name, prices[name], whole, 1_000_000)
		if err != nil {
			return err
		}
		differs := slices.ContainsFunc(apart, func(r Rate) bool {
			return of.Rate(r.Unit, r.ServiceTier, r.AboveInputTokens+1) != r.Picos
		})
		switch {
		case !differs:
		case name == "cache_audio_read_mtok":
			g.into.omit(key, name, "audio that is read from a cache costs what text does there: there is no unit for it")
		default:
			return fmt.Errorf("there is no unit for %s, which costs other than %s", name, whole)
		}
	}
	return nil
}

// tiers converts a price that may depend on the size of the input.
func (g *genaiReading) tiers(key Key, name string, raw json.RawMessage, unit Unit, of int64) ([]Rate, error) {
	var tiered genaiTiered
	if json.Unmarshal(raw, &tiered) != nil {
		tiered = genaiTiered{Base: raw}
	}
	rate := func(raw json.RawMessage, above int64) (Rate, error) {
		text, err := number(raw)
		if err != nil {
			return Rate{}, err
		}
		n, rounded, err := picos(text, of)
		if rounded {
			g.into.omit(key, name, "%s is rounded up to a whole pico-dollar", text)
		}
		return Rate{Unit: unit, ServiceTier: usage.Standard, AboveInputTokens: above, Picos: n}, err
	}
	base, err := rate(tiered.Base, 0)
	if err != nil {
		return nil, err
	}
	rates := []Rate{base}
	for _, tier := range tiered.Tiers {
		start, err := json.Number(tier.Start).Int64()
		if err != nil || start <= 0 {
			return nil, damaged("a tier starts at %.50s", tier.Start)
		}
		more, err := rate(tier.Price, start)
		if err != nil {
			return nil, err
		}
		rates = append(rates, more)
	}
	return rates, nil
}
