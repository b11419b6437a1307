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
	"bursar/graph/validate"
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
	budgets, rates, inputErr := validate.CreateAPIKey(input)
	plan := &apiKeyPlan{secret: auth.NewSecret(auth.APIKeyPrefix), recipients: input.Recipients, budgets: budgets, rates: rates}
	err := validate.Together(ownerErr, creatorErr, notSilenced(ctx, input.EmailNotifications), inputErr)
	if err != nil {
		return nil, validate.AlsoPast(err, "expiresAt", input.ExpiresAt)
	}
	plan.key = &db.CreateAPIKeyParams{
		OrganizationID: owner.OrganizationID, WorkspaceID: owner.WorkspaceID, Name: input.Name, Description: input.Description,
		Prefix: plan.secret.Prefix, SecretHash: plan.secret.Hash, EmailNotifications: validate.ValueOr(input.EmailNotifications, true),
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
			return keyID, validate.At(db.Fault(err), fmt.Sprintf("budgetLimits.%d", i))
		}
	}
	for i, rate := range plan.rates {
		if _, err := r.createLimit(ctx, tx, s, rate); err != nil {
			return keyID, validate.At(db.Fault(err), fmt.Sprintf("rateLimits.%d", i))
		}
	}
	if len(plan.recipients) == 0 {
		return keyID, nil
	}
	return keyID, r.addRecipients(ctx, tx, "recipients", s, plan.recipients)
}

// owner finds the organization or workspace with an id.
func (r *Resolver) owner(ctx context.Context, field, external string) (*subject, error) {
	if _, _, err := validate.ID(field, external, id.Workspace, id.Organization); err != nil {
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
