package control

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// removal is the checked input of removeMember.
type removal struct {
	memberID   uuid.UUID
	keys       model.KeysOfRemovedMember
	transferTo *uuid.UUID // set for TRANSFER alone
	tokens     model.TokensOfRemovedMember
}

// RemoveMember removes a member, and does with their keys and tokens what was asked for.
func (c *Changes) RemoveMember(ctx context.Context, input model.RemoveMemberInput) (*model.RemoveMemberPayload, error) {
	plan, err := planRemoval(&input)
	if err != nil {
		return nil, err
	}
	payload := &model.RemoveMemberPayload{DeletedID: input.ID}
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		if payload.Member, err = c.removeMember(ctx, tx, plan); err != nil {
			return err
		}
		payload.Remaining, err = c.find.CredentialsOf(ctx, tx, payload.Member)
		return err
	})
	if err != nil {
		return nil, err
	}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, payload.Member.OrganizationID)
	return payload, err
}

// planRemoval checks the input of removeMember.
func planRemoval(input *model.RemoveMemberInput) (*removal, error) {
	_, removed, err := validate.ID("id", input.ID, id.Member)
	plan := &removal{memberID: removed, keys: validate.ValueOr(input.Keys, model.KeysOfRemovedMemberKeep),
		tokens: validate.ValueOr(input.Tokens, model.TokensOfRemovedMemberKeep)}
	transfers := plan.keys == model.KeysOfRemovedMemberTransfer
	if transfers != (input.TransferTo != nil) {
		return nil, validate.Together(err, fault.BadInput("transferTo", "must be given with keys: TRANSFER, and with nothing else"))
	}
	if !transfers {
		return plan, err
	}
	var heirErr error
	if plan.transferTo, heirErr = memberID("transferTo", *input.TransferTo); heirErr == nil && *plan.transferTo == removed {
		heirErr = fault.BadInput("transferTo", "is the member who is removed")
	}
	return plan, validate.Together(err, heirErr)
}

// removeMember removes a member after it has done with their keys and tokens what was asked for. The lock that it takes keeps the
// member who gets the keys.
func (c *Changes) removeMember(ctx context.Context, tx pgx.Tx, plan *removal) (*db.Member, error) {
	if err := c.guardOwners(ctx, tx, &db.GuardOwnersParams{OrganizationID: caller.Organization(ctx), MemberID: &plan.memberID}); err != nil {
		return nil, err
	}
	member, err := c.find.MemberIn(ctx, tx, "id", plan.memberID, caller.Organization(ctx))
	if err != nil {
		return nil, err
	}
	if err := c.disposeOfCreations(ctx, tx, plan, member); err != nil {
		return nil, err
	}
	removed, err := c.Queries.RemoveMember(ctx, tx, &db.RemoveMemberParams{ID: member.ID, OrganizationID: &member.OrganizationID})
	return removed, lookup.Missing(err, "id", "member")
}

// disposeOfCreations does with the tokens and the keys that a member made what was asked for.
func (c *Changes) disposeOfCreations(ctx context.Context, tx pgx.Tx, plan *removal, member *db.Member) (err error) {
	if plan.tokens == model.TokensOfRemovedMemberRevoke {
		err = c.Queries.RevokeTokensMadeBy(ctx, tx, &db.RevokeTokensMadeByParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
		if err != nil {
			return err
		}
	}
	switch plan.keys {
	case model.KeysOfRemovedMemberDisable:
		err = c.Queries.DisableKeysOf(ctx, tx, &db.DisableKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
	case model.KeysOfRemovedMemberRevoke:
		err = c.Queries.RevokeKeysOf(ctx, tx, &db.RevokeKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
		if err == nil {
			err = c.Queries.EndHolds(ctx, tx, member.OrganizationID)
		}
	case model.KeysOfRemovedMemberTransfer:
		if _, err := c.find.MemberIn(ctx, tx, "transferTo", *plan.transferTo, &member.OrganizationID); err != nil {
			return err
		}
		err = c.Queries.TransferKeysOf(ctx, tx,
			&db.TransferKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID, ToMemberID: *plan.transferTo})
	}
	return err
}
