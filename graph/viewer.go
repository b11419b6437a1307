package graph

import (
	"context"

	"bursar/auth"
	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/selection"
)

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

// countMemberships counts the values of a list of memberships or invitations to those that one operation may have.
func countMemberships(ctx context.Context, rows []*db.ListMembershipsRow) error {
	return loader.CountList(ctx, len(rows), len(selection.Of(ctx))+len(selection.Of(ctx, "organization")))
}
