package graph

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// claimOf returns the claim of a mutation's request id in an organization; nil when none was given. The contents are what a repeated
// call must have as well: the mutation's name and its input without the request id.
func claimOf(organizationID uuid.UUID, requestID *string, contents ...any) *db.ClaimControlRequestParams {
	if requestID == nil {
		return nil
	}
	return &db.ClaimControlRequestParams{OrganizationID: organizationID, RequestID: *requestID, Fingerprint: fingerprint(contents...)}
}

// once is change for a mutation that may carry a request id; see [db.Once]. read reads the object for the answer before the commit: a
// secret that is shown once must not be lost because a later read fails.
func (r *Resolver) once(
	ctx context.Context, claim *db.ClaimControlRequestParams, change func(tx pgx.Tx, made *db.ControlRequest) error,
	read func(tx pgx.Tx, objectID uuid.UUID) error,
) (made *db.ControlRequest, replayed bool, err error) {
	err = r.change(ctx, func(tx pgx.Tx) (err error) {
		made, replayed, err = db.Once(ctx, tx, claim, func(made *db.ControlRequest) error { return change(tx, made) })
		if err != nil {
			return err
		}
		return read(tx, *made.ObjectID)
	})
	return made, replayed, err
}

// shownOnce returns the secret that an answer shows, or, in a replayed answer, what to do about the one that the first showed.
func shownOnce(secret string, replayed bool, lost string) (shown, message *string) {
	if replayed {
		return nil, &lost
	}
	return &secret, nil
}

// lostKeySecret says what to do when the answer that showed a key's secret was lost.
func lostKeySecret(key *db.APIKey, prefix string) string {
	shown := fmt.Sprintf("The secret %s… was shown in the first answer and cannot be shown again", prefix)
	switch {
	case key.RevokedAt != nil:
		return shown + "; the API key was revoked since."
	case key.Prefix != prefix:
		return shown + "; the API key was rotated since, and has another one."
	}
	return fmt.Sprintf("%s. If that answer was lost, call rotateApiKey with secretLost: true, expectedPrefix: %q and another requestId: "+
		"this secret ends, and one before it goes on working for the transition.", shown, prefix)
}

// lostToken says what to do when the answer that showed an access token was lost.
func lostToken(token *db.AccessToken) string {
	return fmt.Sprintf("The token %s… was shown in the first answer and cannot be shown again. If that answer was lost, revoke the token "+
		"with revokeAccessToken and create another with another requestId.", token.Prefix)
}
