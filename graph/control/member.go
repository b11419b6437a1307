package control

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// AddMember adds or invites a member.
func (c *Changes) AddMember(ctx context.Context, input model.AddMemberInput) (*model.AddMemberPayload, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	if err := validate.Together(err, validate.AddMember(&input)); err != nil {
		return nil, err
	}
	payload := &model.AddMemberPayload{}
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		if err := c.guardOwners(ctx, tx, &db.GuardOwnersParams{OrganizationID: &organizationID, Role: &input.Role}); err != nil {
			return err
		}
		payload.Member, err = c.Queries.AddMember(ctx, tx, &db.AddMemberParams{
			OrganizationID: organizationID, Email: input.Email, Name: input.Name, Role: input.Role, Invite: c.invites(ctx, input.Invite)})
		return err
	})
	if err != nil {
		return nil, err
	}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, organizationID)
	return payload, err
}

// UpdateMember changes a member.
func (c *Changes) UpdateMember(ctx context.Context, input model.UpdateMemberInput) (*model.UpdateMemberPayload, error) {
	_, memberID, err := validate.ID("id", input.ID, id.Member)
	if err := validate.Together(err, validate.NewName(input.Name)); err != nil {
		return nil, err
	}
	payload := &model.UpdateMemberPayload{}
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		if err := c.guardOwners(ctx, tx, &db.GuardOwnersParams{OrganizationID: caller.Organization(ctx), MemberID: &memberID, Role: input.Role}); err != nil {
			return err
		}
		payload.Member, err = c.Queries.UpdateMember(ctx, tx, &db.UpdateMemberParams{
			ID: memberID, OrganizationID: caller.Organization(ctx), Name: input.Name, Role: input.Role,
		})
		return lookup.Missing(err, "id", "member")
	})
	if err != nil {
		return nil, err
	}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, payload.Member.OrganizationID)
	return payload, err
}

// invites tells whether somebody whom the caller adds is invited, and no member until they accept. The operator is trusted by every
// organization, and invites on demand, as on behalf of an administrator.
func (c *Changes) invites(ctx context.Context, demanded *bool) bool {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return c.hasIssuer && (principal.Role != auth.RoleRoot || validate.ValueOr(demanded, false))
}

// guardOwners refuses a change that makes, changes or removes an OWNER, unless the caller is an OWNER or the operator. change says what
// is to change; the caller is added to it.
func (c *Changes) guardOwners(ctx context.Context, tx db.DBTX, change *db.GuardOwnersParams) error {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	change.Operator = principal.Role == auth.RoleRoot
	if principal.Role == auth.RoleOwner {
		change.CallerID = principal.MemberID
	}
	return c.Queries.GuardOwners(ctx, tx, change)
}

func memberID(field, external string) (*uuid.UUID, error) {
	_, parsed, err := validate.ID(field, external, id.Member)
	return &parsed, err
}
