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

// Cost returns what the usage event costs with all corrections, in US dollars.
func (e *RepricedEvent) Cost() decimal.Decimal { return dollars(e.CostNanos) }

// RepricingState is where a repricing stands.
type RepricingState string

// The states of a repricing.
const (
	RepricingQueued   RepricingState = "QUEUED"
	RepricingRunning  RepricingState = "RUNNING"
	RepricingFinished RepricingState = "FINISHED"
)

// IsNode marks a type of GraphQL's interface Node.
func (*Repricing) IsNode() {}

// ExternalID returns the repricing's external id.
func (r *Repricing) ExternalID() string { return id.Repricing.Format(r.ID) }

// State returns where the repricing stands.
func (r *Repricing) State() RepricingState {
	switch {
	case r.FinishedAt != nil:
		return RepricingFinished
	case r.Position != nil:
		return RepricingRunning
	}
	return RepricingQueued
}

// Percent returns how much of the ledger's span was looked at.
func (r *Repricing) Percent() int {
	switch {
	case r.FinishedAt != nil:
		return 100
	case r.Position == nil || *r.LastPosition <= *r.FirstPosition:
		return 0
	}
	return int(float64(*r.Position-*r.FirstPosition) / float64(*r.LastPosition-*r.FirstPosition) * 100) //nolint:mnd // percent
}

// Difference returns the sum of corrections in US dollars.
func (r *Repricing) Difference() decimal.Decimal { return r.DifferenceNanos.Shift(-9) }
