package control

import (
	"context"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/model"
)

// ReleaseReservations gives back what an API key holds.
func (c *Changes) ReleaseReservations(ctx context.Context, input model.ReleaseReservationsInput) (*model.ReleaseReservationsPayload, error) {
	key, err := c.find.APIKey(ctx, "apiKeyId", input.APIKeyID)
	if err != nil {
		return nil, err
	}
	payload := &model.ReleaseReservationsPayload{APIKey: key}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.Released, err = c.Queries.ReleaseAPIKeyHolds(ctx, tx,
			&db.ReleaseAPIKeyHoldsParams{OrganizationID: key.OrganizationID, APIKeyID: key.ID})
		return err
	})
}
