package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/selection"
	"bursar/graph/validate"
)

// RaisesOf returns the raises of a budget that are in force. Those of the other budgets of its batch are read with them.
func (l *Lists) RaisesOf(ctx context.Context, budget *db.BudgetLimit) ([]*db.BudgetRaise, error) {
	raises, err := loader.Load(ctx, budget.LimitStatus, "raises", func(budgets []*db.LimitStatus) (map[uuid.UUID][]*db.BudgetRaise, error) {
		organizationIDs, ids := budgetIDs(budgets)
		rows, err := l.Queries.ListRaises(ctx, l.Within(ctx), &db.ListRaisesParams{OrganizationIDs: organizationIDs, BudgetLimitIDs: ids})
		return loader.Group(rows, func(r *db.BudgetRaise) uuid.UUID { return r.BudgetLimitID }), err
	})
	return listed(ctx, raises[budget.ID], err)
}

// RaisesOfPeriod returns the raises that were in force in a budget's period. Those of the other periods of its batch are read with them.
func (l *Lists) RaisesOfPeriod(ctx context.Context, period *db.BudgetPeriod) ([]*db.BudgetRaise, error) {
	raises, err := loader.Load(ctx, period, "raises", func(periods []*db.BudgetPeriod) ([]*db.BudgetRaise, error) {
		return l.Queries.ListRaisesSince(ctx, l.Within(ctx), raisesOfPeriods(periods))
	})
	of := []*db.BudgetRaise{}
	for _, raise := range raises {
		if raise.In(period) {
			of = append(of, raise)
		}
	}
	return listed(ctx, of, err)
}

// raisesOfPeriods returns what to read for the raises of some periods: those since the first one began.
func raisesOfPeriods(periods []*db.BudgetPeriod) *db.ListRaisesSinceParams {
	params := &db.ListRaisesSinceParams{}
	for i, p := range periods {
		if i == 0 || p.PeriodStart.Before(params.Since) {
			params.Since = p.PeriodStart
		}
		params.OrganizationIDs, params.BudgetLimitIDs = append(params.OrganizationIDs, p.OrganizationID), append(params.BudgetLimitIDs, p.BudgetLimitID)
	}
	return params
}

// listed counts the raises of a list, which may be longer than was assumed.
func listed(ctx context.Context, raises []*db.BudgetRaise, err error) ([]*db.BudgetRaise, error) {
	if err != nil {
		return nil, err
	}
	return raises, loader.CountList(ctx, len(raises), len(selection.Of(ctx)))
}

// RaiseRequests returns a page of requests for raises, newest first; of a MEMBER's own alone to them.
func (l *Lists) RaiseRequests(
	ctx context.Context, organization *string, status *db.RaiseRequestStatus, part page.Arguments,
) (*model.RaiseRequestConnection, error) {
	p, err := page.New(part)
	organizationID, ofErr := l.find.ListedOrganization(ctx, "organizationId", validate.Given(organization))
	if ofErr == nil && organizationID == nil {
		ofErr = fault.BadInput("organizationId", "must be given by the operator")
	}
	if err := validate.Together(err, ofErr); err != nil {
		return nil, err
	}
	own := caller.OwnKeysOnly(ctx)
	rows, err := l.Queries.ListRaiseRequests(ctx, l.Within(ctx), &db.ListRaiseRequestsParams{
		OrganizationID: *organizationID, Status: status, MemberID: own, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number,
	})
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.RaiseRequestConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), p,
		func(r *db.RaiseRequest) string { return page.CursorOf(r.ID) },
		func(cursor string, node *db.RaiseRequest) *model.RaiseRequestEdge {
			return &model.RaiseRequestEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) {
		return l.Queries.CountRaiseRequests(ctx, l.Within(ctx),
			&db.CountRaiseRequestsParams{OrganizationID: *organizationID, Status: status, MemberID: own})
	})
	return connection, err
}
