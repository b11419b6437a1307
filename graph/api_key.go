package graph

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/id"
)

// apiKeyPlan is the checked input of createApiKey: what is created in one transaction.
type apiKeyPlan struct {
	secret     auth.Secret
	key        *db.CreateAPIKeyParams
	recipients []string
	budgets    []*db.CreateLimitParams
	rates      []*db.CreateLimitParams
	claim      *db.ClaimControlRequestParams
}

// planAPIKey checks the input of createApiKey.
func (r *Resolver) planAPIKey(ctx context.Context, input *model.CreateAPIKeyInput) (*apiKeyPlan, error) {
	owner, err := r.owner(ctx, "ownerId", input.OwnerID)
	if err != nil {
		return nil, err
	}
	plan := &apiKeyPlan{secret: auth.NewSecret(auth.APIKeyPrefix), recipients: input.Recipients}
	plan.key = &db.CreateAPIKeyParams{
		OrganizationID: owner.OrganizationID, WorkspaceID: owner.WorkspaceID, Name: input.Name, Description: input.Description,
		Prefix: plan.secret.Prefix, SecretHash: plan.secret.Hash, EmailNotifications: valueOr(input.EmailNotifications, true),
		Metadata: input.Metadata, ExpiresAt: input.ExpiresAt,
	}
	if ownKeysOnly(ctx) == nil {
		plan.key.ExpiresAtMost = input.ExpiresAt
	}
	if plan.key.Metadata == nil {
		plan.key.Metadata = db.Metadata{} // the column is not null
	}
	if plan.key.CreatedByID, err = creatorOf(ctx, input.CreatedByID); err != nil {
		return nil, err
	}
	contents := *input
	contents.RequestID = nil
	plan.claim, err = claimOf(owner.OrganizationID, input.RequestID, "createApiKey", contents, plan.key.CreatedByID)
	if err := errors.Join(
		err,
		notSilenced(ctx, input.EmailNotifications),
		text("name", input.Name, maxName),
		optionalText("description", valueOr(input.Description, ""), maxDescription),
		emails("recipients", input.Recipients, 0),
	); err != nil {
		return nil, err
	}
	return plan, plan.addLimits(input)
}

func (p *apiKeyPlan) addLimits(input *model.CreateAPIKeyInput) error {
	for field, n := range map[string]int{"budgetLimits": len(input.BudgetLimits), "rateLimits": len(input.RateLimits)} {
		if n > maxLimits {
			return fault.BadInput(field, "at most %d, has %d", maxLimits, n)
		}
	}
	for i, budget := range input.BudgetLimits {
		params, err := budgetParams(budget)
		if err != nil {
			return at(err, fmt.Sprintf("budgetLimits.%d", i))
		}
		p.budgets = append(p.budgets, params)
	}
	for i, rate := range input.RateLimits {
		params, err := rateParams(rate)
		if err != nil {
			return at(err, fmt.Sprintf("rateLimits.%d", i))
		}
		p.rates = append(p.rates, params)
	}
	return nil
}

// createAPIKey creates a key with its limits and recipients.
func (r *Resolver) createAPIKey(ctx context.Context, tx pgx.Tx, plan *apiKeyPlan) (uuid.UUID, error) {
	keyID, err := r.queries.CreateAPIKey(ctx, tx, plan.key)
	if errors.Is(err, pgx.ErrNoRows) {
		return keyID, fault.BadInput("expiresAt", "must be in the future")
	}
	if err != nil {
		return keyID, err
	}
	s := &subject{SubjectID: db.SubjectID{OrganizationID: plan.key.OrganizationID, ID: keyID}, APIKeyID: &keyID}
	for i, budget := range plan.budgets {
		if _, err := r.createLimit(ctx, tx, s, budget); err != nil {
			return keyID, at(db.Fault(err), fmt.Sprintf("budgetLimits.%d", i))
		}
	}
	for i, rate := range plan.rates {
		if _, err := r.createLimit(ctx, tx, s, rate); err != nil {
			return keyID, at(db.Fault(err), fmt.Sprintf("rateLimits.%d", i))
		}
	}
	if len(plan.recipients) == 0 {
		return keyID, nil
	}
	return keyID, r.addRecipients(ctx, tx, "recipients", s, plan.recipients)
}

// owner finds the organization or workspace with an id.
func (r *Resolver) owner(ctx context.Context, field, external string) (*subject, error) {
	if _, _, err := parseID(field, external, id.Workspace, id.Organization); err != nil {
		return nil, err
	}
	return r.anySubject(ctx, field, external)
}

// revoked turns the absence of a changed key into CONFLICT: the key was found before, so it is revoked.
func revoked(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return &fault.Fault{Code: fault.Conflict, Field: "id", Message: "id: the API key was revoked, which is final"}
	}
	return err
}

// at prefixes a fault's field with a path; other errors are returned as they are.
func at(err error, path string) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.At(path)
	}
	return err
}
