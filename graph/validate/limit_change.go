package validate

import (
	"fmt"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

// BudgetLimitChange checks a budget of a form, and returns it as it is to be. present is the budget as it stands; nil for a new one.
func BudgetLimitChange(present *db.LimitStatus, change *model.BudgetLimitChange) (*db.CreateLimitParams, error) {
	if present != nil {
		params, err := UpdateBudgetLimit(present, &model.UpdateBudgetLimitInput{
			Type: change.Type, Amount: change.Amount, AlertThresholds: change.AlertThresholds,
			AlertThresholdPercents: change.AlertThresholdPercents, AlertRecipients: change.AlertRecipients, PeriodicReset: change.PeriodicReset, ResetDays: change.ResetDays,
			ResetAnchor: change.ResetAnchor, TimeZone: change.TimeZone, WeekStartsOn: change.WeekStartsOn, DayOfMonth: change.DayOfMonth,
			Enabled: change.Enabled, Mode: change.Mode})
		wanted := &db.CreateLimitParams{
			Kind: db.LimitKindBUDGET, Type: ValueOr(params.Type, present.Type), Period: ValueOr(params.Period, present.Period),
			MaxUnits: ValueOr(params.MaxUnits, present.MaxUnits), AlertUnits: present.AlertUnits, AlertPercents: present.AlertPercents, AlertRecipients: params.AlertRecipients,
			TimeZone: params.TimeZone, WeekStartsOn: params.WeekStartsOn, DayOfMonth: params.DayOfMonth, ResetDays: params.ResetDays,
			ResetAnchor: params.ResetAnchor, Enabled: ValueOr(params.Enabled, present.Enabled), Mode: ValueOr(params.Mode, present.Mode),
		}
		if params.AlertUnits != nil {
			wanted.AlertUnits = params.AlertUnits
		}
		if params.AlertPercents != nil {
			wanted.AlertPercents = params.AlertPercents
		}
		return wanted, err
	}
	typeErr, amountErr := given("type", change.Type != nil), given("amount", change.Amount != nil)
	if typeErr != nil || amountErr != nil {
		return nil, Together(typeErr, amountErr)
	}
	return BudgetLimit(&model.BudgetLimitInput{
		Type: *change.Type, Amount: *change.Amount, AlertThresholds: change.AlertThresholds,
		AlertThresholdPercents: change.AlertThresholdPercents, AlertRecipients: change.AlertRecipients, PeriodicReset: change.PeriodicReset, ResetDays: change.ResetDays,
		ResetAnchor: change.ResetAnchor, TimeZone: change.TimeZone, WeekStartsOn: change.WeekStartsOn, DayOfMonth: change.DayOfMonth,
		Enabled: change.Enabled, Mode: change.Mode})
}

// RateLimitChange checks a rate limit of a form, and returns it as it is to be. present is the rate limit as it stands; nil for a new one.
func RateLimitChange(present *db.LimitStatus, change *model.RateLimitChange) (*db.CreateLimitParams, error) {
	if present != nil {
		wanted := &model.RateLimitInput{
			Type: ValueOr(change.Type, present.Type), Limit: ValueOr(change.Limit, present.MaxUnits), Interval: change.Interval,
			Enabled: new(ValueOr(change.Enabled, present.Enabled)), Mode: new(ValueOr(change.Mode, present.Mode))}
		if wanted.Interval == nil && wanted.Type != db.LimitTypePARALLELREQUESTS {
			wanted.Interval = db.RateLimit{LimitStatus: present}.Interval()
		}
		return RateLimit(wanted)
	}
	var limitErr error
	if change.Limit == nil {
		limitErr = given("limit", false)
	} else {
		limitErr = rate(*change.Limit)
	}
	var intervalErr error
	if change.Type == nil || *change.Type != db.LimitTypePARALLELREQUESTS {
		intervalErr = given("interval", change.Interval != nil)
	}
	err := Together(given("type", change.Type != nil), limitErr, intervalErr)
	if err != nil {
		return nil, err
	}
	return RateLimit(&model.RateLimitInput{
		Type: *change.Type, Limit: *change.Limit, Interval: change.Interval, Enabled: change.Enabled, Mode: change.Mode})
}

// given refuses a new limit without a value that it needs.
func given(field string, is bool) error {
	if is {
		return nil
	}
	return fault.BadInput(field, "must be given for a new limit")
}

// AtMostLimits refuses a list of more limits of a kind than an input may have.
func AtMostLimits(field string, n int) error { return atMost(field, n) }

// AddedRecipients checks the addresses of a form; there may be none.
func AddedRecipients(addresses []string) error { return emails("recipients", addresses, 0) }

// SetLimits checks the input of setLimits, as far as that can be told without the limits that there are.
func SetLimits(input *model.SetLimitsInput) error {
	return Together(ExpectedVersion(input.ExpectedVersion), AddedRecipients(input.Recipients), newLimits(input.BudgetLimits, input.RateLimits))
}

// newLimits checks the new ones among the limits of a form.
func newLimits(budgets []*model.BudgetLimitChange, rates []*model.RateLimitChange) error {
	errs := []error{atMost("budgetLimits", len(budgets)), atMost("rateLimits", len(rates))}
	for i, budget := range budgets {
		if budget != nil && budget.ID == nil { // null is refused already
			_, err := BudgetLimitChange(nil, budget)
			errs = append(errs, At(err, fmt.Sprintf("budgetLimits.%d", i)))
		}
	}
	for i, rate := range rates {
		if rate != nil && rate.ID == nil {
			_, err := RateLimitChange(nil, rate)
			errs = append(errs, At(err, fmt.Sprintf("rateLimits.%d", i)))
		}
	}
	return Together(errs...)
}

// ExpectedVersion checks the version that a change is based on; nil is any.
func ExpectedVersion(version *int) error {
	if version == nil {
		return nil
	}
	return within("expectedVersion", int64(*version), 1, maxVersion)
}
