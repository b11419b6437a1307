package db

import "github.com/shopspring/decimal"

// Used returns what was used of the budget by then: US dollars or tokens.
func (p *BurnDownPoint) Used() decimal.Decimal { return amount(p.Type, p.UsedUnits) }

// Remaining returns the budget's amount less what was used by then, never below 0: US dollars or tokens.
func (p *BurnDownPoint) Remaining() decimal.Decimal {
	return amount(p.Type, decimal.Max(decimal.NewFromInt(p.MaxUnits).Sub(p.UsedUnits), decimal.Zero))
}
