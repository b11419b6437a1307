package validate

import (
	"fmt"
	"time"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

// maxSimulation is the longest time that a simulation may be about.
const maxSimulation = 400 * 24 * time.Hour

// SimulateLimits checks the input of simulateLimits, but for the subject and the names of time zones, and returns the limits, budgets first.
func SimulateLimits(input *model.SimulateLimitsInput) ([]*db.CreateLimitParams, error) {
	limits, err := simulatedLimits(input.Limits)
	var timeErr error
	switch {
	case input.From.IsZero() || input.To.IsZero(): // which was refused before
	case !input.To.After(input.From):
		timeErr = fault.BadInput("to", "must be after from")
	case input.To.Sub(input.From) > maxSimulation:
		timeErr = fault.BadInput("to", "at most %d days after from", maxSimulation/(24*time.Hour))
	}
	return limits, Together(At(err, "limits"), timeErr, textPointer("requestId", input.RequestID, maxRequestID))
}

// simulatedLimits checks limits that do not exist, and returns them.
func simulatedLimits(input *model.SimulatedLimitsInput) ([]*db.CreateLimitParams, error) {
	if input == nil { // which was refused before
		return nil, nil
	}
	if err := Together(atMost("budgetLimits", len(input.BudgetLimits)), atMost("rateLimits", len(input.RateLimits))); err != nil {
		return nil, err
	}
	if len(input.BudgetLimits)+len(input.RateLimits) == 0 {
		return nil, fault.BadInput("budgetLimits", "there must be a budget or a rate limit at least")
	}
	var all []*db.CreateLimitParams
	var errs []error
	seen := map[string]bool{}
	add := func(params *db.CreateLimitParams, err error, at string) {
		if params != nil && err == nil {
			params.AlertRecipients = nil // nobody is told of what is simulated
			kind := fmt.Sprint(params.Kind, params.Type, params.Period)
			if seen[kind] {
				err = fault.OfConstraint("limits_subject_type_period_key")
			}
			seen[kind] = true
		}
		all, errs = append(all, params), append(errs, At(err, at))
	}
	for i, budget := range input.BudgetLimits {
		if budget == nil { // which was refused before: the others are checked with it
			continue
		}
		params, err := BudgetLimit(budget)
		add(params, err, fmt.Sprintf("budgetLimits.%d", i))
	}
	for i, rate := range input.RateLimits {
		if rate == nil {
			continue
		}
		params, err := RateLimit(rate)
		if rate.Type == db.LimitTypePARALLELREQUESTS {
			err = Together(err, fault.BadInput("type", "PARALLEL_REQUESTS cannot be simulated: the ledger does not say for how long requests were under way"))
		}
		add(params, err, fmt.Sprintf("rateLimits.%d", i))
	}
	return all, Together(errs...)
}
