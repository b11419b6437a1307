package control

import (
	"context"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// SetLeasePolicy sets whether gateways may lease from an organization's limits, for how long, and whether they may merge events.
func (c *Changes) SetLeasePolicy(ctx context.Context, input model.SetLeasePolicyInput) (*model.SetLeasePolicyPayload, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	seconds, secondsErr := validate.LeasePolicy(&input)
	if err := validate.Together(err, secondsErr); err != nil {
		return nil, err
	}
	payload := &model.SetLeasePolicyPayload{}
	return payload, c.Change(ctx, func(tx pgx.Tx) (err error) {
		if err := c.expectOfOrganization(ctx, tx, input.ExpectedVersion, organizationID, "organizationId"); err != nil {
			return err
		}
		payload.Organization, err = c.Queries.SetLeasePolicy(ctx, tx,
			&db.SetLeasePolicyParams{ID: organizationID, LeasesAllowed: input.Allowed, LeaseSeconds: seconds,
				MergesAllowed: validate.ValueOr(input.MergesAllowed, false)})
		return lookup.Missing(err, "organizationId", "organization")
	})
}
