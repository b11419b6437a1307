package demo

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
)

// age is how long ago the organization and everything in it was made, so that its history has room.
const age = 40 * 24 * time.Hour

// builder creates rows in one transaction. After the first error, which it keeps, it creates no more.
type builder struct {
	ctx            context.Context // of the transaction, which lives no longer
	tx             pgx.Tx
	organizationID uuid.UUID
	created        time.Time // when everything was made, as far as rows say so
	secrets        []string  // of the keys that organization made
	err            error
}

// organization makes the organization and everything in it but its tokens.
func (b *builder) organization() uuid.UUID {
	if b.err = b.tx.QueryRow(b.ctx, "select clock_timestamp() - $1::interval", age).Scan(&b.created); b.err != nil {
		return uuid.Nil
	}
	b.organizationID = b.insert(`insert into organizations (id, created_at, name, slug, plan)
		values (uuid_v7($1), $1, 'Demo', $2, 'ENTERPRISE') returning id`, Slug)
	memberIDs := map[string]*uuid.UUID{}
	for _, m := range members() {
		id := b.insert(`insert into members (organization_id, id, created_at, email, name, role, status)
			values ($2, uuid_v7($1), $1, $3, $4, $5, $6) returning id`, b.organizationID, m.email, m.name, m.role, m.status)
		memberIDs[m.email] = &id
	}
	workspaceIDs := map[string]*uuid.UUID{wholeOrganization: nil}
	b.limits(subject{}, organizationLimits())
	for _, w := range workspaces() {
		id := b.insert(`insert into workspaces (organization_id, id, created_at, name, slug)
			values ($2, uuid_v7($1), $1, $3, $4) returning id`, b.organizationID, w.name, w.slug)
		workspaceIDs[w.name] = &id
		b.limits(subject{workspaceID: &id}, w.limits)
		b.recipients(subject{workspaceID: &id}, w.recipients)
	}
	for _, k := range keys() {
		b.secrets = append(b.secrets, b.key(k, workspaceIDs[k.owner], memberIDs[k.creator]))
	}
	return b.organizationID
}

// key creates an API key with its limits and returns its secret, which nothing else has: rotating the key gives it a new one.
func (b *builder) key(k key, workspaceID, creatorID *uuid.UUID) (text string) {
	secret := auth.NewSecret(auth.APIKeyPrefix)
	id := b.insert(`insert into api_keys (organization_id, id, created_at, workspace_id, created_by_id, name, description, prefix,
			email_notifications, metadata)
		values ($2, uuid_v7($1), $1, $3, $4, $5, $6, $7, $8, $9) returning id`,
		b.organizationID, workspaceID, creatorID, k.name, k.description, secret.Prefix, !k.quiet, db.Metadata{"demo": "true", "team": k.team})
	b.insert(`insert into api_key_secrets (organization_id, created_at, api_key_id, secret_hash) values ($2, $1, $3, $4) returning api_key_id`,
		b.organizationID, id, secret.Hash)
	b.limits(subject{apiKeyID: &id}, k.limits)
	b.recipients(subject{apiKeyID: &id}, k.recipients)
	return secret.Text
}

// subject is what a limit stands on: the organization when neither is set.
type subject struct{ workspaceID, apiKeyID *uuid.UUID }

// limits creates limits. Those that a replay is to reach count from now, others from when everything was made.
func (b *builder) limits(on subject, limits []limit) {
	for _, l := range limits {
		b.insert(`select id from create_limit($2, $3, $4, $5, $6, $7, $8, $9, case when $10 then $1 else clock_timestamp() end)`,
			b.organizationID, on.workspaceID, on.apiKeyID, l.kind, l.unit, l.period, l.amount, l.thresholds, l.counted)
	}
}

func (b *builder) recipients(on subject, emails []string) {
	if b.err != nil || len(emails) == 0 {
		return
	}
	b.err = db.New().AddRecipients(b.ctx, b.tx, &db.AddRecipientsParams{
		OrganizationID: b.organizationID, WorkspaceID: on.workspaceID, APIKeyID: on.apiKeyID, Emails: emails,
	})
}

// insert runs a statement that makes one row and returns its id, unless one has failed. Its first parameter is when everything was made.
func (b *builder) insert(statement string, arguments ...any) (id uuid.UUID) {
	if b.err == nil {
		b.err = b.tx.QueryRow(b.ctx, statement, append([]any{b.created}, arguments...)...).Scan(&id)
	}
	return id
}
