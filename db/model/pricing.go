package model

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// NotGiven stands for a number that a gateway does not give.
const NotGiven = -1

// Charge is what usage costs, and by what.
type Charge struct {
	Nanos      int64
	Price      *Price      // nil: the cost was given, or there is no price
	Multiplier *Multiplier // nil: 1
	Unpriced   bool        // the cost is 0 because there is no price
}

// asking is what a request asks for, after its price.
type asking struct {
	Usage
	price      *Price
	multiplier *Multiplier
	unpriced   bool
}

// asking prices an estimate at the instant of now: tokens and nano-dollars that are not given are the most that there may be.
func (m *Model) asking(k *Key, e Estimate) asking {
	a := asking{Usage: Usage{Requests: e.Requests, Tokens: e.Tokens, Nanos: e.Nanos}}
	output := e.Output
	if k != nil {
		a.price, a.multiplier = m.priceOf(k.Organization, e.Provider, e.Model, m.Now)
	}
	if output == NotGiven {
		output = 0
		if a.price != nil {
			output = a.price.MaximumOutput
		}
	}
	if e.Tokens == NotGiven {
		a.Tokens = max(e.Input, 0) + output
	}
	switch {
	case e.Nanos != NotGiven:
	case a.price == nil:
		a.Nanos, a.unpriced = 0, e.Model != ""
	case e.Input != NotGiven || e.Tokens <= 0:
		a.Nanos = a.price.most(e.Tier, e.Requests, max(e.Input, 0), output, 0, a.multiplier)
	case e.Output != NotGiven:
		a.Nanos = a.price.most(e.Tier, e.Requests, max(e.Tokens-output, 0), output, 0, a.multiplier)
	default:
		a.Nanos = a.price.most(e.Tier, e.Requests, 0, 0, e.Tokens, a.multiplier)
	}
	return a
}

// priceOf returns the price of a model for an organization at an instant, and the organization's multiplier of it; nil: none.
func (m *Model) priceOf(organization uuid.UUID, provider, model string, at time.Time) (*Price, *Multiplier) {
	price := PriceOf(m.Prices, organization, provider, model, at)
	if price == nil {
		return nil, nil
	}
	return price, MultiplierOf(m.Multipliers, organization, price.Provider, at)
}

// most returns what a request costs at most in nano-dollars: each token at the dearest rate that it may have. unknown tokens are input or output.
func (p *Price) most(tier string, requests, input, output, unknown int64, multiplier *Multiplier) int64 {
	sizes := []int64{0}
	for _, rate := range p.Rates {
		if rate.AboveInputTokens < input+unknown {
			sizes = append(sizes, rate.AboveInputTokens+1)
		}
	}
	dearest := func(units ...db.PriceUnit) *big.Rat {
		most := int64(0)
		for _, size := range sizes {
			for _, unit := range units {
				most = max(most, p.Rate(unit, tierOf(tier), size))
			}
		}
		return big.NewRat(most, 1)
	}
	in := []db.PriceUnit{db.PriceUnitINPUTTOKENS, db.PriceUnitCACHEDINPUTTOKENS, db.PriceUnitCACHEWRITETOKENS, db.PriceUnitCACHEWRITE1HTOKENS,
		db.PriceUnitAUDIOINPUTTOKENS}
	out := []db.PriceUnit{db.PriceUnitOUTPUTTOKENS, db.PriceUnitREASONINGTOKENS, db.PriceUnitAUDIOOUTPUTTOKENS}
	sum := new(big.Rat)
	for _, part := range []struct {
		number int64
		rate   *big.Rat
	}{{requests, dearest(db.PriceUnitREQUESTS)}, {input, dearest(in...)}, {output, dearest(out...)}, {unknown, dearest(append(in, out...)...)}} {
		sum.Add(sum, new(big.Rat).Mul(big.NewRat(part.number, 1), part.rate))
	}
	if cost := nanos(sum, multiplier.value()); cost.IsInt64() {
		return cost.Int64()
	}
	return math.MaxInt64
}

func tierOf(tier string) db.ServiceTier {
	return db.ServiceTier(cmp.Or(tier, string(db.ServiceTierSTANDARD)))
}

// price says what usage costs: what was told, else by the price that its reservation fixed, unless the usage is of another model, else by that
// of now. What was not told of provider, model and tier is the reservation's.
func (m *Model) price(e *Event, settled *Reservation) {
	told := &e.Told
	e.Provider, e.Model, e.Tier, e.Nanos = told.Provider, told.Model, told.Parts.Tier, told.Nanos
	var fixed *Price
	at := m.Now
	if settled != nil {
		e.Provider, e.Model = cmp.Or(told.Provider, settled.Asked.Provider), cmp.Or(told.Model, settled.Asked.Model)
		e.Tier = cmp.Or(told.Parts.Tier, settled.Asked.Tier)
		if fixed = settled.Price; fixed != nil {
			at = settled.Admitted
		}
	}
	e.Tier = string(tierOf(e.Tier))
	if told.Nanos != NotGiven {
		return
	}
	switch {
	case fixed != nil && fixes(settled, told):
		e.Price, e.Multiplier = fixed, settled.Multiplier
	default:
		e.Price, e.Multiplier = m.priceOf(e.Organization, e.Provider, e.Model, at)
		if fixed != nil && (e.Price == nil || e.Price == fixed) {
			e.Price, e.Multiplier = fixed, settled.Multiplier
		}
	}
	if e.Price == nil {
		e.Nanos, e.Unpriced = 0, e.Model != "" || told.Input+told.Output+told.Parts.Images+told.Parts.Searches > 0
		return
	}
	parts := told.Parts
	parts.Tier = e.Tier
	e.Nanos = e.Price.Cost(Priced{Requests: e.Requests, Input: told.Input, Output: told.Output, Cached: told.Cached, Written: told.Written,
		Parts: parts}, e.Multiplier.value()).Int64()
}

// fixes tells whether the price of a reservation is that of a report: it is of the same model, or does not say of which.
func fixes(r *Reservation, told *Report) bool {
	same := func(told, asked string) bool { return told == "" || strings.EqualFold(told, asked) }
	return same(told.Model, r.Asked.Model) && same(told.Provider, cmp.Or(r.Asked.Provider, told.Provider))
}

// value returns the multiplier; 1 without one.
func (f *Multiplier) value() *big.Rat {
	if f == nil {
		return big.NewRat(1, 1)
	}
	return f.Value
}

// SetPrice adds a price and closes the one that is in effect when it begins; it ends where the next one begins. False when the one in effect
// has the same rates: nothing is added. Without a maximum of output that of the price which it closes goes on.
func (m *Model) SetPrice(added *Price) bool {
	for _, p := range m.Prices {
		if p.Organization != added.Organization || p.Provider != added.Provider || p.Pattern != added.Pattern || !inEffect(p.From, p.To, added.From) {
			continue
		}
		added.MaximumOutput = cmp.Or(added.MaximumOutput, p.MaximumOutput)
		if added.MaximumOutput == p.MaximumOutput && sameRates(p.Rates, added.Rates) {
			return false
		}
		p.To = &added.From
	}
	for _, p := range m.Prices {
		ahead := p.Organization == added.Organization && p.Provider == added.Provider && p.Pattern == added.Pattern && p.From.After(added.From) &&
			(p.To == nil || p.To.After(p.From))
		if ahead && (added.To == nil || p.From.Before(*added.To)) {
			added.To = &p.From
		}
	}
	m.Prices = append(m.Prices, added)
	return true
}

// sameRates tells whether two lists have the same rates, in whatever order.
func sameRates(a, b []*db.PriceRate) bool {
	all := func(list []*db.PriceRate) map[db.PriceRate]bool {
		set := map[db.PriceRate]bool{}
		for _, rate := range list {
			set[*rate] = true
		}
		return set
	}
	of := all(b)
	return len(a) == len(b) && !slices.ContainsFunc(a, func(rate *db.PriceRate) bool { return !of[*rate] })
}

// EndPrice ends a price now, or withdraws it if it has not begun. False when it has ended.
func (m *Model) EndPrice(p *Price) bool {
	end := m.Now
	if p.From.After(end) {
		end = p.From
	}
	if p.To != nil && !p.To.After(end) {
		return false
	}
	p.To = &end
	return true
}

// SetMultiplier adds a multiplier and closes the one that is in effect now.
func (m *Model) SetMultiplier(added *Multiplier) {
	for _, f := range m.Multipliers {
		same := f.Organization == added.Organization && f.Provider == added.Provider
		switch {
		case same && f.From.After(added.From) && (f.To == nil || f.To.After(f.From)) && (added.To == nil || f.From.Before(*added.To)):
			added.To = &f.From
		case same && inEffect(f.From, f.To, added.From):
			if f.Value.Cmp(added.Value) == 0 {
				return
			}
			f.To = &added.From
		}
	}
	m.Multipliers = append(m.Multipliers, added)
}
