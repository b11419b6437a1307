// Package demo creates the organization that `bursar dev` shows: workspaces, members, API keys, limits that a replay of the recorded traffic
// reaches, and a month of history.
package demo

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/id"
)

// Slug is the demo organization's.
const Slug = "demo"

// actor is who makes it, as the audit log names them.
const actor = "bursar dev"

// Demo is the demo organization with its access tokens.
type Demo struct {
	Created        bool   `json:"-"`              // whether this call made it
	OrganizationID string `json:"organizationId"` // external id
	AdminToken     string `json:"adminToken"`     // the secret of an ADMIN token; "" when not known
	GatewayToken   string `json:"gatewayToken"`   // the secret of a GATEWAY token; "" when not known
	APIKey         string `json:"apiKey"`         // the secret of the key for first calls through the gateway; "" when not known
	// KeySecrets are those of its keys as they were made; one that was rotated since has another. None when not known.
	KeySecrets []string `json:"keySecrets,omitempty"`
	// PricesDue says that the prices in the binary have not been imported yet, as far as the folder knows.
	PricesDue bool   `json:"pricesDue,omitempty"`
	folder    string // where it is kept
}

// Create makes the demo organization with everything in it, or nothing, and returns the secrets of its tokens. One that
// exists is left as it is and returned without secrets, because only their hashes are stored. Of concurrent
// processes one creates it and the others find it. Errors are faults.
func Create(ctx context.Context, pool *pgxpool.Pool) (*Demo, error) {
	found, err := find(ctx, pool)
	if err == nil || fault.CodeOf(err) != fault.NotFound {
		return found, err
	}
	created := &Demo{Created: true}
	err = inTx(ctx, pool, "createDemo", func(tx pgx.Tx) error {
		b := &builder{ctx: ctx, tx: tx}
		organizationID := b.organization()
		if b.err != nil {
			return b.err
		}
		created.OrganizationID, created.KeySecrets = id.Organization.Format(organizationID), b.secrets
		return created.issueTokens(ctx, tx, organizationID)
	})
	if fault.CodeOf(err) == fault.Conflict { // another process was first
		return find(ctx, pool)
	}
	if err != nil {
		return nil, err
	}
	return created, nil
}

// find returns the demo organization; NOT_FOUND when there is none.
func find(ctx context.Context, pool *pgxpool.Pool) (*Demo, error) {
	organization, err := db.New().FindOrganizationBySlug(ctx, pool, Slug)
	if err != nil {
		return nil, db.Fault(err)
	}
	return &Demo{OrganizationID: organization.ExternalID()}, nil
}

func inTx(ctx context.Context, pool *pgxpool.Pool, action string, change func(tx pgx.Tx) error) error {
	return db.InTx(ctx, pool, db.Actor{Name: actor, Action: action}, change)
}

// issueTokens makes new access tokens. Tokens that were issued before go on working.
func (d *Demo) issueTokens(ctx context.Context, tx pgx.Tx, organizationID uuid.UUID) error {
	for _, token := range []struct {
		name   string
		role   db.TokenRole
		secret *string
	}{
		{"Demo portal", db.TokenRoleADMIN, &d.AdminToken},
		{"Demo gateway", db.TokenRoleGATEWAY, &d.GatewayToken},
	} {
		secret := auth.NewSecret(auth.AccessTokenPrefix)
		_, err := db.New().CreateAccessToken(ctx, tx, &db.CreateAccessTokenParams{
			OrganizationID: organizationID, Name: token.name, Role: token.role, Prefix: secret.Prefix, TokenHash: secret.Hash,
		})
		if err != nil {
			return err
		}
		*token.secret = secret.Text
	}
	return nil
}
