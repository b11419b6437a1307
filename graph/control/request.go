package control

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/fingerprint"
)

// claimOf returns the claim of a mutation's request id in an organization; nil when none was given. The contents are what a repeated
// call must have as well: the mutation's name and its input without the request id.
func claimOf(organizationID uuid.UUID, requestID *string, contents ...any) *db.ClaimControlRequestParams {
	if requestID == nil {
		return nil
	}
	return &db.ClaimControlRequestParams{OrganizationID: organizationID, RequestID: *requestID, Fingerprint: fingerprint.Of(contents...)}
}

// once is Change for a mutation that may carry a request id; see [db.Once]. read reads the object for the answer before the commit: a
// secret that is shown once must not be lost because a later read fails.
func (c *Changes) once(
	ctx context.Context, claim *db.ClaimControlRequestParams, change func(tx pgx.Tx, made *db.ControlRequest) error,
	read func(tx pgx.Tx, objectID uuid.UUID) error,
) (made *db.ControlRequest, replayed bool, err error) {
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		made, replayed, err = db.Once(ctx, tx, claim, func(made *db.ControlRequest) error { return change(tx, made) })
		if err != nil {
			return err
		}
		return read(tx, *made.ObjectID)
	})
	return made, replayed, err
}
