// Package catalogue holds prices of providers' models: its own list, readers of public lists, what differs between two of them,
// and what usage costs by a price. Prices are whole pico-dollars, never floating point numbers.
package catalogue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bursar/usage"
)

// Price is what a model of a provider, or all models whose names begin alike, costs from an instant on.
type Price struct {
	Provider        string // "openai"
	Model           string // in small letters, as they are compared; without the star of a prefix
	Prefix          bool   // of all models whose names begin with Model
	EffectiveFrom   time.Time
	EffectiveTo     time.Time // exclusive; both are zero when there is no such end
	Source          string    // where the price is from; its first word names the catalogue
	CheckedAt       time.Time // the day when somebody looked
	MaxOutputTokens int64     // the most that one answer may have; 0 when that is not known
	Rates           []Rate    // in the order of compareRates
}

// Rate is the price of one unit.
type Rate struct {
	Unit             Unit
	AboveInputTokens int64 // holds for whole requests with more input tokens than this
	ServiceTier      usage.ServiceTier
	Picos            int64 // pico-dollars for one: $2.50 for a million are 2,500,000
}

// Unit is what a rate is for.
type Unit string

// The units.
const (
	InputTokens        Unit = "INPUT_TOKENS"
	CachedInputTokens  Unit = "CACHED_INPUT_TOKENS"
	CacheWriteTokens   Unit = "CACHE_WRITE_TOKENS"
	CacheWrite1hTokens Unit = "CACHE_WRITE_1H_TOKENS"
	OutputTokens       Unit = "OUTPUT_TOKENS"
	ReasoningTokens    Unit = "REASONING_TOKENS"
	AudioInputTokens   Unit = "AUDIO_INPUT_TOKENS"
	AudioOutputTokens  Unit = "AUDIO_OUTPUT_TOKENS"
	Images             Unit = "IMAGES"
	Requests           Unit = "REQUESTS"
	WebSearches        Unit = "WEB_SEARCHES"
)

// Units returns all units, in the order in which rates are listed.
func Units() []Unit {
	return []Unit{InputTokens, CachedInputTokens, CacheWriteTokens, CacheWrite1hTokens, OutputTokens, ReasoningTokens, AudioInputTokens,
		AudioOutputTokens, Images, Requests, WebSearches}
}

// The largest values of a price. What is larger is an error of a list: no model costs $1,000 for a token.
const (
	MaxPicos       = 1_000_000_000_000_000
	maxName        = 200
	maxSource      = 200
	maxTokenCount  = usage.MaxQuantity
	prefixMark     = "*"
	day            = time.DateOnly
	maxRatesOfOne  = 200
	picosPerNano   = 1000
	picosPerDollar = 1_000_000_000_000
)

// Key says which models a price is for.
type Key struct {
	Provider, Model string
	Prefix          bool
}

// Key returns which models the price is for.
func (p *Price) Key() Key { return Key{p.Provider, p.Model, p.Prefix} }

// Pattern returns the name of the model, with a star behind it for a prefix.
func (k Key) Pattern() string {
	if k.Prefix {
		return k.Model + prefixMark
	}
	return k.Model
}

// String is the provider and the model.
func (k Key) String() string { return k.Provider + " " + k.Pattern() }

// setPattern sets Model and Prefix.
func (p *Price) setPattern(pattern string) {
	p.Model, p.Prefix = strings.CutSuffix(strings.ToLower(pattern), prefixMark)
}

// Holds says whether the price is in effect at an instant.
func (p *Price) Holds(at time.Time) bool {
	return !at.Before(p.EffectiveFrom) && (p.EffectiveTo.IsZero() || at.Before(p.EffectiveTo))
}

// check returns what is wrong with a price, whichever list it is from.
func (p *Price) check() error {
	switch {
	case p.Provider == "" || len(p.Provider) > maxName:
		return fmt.Errorf("a provider has 1 to %d bytes", maxName)
	case p.Model == "" || len(p.Model) > maxName:
		return fmt.Errorf("a model has 1 to %d bytes", maxName)
	case !printable(p.Provider) || !printable(p.Model) || !printable(p.Source):
		return fmt.Errorf("a name has characters that cannot be printed")
	case strings.Contains(p.Model, prefixMark):
		return fmt.Errorf("the model %q has a star elsewhere than at its end", p.Model)
	case len(p.Source) > maxSource:
		return fmt.Errorf("a source has at most %d bytes", maxSource)
	case !p.EffectiveTo.IsZero() && !p.EffectiveTo.After(p.EffectiveFrom):
		return fmt.Errorf("it ends at %s, before it begins", p.EffectiveTo.Format(time.RFC3339))
	case p.MaxOutputTokens < 0 || p.MaxOutputTokens > maxTokenCount:
		return fmt.Errorf("the most output tokens are %d", p.MaxOutputTokens)
	case len(p.Rates) == 0:
		return fmt.Errorf("it has no rate in a unit of Bursar")
	case len(p.Rates) > maxRatesOfOne:
		return fmt.Errorf("it has %d rates", len(p.Rates))
	}
	slices.SortFunc(p.Rates, compareRates)
	for i, rate := range p.Rates {
		switch {
		case !slices.Contains(Units(), rate.Unit):
			return fmt.Errorf("there is no unit %q", rate.Unit)
		case !slices.Contains(usage.ServiceTiers(), rate.ServiceTier):
			return fmt.Errorf("there is no service tier %q", rate.ServiceTier)
		case rate.AboveInputTokens < 0 || rate.AboveInputTokens > maxTokenCount:
			return fmt.Errorf("%s has a rate above %d input tokens", rate.Unit, rate.AboveInputTokens)
		case rate.Picos < 0 || rate.Picos > MaxPicos:
			return fmt.Errorf("%s costs %d pico-dollars", rate.Unit, rate.Picos)
		case i > 0 && compareRates(p.Rates[i-1], rate) == 0:
			return fmt.Errorf("it has two rates for %s", rate.name())
		}
	}
	return nil
}

// printable says whether a name is text, without line ends and the like.
func printable(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

// name says what a rate is for.
func (r Rate) name() string {
	name := string(r.Unit)
	if r.ServiceTier != usage.Standard {
		name += " " + string(r.ServiceTier)
	}
	if r.AboveInputTokens > 0 {
		name += fmt.Sprintf(" above %d", r.AboveInputTokens)
	}
	return name
}

// compareRates orders the rates of one price by what they are for.
func compareRates(a, b Rate) int {
	return cmp.Or(
		cmp.Compare(slices.Index(usage.ServiceTiers(), a.ServiceTier), slices.Index(usage.ServiceTiers(), b.ServiceTier)),
		cmp.Compare(a.AboveInputTokens, b.AboveInputTokens),
		cmp.Compare(slices.Index(Units(), a.Unit), slices.Index(Units(), b.Unit)))
}

// comparePrices orders a list: by provider, model and time.
func comparePrices(a, b Price) int {
	return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Key().Pattern(), b.Key().Pattern()), a.EffectiveFrom.Compare(b.EffectiveFrom))
}

// Order brings the rates into the order in which prices are compared.
func (p *Price) Order() { slices.SortFunc(p.Rates, compareRates) }
