package control

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/lost"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// apiKeyPlan is the checked input of createApiKey: what is created in one transaction.
type apiKeyPlan struct {
	secret     auth.Secret
	key        *db.CreateAPIKeyParams
	recipients []string
	named      []namedList // by the budgets
	budgets    []*db.CreateLimitParams
	rates      []*db.CreateLimitParams
	claim      *db.ClaimControlRequestParams
}

// CreateAPIKey creates an API key with its limits and recipients.
func (c *Changes) CreateAPIKey(ctx context.Context, input model.CreateAPIKeyInput) (*model.CreateAPIKeyPayload, error) {
	plan, err := c.planAPIKey(ctx, &input)
	if err != nil {
		return nil, err
	}
	var key *db.APIKey
	made, replayed, err := c.once(ctx, plan.claim, func(tx pgx.Tx, made *db.ControlRequest) error {
		keyID, err := c.createAPIKey(ctx, tx, plan)
		made.ObjectID, made.SecretPrefix = &keyID, &plan.secret.Prefix
		return err
	}, func(tx pgx.Tx, keyID uuid.UUID) (err error) {
		key, err = c.find.APIKeyIn(ctx, tx, "requestId", keyID)
		return err
	})
	if err != nil {
		return nil, err
	}
	payload := &model.CreateAPIKeyPayload{APIKey: key, SecretPrefix: *made.SecretPrefix, Replayed: replayed}
	payload.Secret, payload.Message = lost.Shown(plan.secret.Text, replayed, lost.KeySecret(key, *made.SecretPrefix))
	return payload, nil
}

// planAPIKey checks the input of createApiKey.
func (c *Changes) planAPIKey(ctx context.Context, input *model.CreateAPIKeyInput) (*apiKeyPlan, error) {
	owner, ownerErr := c.find.Owner(ctx, "ownerId", input.OwnerID)
	creator, creatorErr := creatorOf(ctx, input.CreatedByID)
	budgets, rates, inputErr := validate.CreateAPIKey(input)
	plan := &apiKeyPlan{secret: auth.NewSecret(auth.APIKeyPrefix), recipients: input.Recipients, budgets: budgets, rates: rates}
	zones := make([]lookup.Zone, len(budgets))
	for i, budget := range budgets {
		zones[i] = lookup.Zone{Field: fmt.Sprintf("budgetLimits.%d.timeZone", i), Name: budget.TimeZone}
	}
	err := validate.Together(ownerErr, creatorErr, notSilenced(ctx, input.EmailNotifications), inputErr, c.find.KnownZones(ctx, zones...))
	if err != nil {
		return nil, validate.AlsoPast(err, "expiresAt", input.ExpiresAt)
	}
	plan.named = namedByNew(input.BudgetLimits)
	plan.key = &db.CreateAPIKeyParams{
		OrganizationID: owner.OrganizationID, WorkspaceID: owner.WorkspaceID, Name: input.Name, Description: input.Description,
		Prefix: plan.secret.Prefix, SecretHash: plan.secret.Hash, EmailNotifications: validate.ValueOr(input.EmailNotifications, true),
		Metadata: input.Metadata, ExpiresAt: input.ExpiresAt, CreatedByID: creator,
	}
	if caller.OwnKeysOnly(ctx) == nil {
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
func (c *Changes) createAPIKey(ctx context.Context, tx pgx.Tx, plan *apiKeyPlan) (uuid.UUID, error) {
	keyID, err := c.Queries.CreateAPIKey(ctx, tx, plan.key)
	if errors.Is(err, pgx.ErrNoRows) {
		return keyID, fault.BadInput("expiresAt", "must be in the future")
	}
	if err != nil {
		return keyID, err
	}
	s := &lookup.Subject{SubjectID: db.SubjectID{OrganizationID: plan.key.OrganizationID, ID: keyID}, APIKeyID: &keyID}
	if err := c.nameRecipients(ctx, tx, s.OrganizationID, nil, plan.named...); err != nil {
		return keyID, err
	}
	for i, budget := range plan.budgets {
		if _, err := c.createLimit(ctx, tx, s, budget); err != nil {
			return keyID, validate.At(db.Fault(err), fmt.Sprintf("budgetLimits.%d", i))
		}
	}
	for i, rate := range plan.rates {
		if _, err := c.createLimit(ctx, tx, s, rate); err != nil {
			return keyID, validate.At(db.Fault(err), fmt.Sprintf("rateLimits.%d", i))
		}
	}
	if len(plan.recipients) == 0 {
		return keyID, nil
	}
	return keyID, c.addRecipients(ctx, tx, "recipients", s, plan.recipients, nil)
}

// RevokeAPIKey revokes an API key.
func (c *Changes) RevokeAPIKey(ctx context.Context, input model.RevokeAPIKeyInput) (*model.RevokeAPIKeyPayload, error) {
	key, err := c.find.APIKey(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	payload := &model.RevokeAPIKeyPayload{}
	return payload, c.changeAPIKey(ctx, key, true, func(tx pgx.Tx) (err error) {
		payload.APIKey, err = c.Queries.RevokeAPIKey(ctx, tx,
			&db.RevokeAPIKeyParams{ID: key.ID, OrganizationID: &key.OrganizationID})
		return err
	})
}

// revoked turns the absence of a changed key into CONFLICT: the key was found before, so it is revoked.
func revoked(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return &fault.Fault{Code: fault.Conflict, Field: "id", Message: "id: the API key was revoked, which is final"}
	}
	return err
}
