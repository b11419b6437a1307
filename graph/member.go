package graph

import (
	"cmp"
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

// maxMemberships is how many organizations a person is told that they are a member of.
const maxMemberships = 1000

// removal is the checked input of removeMember.
type removal struct {
	memberID   uuid.UUID
	keys       model.KeysOfRemovedMember
	transferTo *uuid.UUID // set for TRANSFER alone
}

// planRemoval checks the input of removeMember.
func planRemoval(input *model.RemoveMemberInput) (*removal, error) {
	_, removed, err := parseID("id", input.ID, id.Member)
	plan := &removal{memberID: removed, keys: validate.ValueOr(input.Keys, model.KeysOfRemovedMemberKeep)}
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

// removeMember removes a member after it has done with their keys what was asked for. The lock that it takes keeps the member who
// gets them.
func (r *Resolver) removeMember(ctx context.Context, tx pgx.Tx, plan *removal) (*db.Member, error) {
	if err := r.guardOwners(ctx, tx, &db.GuardOwnersParams{OrganizationID: callerOrganization(ctx), MemberID: &plan.memberID}); err != nil {
		return nil, err
	}
	member, err := r.memberIn(ctx, tx, "id", plan.memberID, callerOrganization(ctx))
	if err != nil {
		return nil, err
	}
	switch plan.keys {
	case model.KeysOfRemovedMemberDisable:
		err = r.queries.DisableKeysOf(ctx, tx, &db.DisableKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID})
	case model.KeysOfRemovedMemberTransfer:
		if _, err := r.memberIn(ctx, tx, "transferTo", *plan.transferTo, &member.OrganizationID); err != nil {
			return nil, err
		}
		err = r.queries.TransferKeysOf(ctx, tx,
			&db.TransferKeysOfParams{OrganizationID: member.OrganizationID, MemberID: member.ID, ToMemberID: *plan.transferTo})
	}
	if err != nil {
		return nil, err
	}
	removed, err := r.queries.RemoveMember(ctx, tx, &db.RemoveMemberParams{ID: member.ID, OrganizationID: &member.OrganizationID})
	return removed, missing(err, "id", "member")
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

// viewer returns who calls. A person of several organizations who has named none is nobody yet; they may ask for their memberships,
// and for nothing else.
func viewer(ctx context.Context) (*auth.Principal, error) {
	principal, err := auth.FromContext(ctx)
	email := auth.Undecided(ctx)
	if email == "" {
		return principal, err
	}
	for _, field := range selection.Of(ctx) {
		if field.Name != "memberships" && field.Name != "__typename" {
			return nil, err
		}
	}
	return &auth.Principal{Email: email}, nil
}

// membershipsOf returns what a person is in all organizations, what a token's member is in the token's, and nothing for others. It is
// the only resolver that reads rows of several organizations for one caller: those that name the verified address.
func (r *Resolver) membershipsOf(ctx context.Context, who *auth.Principal) ([]*db.ListMembershipsRow, error) {
	switch {
	case who.Email != "":
		rows, err := r.queries.ListMemberships(ctx, r.database.ForEmail(who.Email),
			&db.ListMembershipsParams{Email: who.Email, Number: maxMemberships})
		return rows, cmp.Or(db.Fault(err), loader.CountList(ctx, len(rows), len(selection.Of(ctx))+len(selection.Of(ctx, "organization"))))
	case who.MemberID == nil:
		return []*db.ListMembershipsRow{}, nil
	}
	row, err := r.queries.FindMembership(ctx, r.within(ctx), *who.MemberID)
	return []*db.ListMembershipsRow{(*db.ListMembershipsRow)(row)}, db.Fault(err)
}
