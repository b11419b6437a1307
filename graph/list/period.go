package list

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// PeriodsOf returns a page of a budget's periods. Its cursors are period numbers.
func (l *Lists) PeriodsOf(ctx context.Context, budget *db.BudgetLimit, part page.Arguments) (*model.BudgetPeriodConnection, error) {
	p, err := page.Cut(part, page.NumberOfCursor)
	if err != nil {
		return nil, err
	}
	read := periodsRead{p.Number, p.Backward, validate.ValueOr(p.After, 0), validate.ValueOr(p.Before, 0)}
	periods, err := loader.Load(ctx, budget.LimitStatus, read, func(budgets []*db.LimitStatus) (map[uuid.UUID][]*db.BudgetPeriod, error) {
		params := &db.ListBudgetPeriodsParams{After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number}
		for _, b := range budgets {
			params.OrganizationIDs, params.BudgetLimitIDs = append(params.OrganizationIDs, b.OrganizationID), append(params.BudgetLimitIDs, b.ID)
		}
		rows, err := l.Queries.ListBudgetPeriods(ctx, l.Within(ctx), params)
		return loader.Group(loader.Loaded(ctx, rows), func(p *db.BudgetPeriod) uuid.UUID { return p.BudgetLimitID }), err
	})
	if err != nil {
		return nil, err
	}
	connection := &model.BudgetPeriodConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(periods[budget.ID], p,
		func(p *db.BudgetPeriod) string { return page.CursorOfNumber(p.PeriodNumber) },
		func(cursor string, node *db.BudgetPeriod) *model.BudgetPeriodEdge {
			return &model.BudgetPeriodEdge{Cursor: cursor, Node: node}
		})
	return connection, nil
}

// periodsRead names, for load, a read of the same page of periods of every budget of a batch.
type periodsRead struct {
	number        int32
	backward      bool
	after, before int32
}
