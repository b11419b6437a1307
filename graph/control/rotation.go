package control

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/lookup"
	"bursar/graph/lost"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// rotation is the checked input of rotateApiKey.
type rotation struct {
	key            *db.APIKey
	secret         auth.Secret
	transition     int // seconds
	expectedPrefix *string
	secretLost     bool
	claim          *db.ClaimControlRequestParams
}

// RotateAPIKey gives an API key a new secret.
func (c *Changes) RotateAPIKey(ctx context.Context, input model.RotateAPIKeyInput) (*model.RotateAPIKeyPayload, error) {
	plan, err := c.planRotation(ctx, input)
	if err != nil {
		return nil, err
	}
	var key *db.APIKey
	made, replayed, err := c.once(ctx, plan.claim, func(tx pgx.Tx, made *db.ControlRequest) error {
		return c.rotate(ctx, tx, plan, made)
	}, func(tx pgx.Tx, keyID uuid.UUID) (err error) {
		key, err = c.find.APIKeyIn(ctx, tx, "id", keyID)
		return err
	})
	if err != nil {
		return nil, err
	}
	payload := &model.RotateAPIKeyPayload{APIKey: key, SecretPrefix: *made.SecretPrefix, TransitionEndsAt: *made.TransitionEndsAt, Replayed: replayed}
	payload.Secret, payload.Message = lost.Shown(plan.secret.Text, replayed, lost.KeySecret(key, *made.SecretPrefix))
	return payload, nil
}

// planRotation checks the input of rotateApiKey.
func (c *Changes) planRotation(ctx context.Context, input model.RotateAPIKeyInput) (*rotation, error) {
	key, err := c.find.APIKey(ctx, "id", input.ID)
	if err := validate.Together(err, validate.RotateAPIKey(&input)); err != nil {
		return nil, err
	}
	plan := &rotation{
		key: key, secret: auth.NewSecret(auth.APIKeyPrefix), transition: validate.ValueOr(input.TransitionSeconds, validate.DefaultTransition),
		expectedPrefix: input.ExpectedPrefix, secretLost: validate.ValueOr(input.SecretLost, false),
	}
	requestID := input.RequestID
	input.RequestID, input.TransitionSeconds, input.SecretLost = nil, &plan.transition, &plan.secretLost
	plan.claim = claimOf(key.OrganizationID, requestID, "rotateApiKey", input)
	return plan, nil
}

// rotate gives a key a new secret, and says in made which, and when the one before it ends.
func (c *Changes) rotate(ctx context.Context, tx pgx.Tx, plan *rotation, made *db.ControlRequest) error {
	if plan.expectedPrefix != nil {
		if err := c.requirePrefix(ctx, tx, plan.key, *plan.expectedPrefix); err != nil {
			return err
		}
	}
	params := &db.RotateAPIKeyParams{
		OrganizationID: plan.key.OrganizationID, ID: plan.key.ID, SecretHash: plan.secret.Hash, Prefix: plan.secret.Prefix,
		TransitionSeconds: int32(plan.transition), //nolint:gosec // bounded by maxTransition
	}
	var endsAt time.Time
	var err error
	if plan.secretLost {
		endsAt, err = c.Queries.ReplaceLostSecret(ctx, tx, (*db.ReplaceLostSecretParams)(params))
	} else {
		endsAt, err = c.Queries.RotateAPIKey(ctx, tx, params)
	}
	made.ObjectID, made.SecretPrefix, made.TransitionEndsAt = &plan.key.ID, &plan.secret.Prefix, &endsAt
	return revoked(err)
}

// requirePrefix answers CONFLICT unless a key has the expected prefix. It locks the organization, as every rotation does, so that
// the prefix stays.
func (c *Changes) requirePrefix(ctx context.Context, tx pgx.Tx, key *db.APIKey, expected string) error {
	if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{key.OrganizationID}); err != nil {
		return err
	}
	rows, err := c.Queries.FindAPIKeys(ctx, tx, &db.FindAPIKeysParams{IDs: []uuid.UUID{key.ID}, OrganizationID: &key.OrganizationID})
	current, err := lookup.Found(rows, err, "id", "API key")
	if err != nil || current.Prefix == expected {
		return err
	}
	return &fault.Fault{Code: fault.Conflict, Field: "expectedPrefix",
		Message: fmt.Sprintf("expectedPrefix: the API key's prefix is %s: it was rotated since", current.Prefix)}
}
