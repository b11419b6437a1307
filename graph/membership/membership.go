// Package membership reads and changes what a person is in their organizations, which are several. Its statements name the verified address
// of the person who has signed in, and not one organization, as those of all other resolvers do.
package membership

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/api/requestid"
	"bursar/auth"
	"bursar/db"
	"bursar/db/cells"
	"bursar/fault"
	"bursar/id"
)

// maxListed is how many organizations a person is told that they are a member of, or invited to.
const maxListed = 1000

// People reads and changes what people are.
type People struct {
	database *db.TenantDB
	queries  *db.Queries
}

// New returns what reads and changes people's memberships in a database.
func New(database *db.TenantDB, queries *db.Queries) *People { return &People{database, queries} }

// List returns what a person who has signed in is in all organizations, what a token's member is in the token's, and nothing for others.
func (p *People) List(ctx context.Context, who *auth.Principal) ([]*db.ListMembershipsRow, error) {
	switch {
	case who.Email != "":
		return p.union(ctx, func(ctx context.Context, on *db.TenantDB) ([]*db.ListMembershipsRow, error) {
			return p.queries.ListMemberships(ctx, on.ForEmail(who.Email), &db.ListMembershipsParams{Email: who.Email, Number: maxListed})
		})
	case who.MemberID == nil:
		return []*db.ListMembershipsRow{}, nil
	}
	row, err := p.queries.FindMembership(ctx, p.database.For(who.OrganizationID), *who.MemberID)
	return []*db.ListMembershipsRow{(*db.ListMembershipsRow)(row)}, db.Fault(err)
}

// Invitations returns where the person who has signed in is invited; nothing for tokens and the operator.
func (p *People) Invitations(ctx context.Context, who *auth.Principal) ([]*db.ListMembershipsRow, error) {
	if who.Email == "" {
		return []*db.ListMembershipsRow{}, nil
	}
	return p.union(ctx, func(ctx context.Context, on *db.TenantDB) ([]*db.ListMembershipsRow, error) {
		rows, err := p.queries.ListInvitations(ctx, on.ForInvitations(who.Email), &db.ListInvitationsParams{Email: who.Email, Number: maxListed})
		invitations := make([]*db.ListMembershipsRow, len(rows))
		for i, row := range rows {
			invitations[i] = (*db.ListMembershipsRow)(row)
		}
		return invitations, err
	})
}

// union returns what a person is in the organizations of all databases, by slug.
func (p *People) union(ctx context.Context, ask func(context.Context, *db.TenantDB) ([]*db.ListMembershipsRow, error)) ([]*db.ListMembershipsRow, error) {
	rows, err := cells.Union(ctx, p.database, ask, func(r *db.ListMembershipsRow) cells.Place {
		return cells.Place{OrganizationID: r.ID, Residence: r.Residence}
	})
	if p.database.IsSeveral() {
		slices.SortFunc(rows, func(a, b *db.ListMembershipsRow) int { return cmp.Compare(a.Slug, b.Slug) })
	}
	return rows[:min(len(rows), maxListed)], db.Fault(err)
}

// Accept makes the person who calls a member of an organization that has invited them. Answers NOT_FOUND without an invitation.
func (p *People) Accept(ctx context.Context, organizationID uuid.UUID) (membership *db.ListMembershipsRow, err error) {
	err = p.change(ctx, organizationID, db.MemberStatusINVITED, func(tx pgx.Tx, memberID uuid.UUID) error {
		if _, err := p.queries.AcceptMembership(ctx, tx, &db.AcceptMembershipParams{OrganizationID: organizationID, ID: memberID}); err != nil {
			return err
		}
		row, err := p.queries.FindMembership(ctx, tx, memberID)
		membership = (*db.ListMembershipsRow)(row)
		return err
	})
	return membership, err
}

// Decline ends an invitation of the person who calls. Answers NOT_FOUND without one.
func (p *People) Decline(ctx context.Context, organizationID uuid.UUID) error {
	return p.end(ctx, organizationID, db.MemberStatusINVITED)
}

// Leave ends the membership of the person who calls. Answers NOT_FOUND to somebody who is no member, CONFLICT to the last OWNER.
func (p *People) Leave(ctx context.Context, organizationID uuid.UUID) error {
	err := p.end(ctx, organizationID, db.MemberStatusACTIVE)
	if fault.CodeOf(err) == fault.Conflict {
		return (&fault.Fault{Code: fault.Conflict, Field: organizationField,
			Message: organizationField + ": you are this organization's last OWNER; make somebody else an OWNER first"}).Because(err)
	}
	return err
}

func (p *People) end(ctx context.Context, organizationID uuid.UUID, status db.MemberStatus) error {
	return p.change(ctx, organizationID, status, func(tx pgx.Tx, memberID uuid.UUID) error {
		_, err := p.queries.EndMembership(ctx, tx, &db.EndMembershipParams{OrganizationID: organizationID, ID: memberID, Status: status})
		return err
	})
}

// organizationField is the field of each input that names the organization.
const organizationField = "organizationId"

// change runs a change of what the person who calls is in an organization, which need not be the one that they have named in the
// header. Answers NOT_FOUND unless they are in the wanted status there. The audit log names them by what they are there.
func (p *People) change(
	ctx context.Context, organizationID uuid.UUID, wanted db.MemberStatus, statements func(tx pgx.Tx, memberID uuid.UUID) error,
) error {
	none := &fault.Fault{Code: fault.NotFound, Field: organizationField, Message: organizationField + ": you are not invited to such an organization"}
	if wanted == db.MemberStatusACTIVE {
		none.Message = organizationField + ": you are no member of such an organization"
	}
	email := signedIn(ctx)
	own, err := p.queries.FindOwnMembership(ctx, p.database.In(organizationID).ForInvitations(email),
		&db.FindOwnMembershipParams{Email: email, OrganizationID: organizationID})
	switch {
	case fault.CodeOf(db.Fault(err)) == fault.NotFound, err == nil && own.Status != wanted:
		return none
	case err != nil:
		return db.Fault(err)
	}
	actor := db.Actor{Name: id.Member.Format(own.ID), MemberID: &own.ID, Action: graphql.GetFieldContext(ctx).Field.Name,
		RequestID: requestid.FromContext(ctx)}
	return p.database.InTx(ctx, &organizationID, actor, func(tx pgx.Tx) error {
		// ends of memberships change API keys, which enforcement changes under this lock
		if err := p.queries.LockOrganizations(ctx, tx, []uuid.UUID{organizationID}); err != nil {
			return err
		}
		err := statements(tx, own.ID)
		if errors.Is(err, pgx.ErrNoRows) { // it has ended, or was accepted, since
			return none
		}
		return err
	})
}

// signedIn returns the verified address of the person who calls; @auth(signedIn: true) has refused all others.
func signedIn(ctx context.Context) string {
	if principal, _ := auth.FromContext(ctx); principal != nil {
		return principal.Email
	}
	return auth.Person(ctx)
}
