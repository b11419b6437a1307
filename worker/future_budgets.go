package worker

import (
	"context"
	"fmt"
	"time"

	"bursar/db"
	"bursar/id"
)

// maxLoggedBudgets is how many budgets a line of the log names.
const maxLoggedBudgets = 20

// noteFutureBudgets has the operator see budgets whose current period begins in the future, because the database's clock was ahead
// when it was opened. They go on counting in it until it ends; only a reset brings them back.
func (c *periodCloser) noteFutureBudgets(ctx context.Context) error {
	budgets, err := db.New().FindFutureBudgets(ctx, c.pool, maxLoggedBudgets)
	if err != nil {
		return fmt.Errorf("find budgets whose period begins in the future: %w", err)
	}
	total := int64(0)
	var named []string
	var latest time.Time
	for i, budget := range budgets {
		if i == 0 {
			total, latest = budget.Total, budget.PeriodStart
		}
		named = append(named, id.BudgetLimit.Format(budget.LimitID))
	}
	if total > 0 {
		c.logger.WarnContext(ctx, "budgets are in a period that begins in the future: the database's clock was ahead; "+
			"reset them, or they go on in it until it ends", "number", total, "latest_start", latest.UTC(), "budgets", named)
	}
	if err := db.New().NoteFutureBudgets(ctx, c.pool, total); err != nil {
		return fmt.Errorf("note how many budgets have a period that begins in the future: %w", err)
	}
	return nil
}
