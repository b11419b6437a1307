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
	owner, ownerErr := r.owner(ctx, "ownerId", input.OwnerID)
	creator, creatorErr := creatorOf(ctx, input.CreatedByID)
	plan := &apiKeyPlan{secret: auth.NewSecret(auth.APIKeyPrefix), recipients: input.Recipients}
	err := together(ownerErr, creatorErr, notSilenced(ctx, input.EmailNotifications), checkAPIKey(input), plan.addLimits(input))
	if err != nil {
		return nil, alsoPast(err, "expiresAt", input.ExpiresAt)
	}
	plan.key = &db.CreateAPIKeyParams{
		OrganizationID: owner.OrganizationID, WorkspaceID: owner.WorkspaceID, Name: input.Name, Description: input.Description,
		Prefix: plan.secret.Prefix, SecretHash: plan.secret.Hash, EmailNotifications: valueOr(input.EmailNotifications, true),
		Metadata: input.Metadata, ExpiresAt: input.ExpiresAt, CreatedByID: creator,
	}
	if ownKeysOnly(ctx) == nil {
		plan.key.ExpiresAtMost = input.ExpiresAt
	}
	if plan.key.Metadata == nil {
		plan.key.Metadata = db.Metadata{} // the column is not null
	}
	contents := *input
	contents.RequestID = nil
	plan.claim = claimOf(owner.OrganizationID, input.RequestID, "createApiKey", contents, creator)
	return plan, nil
}

// checkAPIKey checks what a new key is called and who hears of it.
func checkAPIKey(input *model.CreateAPIKeyInput) error {
	return together(
		textPointer("requestId", input.RequestID, maxRequestID),
		text("name", input.Name, maxName),
		optionalText("description", valueOr(input.Description, ""), maxDescription),
		emails("recipients", input.Recipients, 0),
	)
}

// addLimits checks the limits of a new key, and adds them to the plan.
func (p *apiKeyPlan) addLimits(input *model.CreateAPIKeyInput) error {
	if err := together(atMost("budgetLimits", len(input.BudgetLimits)), atMost("rateLimits", len(input.RateLimits))); err != nil {
		return err
	}
	var errs []error
	for i, budget := range input.BudgetLimits {
		params, err := budgetParams(budget)
		p.budgets, errs = append(p.budgets, params), append(errs, at(err, fmt.Sprintf("budgetLimits.%d", i)))
	}
	for i, rate := range input.RateLimits {
		params, err := rateParams(rate)
		p.rates, errs = append(p.rates, params), append(errs, at(err, fmt.Sprintf("rateLimits.%d", i)))
	}
	return together(errs...)
}

// atMost refuses a list of more limits than a key is created with.
func atMost(field string, n int) error {
	if n > maxLimits {
		return fault.BadInput(field, "at most %d, has %d", maxLimits, n)
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

// checkAPIKeyChange checks what a key is called from now on.
func checkAPIKeyChange(input *model.UpdateAPIKeyInput) error {
	return together(
		textPointer("name", input.Name, maxName),
		optionalText("description", valueOr(input.Description.Value(), ""), maxDescription),
	)
}

// revoked turns the absence of a changed key into CONFLICT: the key was found before, so it is revoked.
func revoked(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return &fault.Fault{Code: fault.Conflict, Field: "id", Message: "id: the API key was revoked, which is final"}
	}
	return err
}
