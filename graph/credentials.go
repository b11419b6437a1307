package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// maxCredentials is how many of somebody's tokens, and of their keys, are listed.
const maxCredentials = 100

// memberCredentials returns the credentials of a member, or of one who was removed.
func (r *Resolver) memberCredentials(ctx context.Context, external string) (*model.Credentials, error) {
	_, memberID, err := validate.ID("id", external, id.Member)
	if err != nil {
		return nil, err
	}
	rows, err := r.queries.FindPeople(ctx, r.within(ctx), &db.FindPeopleParams{IDs: []uuid.UUID{memberID}, OrganizationID: callerOrganization(ctx)})
	member, err := found(rows, err, "id", "member")
	if err != nil {
		return nil, err
	}
	credentials, err := r.credentialsOf(ctx, r.within(ctx), member)
	return credentials, db.Fault(err)
}

// credentialsOf returns what a member, also one who was removed, made and was shown that works without their membership.
func (r *Resolver) credentialsOf(ctx context.Context, on db.DBTX, member *db.Member) (*model.Credentials, error) {
	credentials := &model.Credentials{AccessTokens: []*db.AccessToken{}, APIKeys: []*db.APIKey{}}
	tokens, err := r.queries.ListTokensMadeBy(ctx, on,
		&db.ListTokensMadeByParams{OrganizationID: member.OrganizationID, MemberID: member.ID, Number: maxCredentials})
	if err != nil {
		return nil, err
	}
	for _, row := range tokens {
		credentials.AccessTokens, credentials.AccessTokenCount = append(credentials.AccessTokens, &row.AccessToken), int(row.Total)
	}
	keys, err := r.queries.ListKeysKnownTo(ctx, on,
		&db.ListKeysKnownToParams{OrganizationID: member.OrganizationID, MemberID: member.ID, Number: maxCredentials})
	for _, row := range keys {
		credentials.APIKeys, credentials.APIKeyCount = append(credentials.APIKeys, &row.APIKey), int(row.Total)
	}
	loader.Loaded(ctx, credentials.AccessTokens)
	loader.Loaded(ctx, credentials.APIKeys)
	return credentials, err
}
