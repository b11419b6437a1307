package validate

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

const (
	maxRates         = 200
	maxSource        = 500
	maxPerMillion    = 1_000_000_000 // dollars, so that what is asked of it fits into 64 bits of pico-dollars
	maxMultiplier    = 1000
	multiplierPlaces = 9
)

// SetPrice checks the input of setPrice, but for the organization.
func SetPrice(input *model.SetPriceInput) (*db.SetPriceParams, []*db.PriceRate, error) {
	pattern, isPrefix := ModelPattern(input.Model)
	rates, ratesErr := rates(input.Rates)
	var outputErr error
	if input.MaxOutputTokens != nil {
		outputErr = within("maxOutputTokens", *input.MaxOutputTokens, 1, maxTokens)
	}
	params := &db.SetPriceParams{
		Provider: input.Provider, Model: pattern, IsPrefix: isPrefix, EffectiveFrom: input.EffectiveFrom,
		Source: ValueOr(input.Source, ""), MaxOutputTokens: input.MaxOutputTokens,
	}
	return params, rates, Together(text("provider", input.Provider, maxName), modelPattern("model", input.Model),
		optionalText("source", params.Source, maxSource), outputErr, ratesErr)
}

// ModelPattern returns the name of a model without the * at its end, and whether there is one: then it is the beginning of names.
func ModelPattern(name string) (pattern string, isPrefix bool) { return strings.CutSuffix(name, "*") }

// modelPattern refuses a name of a model that is empty or has a * anywhere but at its end.
func modelPattern(field, name string) error {
	pattern, _ := ModelPattern(name)
	if strings.Contains(pattern, "*") {
		return fault.BadInput(field, "may have one *, at its end: of all models whose names begin so")
	}
	return text(field, name, maxName)
}

// rates returns rates in the database's units.
func rates(list []*model.PriceRateInput) ([]*db.PriceRate, error) {
	if len(list) == 0 || len(list) > maxRates {
		return nil, fault.BadInput("rates", "1 to %d rates, has %d", maxRates, len(list))
	}
	type kind struct {
		unit  db.PriceUnit
		tier  db.ServiceTier
		above int64
	}
	converted, seen, errs := make([]*db.PriceRate, 0, len(list)), map[kind]bool{}, make([]error, 0, 2*len(list))
	for i, input := range list {
		if input == nil { // which was refused before: the others are checked with it
			continue
		}
		path := fmt.Sprintf("rates.%d", i)
		picos, err := picos(input.PerMillion)
		rate := &db.PriceRate{
			Unit: input.Unit, ServiceTier: ValueOr(input.ServiceTier, db.ServiceTierSTANDARD), AboveInputTokens: ValueOr(input.AboveInputTokens, 0),
			Picos: picos,
		}
		errs = append(errs, At(err, path), At(within("aboveInputTokens", rate.AboveInputTokens, 0, maxTokens), path))
		is := kind{rate.Unit, rate.ServiceTier, rate.AboveInputTokens}
		if seen[is] {
			errs = append(errs, fault.BadInput(path, "is given twice for the same unit, service tier and size of input"))
		}
		seen[is] = true
		converted = append(converted, rate)
	}
	return converted, Together(errs...)
}

// picos returns US dollars for a million as pico-dollars for one.
func picos(perMillion decimal.Decimal) (int64, error) {
	shifted := perMillion.Shift(6)
	if !shifted.IsInteger() {
		return 0, fault.BadInput("perMillion", "at most 6 decimal places")
	}
	return bounded("perMillion", shifted, decimal.New(maxPerMillion, 6))
}

// SetPriceMultiplier checks the input of setPriceMultiplier, but for the organization.
func SetPriceMultiplier(input *model.SetPriceMultiplierInput) (*db.SetPriceMultiplierParams, error) {
	var multiplierErr error
	switch m := input.Multiplier; {
	case m.IsNegative(), m.GreaterThan(decimal.NewFromInt(maxMultiplier)):
		multiplierErr = fault.BadInput("multiplier", "must be 0 to %d", maxMultiplier)
	case !m.Shift(multiplierPlaces).IsInteger():
		multiplierErr = fault.BadInput("multiplier", "at most %d decimal places", multiplierPlaces)
	}
	provider := Given(input.Provider)
	return &db.SetPriceMultiplierParams{
		Provider: ValueOr(provider, ""), Multiplier: input.Multiplier, EffectiveFrom: input.EffectiveFrom,
	}, Together(textPointer("provider", provider, maxName), multiplierErr)
}

// PriceFilter checks the filter of prices, but for the organization.
func PriceFilter(filter *model.PriceFilter) error {
	return Together(
		optionalText("filter.provider", ValueOr(filter.Provider, ""), maxName),
		optionalText("filter.model", ValueOr(filter.Model, ""), maxName),
		optionalText("filter.search", ValueOr(filter.Search, ""), maxName),
	)
}

// PriceOf checks the input of priceOf, but for the organization, and returns what was used.
func PriceOf(input *model.PriceOfInput) (*db.ListPricePartsParams, error) {
	given := input.Usage
	usage := db.ReportedUsage{
		Requests: ValueOr(given.Requests, 1), InputTokens: ValueOr(given.InputTokens, 0), OutputTokens: ValueOr(given.OutputTokens, 0),
		CachedInputTokens: ValueOr(given.CachedInputTokens, 0), CacheWriteTokens: ValueOr(given.CacheWriteTokens, 0),
		CacheWrite1hTokens: ValueOr(given.CacheWrite1hTokens, 0), ReasoningTokens: ValueOr(given.ReasoningTokens, 0),
		AudioInputTokens: ValueOr(given.AudioInputTokens, 0), AudioOutputTokens: ValueOr(given.AudioOutputTokens, 0),
		Images: ValueOr(given.Images, 0), WebSearches: ValueOr(given.WebSearches, 0),
	}
	return &db.ListPricePartsParams{
			ServiceTier: string(ValueOr(input.ServiceTier, db.ServiceTierSTANDARD)), Requests: usage.Requests, InputTokens: usage.InputTokens,
			CachedInputTokens: usage.CachedInputTokens, CacheWriteTokens: usage.CacheWriteTokens, CacheWrite1hTokens: usage.CacheWrite1hTokens,
			AudioInputTokens: usage.AudioInputTokens, OutputTokens: usage.OutputTokens, ReasoningTokens: usage.ReasoningTokens,
			AudioOutputTokens: usage.AudioOutputTokens, Images: usage.Images, WebSearches: usage.WebSearches,
		}, Together(
			optionalText("provider", ValueOr(input.Provider, ""), maxName),
			text("model", input.Model, maxName),
			At(Together(within("requests", usage.Requests, 0, maxRequests), tokens(&usage), within("images", usage.Images, 0, maxTokens),
				within("webSearches", usage.WebSearches, 0, maxTokens)), "usage"),
		)
}

// EstimatePolicy checks the input of setEstimatePolicy, but for the subject, and returns the share in percent.
func EstimatePolicy(input *model.SetEstimatePolicyInput) (int32, error) {
	isShare := input.Policy != nil && *input.Policy == db.EstimatePolicySHARE
	switch {
	case isShare && input.Percent == nil:
		return 0, fault.BadInput("percent", "must be given for SHARE")
	case !isShare && input.Percent != nil:
		return 0, fault.BadInput("percent", "is for SHARE alone")
	}
	percent := ValueOr(input.Percent, 100)
	return int32(percent), within("percent", int64(percent), 1, 100) //nolint:gosec // within bounds it
}

// RepriceUsage checks the input of repriceUsage, but for the organization.
func RepriceUsage(input *model.RepriceUsageInput) error {
	var timeErr error
	if !input.To.After(input.From) {
		timeErr = fault.BadInput("to", "must be after from")
	}
	return Together(timeErr, textPointer("model", input.Model, maxName))
}
