package control

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/limitset"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// defaultMaxGroups is how many groups a policy may have when nothing is said.
const defaultMaxGroups = 100_000

// CreatePolicy creates a policy.
func (c *Changes) CreatePolicy(ctx context.Context, input model.CreatePolicyInput) (*model.CreatePolicyPayload, error) {
	owner, err := c.find.Owner(ctx, "ownerId", input.OwnerID)
	budgets := changesOf(input.BudgetLimits, validate.NewBudget)
	plan, planErr := limitset.New(nil, limitset.Form{Budgets: budgets, Rates: changesOf(input.RateLimits, validate.NewRate)})
	err = validate.Together(err, validate.CreatePolicy(&input), planErr, c.knownZones(ctx, budgets))
	if err != nil {
		return nil, err
	}
	limits, limitsErr := json.Marshal(plan.Created)
	conditions, conditionsErr := json.Marshal(validate.Conditions(input.Conditions))
	if err := errors.Join(limitsErr, conditionsErr); err != nil {
		return nil, err
	}
	payload := &model.CreatePolicyPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		if err := c.nameRecipients(ctx, tx, owner.OrganizationID, nil, namedByForm(budgets)...); err != nil {
			return err
		}
		policyID, err := c.Queries.CreatePolicy(ctx, tx, &db.CreatePolicyParams{
			OrganizationID: owner.OrganizationID, WorkspaceID: owner.WorkspaceID, Name: input.Name, Mode: input.Mode, GroupBy: input.GroupBy,
			MaxGroups: int32(validate.ValueOr(input.MaxGroups, defaultMaxGroups)), Conditions: conditions, Limits: limits}) //nolint:gosec // checked
		if err != nil {
			return about(plan.Field, err)
		}
		payload.Policy, err = c.find.PolicyIn(ctx, tx, "ownerId", policyID)
		return err
	})
}

// UpdatePolicy changes a policy.
func (c *Changes) UpdatePolicy(ctx context.Context, input model.UpdatePolicyInput) (*model.UpdatePolicyPayload, error) {
	found, err := c.find.Policy(ctx, "id", input.ID)
	if err := validate.Together(err, validate.UpdatePolicy(&input), c.knownZones(ctx, input.BudgetLimits)); err != nil {
		return nil, err
	}
	params := &db.UpdatePolicyParams{OrganizationID: found.OrganizationID, ID: found.ID, Name: input.Name, Mode: input.Mode, GroupBy: input.GroupBy}
	if input.MaxGroups != nil {
		params.MaxGroups = new(int32(*input.MaxGroups)) //nolint:gosec // checked
	}
	if input.Conditions != nil {
		if params.Conditions, err = json.Marshal(validate.Conditions(input.Conditions)); err != nil {
			return nil, err
		}
	}
	payload := &model.UpdatePolicyPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{found.OrganizationID}); err != nil {
			return err
		}
		before, err := c.Queries.LockPolicy(ctx, tx, &db.LockPolicyParams{OrganizationID: found.OrganizationID, ID: found.ID})
		if err != nil {
			return lookup.Missing(err, "id", "policy")
		}
		if err := expect(input.ExpectedVersion, "policy", before); err != nil {
			return err
		}
		if err := c.updatePolicy(ctx, tx, params, limitset.Form{Budgets: input.BudgetLimits, Rates: input.RateLimits}); err != nil {
			return err
		}
		payload.Policy, err = c.find.PolicyIn(ctx, tx, "id", found.ID)
		return err
	})
}

// updatePolicy changes a policy, whose organization is locked, and makes its limits those of a form.
func (c *Changes) updatePolicy(ctx context.Context, tx pgx.Tx, params *db.UpdatePolicyParams, form limitset.Form) error {
	current, err := c.Queries.ListPolicyLimits(ctx, tx, []uuid.UUID{params.ID})
	if err != nil {
		return err
	}
	plan, err := limitset.New(current, form)
	if err != nil {
		return err
	}
	if err := c.nameRecipients(ctx, tx, params.OrganizationID, current, namedByForm(form.Budgets)...); err != nil {
		return err
	}
	var changedErr, createdErr error
	params.Deleted = append([]uuid.UUID{}, plan.Deleted...)
	params.Changed, changedErr = json.Marshal(plan.Changed)
	params.Created, createdErr = json.Marshal(plan.Created)
	if err := errors.Join(changedErr, createdErr); err != nil {
		return err
	}
	if _, err := c.Queries.UpdatePolicy(ctx, tx, params); err != nil {
		return about(plan.Field, err)
	}
	return nil
}

// DeletePolicy deletes a policy.
func (c *Changes) DeletePolicy(ctx context.Context, input model.DeletePolicyInput) (*model.DeletePolicyPayload, error) {
	found, err := c.find.Policy(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	err = c.Change(ctx, func(tx pgx.Tx) error {
		deleted, err := c.Queries.DeletePolicy(ctx, tx, &db.DeletePolicyParams{OrganizationID: found.OrganizationID, ID: found.ID})
		if err == nil && !deleted {
			return lookup.NotFound("id", "policy")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	payload := &model.DeletePolicyPayload{DeletedID: input.ID}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, found.OrganizationID)
	return payload, err
}

// SetPolicyOverride gives a group of a policy an amount of its own, or takes it away.
func (c *Changes) SetPolicyOverride(ctx context.Context, input model.SetPolicyOverrideInput) (*model.SetPolicyOverridePayload, error) {
	found, err := c.find.Policy(ctx, "policyId", input.PolicyID)
	_, limitID, idErr := validate.ID("limitId", input.LimitID, id.BudgetLimit, id.RateLimit)
	if err := validate.Together(err, idErr); err != nil {
		return nil, err
	}
	payload := &model.SetPolicyOverridePayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) error {
		if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{found.OrganizationID}); err != nil {
			return err
		}
		policy, err := c.Queries.LockPolicy(ctx, tx, &db.LockPolicyParams{OrganizationID: found.OrganizationID, ID: found.ID})
		if err != nil {
			return lookup.Missing(err, "policyId", "policy")
		}
		if err := c.setOverride(ctx, tx, policy, limitID, &input); err != nil {
			return err
		}
		payload.Policy, err = c.find.PolicyIn(ctx, tx, "policyId", policy.ID)
		return err
	})
}

// setOverride is SetPolicyOverride for a policy whose organization is locked.
func (c *Changes) setOverride(ctx context.Context, tx pgx.Tx, policy *db.Policy, limitID uuid.UUID, input *model.SetPolicyOverrideInput) error {
	limits, err := c.Queries.ListPolicyLimits(ctx, tx, []uuid.UUID{policy.ID})
	if err != nil {
		return err
	}
	for _, limit := range limits {
		if limit.ID != limitID {
			continue
		}
		values, amount, err := validate.PolicyOverride(policy, limit, input)
		if err != nil {
			return err
		}
		encoded, err := json.Marshal(values)
		if err != nil {
			return err
		}
		_, err = c.Queries.SetGroupAmount(ctx, tx, &db.SetGroupAmountParams{OrganizationID: policy.OrganizationID, PolicyID: policy.ID,
			LimitID: limitID, GroupValues: encoded, MaxUnits: amount})
		return err
	}
	return &fault.Fault{Code: fault.NotFound, Field: "limitId", Message: "limitId: the policy has no such limit"}
}

// changesOf returns new limits as those of a form.
func changesOf[I, C any](inputs []*I, change func(*I) *C) []*C {
	changes := make([]*C, len(inputs))
	for i, input := range inputs {
		changes[i] = change(input)
	}
	return changes
}
