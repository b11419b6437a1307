package demo

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
)

// firstCalls is the key that `bursar dev` prints for its gateway. The answers of a few calls that are made long use its budget up.
func firstCalls() key {
	return key{
		name: "Your first calls", description: "Printed by bursar dev, for its gateway", team: "yours", owner: wholeOrganization, creator: admin,
		recipients: []string{"you@demo.test"},
		limits:     []limit{budget(db.LimitTypeCOST, db.LimitPeriodWEEKLY, dollar, 50*cent), rate(db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 60)},
	}
}

// oldSecretSeconds is how long an earlier secret of the key goes on working, for whoever runs `bursar dev` on the same database with another folder.
const oldSecretSeconds = 7 * 24 * 60 * 60

// issueKey makes the key for first calls or, when there is one, gives it a new secret.
func (d *Demo) issueKey(ctx context.Context, pool *pgxpool.Pool) error {
	organization, err := db.New().FindOrganizationBySlug(ctx, pool, Slug)
	if err != nil {
		return db.Fault(err)
	}
	return inTx(ctx, pool, "createDemoKey", func(tx pgx.Tx) error {
		var id uuid.UUID
		err := tx.QueryRow(ctx, "select id from api_keys where organization_id = $1 and name = $2 and revoked_at is null order by id limit 1 for update",
			organization.ID, firstCalls().name).Scan(&id)
		if err == nil {
			secret := auth.NewSecret(auth.APIKeyPrefix)
			d.APIKey = secret.Text
			_, err = db.New().RotateAPIKey(ctx, tx, &db.RotateAPIKeyParams{OrganizationID: organization.ID, ID: id, SecretHash: secret.Hash,
				Prefix: secret.Prefix, TransitionSeconds: oldSecretSeconds})
			return err
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		b := &builder{ctx: ctx, tx: tx, organizationID: organization.ID}
		var creator *uuid.UUID // nil when somebody has removed the member
		b.err = tx.QueryRow(ctx, "select clock_timestamp(), (select id from members where organization_id = $1 and email = $2)", organization.ID, admin).
			Scan(&b.created, &creator)
		d.APIKey = b.key(firstCalls(), nil, creator)
		return b.err
	})
}
