package validate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/id"
)

const (
	maxConditions      = 20
	maxConditionValues = 100
	maxGroupBy         = 5
	maxPolicyGroups    = 1_000_000
	maxAttribute       = 200
	maxAttributeValue  = 500
	metadataPrefix     = "metadata."
)

// PolicyCondition is a condition as the database's create_policy takes it.
type PolicyCondition struct {
	Attribute string   `json:"attribute"`
	Allowed   []string `json:"allowed"`
	Refused   []string `json:"refused"`
}

// CreatePolicy checks the input of createPolicy, but for the owner.
func CreatePolicy(input *model.CreatePolicyInput) error {
	return Together(text("name", input.Name, maxName), conditions(input.Conditions), groupBy(input.GroupBy), maxGroups(input.MaxGroups),
		atMost("budgetLimits", len(input.BudgetLimits)), atMost("rateLimits", len(input.RateLimits)))
}

// NewBudget returns a new budget as a change of a form.
func NewBudget(b *model.BudgetLimitInput) *model.BudgetLimitChange {
	return &model.BudgetLimitChange{Type: &b.Type, Amount: &b.Amount, AlertThresholds: b.AlertThresholds,
		AlertThresholdPercents: b.AlertThresholdPercents, AlertRecipients: b.AlertRecipients, PeriodicReset: b.PeriodicReset,
		ResetDays: b.ResetDays, ResetAnchor: b.ResetAnchor, TimeZone: b.TimeZone, WeekStartsOn: b.WeekStartsOn, DayOfMonth: b.DayOfMonth,
		Enabled: b.Enabled, Mode: b.Mode}
}

// NewRate returns a new rate limit as a change of a form.
func NewRate(r *model.RateLimitInput) *model.RateLimitChange {
	return &model.RateLimitChange{Type: &r.Type, Limit: &r.Limit, Interval: r.Interval, Enabled: r.Enabled, Mode: r.Mode}
}

// UpdatePolicy checks the input of updatePolicy, but for the id, and for its limits as far as that needs those that there are.
func UpdatePolicy(input *model.UpdatePolicyInput) error {
	return Together(ExpectedVersion(input.ExpectedVersion), NewName(input.Name), conditions(input.Conditions), groupBy(input.GroupBy),
		maxGroups(input.MaxGroups))
}

// Conditions returns checked conditions as the database takes them; nil for none given.
func Conditions(inputs []*model.PolicyConditionInput) []PolicyCondition {
	if inputs == nil {
		return nil
	}
	all := make([]PolicyCondition, len(inputs))
	for i, c := range inputs {
		all[i] = PolicyCondition{c.Attribute, append([]string{}, c.In...), append([]string{}, c.NotIn...)}
	}
	return all
}

// conditions refuses conditions that no request could be held against.
func conditions(inputs []*model.PolicyConditionInput) error {
	if len(inputs) > maxConditions {
		return fault.BadInput("conditions", "at most %d, has %d", maxConditions, len(inputs))
	}
	errs := make([]error, len(inputs))
	for i, c := range inputs {
		if c == nil {
			continue // which was refused before
		}
		var noneErr error
		if len(c.In)+len(c.NotIn) == 0 {
			noneErr = fault.BadInput("in", "give a value here or in notIn; without a condition every request matches")
		}
		errs[i] = At(Together(attribute("attribute", c.Attribute), noneErr, values("in", c.Attribute, c.In), values("notIn", c.Attribute, c.NotIn)),
			fmt.Sprintf("conditions.%d", i))
	}
	return Together(errs...)
}

// attribute refuses a name that no request has anything for.
func attribute(field, name string) error {
	rest, isMetadata := strings.CutPrefix(name, metadataPrefix)
	switch {
	case slices.Contains([]string{"model", "provider", "apiKey", "workspace"}, name):
		return nil
	case isMetadata:
		return text(field, rest, maxAttribute-len(metadataPrefix))
	}
	return fault.BadInput(field, "must be model, provider, apiKey, workspace, or metadata. and a name")
}

// values refuses values that no request could have.
func values(field, attribute string, given []string) error {
	if len(given) > maxConditionValues {
		return fault.BadInput(field, "at most %d, has %d", maxConditionValues, len(given))
	}
	seen, errs := map[string]bool{}, make([]error, len(given))
	for i, value := range given {
		at := fmt.Sprintf("%s.%d", field, i)
		switch errs[i] = text(at, value, maxAttributeValue); {
		case errs[i] != nil:
		case seen[value]:
			errs[i] = fault.BadInput(at, "is given twice")
		case value == "*":
		case attribute == "apiKey":
			_, _, errs[i] = ID(at, value, id.APIKey)
		case attribute == "workspace":
			_, _, errs[i] = ID(at, value, id.Workspace)
		}
		seen[value] = true
	}
	return Together(errs...)
}

// groupBy refuses attributes that make no groups.
func groupBy(names []string) error {
	if len(names) > maxGroupBy {
		return fault.BadInput("groupBy", "at most %d attributes, has %d", maxGroupBy, len(names))
	}
	errs := make([]error, len(names))
	for i, name := range names {
		at := fmt.Sprintf("groupBy.%d", i)
		if errs[i] = attribute(at, name); errs[i] == nil && slices.Contains(names[:i], name) {
			errs[i] = fault.BadInput(at, "is given twice")
		}
	}
	return Together(errs...)
}

func maxGroups(number *int) error {
	if number == nil {
		return nil
	}
	return within("maxGroups", int64(*number), 1, maxPolicyGroups)
}

// PolicyOverride checks the input of setPolicyOverride against its policy and the limit, and returns the group's values in the order of the
// PolicyOverride checks the amount of a group of a policy for one of its limits, and returns the group's values in the order of the policy's groupBy and
// the amount in the unit of the limit's counter.
func PolicyOverride(policy *db.Policy, limit *db.LimitStatus, input *model.SetPolicyOverrideInput) (values []*string, amount *int64, err error) {
	values, err = groupValues("values", policy.GroupBy, input.Values)
	var amountErr error
	if input.Amount != nil {
		var most int64
		most, amountErr = budgetUnits(limit.Type, *input.Amount)
		amount = &most
	}
	return values, amount, Together(err, amountErr)
}

// RaisedGroup checks the values of the group of a policy whose budget is to be raised, and returns them in the order of the policy's groupBy, as JSON;
// nil for all groups. A budget of no policy has none.
func RaisedGroup(budget *db.LimitStatus, inputs []*model.PolicyGroupValueInput) ([]byte, error) {
	switch {
	case inputs == nil:
		return nil, nil
	case budget.Policy == nil:
		return nil, fault.BadInput("groupValues", "is for budgets of policies alone")
	}
	values, err := groupValues("groupValues", budget.Policy.Attributes, inputs)
	if err != nil {
		return nil, err
	}
	return json.Marshal(values)
}

// groupValues checks the values of a group, and returns them in the order of a policy's groupBy.
func groupValues(field string, grouped []string, inputs []*model.PolicyGroupValueInput) ([]*string, error) {
	values := make([]*string, len(grouped))
	seen, errs := map[string]bool{}, make([]error, len(inputs))
	for i, v := range inputs {
		if v == nil {
			continue // which was refused before
		}
		at := fmt.Sprintf("%s.%d", field, i)
		index := slices.Index(grouped, v.Attribute)
		switch {
		case index < 0:
			errs[i] = fault.BadInput(at+".attribute", "the policy does not group by it")
		case seen[v.Attribute]:
			errs[i] = fault.BadInput(at+".attribute", "is given twice")
		default:
			values[index] = groupValue(v.Attribute, v.Value)
			if v.Value != nil {
				errs[i] = optionalText(at+".value", *v.Value, maxAttributeValue)
			}
		}
		seen[v.Attribute] = true
	}
	var missingErr error
	if len(seen) < len(grouped) {
		missingErr = fault.BadInput(field, "must have a value, which may be null, of each attribute by which the policy groups: %s",
			strings.Join(grouped, ", "))
	}
	return values, Together(missingErr, Together(errs...))
}

// groupValue returns a value as groups have it: models and providers in lower case.
func groupValue(attribute string, value *string) *string {
	if value != nil && (attribute == "model" || attribute == "provider") {
		return new(strings.ToLower(*value))
	}
	return value
}
