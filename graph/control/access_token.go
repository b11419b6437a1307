package control

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/lost"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// CreateAccessToken creates an access token.
func (c *Changes) CreateAccessToken(ctx context.Context, input model.CreateAccessTokenInput) (*model.CreateAccessTokenPayload, error) {
	params, claim, err := accessTokenParams(ctx, input)
	if err != nil {
		return nil, err
	}
	secret := auth.NewSecret(auth.AccessTokenPrefix)
	params.Prefix, params.TokenHash = secret.Prefix, secret.Hash
	var token *db.AccessToken
	_, replayed, err := c.once(ctx, claim, func(tx pgx.Tx, made *db.ControlRequest) error {
		return c.createAccessToken(ctx, tx, params, made)
	}, func(tx pgx.Tx, tokenID uuid.UUID) (err error) {
		token, err = c.find.AccessTokenIn(ctx, tx, tokenID)
		return err
	})
	if err != nil {
		return nil, err
	}
	payload := &model.CreateAccessTokenPayload{AccessToken: token, Replayed: replayed}
	payload.Secret, payload.Message = lost.Shown(secret.Text, replayed, lost.Token(token))
	return payload, nil
}

// accessTokenParams checks the input of createAccessToken.
func accessTokenParams(ctx context.Context, input model.CreateAccessTokenInput) (*db.CreateAccessTokenParams, *db.ClaimControlRequestParams, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	params := &db.CreateAccessTokenParams{OrganizationID: organizationID, Name: input.Name, Role: input.Role, ExpiresAt: input.ExpiresAt,
		AcceptsKeyIDs: input.AcceptsKeyIds}
	var memberErr error
	if input.MemberID != nil {
		params.MemberID, memberErr = memberID("memberId", *input.MemberID)
	}
	inputErr, requestID := validate.CreateAccessToken(&input), input.RequestID
	input.RequestID = nil
	return params, claimOf(organizationID, requestID, "createAccessToken", input),
		validate.AlsoPast(validate.Together(err, memberErr, inputErr), "expiresAt", input.ExpiresAt)
}

// createAccessToken creates a token, and says in made which.
func (c *Changes) createAccessToken(ctx context.Context, tx pgx.Tx, params *db.CreateAccessTokenParams, made *db.ControlRequest) error {
	if params.Role == db.TokenRoleOWNER {
		owner := db.MemberRoleOWNER
		if err := c.guardOwners(ctx, tx, &db.GuardOwnersParams{OrganizationID: &params.OrganizationID, Role: &owner}); err != nil {
			return err
		}
	}
	tokenID, err := c.Queries.CreateAccessToken(ctx, tx, params)
	if err == nil {
		made.ObjectID = &tokenID
	}
	return err
}

// RevokeAccessToken revokes an access token.
func (c *Changes) RevokeAccessToken(ctx context.Context, input model.RevokeAccessTokenInput) (*model.RevokeAccessTokenPayload, error) {
	_, tokenID, err := validate.ID("id", input.ID, id.AccessToken)
	if err != nil {
		return nil, err
	}
	payload := &model.RevokeAccessTokenPayload{}
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.AccessToken, err = c.Queries.RevokeAccessToken(ctx, tx,
			&db.RevokeAccessTokenParams{ID: tokenID, OrganizationID: caller.Organization(ctx)})
		return lookup.Missing(err, "id", "access token")
	})
	if err != nil {
		return nil, err
	}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, payload.AccessToken.OrganizationID)
	return payload, err
}
