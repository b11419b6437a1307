package catalogue

import (
	"slices"
	"strings"
	"time"

	"bursar/usage"
)

// Difference is what a list would change.
type Difference struct {
	New     []Price // of models without a price
	Changed []Change
	Gone    []Price // the list does not have them any more. They stay in effect.
	Same    int
}

// Change is a price that replaces another.
type Change struct {
	Old, New Price
	Rates    []RateChange
}

// RateChange is a rate that changes, as far as calls cost more or less by it.
type RateChange struct {
	Rate         // the new one
	Before int64 // pico-dollars
}

// Compare compares a list with the prices that there are, as they hold at an instant and later. Prices of a list that are over are left out. What
// the list does not have any more is told by its sources.
func Compare(current, list []Price, at time.Time) Difference {
	var d Difference
	byKey, sources, known := map[Key][]*Price{}, map[string]bool{}, map[Key]bool{}
	for i := range current {
		byKey[current[i].Key()] = append(byKey[current[i].Key()], &current[i])
	}
	for _, p := range list {
		sources[p.catalogue()], known[p.Key()] = true, true
		if p.over(at) {
			continue
		}
		old := holding(byKey[p.Key()], later(p.EffectiveFrom, at))
		switch {
		case old == nil:
			d.New = append(d.New, p)
		case sameRates(old, &p) && (p.MaxOutputTokens == 0 || p.MaxOutputTokens == old.MaxOutputTokens):
			d.Same++
		default:
			d.Changed = append(d.Changed, Change{Old: *old, New: p, Rates: old.changes(&p)})
		}
	}
	for _, p := range current {
		if !known[p.Key()] && sources[p.catalogue()] && !p.over(later(p.EffectiveFrom, at)) {
			d.Gone = append(d.Gone, p)
		}
	}
	return d
}

// Writes returns what has to be imported, new and changed prices.
func (d *Difference) Writes() []Price {
	writes := slices.Clone(d.New)
	for _, change := range d.Changed {
		writes = append(writes, change.New)
	}
	slices.SortStableFunc(writes, comparePrices)
	return writes
}

// Large returns the changes that a person should look at: to more than twice or less than half of a rate, to nothing or from nothing.
func (d *Difference) Large() []Change {
	return slices.DeleteFunc(slices.Clone(d.Changed), func(c Change) bool { return !slices.ContainsFunc(c.Rates, RateChange.Large) })
}

// Free counts the new prices that charge for nothing.
func (d *Difference) Free() (free int) {
	for _, p := range d.New {
		if allZero(p.Rates) {
			free++
		}
	}
	return free
}

// Large says whether a rate changes by more than a factor of 2, to nothing or from nothing.
func (r RateChange) Large() bool {
	return r.Picos > 2*r.Before || 2*r.Picos < r.Before || (r.Picos == 0) != (r.Before == 0)
}

// catalogue returns the first word of the source, which names the list without its revision.
func (p *Price) catalogue() string {
	first, _, _ := strings.Cut(p.Source, " ")
	return strings.TrimSuffix(first, ";")
}

// over says whether a price has ended by an instant.
func (p *Price) over(at time.Time) bool { return !p.EffectiveTo.IsZero() && !p.EffectiveTo.After(at) }

// NotOver returns the prices that are in effect at an instant or later. One that was withdrawn before it was in effect is not.
func NotOver(prices []Price, at time.Time) []Price {
	return slices.DeleteFunc(slices.Clone(prices), func(p Price) bool { return p.over(later(p.EffectiveFrom, at)) })
}

// later returns the later one of two instants.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// holding returns the price that holds at an instant; nil for none.
func holding(prices []*Price, at time.Time) *Price {
	for _, p := range prices {
		if p.Holds(at) {
			return p
		}
	}
	return nil
}

// changes compares what calls cost: for each unit, service tier and size of input that one of the prices tells apart.
func (p *Price) changes(to *Price) []RateChange {
	var changes []RateChange
	for _, r := range slices.Concat(p.Rates, to.Rates) {
		r := Rate{Unit: r.Unit, ServiceTier: r.ServiceTier, AboveInputTokens: r.AboveInputTokens}
		change := RateChange{Rate: r, Before: p.Rate(r.Unit, r.ServiceTier, r.AboveInputTokens+1)}
		change.Picos = to.Rate(r.Unit, r.ServiceTier, r.AboveInputTokens+1)
		seen := slices.ContainsFunc(changes, func(c RateChange) bool { return compareRates(c.Rate, r) == 0 })
		if change.Picos != change.Before && !seen {
			changes = append(changes, change)
		}
	}
	slices.SortFunc(changes, func(a, b RateChange) int { return compareRates(a.Rate, b.Rate) })
	return changes
}

// inputRate is the rate that lists of prices show first.
func (p *Price) inputRate(unit Unit) string {
	return Rate{Picos: p.Rate(unit, usage.Standard, 0)}.PerMillion()
}
