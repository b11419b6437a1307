package validate

import (
	"encoding/json"

	"bursar/fault"
	"bursar/graph/model"
)

// Input returns what is wrong with an input object of a type, as far as that can be told without the database and the caller, where
// some of its values are null because they are of the wrong kind. Those are refused already: a form learns of the rest with them. Nothing
// for types that it does not know.
func Input(inputType string, value any) []*fault.Fault {
	var err error
	switch inputType {
	case "CreateApiKeyInput":
		err = checked(value, func(input *model.CreateAPIKeyInput) error {
			_, _, err := CreateAPIKey(input)
			return err
		})
	case "UpdateApiKeyInput":
		err = checked(value, func(input *model.UpdateAPIKeyInput) error {
			return Together(UpdateAPIKey(input), newLimits(input.BudgetLimits, input.RateLimits))
		})
	case "SetLimitsInput":
		err = checked(value, SetLimits)
	case "SimulateLimitsInput":
		err = checked(value, func(input *model.SimulateLimitsInput) error { _, err := SimulateLimits(input); return err })
	case "CreatePolicyInput":
		err = checked(value, func(input *model.CreatePolicyInput) error {
			return Together(CreatePolicy(input), newLimits(changesOf(input.BudgetLimits, NewBudget), changesOf(input.RateLimits, NewRate)))
		})
	case "UpdatePolicyInput":
		err = checked(value, func(input *model.UpdatePolicyInput) error {
			return Together(UpdatePolicy(input), newLimits(input.BudgetLimits, input.RateLimits))
		})
	case "CreateBudgetLimitInput":
		err = checked(value, func(input *model.BudgetLimitInput) error { _, err := BudgetLimit(input); return err })
	case "CreateRateLimitInput":
		err = checked(value, func(input *model.RateLimitInput) error { _, err := RateLimit(input); return err })
	case "CreateOrganizationInput":
		err = checked(value, CreateOrganization)
	case "CreateWorkspaceInput":
		err = checked(value, func(input *model.CreateWorkspaceInput) error { _, err := CreateWorkspace(input); return err })
	case "UpdateWorkspaceInput":
		err = checked(value, UpdateWorkspace)
	case "RotateApiKeyInput":
		err = checked(value, RotateAPIKey)
	case "CreateAccessTokenInput":
		err = checked(value, CreateAccessToken)
	case "AddMemberInput":
		err = checked(value, AddMember)
	case "UpdateOrganizationInput":
		err = checked(value, UpdateOrganization)
	case "SetRecipientDomainsInput":
		err = checked(value, SetRecipientDomains)
	case "AddRecipientsInput", "RemoveRecipientsInput":
		err = checked(value, func(input *model.AddRecipientsInput) error { return Recipients(input.Emails) })
	case "ReserveUsageInput":
		err = checked(value, func(input *model.ReserveUsageInput) error { _, _, err := ReserveUsage(input); return err })
	case "RecordUsageInput":
		err = checked(value, func(input *model.RecordUsageInput) error {
			_, err := RecordUsage(input)
			return err
		})
	}
	return fault.All(err)
}

// changesOf returns new limits as those of a form; null where one is of the wrong kind.
func changesOf[I, C any](inputs []*I, change func(*I) *C) []*C {
	changes := make([]*C, len(inputs))
	for i, input := range inputs {
		if input != nil {
			changes[i] = change(input)
		}
	}
	return changes
}

// checked reads a value into an input and checks that.
func checked[T any](value any, check func(*T) error) error {
	var input T
	text, err := json.Marshal(value)
	if err != nil || json.Unmarshal(text, &input) != nil {
		return nil //nolint:nilerr // beyond the faults that are noted at most, values may be of another kind
	}
	return check(&input)
}
