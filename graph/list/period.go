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
func (l *Lists) PeriodsOf(ctx context.Context, budget *db.BudgetLimit, first *int, after *string) (*model.BudgetPeriodConnection, error) {
	p, err := page.New(first, nil)
	if err != nil {
		return nil, err
	}
	read := periodsRead{number: p.Number}
	if after = validate.Given(after); after != nil {
		if read.before, err = page.NumberOfCursor(*after); err != nil {
			return nil, err
		}
	}
	periods, err := loader.Load(ctx, budget.LimitStatus, read, func(budgets []*db.LimitStatus) (map[uuid.UUID][]*db.BudgetPeriod, error) {
		params := &db.ListBudgetPeriodsParams{Number: p.Number}
		if after != nil {
			params.Before = &read.before
		}
		for _, b := range budgets {
			params.OrganizationIDs, params.BudgetLimitIDs = append(params.OrganizationIDs, b.OrganizationID), append(params.BudgetLimitIDs, b.ID)
		}
		rows, err := l.Queries.ListBudgetPeriods(ctx, l.Within(ctx), params)
		return loader.Group(rows, func(p *db.BudgetPeriod) uuid.UUID { return p.BudgetLimitID }), err
	})
	if err != nil {
		return nil, err
	}
	rows := periods[budget.ID]
	connection := &model.BudgetPeriodConnection{Edges: []*model.BudgetPeriodEdge{}, PageInfo: &model.PageInfo{HasPreviousPage: after != nil}}
	if len(rows) == int(p.Number) {
		connection.PageInfo.HasNextPage, rows = true, rows[:len(rows)-1]
	}
	for _, row := range rows {
		cursor := page.CursorOfNumber(row.PeriodNumber)
		connection.Edges = append(connection.Edges, &model.BudgetPeriodEdge{Cursor: cursor, Node: row})
		if connection.PageInfo.StartCursor == nil {
			connection.PageInfo.StartCursor = &cursor
		}
		connection.PageInfo.EndCursor = &cursor
	}
	return connection, nil
}

// periodsRead names, for load, a read of the same page of periods of every budget of a batch.
type periodsRead struct {
	number, before int32
}
