package graph

import (
	"context"
	"encoding/base64"
	"math"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/id"
)

// budgetParams checks the input of createBudgetLimit, or one of the budgets of createApiKey.
func budgetParams(input *model.BudgetLimitInput) (*db.CreateLimitParams, error) {
	amount, err := budgetUnits(input.Type, input.Amount)
	alerts, alertsErr := thresholds("alertThresholds", input.Type, input.AlertThresholds)
	return &db.CreateLimitParams{
		Kind: db.LimitKindBUDGET, Type: input.Type, Period: valueOr(input.PeriodicReset, db.LimitPeriodNONE),
		MaxUnits: amount, AlertUnits: alerts,
	}, budgetErrors(err, alertsErr, amount, alerts)
}

// budgetUnits returns a budget's amount in the unit of its counter. The smallest amounts are those of the database's constraints.
func budgetUnits(limitType db.LimitType, amount decimal.Decimal) (int64, error) {
	most, err := units("amount", limitType, amount)
	switch {
	case err != nil:
		return 0, err
	case most == 0:
		return 0, fault.OfConstraint("limits_max_units_check")
	case limitType == db.LimitTypeCOST && most < nanosPerDollar:
		return 0, fault.OfConstraint("limits_cost_minimum_check")
	}
	return most, nil
}

// budgetErrors returns what is wrong with a budget's amount and with its thresholds, which can be compared when both are right.
func budgetErrors(amountErr, alertsErr error, amount int64, alerts []int64) error {
	if amountErr == nil && alertsErr == nil {
		for _, alert := range alerts {
			if alert <= 0 || alert >= amount {
				return fault.OfConstraint("limits_alert_units_check")
			}
		}
	}
	return together(amountErr, alertsErr)
}

// rateParams checks the input of createRateLimit, or one of the rate limits of createApiKey.
func rateParams(input *model.RateLimitInput) (*db.CreateLimitParams, error) {
	return &db.CreateLimitParams{
		Kind: db.LimitKindRATE, Type: input.Type, Period: input.Interval, MaxUnits: input.Limit, AlertUnits: []int64{},
	}, within("limit", input.Limit, 1, math.MaxInt64)
}

// createLimit creates a checked limit on a subject.
func (r *Resolver) createLimit(ctx context.Context, tx pgx.Tx, s *subject, params *db.CreateLimitParams) (*db.LimitStatus, error) {
	params.OrganizationID, params.WorkspaceID, params.APIKeyID = s.OrganizationID, s.WorkspaceID, s.APIKeyID
	return r.queries.CreateLimit(ctx, tx, params)
}

// updateBudgetParams checks the input of updateBudgetLimit. Amounts are in the unit of the type that the budget will have.
func updateBudgetParams(limit *db.LimitStatus, input *model.UpdateBudgetLimitInput) (*db.UpdateBudgetLimitParams, error) {
	limitType := valueOr(input.Type, limit.Type)
	var amountErr, alertsErr error
	if limitType != limit.Type && input.Amount == nil {
		amountErr = fault.BadInput("amount", "must be given with another type, in its unit")
	}
	if limitType != limit.Type && input.AlertThresholds == nil && len(limit.AlertUnits) > 0 {
		alertsErr = fault.BadInput("alertThresholds", "must be given with another type, in its unit; an empty list takes them away")
	}
	params := &db.UpdateBudgetLimitParams{
		OrganizationID: limit.OrganizationID, ID: limit.ID, Type: input.Type, Period: input.PeriodicReset,
	}
	amount, alerts := limit.MaxUnits, limit.AlertUnits
	if input.Amount != nil {
		amount, amountErr = budgetUnits(limitType, *input.Amount)
		params.MaxUnits = &amount
	}
	if input.AlertThresholds != nil {
		alerts, alertsErr = thresholds("alertThresholds", limitType, input.AlertThresholds)
		params.AlertUnits = alerts
	}
	return params, budgetErrors(amountErr, alertsErr, amount, alerts)
}

// deleteLimit deletes the limit of a kind with an id. Answers NOT_FOUND for another organization's.
func (r *Resolver) deleteLimit(ctx context.Context, external string, prefix id.Prefix, kind db.LimitKind) error {
	limit, err := r.limit(ctx, "id", external, prefix)
	if err != nil {
		return err
	}
	return r.change(ctx, func(tx pgx.Tx) error {
		deleted, err := r.queries.DeleteLimit(ctx, tx,
			&db.DeleteLimitParams{OrganizationID: limit.OrganizationID, ID: limit.ID, Kind: kind})
		if err == nil && !deleted {
			return notFound("id", "limit")
		}
		return err
	})
}

// periodsOf returns a page of a budget's periods. Its cursors are period numbers.
func (r *Resolver) periodsOf(ctx context.Context, budget *db.BudgetLimit, first *int, after *string) (*model.BudgetPeriodConnection, error) {
	p, err := newPage(first, nil)
	if err != nil {
		return nil, err
	}
	read := periodsRead{number: p.Number}
	if after = given(after); after != nil {
		if read.before, err = periodNumber(*after); err != nil {
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
		rows, err := r.queries.ListBudgetPeriods(ctx, r.within(ctx), params)
		return group(rows, func(p *db.BudgetPeriod) uuid.UUID { return p.BudgetLimitID }), err
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
		cursor := periodCursor(row.PeriodNumber)
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

func periodCursor(number int32) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(int(number))))
}

func periodNumber(cursor string) (int32, error) {
	bytes, err := base64.RawURLEncoding.DecodeString(cursor)
	number, parseErr := strconv.ParseInt(string(bytes), 10, 32)
	if err != nil || parseErr != nil || number < 1 || periodCursor(int32(number)) != cursor {
		return 0, fault.BadInput("after", "is no cursor of this list")
	}
	return int32(number), nil
}
