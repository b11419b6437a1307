package validate

import (
	"math"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

// BudgetLimit checks the input of createBudgetLimit, or one of the budgets of createApiKey.
func BudgetLimit(input *model.BudgetLimitInput) (*db.CreateLimitParams, error) {
	amount, err := budgetUnits(input.Type, input.Amount)
	alerts, alertsErr := thresholds("alertThresholds", input.Type, input.AlertThresholds)
	percents, percentsErr := thresholdPercents(input.AlertThresholdPercents)
	named, namedErr := alertRecipients(input.Type, input.AlertRecipients, alerts, percents)
	recipients, recipientsErr := recipientsJSON(named)
	period := ValueOr(input.PeriodicReset, db.LimitPeriodNONE)
	calendar := &Calendar{input.ResetDays, input.ResetAnchor, input.TimeZone, input.WeekStartsOn, input.DayOfMonth}
	return &db.CreateLimitParams{
		Kind: db.LimitKindBUDGET, Type: input.Type, Period: period, MaxUnits: amount, AlertUnits: alerts, AlertPercents: percents, AlertRecipients: recipients,
		TimeZone: input.TimeZone, WeekStartsOn: calendar.weekday(), DayOfMonth: short(input.DayOfMonth),
		ResetDays: short(input.ResetDays), ResetAnchor: input.ResetAnchor,
		Enabled: ValueOr(input.Enabled, true), Mode: ValueOr(input.Mode, db.LimitModeENFORCE),
	}, Together(budgetErrors(err, alertsErr, amount, alerts), percentsErr, namedErr, recipientsErr, calendar.check(period, false))
}

// budgetUnits returns a budget's amount in the unit of its counter. The smallest amounts are those of the database's constraints.
func budgetUnits(limitType db.LimitType, amount decimal.Decimal) (int64, error) {
	most, err := units("amount", limitType, amount)
	switch {
	case err != nil:
		return 0, err
	case most == 0:
		return 0, fault.OfConstraint("limits_max_units_check")
	case limitType == db.LimitTypeCOST && most < nanosPerDollar:
		return 0, fault.OfConstraint("limits_cost_minimum_check")
	}
	return most, nil
}

// budgetErrors returns what is wrong with a budget's amount and with its thresholds, which can be compared when both are right.
func budgetErrors(amountErr, alertsErr error, amount int64, alerts []int64) error {
	if amountErr == nil && alertsErr == nil {
		for _, alert := range alerts {
			if alert <= 0 || alert >= amount {
				return fault.OfConstraint("limits_alert_units_check")
			}
		}
	}
	return Together(amountErr, alertsErr)
}

// RateLimit checks the input of createRateLimit, or one of the rate limits of createApiKey.
func RateLimit(input *model.RateLimitInput) (*db.CreateLimitParams, error) {
	return &db.CreateLimitParams{
		Kind: db.LimitKindRATE, Type: input.Type, Period: ValueOr(input.Interval, db.LimitPeriodNONE), MaxUnits: input.Limit, AlertUnits: []int64{},
		Enabled: ValueOr(input.Enabled, true), Mode: ValueOr(input.Mode, db.LimitModeENFORCE),
	}, Together(rate(input.Limit), interval(input.Type, input.Interval != nil))
}

// interval refuses a rate limit without a window, and one of open reservations with a window.
func interval(limitType db.LimitType, given bool) error {
	switch parallel := limitType == db.LimitTypePARALLELREQUESTS; {
	case parallel && given:
		return fault.BadInput("interval", "must not be given for PARALLEL_REQUESTS, which counts open reservations")
	case !parallel && !given:
		return fault.BadInput("interval", "must be given, unless the type is PARALLEL_REQUESTS")
	}
	return nil
}

// UpdateBudgetLimit checks the input of updateBudgetLimit. Amounts are in the unit of the type that the budget will have.
func UpdateBudgetLimit(limit *db.LimitStatus, input *model.UpdateBudgetLimitInput) (*db.UpdateBudgetLimitParams, error) {
	limitType := ValueOr(input.Type, limit.Type)
	var amountErr, alertsErr error
	if limitType != limit.Type && input.Amount == nil {
		amountErr = fault.BadInput("amount", "must be given with another type, in its unit")
	}
	if limitType != limit.Type && input.AlertThresholds == nil && len(limit.AlertUnits) > 0 {
		alertsErr = fault.BadInput("alertThresholds", "must be given with another type, in its unit; an empty list takes them away")
	}
	calendar := &Calendar{input.ResetDays, input.ResetAnchor, input.TimeZone, input.WeekStartsOn, input.DayOfMonth}
	calendarErr := calendar.check(ValueOr(input.PeriodicReset, limit.Period), limit.Period == db.LimitPeriodEVERYDAYS)
	params := &db.UpdateBudgetLimitParams{
		OrganizationID: limit.OrganizationID, ID: limit.ID, Type: input.Type, Period: input.PeriodicReset,
		Enabled: input.Enabled, Mode: input.Mode,
		TimeZone: input.TimeZone, WeekStartsOn: calendar.weekday(), DayOfMonth: short(input.DayOfMonth),
		ResetDays: short(input.ResetDays), ResetAnchor: input.ResetAnchor,
	}
	amount, alerts := limit.MaxUnits, limit.AlertUnits
	if input.Amount != nil {
		amount, amountErr = budgetUnits(limitType, *input.Amount)
		params.MaxUnits = &amount
	}
	if input.AlertThresholds != nil {
		alerts, alertsErr = thresholds("alertThresholds", limitType, input.AlertThresholds)
		params.AlertUnits = alerts
	}
	var percentsErr error
	params.AlertPercents, percentsErr = thresholdPercents(input.AlertThresholdPercents)
	percents := params.AlertPercents
	if percents == nil {
		percents = limit.AlertPercents
	}
	named, namedErr := alertRecipients(limitType, input.AlertRecipients, alerts, percents)
	var recipientsErr error
	params.AlertRecipients, recipientsErr = recipientsJSON(named)
	return params, Together(ExpectedVersion(input.ExpectedVersion), budgetErrors(amountErr, alertsErr, amount, alerts), percentsErr, namedErr, recipientsErr,
		calendarErr)
}

// UpdateRateLimit checks the input of updateRateLimit.
func UpdateRateLimit(input *model.UpdateRateLimitInput) error {
	if input.Limit == nil {
		return ExpectedVersion(input.ExpectedVersion)
	}
	return Together(ExpectedVersion(input.ExpectedVersion), rate(*input.Limit))
}

// rate refuses a rate limit of nothing.
func rate(limit int64) error { return within("limit", limit, 1, math.MaxInt64) }

// ResetBudgetLimit checks the input of resetBudgetLimit.
func ResetBudgetLimit(input *model.ResetBudgetLimitInput) error {
	return textPointer("reason", input.Reason, maxReason)
}
