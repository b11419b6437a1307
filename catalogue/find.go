package catalogue

import (
	"math/big"
	"strings"
	"time"

	"bursar/usage"
)

// Find returns the price of a model at an instant: that of its name before those of prefixes, that of a longer prefix before a shorter.
// Models and providers are compared in small letters.
func (c *Catalogue) Find(provider, model string, at time.Time) (found *Price, ok bool) {
	provider, model = strings.ToLower(provider), strings.ToLower(model)
	for i := range c.Prices {
		p := &c.Prices[i]
		if p.Provider != provider || !p.Holds(at) || !p.Key().matches(model) {
			continue
		}
		if found == nil || found.Prefix && (!p.Prefix || len(p.Model) > len(found.Model)) {
			found = p
		}
	}
	return found, found != nil
}

// matches says whether the price is for a model.
func (k Key) matches(model string) bool {
	return model == k.Model || k.Prefix && strings.HasPrefix(model, k.Model)
}

// quantities returns what is charged for: each token once. What was cached or written costs that, whether it is audio or not, and
// audio is charged for as many tokens as these leave; so is audio output beside reasoning.
func quantities(of *usage.Parts) map[Unit]int64 {
	audioInput := min(of.AudioInputTokens, of.InputTokens-of.CachedInputTokens-of.CacheWriteTokens)
	audioOutput := min(of.AudioOutputTokens, of.OutputTokens-of.ReasoningTokens)
	return map[Unit]int64{
		InputTokens:        of.InputTokens - of.CachedInputTokens - of.CacheWriteTokens - audioInput,
		CachedInputTokens:  of.CachedInputTokens,
		CacheWriteTokens:   of.CacheWriteTokens - of.CacheWrite1hTokens,
		CacheWrite1hTokens: of.CacheWrite1hTokens,
		AudioInputTokens:   audioInput,
		OutputTokens:       of.OutputTokens - of.ReasoningTokens - audioOutput,
		ReasoningTokens:    of.ReasoningTokens,
		AudioOutputTokens:  audioOutput,
		Images:             of.Images,
		Requests:           of.Requests,
		WebSearches:        of.WebSearches,
	}
}

// instead returns the unit whose rate is charged for one without a rate; none when that costs nothing.
func instead(of Unit) Unit {
	switch of {
	case CachedInputTokens, CacheWriteTokens, AudioInputTokens:
		return InputTokens
	case CacheWrite1hTokens:
		return CacheWriteTokens
	case ReasoningTokens, AudioOutputTokens:
		return OutputTokens
	}
	return ""
}

// Rate returns what one costs in pico-dollars in a request of a size and a service tier. A service tier without a rate for a unit
// costs what Standard does.
func (p *Price) Rate(unit Unit, tier usage.ServiceTier, inputTokens int64) int64 {
	for ; unit != ""; unit = instead(unit) {
		for _, tier := range []usage.ServiceTier{tier, usage.Standard} {
			if rate, ok := p.rate(unit, tier, inputTokens); ok {
				return rate
			}
		}
	}
	return 0
}

// rate finds the rate above the largest number of input tokens that the request has more of.
func (p *Price) rate(unit Unit, tier usage.ServiceTier, inputTokens int64) (found int64, ok bool) {
	above := int64(-1)
	for _, r := range p.Rates {
		if r.Unit == unit && r.ServiceTier == tier && r.AboveInputTokens > above && (r.AboveInputTokens == 0 || inputTokens > r.AboveInputTokens) {
			found, above, ok = r.Picos, r.AboveInputTokens, true
		}
	}
	return found, ok
}

// Cost returns what usage costs by the price, in nano-dollars and rounded up once. What other models used within the same answer is not
// in it.
func (p *Price) Cost(of *usage.Parts) *big.Int {
	sum := new(big.Int)
	for unit, quantity := range quantities(of) {
		cost := big.NewInt(p.Rate(unit, of.ServiceTier, of.InputTokens))
		sum.Add(sum, cost.Mul(cost, big.NewInt(quantity)))
	}
	sum.Add(sum, big.NewInt(picosPerNano-1))
	return sum.Quo(sum, big.NewInt(picosPerNano))
}
