package list

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/selection"
)

// maxBurnDown is how many points the budgets of one batch have at most.
const maxBurnDown = 5_000

// burnDownRead names, for load, a read of what was used of every budget of a batch by the end of each bucket.
type burnDownRead struct{ interval db.UsageInterval }

// BurnDownOf returns what was used of a budget in its current period by the end of each bucket. Those of its batch are read with it.
func (l *Lists) BurnDownOf(ctx context.Context, budget *db.BudgetLimit, interval db.UsageInterval) ([]*db.BurnDownPoint, error) {
	points, err := loader.Load(ctx, budget.LimitStatus, burnDownRead{interval}, func(budgets []*db.LimitStatus) (map[uuid.UUID][]*db.BurnDownPoint, error) {
		organizationIDs, ids := budgetIDs(budgets)
		rows, err := l.Queries.ListBurnDowns(ctx, l.Within(ctx), &db.ListBurnDownsParams{
			OrganizationIDs: organizationIDs, BudgetLimitIDs: ids, BucketInterval: interval, Most: maxBurnDown})
		return loader.Group(rows, func(p *db.BurnDownPoint) uuid.UUID { return p.BudgetLimitID }), err
	})
	return points[budget.ID], cmp.Or(err, loader.CountList(ctx, len(points[budget.ID]), len(selection.Of(ctx))))
}

// ProjectedExhaustionOf returns when a budget will be used up; nil when that is not before its period ends. Those of its batch are read with it.
func (l *Lists) ProjectedExhaustionOf(ctx context.Context, budget *db.BudgetLimit) (*time.Time, error) {
	projected, err := loader.Load(ctx, budget.LimitStatus, "projectedExhaustion", func(budgets []*db.LimitStatus) (map[uuid.UUID]*time.Time, error) {
		organizationIDs, ids := budgetIDs(budgets)
		rows, err := l.Queries.ListProjectedExhaustions(ctx, l.Within(ctx), &db.ListProjectedExhaustionsParams{
			OrganizationIDs: organizationIDs, BudgetLimitIDs: ids})
		instants := make(map[uuid.UUID]*time.Time, len(rows))
		for _, row := range rows {
			instants[row.BudgetLimitID] = &row.ExhaustedAt
		}
		return instants, err
	})
	return projected[budget.ID], err
}

// budgetIDs returns the ids of the budgets among limits and, in the same order, of their organizations.
func budgetIDs(limits []*db.LimitStatus) (organizationIDs, ids []uuid.UUID) {
	for _, limit := range limits {
		if limit.Kind == db.LimitKindBUDGET {
			organizationIDs, ids = append(organizationIDs, limit.OrganizationID), append(ids, limit.ID)
		}
	}
	return organizationIDs, ids
}
