package demo

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
)

// builder creates rows in one transaction. After the first error, which it keeps, it creates no more.
type builder struct {
	ctx            context.Context // of the transaction, which lives no longer
	tx             pgx.Tx
	organizationID uuid.UUID
	err            error
}

// organization makes the organization and everything in it but its tokens.
func (b *builder) organization() *db.Organization {
	organization := build(b, &db.CreateOrganizationParams{Name: "Demo", Slug: Slug, Plan: db.PlanENTERPRISE},
		db.New().CreateOrganization)
	if b.err != nil {
		return nil
	}
	b.organizationID = organization.ID

	memberIDs := map[string]*uuid.UUID{}
	for _, m := range members() {
		m.OrganizationID = organization.ID
		if member := build(b, m, db.New().AddMember); member != nil {
			memberIDs[member.Email] = &member.ID
		}
	}
	workspaceIDs := map[string]*uuid.UUID{wholeOrganization: nil}
	b.limits(subject{}, organizationLimits())
	for _, w := range workspaces() {
		workspace := build(b, &db.CreateWorkspaceParams{OrganizationID: organization.ID, Name: w.name, Slug: w.slug},
			db.New().CreateWorkspace)
		if b.err != nil {
			return nil
		}
		workspaceIDs[w.name] = &workspace.ID
		b.limits(subject{workspaceID: &workspace.ID}, w.limits)
		b.recipients(subject{workspaceID: &workspace.ID}, w.recipients)
	}
	for _, k := range keys() {
		b.key(k, workspaceIDs[k.owner], memberIDs[k.creator])
	}
	return organization
}

// key creates an API key with its limits. Its secret is not returned: rotating the key gives it a new one.
func (b *builder) key(k key, workspaceID, creatorID *uuid.UUID) {
	secret := auth.NewSecret(auth.APIKeyPrefix)
	id := build(b, &db.CreateAPIKeyParams{
		OrganizationID: b.organizationID, WorkspaceID: workspaceID, CreatedByID: creatorID, Name: k.name,
		Description: &k.description, Prefix: secret.Prefix, SecretHash: secret.Hash, EmailNotifications: !k.quiet,
		Metadata: db.Metadata{"team": k.team},
	}, db.New().CreateAPIKey)
	b.limits(subject{apiKeyID: &id}, k.limits)
}

// subject is what a limit stands on: the organization when neither is set.
type subject struct{ workspaceID, apiKeyID *uuid.UUID }

func (b *builder) limits(on subject, limits []db.CreateLimitParams) {
	for _, limit := range limits {
		limit.OrganizationID, limit.WorkspaceID, limit.APIKeyID = b.organizationID, on.workspaceID, on.apiKeyID
		build(b, &limit, db.New().CreateLimit)
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

// build runs a query unless one has failed; the zero row stands for one that was not made.
func build[P, R any](b *builder, params P, query func(context.Context, db.DBTX, P) (R, error)) R {
	var row R
	if b.err == nil {
		row, b.err = query(b.ctx, b.tx, params)
	}
	return row
}
