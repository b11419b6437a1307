package graph

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/selection"
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
func (r *Resolver) removeMember(ctx context.Context, tx pgx.Tx, plan *removal) (*db.Member, error) {
	if err := r.guardOwners(ctx, tx, &db.GuardOwnersParams{OrganizationID: callerOrganization(ctx), MemberID: &plan.memberID}); err != nil {
		return nil, err
	}
	member, err := r.memberIn(ctx, tx, "id", plan.memberID, callerOrganization(ctx))
	if err != nil {
		return nil, err
	}
	if err := r.disposeOfCreations(ctx, tx, plan, member); err != nil {
		return nil, err
	}
	removed, err := r.queries.RemoveMember(ctx, tx, &db.RemoveMemberParams{ID: member.ID, OrganizationID: &member.OrganizationID})
	return removed, missing(err, "id", "member")
}

// disposeOfCreations does with the tokens and the keys that a member made what was asked for.
func (r *Resolver) disposeOfCreations(ctx context.Context, tx pgx.Tx, plan *removal, member *db.Member) (err error) {
	if plan.tokens == model.TokensOfRemovedMemberRevoke {
		err = r.queries.RevokeTokensMadeBy(ctx, tx, &db.RevokeTokensMadeByParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
		if err != nil {
			return err
		}
	}
	switch plan.keys {
	case model.KeysOfRemovedMemberDisable:
		err = r.queries.DisableKeysOf(ctx, tx, &db.DisableKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
	case model.KeysOfRemovedMemberRevoke:
		err = r.queries.RevokeKeysOf(ctx, tx, &db.RevokeKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
		if err == nil {
			err = r.queries.EndHolds(ctx, tx, member.OrganizationID)
		}
	case model.KeysOfRemovedMemberTransfer:
		if _, err := r.memberIn(ctx, tx, "transferTo", *plan.transferTo, &member.OrganizationID); err != nil {
			return err
		}
		err = r.queries.TransferKeysOf(ctx, tx,
			&db.TransferKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID, ToMemberID: *plan.transferTo})
	}
	return err
}

// memberIn finds a member in a transaction, within an organization (nil: in any). Answers NOT_FOUND for one who was removed.
func (r *Resolver) memberIn(ctx context.Context, tx pgx.Tx, field string, member uuid.UUID, organizationID *uuid.UUID) (*db.Member, error) {
	rows, err := r.queries.FindMembers(ctx, tx, &db.FindMembersParams{IDs: []uuid.UUID{member}, OrganizationID: organizationID})
	return found(rows, err, field, "member")
}

// removedAt returns when a member was removed; nil for one who was not. Those of the member's batch are read with it.
func (r *Resolver) removedAt(ctx context.Context, member *db.Member) (*time.Time, error) {
	removals, err := loader.Load(ctx, member, "removedAt", func(members []*db.Member) (map[uuid.UUID]*time.Time, error) {
		rows, err := r.queries.ListRemovals(ctx, r.within(ctx), &db.ListRemovalsParams{
			IDs: loader.Distinct(members, func(m *db.Member) *uuid.UUID { return &m.ID }), OrganizationID: callerOrganization(ctx)})
		removals := make(map[uuid.UUID]*time.Time, len(rows))
		for _, row := range rows {
			removals[row.ID] = &row.RemovedAt
		}
		return removals, err
	})
	return removals[member.ID], err
}

// viewer returns who calls. A person of several organizations who has named none is nobody yet; they may ask for their memberships and
// invitations, and for nothing else. Somebody who is no member and is invited may ask for their invitations alone.
func viewer(ctx context.Context) (*auth.Principal, error) {
	principal, err := auth.FromContext(ctx)
	email := auth.Person(ctx)
	if email == "" {
		return principal, err
	}
	for _, field := range selection.Of(ctx) {
		isAnswered := field.Name == "invitations" || field.Name == "__typename" || field.Name == "memberships" && auth.Undecided(ctx) != ""
		if !isAnswered {
			return nil, err
		}
	}
	return &auth.Principal{Email: email}, nil
}

// invites tells whether somebody whom the caller adds is invited, and no member until they accept. The operator is trusted by every
// organization, and invites on demand, as on behalf of an administrator.
func (r *Resolver) invites(ctx context.Context, demanded *bool) bool {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return r.hasIssuer && (principal.Role != auth.RoleRoot || validate.ValueOr(demanded, false))
}

// countMemberships counts the values of a list of memberships or invitations to those that one operation may have.
func countMemberships(ctx context.Context, rows []*db.ListMembershipsRow) error {
	return loader.CountList(ctx, len(rows), len(selection.Of(ctx))+len(selection.Of(ctx, "organization")))
}
