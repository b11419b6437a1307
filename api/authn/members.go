package authn

import (
	"cmp"
	"context"
	"slices"

	"bursar/db"
	"bursar/db/cells"
	"bursar/fault"
)

// findMembers returns the memberships of a person, by slug. Where there are several databases, an organization that is named by its id is asked for where it is,
// and one that is named by its slug is found although another database does not answer; all organizations of a person are known when every one has answered.
func (a *Authenticator) findMembers(ctx context.Context, params *db.AuthenticateMemberParams) ([]*db.AuthenticateMemberRow, error) {
	find := func(ctx context.Context, on *db.TenantDB) ([]*db.AuthenticateMemberRow, error) {
		return db.New().AuthenticateMember(ctx, on.ForEmail(params.Email), params)
	}
	place := func(r *db.AuthenticateMemberRow) cells.Place {
		return cells.Place{OrganizationID: r.OrganizationID, Residence: r.Residence}
	}
	members := a.config.Members
	switch {
	case !members.IsSeveral():
		return find(ctx, members)
	case params.OrganizationID != nil:
		return inOne(find(ctx, members.In(*params.OrganizationID)))
	case params.Slug != nil:
		return cells.First(ctx, members, find, place)
	}
	rows, err := cells.Union(ctx, members, find, place)
	if len(rows) == 1 && rows[0].Residence != db.ResidenceHERE { // who they are is said where the organization is going
		named := *params
		named.OrganizationID = &rows[0].OrganizationID
		return a.findMembers(ctx, &named)
	}
	slices.SortFunc(rows, func(a, b *db.AuthenticateMemberRow) int { return cmp.Compare(a.Slug, b.Slug) })
	return rows, err
}

// inOne returns rows of an organization; none if no database knows it.
func inOne(rows []*db.AuthenticateMemberRow, err error) ([]*db.AuthenticateMemberRow, error) {
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	return rows, err
}
