package catalogue

import (
	"errors"
	"fmt"
	"slices"
)

// Catalogue is a list of prices, and what was left out of it.
type Catalogue struct {
	Prices  []Price
	Refused []Refusal
}

// Refusal is something in a list that has become no price, and why.
type Refusal struct {
	Provider, Model string
	Field           string // empty when it is about all of the model
	Reason          string
	Partly          bool // the price was taken, without this
	Damaged         bool // the list is wrong: see Damaged
}

// String is the refusal on one line.
func (r Refusal) String() string {
	name := r.Provider + " " + r.Model
	if r.Field != "" {
		name += ", " + r.Field
	}
	return name + ": " + r.Reason
}

// Damaged returns what a list has only if it was damaged or written wrongly: numbers that are no prices. Unlike what Bursar has no
// unit for, it says that the list cannot be trusted.
func (c *Catalogue) Damaged() []Refusal {
	return slices.DeleteFunc(slices.Clone(c.Refused), func(r Refusal) bool { return !r.Damaged })
}

// refuse notes that a price is left out.
func (c *Catalogue) refuse(of Key, field string, err error) {
	c.Refused = append(c.Refused, Refusal{Provider: of.Provider, Model: of.Pattern(), Field: field, Reason: reason(err), Damaged: errors.Is(err, errDamaged)})
}

// omit notes that something of a price is left out.
func (c *Catalogue) omit(of Key, field, format string, values ...any) {
	c.Refused = append(c.Refused, Refusal{Provider: of.Provider, Model: of.Pattern(), Field: field, Reason: fmt.Sprintf(format, values...), Partly: true})
}

// reason is an error without the mark.
func reason(err error) string {
	text := err.Error()
	if prefix := errDamaged.Error() + ": "; len(text) > len(prefix) && text[:len(prefix)] == prefix {
		return text[len(prefix):]
	}
	return text
}

// add takes a price into the list, if it is one.
func (c *Catalogue) add(p Price) {
	if err := p.check(); err != nil {
		c.refuse(p.Key(), "", err)
		return
	}
	c.Prices = append(c.Prices, p)
}

// settle sorts the list and takes out what it has twice: the same price is dropped, another one for the same time is refused.
func (c *Catalogue) settle() {
	slices.SortStableFunc(c.Prices, comparePrices)
	kept := c.Prices[:0]
	for _, p := range c.Prices {
		var last *Price
		if len(kept) > 0 {
			last = &kept[len(kept)-1]
		}
		if last == nil || last.Key() != p.Key() || !overlap(last, &p) {
			kept = append(kept, p)
			continue
		}
		if !sameRates(last, &p) {
			c.refuse(p.Key(), "", errors.New("the list has another price for the same model and time, which was taken"))
		} else if last.MaxOutputTokens == 0 {
			last.MaxOutputTokens = p.MaxOutputTokens
		}
	}
	c.Prices = kept
	whole := map[[2]string]bool{}
	for _, r := range c.Refused {
		whole[[2]string{r.Provider, r.Model}] = whole[[2]string{r.Provider, r.Model}] || !r.Partly
	}
	c.Refused = slices.DeleteFunc(c.Refused, func(r Refusal) bool { return r.Partly && whole[[2]string{r.Provider, r.Model}] })
	slices.SortStableFunc(c.Refused, func(a, b Refusal) int {
		return comparePrices(Price{Provider: a.Provider, Model: a.Model}, Price{Provider: b.Provider, Model: b.Model})
	})
	c.Refused = slices.Compact(c.Refused)
}

// overlap says whether two prices of the same models, the earlier one first, hold at the same time.
func overlap(a, b *Price) bool { return a.EffectiveTo.IsZero() || a.EffectiveTo.After(b.EffectiveFrom) }

// sameRates says whether two prices cost the same.
func sameRates(a, b *Price) bool { return slices.Equal(a.Rates, b.Rates) }
