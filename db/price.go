package db

import (
	"github.com/shopspring/decimal"

	"bursar/id"
)

// PriceRate is one rate of a price: what one unit costs, for a service tier, above a size of input.
type PriceRate struct {
	Unit             PriceUnit   `json:"unit"`
	ServiceTier      ServiceTier `json:"service_tier"`
	AboveInputTokens int64       `json:"above_input_tokens"` // 0: any size
	Picos            int64       `json:"picos"`              // pico-dollars for one unit
}

// PicosPerMillion are the pico-dollars that one unit costs which costs one dollar a million.
const PicosPerMillion = 1_000_000

// PerMillion returns what a million units cost, in US dollars.
func (r *PriceRate) PerMillion() decimal.Decimal { return decimal.New(r.Picos, -6) }

// IsNode marks a type of GraphQL's interface Node.
func (*Price) IsNode() {}

// ExternalID returns the price's external id.
func (p *Price) ExternalID() string { return id.Price.Format(p.ID) }

// ModelPattern returns the model, or the beginning of models with a * behind it.
func (p *Price) ModelPattern() string {
	if p.IsPrefix {
		return p.Model + "*"
	}
	return p.Model
}

// SourceName returns where the price was read; nil when that was not said.
func (p *Price) SourceName() *string { return named(p.Source) }

// ProviderName returns the provider of whose prices it is the multiplier; nil: all.
func (m *PriceMultiplier) ProviderName() *string { return named(m.Provider) }
