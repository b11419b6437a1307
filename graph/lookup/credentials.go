package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// maxCredentials is how many of somebody's tokens, and of their keys, are listed.
const maxCredentials = 100

// MemberCredentials returns the credentials of a member, or of one who was removed.
func (f *Finder) MemberCredentials(ctx context.Context, external string) (*model.Credentials, error) {
	_, memberID, err := validate.ID("id", external, id.Member)
	if err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindPeople(ctx, f.Within(ctx), &db.FindPeopleParams{IDs: []uuid.UUID{memberID}, OrganizationID: caller.Organization(ctx)})
	member, err := Found(rows, err, "id", "member")
	if err != nil {
		return nil, err
	}
	credentials, err := f.CredentialsOf(ctx, f.Within(ctx), member)
	return credentials, db.Fault(err)
}

// CredentialsOf returns what a member, also one who was removed, made and was shown that works without their membership.
func (f *Finder) CredentialsOf(ctx context.Context, on db.DBTX, member *db.Member) (*model.Credentials, error) {
	credentials := &model.Credentials{AccessTokens: []*db.AccessToken{}, APIKeys: []*db.APIKey{}}
	tokens, err := f.Queries.ListTokensMadeBy(ctx, on,
		&db.ListTokensMadeByParams{OrganizationID: member.OrganizationID, MemberID: member.ID, Number: maxCredentials})
	if err != nil {
		return nil, err
	}
	for _, row := range tokens {
		credentials.AccessTokens, credentials.AccessTokenCount = append(credentials.AccessTokens, &row.AccessToken), int(row.Total)
	}
	keys, err := f.Queries.ListKeysKnownTo(ctx, on,
		&db.ListKeysKnownToParams{OrganizationID: member.OrganizationID, MemberID: member.ID, Number: maxCredentials})
	for _, row := range keys {
		credentials.APIKeys, credentials.APIKeyCount = append(credentials.APIKeys, &row.APIKey), int(row.Total)
	}
	loader.Loaded(ctx, credentials.AccessTokens)
	loader.Loaded(ctx, credentials.APIKeys)
	return credentials, err
}
