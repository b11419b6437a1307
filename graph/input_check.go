package graph

import (
	"encoding/json"

	"bursar/fault"
	"bursar/graph/model"
)

// CheckInput returns what is wrong with an input object of a type, as far as that can be told without the database and the caller, where
// some of its values are null because they are of the wrong kind. Those are refused already: a form learns of the rest with them. Nothing
// for types that it does not know.
func CheckInput(inputType string, value any) []*fault.Fault {
	var err error
	switch inputType {
	case "CreateApiKeyInput":
		err = checked(value, func(input *model.CreateAPIKeyInput) error {
			return together(checkAPIKey(input), (&apiKeyPlan{}).addLimits(input))
		})
	case "UpdateApiKeyInput":
		err = checked(value, checkAPIKeyChange)
	case "CreateBudgetLimitInput":
		err = checked(value, func(input *model.BudgetLimitInput) error { _, err := budgetParams(input); return err })
	case "CreateRateLimitInput":
		err = checked(value, func(input *model.RateLimitInput) error { _, err := rateParams(input); return err })
	case "CreateOrganizationInput":
		err = checked(value, func(input *model.CreateOrganizationInput) error {
			return together(text("name", input.Name, maxName), slug("slug", input.Slug))
		})
	case "CreateWorkspaceInput":
		err = checked(value, func(input *model.CreateWorkspaceInput) error {
			_, err := workspaceSlug(input.Name, input.Slug)
			return together(err, textPointer("requestId", input.RequestID, maxRequestID))
		})
	case "UpdateWorkspaceInput":
		err = checked(value, checkWorkspaceChange)
	case "RotateApiKeyInput":
		err = checked(value, checkRotation)
	case "CreateAccessTokenInput":
		err = checked(value, func(input *model.CreateAccessTokenInput) error {
			return together(text("name", input.Name, maxName), textPointer("requestId", input.RequestID, maxRequestID))
		})
	case "AddMemberInput":
		err = checked(value, func(input *model.AddMemberInput) error {
			return together(email("email", input.Email), textPointer("name", input.Name, maxName))
		})
	case "AddRecipientsInput", "RemoveRecipientsInput":
		err = checked(value, func(input *model.AddRecipientsInput) error { return emails("emails", input.Emails, 1) })
	case "ReserveUsageInput":
		err = checked(value, func(input *model.ReserveUsageInput) error { _, err := checkReservation(input); return err })
	case "RecordUsageInput":
		err = checked(value, func(input *model.RecordUsageInput) error {
			usage := reportedUsage(input)
			return validateUsage(input, &usage)
		})
	}
	return fault.All(err)
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
