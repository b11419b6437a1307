package authn

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
)

// findToken returns the access token with a hash; pgx.ErrNoRows: there is none that is valid. Where there are several databases, that one says so which decides for
// the token's organization: another one may have a row of before the organization was moved. A token whose organization is not known yet is looked for in all of
// them; unless it is found, one that does not answer makes the answer UNAVAILABLE.
func (a *Authenticator) findToken(ctx context.Context, hash []byte) (*db.AuthenticateAccessTokenRow, error) {
	find := func(ctx context.Context, on *db.TenantDB) (*db.AuthenticateAccessTokenRow, error) {
		return db.New().AuthenticateAccessToken(ctx, on.ForAccessToken(hash), hash)
	}
	if !a.config.Tokens.IsSeveral() {
		done, err := a.acquireLookup(ctx)
		if err != nil {
			return nil, err
		}
		defer done()
		return find(ctx, a.config.Tokens)
	}
	organizationID, known := a.organizations.Get(string(hash))
	if !known {
		found, err := findOrganization(ctx, a.config.Tokens, find)
		if err != nil {
			return nil, err
		}
		organizationID = found
		a.organizations.Add(string(hash), organizationID)
	}
	row, err := find(ctx, a.config.Tokens.In(organizationID))
	if fault.CodeOf(err) == fault.NotFound { // no database has the organization any more
		return nil, pgx.ErrNoRows
	}
	return row, err
}

// findOrganization asks all databases for a token, and returns the organization of the first row, whichever database has it.
func findOrganization(
	ctx context.Context, everywhere *db.TenantDB, find func(context.Context, *db.TenantDB) (*db.AuthenticateAccessTokenRow, error),
) (uuid.UUID, error) {
	var silent error
	for row, err := range db.Everywhere(ctx, everywhere, find) {
		switch {
		case err == nil:
			return row.OrganizationID, nil
		case !errors.Is(err, pgx.ErrNoRows):
			silent = err
		}
	}
	if silent != nil {
		return uuid.UUID{}, silent
	}
	return uuid.UUID{}, pgx.ErrNoRows
}

// acquireLookup waits until fewer than maxLookups run. The caller must call done.
func (a *Authenticator) acquireLookup(ctx context.Context) (done func(), err error) {
	select {
	case a.lookups <- struct{}{}:
		return func() { <-a.lookups }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
