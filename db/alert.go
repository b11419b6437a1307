package db

import (
	"time"

	"github.com/shopspring/decimal"
)

// Threshold returns the threshold that was reached, in US dollars or tokens; nil for EXHAUSTED.
func (a *Alert) Threshold() *decimal.Decimal {
	if a.ThresholdUnits == nil {
		return nil
	}
	threshold := amount(a.Type, decimal.NewFromInt(*a.ThresholdUnits))
	return &threshold
}

// Amount returns the budget's amount when the alert was raised, in US dollars or tokens.
func (a *Alert) Amount() decimal.Decimal { return amount(a.Type, decimal.NewFromInt(a.MaxUnits)) }

// Used returns what was used when the alert was raised, in US dollars or tokens.
func (a *Alert) Used() decimal.Decimal { return amount(a.Type, a.UsedUnits) }

// Units returns an amount in the alert's units in the API's form: US dollars or tokens.
func (a *Alert) Units(units decimal.Decimal) decimal.Decimal { return amount(a.Type, units) }

// DueAt returns the time of the next attempt to send; nil when there is none.
func (d *AlertDelivery) DueAt() *time.Time {
	if d.Status != DeliveryStatusQUEUED {
		return nil
	}
	return &d.NextAttemptAt
}
