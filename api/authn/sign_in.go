package authn

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"bursar/auth"
	"bursar/auth/sso"
	"bursar/db"
	"bursar/db/cells"
	"bursar/fault"
	"bursar/id"
)

const (
	// OrganizationHeader names, by its id or its slug, the organization for which a person who has signed in asks.
	OrganizationHeader  = "Bursar-Organization"
	maxOrganizationName = 200 // bytes of the header
	// maxNamed is how many of a person's organizations the sentence of an error names, maxListed how many its extension lists.
	maxNamed  = 10
	maxListed = 100
)

// signIn returns the person who presents a token of the issuer's: the member with the verified address, in the organization that the
// request names or in the only one that has such a member. Membership and role are read for each request. With the error that the
// person is a member of several, or is not a member but is invited, comes a principal who is an address and nothing else.
func (a *Authenticator) signIn(r *http.Request, token string) (*auth.Principal, error) {
	ctx, cancel := context.WithTimeout(r.Context(), a.config.Timeout)
	defer cancel()
	address, err := a.config.Issuer.Email(ctx, token)
	if err != nil {
		return nil, err
	}
	if !auth.IsEmail(address) {
		return nil, fault.New(fault.Unauthenticated, "the token's e-mail address is none")
	}
	params, err := membershipOf(address, r.Header.Values(OrganizationHeader))
	if err != nil {
		return nil, err
	}
	rows, err := a.findMembers(ctx, params)
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(rows) > 1 {
		return &auth.Principal{Email: address}, severalMemberships(rows)
	}
	member, err := onlyMembership(rows, address, params)
	if err != nil {
		return a.invited(ctx, address, err)
	}
	role := auth.Role(member.Role)
	return &auth.Principal{
		Role: role, OrganizationID: &member.OrganizationID, MemberID: &member.ID, MemberRole: role, Email: address, AcceptsKeyIDs: true,
		ExpiresAt: sso.ExpiryOf(token),
		Actor:     id.Member.Format(member.ID),
	}, nil
}

// invited returns the error of a person who is no member, and, if an organization has invited them, a principal who is their address.
func (a *Authenticator) invited(ctx context.Context, address string, noMember error) (*auth.Principal, error) {
	rows, err := cells.Union(ctx, a.config.Members, func(ctx context.Context, on *db.TenantDB) ([]*db.ListInvitationsRow, error) {
		return db.New().ListInvitations(ctx, on.ForInvitations(address), &db.ListInvitationsParams{Email: address, Number: maxListed})
	}, func(r *db.ListInvitationsRow) cells.Place {
		return cells.Place{OrganizationID: r.ID, Residence: r.Residence}
	})
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(rows) > 0 {
		return &auth.Principal{Email: address}, noMember
	}
	return nil, noMember
}

// membershipOf returns the parameters of the look-up: the address, and the organization that the header names, if it is there.
func membershipOf(address string, named []string) (*db.AuthenticateMemberParams, error) {
	params := &db.AuthenticateMemberParams{Email: address, Number: maxListed + 1}
	switch {
	case len(named) == 0:
		return params, nil
	case len(named) > 1:
		return nil, fault.BadInput(OrganizationHeader, "the header is there %d times", len(named))
	}
	name := strings.TrimSpace(named[0])
	if prefix, organizationID, ok := id.Parse(name); ok && prefix == id.Organization {
		params.OrganizationID = &organizationID
		return params, nil
	}
	if name == "" || !utf8.ValidString(name) || len(name) > maxOrganizationName {
		return nil, fault.BadInput(OrganizationHeader, "the header must be an organization's id or slug")
	}
	params.Slug = &name
	return params, nil
}

// onlyMembership returns the membership that was found, if there is one.
func onlyMembership(rows []*db.AuthenticateMemberRow, address string, params *db.AuthenticateMemberParams) (*db.AuthenticateMemberRow, error) {
	switch {
	case len(rows) > 0:
		return rows[0], nil
	case params.Slug == nil && params.OrganizationID == nil:
		return nil, fault.New(fault.Unauthenticated, "%s is a member of no organization", address)
	}
	return nil, &fault.Fault{Code: fault.NotFound, Field: OrganizationHeader,
		Message: OrganizationHeader + ": no such organization, or you are no member of it"}
}

// severalMemberships returns the error that tells a person to name an organization: its sentence names them for people, its extension
// lists them for portals.
func severalMemberships(rows []*db.AuthenticateMemberRow) *fault.Fault {
	slugs := make([]string, 0, maxNamed)
	organizations := make([]map[string]string, 0, len(rows))
	for i, row := range rows[:min(len(rows), maxListed)] {
		if i < maxNamed {
			slugs = append(slugs, row.Slug)
		}
		organizations = append(organizations, map[string]string{"id": id.Organization.Format(row.OrganizationID), "slug": row.Slug, "name": row.Name})
	}
	list := strings.Join(slugs, ", ")
	if len(rows) > maxNamed {
		list += " and others"
	}
	several := fault.BadInput(OrganizationHeader,
		"you are a member of several organizations (%s): say in this header which one you mean, by its id or slug", list)
	several.Extensions = map[string]any{"organizations": organizations}
	return several
}
