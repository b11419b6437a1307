package catalogue

import (
	"slices"
	"strings"
	"time"

	"bursar/usage"
)

// Complete adds to each price what another list knows about the same models and this one does not: rates of service tiers, and the largest
// number of output tokens. It does so only where both lists have the same price for input and output at an instant, so that the other list
// is about the same price, and where it has no two answers.
func (c *Catalogue) Complete(other *Catalogue, at time.Time) {
	found := map[int][]*Price{}
	for i := range other.Prices {
		p := &other.Prices[i]
		if p.Prefix || !p.Holds(at) {
			continue
		}
		mine, ok := c.Find(p.Provider, p.Model, at)
		if !ok {
			continue
		}
		index := slices.IndexFunc(c.Prices, func(of Price) bool { return of.Key() == mine.Key() && of.Holds(at) })
		found[index] = append(found[index], p)
	}
	for index, others := range found {
		c.Prices[index].complete(others)
	}
}

// complete adds what other prices for the same models know.
func (p *Price) complete(others []*Price) {
	var most int64
	var tiers []Rate
	var source string
	agree := true
	for _, other := range others {
		most, source = max(most, other.MaxOutputTokens), other.Source
		if p.Rate(InputTokens, usage.Standard, 0) != other.Rate(InputTokens, usage.Standard, 0) ||
			p.Rate(OutputTokens, usage.Standard, 0) != other.Rate(OutputTokens, usage.Standard, 0) {
			agree = false
			continue
		}
		more := slices.DeleteFunc(slices.Clone(other.Rates), func(r Rate) bool { return r.ServiceTier == usage.Standard || r.Picos == 0 })
		agree = agree && (tiers == nil || slices.Equal(tiers, more))
		tiers = more
	}
	var names []string
	if mine := slices.ContainsFunc(p.Rates, func(r Rate) bool { return r.ServiceTier != usage.Standard }); agree && !mine {
		for _, r := range tiers {
			if !slices.Contains(names, string(r.ServiceTier)) {
				names = append(names, string(r.ServiceTier))
			}
		}
		p.Rates = append(p.Rates, tiers...)
		slices.SortFunc(p.Rates, compareRates)
	}
	if p.MaxOutputTokens == 0 && most > 0 {
		p.MaxOutputTokens, names = most, append(names, "largest output")
	}
	if len(names) > 0 {
		p.Source += "; " + strings.Join(names, ", ") + " by " + source
	}
}
