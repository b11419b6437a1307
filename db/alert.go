package db

import (
	"time"

	"github.com/shopspring/decimal"
)

// Threshold returns the threshold that was reached, in US dollars or tokens; nil unless THRESHOLD.
func (a *Alert) Threshold() *decimal.Decimal { return a.optionalUnits(a.ThresholdUnits) }

func (a *Alert) optionalUnits(units *int64) *decimal.Decimal {
	if units == nil {
		return nil
	}
	converted := amount(a.Type, decimal.NewFromInt(*units))
	return &converted
}

// Requested returns what the first refused request asked for, or by how much the budget is or was to be raised, in its unit; nil for other alerts.
func (a *Alert) Requested() *decimal.Decimal { return a.optionalUnits(a.RequestedUnits) }

// Reserved returns what requests in flight held when the alert was raised, in the budget's unit; nil unless it is about a refusal or a raise.
func (a *Alert) Reserved() *decimal.Decimal { return a.optionalUnits(a.ReservedUnits) }

// Amount returns the budget's amount when the alert was raised, in US dollars or tokens.
func (a *Alert) Amount() decimal.Decimal { return amount(a.Type, decimal.NewFromInt(a.MaxUnits)) }

// Used returns what was used when the alert was raised, in US dollars or tokens.
func (a *Alert) Used() decimal.Decimal { return amount(a.Type, a.UsedUnits) }

// Percent returns the threshold that was reached as it was set; nil for one that was set as an amount, and unless THRESHOLD.
func (a *Alert) Percent() *int {
	if a.ThresholdPercent == nil {
		return nil
	}
	return new(int(*a.ThresholdPercent))
}

// RaiseBy returns what was asked to be added to the budget, or was added: US dollars, tokens or requests, as RaiseType says.
func (r *ListAlertSubjectsRow) RaiseBy() decimal.Decimal {
	return amount(r.RaiseType, decimal.NewFromInt(r.RaiseUnits))
}

// Units returns an amount in the alert's units in the API's form: US dollars or tokens.
func (a *Alert) Units(units decimal.Decimal) decimal.Decimal { return amount(a.Type, units) }

// DueAt returns the time of the next attempt to send; nil when there is none.
func (d *AlertDelivery) DueAt() *time.Time {
	if d.Status != DeliveryStatusQUEUED {
		return nil
	}
	return &d.NextAttemptAt
}
