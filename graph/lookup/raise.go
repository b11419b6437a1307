package lookup

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/validate"
	"bursar/id"
)

// RaiseRequest finds the request for a raise with an id. Answers NOT_FOUND for another organization's.
func (f *Finder) RaiseRequest(ctx context.Context, field, external string) (*db.RaiseRequest, error) {
	_, parsed, err := validate.ID(field, external, id.RaiseRequest)
	if err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindRaiseRequests(ctx, f.Within(ctx),
		&db.FindRaiseRequestsParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "request for a raise")
}

// BudgetOfRequest returns the budget that is to be raised, which exists as long as the request does. Those of the requests of its batch are read
// with it.
func (f *Finder) BudgetOfRequest(ctx context.Context, request *db.RaiseRequest) (*db.BudgetLimit, error) {
	limit, err := loader.Refer(ctx, request, "budget", func(r *db.RaiseRequest) *uuid.UUID { return &r.BudgetLimitID },
		func(l *db.LimitStatus) uuid.UUID { return l.ID },
		func(ids []uuid.UUID) ([]*db.LimitStatus, error) {
			return f.Queries.FindLimits(ctx, f.Within(ctx), &db.FindLimitsParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
	if err != nil || limit == nil {
		return nil, err
	}
	return &db.BudgetLimit{LimitStatus: limit}, nil
}

// MemberOfRequest returns who asks for a raise, also one who was removed. Those of the requests of its batch are read with them.
func (f *Finder) MemberOfRequest(ctx context.Context, request *db.RaiseRequest) (*db.Member, error) {
	node, err := nodeOf(ctx, f, request, "member", func(r *db.RaiseRequest) string { return id.Member.Format(r.MemberID) })
	member, _ := node.(*db.Member) // nil: there is none
	return member, err
}
