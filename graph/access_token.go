package graph

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// accessTokenParams checks the input of createAccessToken.
func accessTokenParams(ctx context.Context, input model.CreateAccessTokenInput) (*db.CreateAccessTokenParams, *db.ClaimControlRequestParams, error) {
	organizationID, err := organization(ctx, "organizationId", input.OrganizationID)
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
func (r *Resolver) createAccessToken(ctx context.Context, tx pgx.Tx, params *db.CreateAccessTokenParams, made *db.ControlRequest) error {
	if params.Role == db.TokenRoleOWNER {
		owner := db.MemberRoleOWNER
		if err := r.guardOwners(ctx, tx, &db.GuardOwnersParams{OrganizationID: &params.OrganizationID, Role: &owner}); err != nil {
			return err
		}
	}
	tokenID, err := r.queries.CreateAccessToken(ctx, tx, params)
	if err == nil {
		made.ObjectID = &tokenID
	}
	return err
}

// accessToken finds a token.
func (r *Resolver) accessToken(ctx context.Context, on db.DBTX, tokenID uuid.UUID) (*db.AccessToken, error) {
	rows, err := r.queries.FindAccessTokens(ctx, on, &db.FindAccessTokensParams{IDs: []uuid.UUID{tokenID}, OrganizationID: callerOrganization(ctx)})
	return found(rows, err, "requestId", "access token")
}
