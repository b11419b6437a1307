package validate

import (
	"fmt"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

// CreateAPIKey checks the input of createApiKey, but for the owner, the creator and the time at which the key expires. It returns the limits
// that the key is created with.
func CreateAPIKey(input *model.CreateAPIKeyInput) (budgets, rates []*db.CreateLimitParams, err error) {
	budgets, rates, err = limits(input)
	return budgets, rates, Together(
		textPointer("requestId", input.RequestID, maxRequestID),
		text("name", input.Name, maxName),
		optionalText("description", ValueOr(input.Description, ""), maxDescription),
		emails("recipients", input.Recipients, 0),
		err,
	)
}

// limits checks the limits of a new key, and returns them.
func limits(input *model.CreateAPIKeyInput) (budgets, rates []*db.CreateLimitParams, err error) {
	if err := Together(atMost("budgetLimits", len(input.BudgetLimits)), atMost("rateLimits", len(input.RateLimits))); err != nil {
		return nil, nil, err
	}
	var errs []error
	for i, budget := range input.BudgetLimits {
		params, err := BudgetLimit(budget)
		budgets, errs = append(budgets, params), append(errs, At(err, fmt.Sprintf("budgetLimits.%d", i)))
	}
	for i, rate := range input.RateLimits {
		params, err := RateLimit(rate)
		rates, errs = append(rates, params), append(errs, At(err, fmt.Sprintf("rateLimits.%d", i)))
	}
	return budgets, rates, Together(errs...)
}

// atMost refuses a list of more limits than an input may have.
func atMost(field string, n int) error {
	if n > maxLimits {
		return fault.BadInput(field, "at most %d, has %d", maxLimits, n)
	}
	return nil
}

// UpdateAPIKey checks the input of updateApiKey, but for the id, the owner and the limits.
func UpdateAPIKey(input *model.UpdateAPIKeyInput) error {
	return Together(
		ExpectedVersion(input.ExpectedVersion),
		NewName(input.Name),
		optionalText("description", ValueOr(input.Description.Value(), ""), maxDescription),
		AddedRecipients(input.Recipients),
	)
}

// RotateAPIKey checks the input of rotateApiKey, but for the id.
func RotateAPIKey(input *model.RotateAPIKeyInput) error {
	var lostErr error
	if ValueOr(input.SecretLost, false) && input.ExpectedPrefix == nil {
		lostErr = fault.BadInput("expectedPrefix", "must be given with secretLost: the prefix of the secret that was lost")
	}
	return Together(
		within("transitionSeconds", int64(ValueOr(input.TransitionSeconds, DefaultTransition)), 0, maxTransition),
		textPointer("expectedPrefix", input.ExpectedPrefix, maxName),
		lostErr,
		textPointer("requestId", input.RequestID, maxRequestID),
	)
}
