package model

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// Price is what a provider takes for a model, with the rates as they were given.
type Price struct {
	ID            uuid.UUID
	Organization  uuid.UUID // zero: everybody's
	Provider      string    // in lower case, as is Pattern
	Pattern       string    // with a * at its end for all models that begin so
	From          time.Time
	To            *time.Time // nil: not known
	MaximumOutput int64      // 0: not known
	Rates         []*db.PriceRate
}

// Multiplier is what an organization pays of the prices of a provider; "" of all.
type Multiplier struct {
	Organization uuid.UUID
	Provider     string
	Value        *big.Rat
	From         time.Time
	To           *time.Time
}

// Priced is usage in all its parts. Without a tier it is STANDARD.
type Priced struct {
	Requests, Input, Output, Cached, Written int64
	Parts
}

func inEffect(from time.Time, to *time.Time, at time.Time) bool {
	return !from.After(at) && (to == nil || to.After(at))
}

// PriceOf returns the price of a model at an instant; nil: none.
func PriceOf(prices []*Price, organization uuid.UUID, provider, model string, at time.Time) *Price {
	provider, model = strings.ToLower(provider), strings.ToLower(model)
	var best []*Price
	if model == "" {
		return nil
	}
	for _, p := range prices {
		beginning, isPrefix := strings.CutSuffix(p.Pattern, "*")
		if (p.Organization != uuid.Nil && p.Organization != organization) || (provider != "" && p.Provider != provider) ||
			!inEffect(p.From, p.To, at) || (!isPrefix && p.Pattern != model) || (isPrefix && !strings.HasPrefix(model, beginning)) {
			continue
		}
		if len(best) > 0 {
			switch cmp.Compare(p.rank(), best[0].rank()) {
			case -1:
				continue
			case 1:
				best = nil
			}
		}
		best = append(best, p)
	}
	if len(best) == 0 {
		return nil
	}
	for _, p := range best[1:] {
		if !p.costsAs(best[0]) {
			return nil
		}
	}
	return slices.MinFunc(best, func(a, b *Price) int { return strings.Compare(a.Provider, b.Provider) })
}

// rank is higher for what is more specific.
func (p *Price) rank() int {
	rank := len(p.Pattern)
	if !strings.HasSuffix(p.Pattern, "*") {
		rank = 1000
	}
	if p.Organization != uuid.Nil {
		rank += 10_000
	}
	return rank
}

// costsAs tells whether two prices make every usage cost the same.
func (p *Price) costsAs(other *Price) bool {
	sizes := []int64{0}
	for _, rate := range append(slices.Clone(p.Rates), other.Rates...) {
		sizes = append(sizes, rate.AboveInputTokens+1)
	}
	for _, size := range sizes {
		for _, tier := range db.AllServiceTierValues() {
			for _, unit := range db.AllPriceUnitValues() {
				if p.Rate(unit, tier, size) != other.Rate(unit, tier, size) {
					return false
				}
			}
		}
	}
	return true
}

// MultiplierOf returns what an organization pays of a provider's prices at an instant; nil: all of them.
func MultiplierOf(multipliers []*Multiplier, organization uuid.UUID, provider string, at time.Time) (found *Multiplier) {
	for _, m := range multipliers {
		if m.Organization != organization || !inEffect(m.From, m.To, at) {
			continue
		}
		if m.Provider == provider {
			return m
		}
		if m.Provider == "" {
			found = m
		}
	}
	return found
}

// Rate returns the pico-dollars of a unit for a request of a service tier and a size of input.
func (p *Price) Rate(unit db.PriceUnit, tier db.ServiceTier, input int64) int64 {
	for unit != "" {
		for _, t := range []db.ServiceTier{tier, db.ServiceTierSTANDARD} {
			var found *db.PriceRate
			for _, rate := range p.Rates {
				if rate.Unit == unit && rate.ServiceTier == t && (rate.AboveInputTokens == 0 || input > rate.AboveInputTokens) &&
					(found == nil || rate.AboveInputTokens > found.AboveInputTokens) {
					found = rate
				}
			}
			if found != nil {
				return found.Picos
			}
		}
		unit = wider(unit)
	}
	return 0
}

// wider returns the unit as which one without a rate costs; "": nothing.
func wider(unit db.PriceUnit) db.PriceUnit {
	switch unit {
	case db.PriceUnitCACHEWRITE1HTOKENS:
		return db.PriceUnitCACHEWRITETOKENS
	case db.PriceUnitCACHEDINPUTTOKENS, db.PriceUnitCACHEWRITETOKENS, db.PriceUnitAUDIOINPUTTOKENS:
		return db.PriceUnitINPUTTOKENS
	case db.PriceUnitREASONINGTOKENS, db.PriceUnitAUDIOOUTPUTTOKENS:
		return db.PriceUnitOUTPUTTOKENS
	}
	return ""
}

// units returns how much there is of each unit. A token that is audio and something else is something else.
func (u *Priced) units() map[db.PriceUnit]int64 {
	audioInput, audioOutput := min(u.AudioInput, u.Input-u.Cached-u.Written), min(u.AudioOutput, u.Output-u.Reasoning)
	return map[db.PriceUnit]int64{
		db.PriceUnitINPUTTOKENS:       u.Input - u.Cached - u.Written - audioInput,
		db.PriceUnitCACHEDINPUTTOKENS: u.Cached, db.PriceUnitCACHEWRITETOKENS: u.Written - u.Written1h,
		db.PriceUnitCACHEWRITE1HTOKENS: u.Written1h, db.PriceUnitAUDIOINPUTTOKENS: audioInput,
		db.PriceUnitOUTPUTTOKENS: u.Output - u.Reasoning - audioOutput, db.PriceUnitREASONINGTOKENS: u.Reasoning,
		db.PriceUnitAUDIOOUTPUTTOKENS: audioOutput, db.PriceUnitIMAGES: u.Images, db.PriceUnitREQUESTS: u.Requests,
		db.PriceUnitWEBSEARCHES: u.Searches,
	}
}

// Cost returns what usage costs in nano-dollars, rounded up once.
func (p *Price) Cost(of Priced, multiplier *big.Rat) *big.Int {
	sum, tier := new(big.Rat), tierOf(of.Tier)
	for unit, number := range of.units() {
		sum.Add(sum, new(big.Rat).Mul(big.NewRat(p.Rate(unit, tier, of.Input), 1), big.NewRat(number, 1)))
	}
	return nanos(sum, multiplier)
}

// nanos returns pico-dollars times a multiplier in nano-dollars, rounded up.
func nanos(picos, multiplier *big.Rat) *big.Int {
	cost := new(big.Rat).Mul(picos, multiplier)
	cost.Mul(cost, big.NewRat(1, 1000))
	up := new(big.Int).Add(cost.Num(), new(big.Int).Sub(cost.Denom(), big.NewInt(1)))
	return up.Div(up, cost.Denom())
}
