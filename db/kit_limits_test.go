package db_test

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

const (
	onKey          = db.SubjectTypeAPIKEY
	onWorkspace    = db.SubjectTypeWORKSPACE
	onOrganization = db.SubjectTypeORGANIZATION
	dollar         = int64(1_000_000_000) // in nano-dollars
)

// newLimit creates a limit on one of the tenant's subjects.
func (g *gateway) newLimit(on db.SubjectType, kind db.LimitKind, unit db.LimitType, period db.LimitPeriod, units int64,
	alerts []int64) (uuid.UUID, error) {
	var workspace, key *uuid.UUID
	switch on {
	case onWorkspace:
		workspace = &g.Workspace.ID
	case onKey:
		key = &g.Key.ID
	}
	rows, err := g.Pool.Query(context.Background(), `select id from create_limit($1, $2, $3, $4, $5, $6, $7, $8, null, $9)`,
		g.Organization.ID, workspace, key, kind, unit, period, units, alerts, g.now)
	if err != nil {
		return uuid.Nil, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[uuid.UUID])
}

// budget creates a budget.
func (g *gateway) budget(on db.SubjectType, unit db.LimitType, period db.LimitPeriod, amount int64, alerts ...int64) uuid.UUID {
	g.T.Helper()
	id, err := g.newLimit(on, db.LimitKindBUDGET, unit, period, amount, append([]int64{}, alerts...))
	return must(g.T, id, err)
}

// calendarBudget creates a budget of tokens on the key whose periods begin where options say, JSON of calendar_with.
func (g *gateway) calendarBudget(period db.LimitPeriod, options string, amount int64) uuid.UUID {
	g.T.Helper()
	return query[uuid.UUID](g, `select id from create_limit($1, null, $2, 'BUDGET', 'TOKENS', $3, $4, '{}', $5, $6)`,
		g.Organization.ID, g.Key.ID, period, amount, options, g.now)
}

// tokenBudget creates a budget of tokens on the key, without a reset.
func (g *gateway) tokenBudget(amount int64, alerts ...int64) uuid.UUID {
	g.T.Helper()
	return g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, amount, alerts...)
}

// rate creates a rate limit.
func (g *gateway) rate(on db.SubjectType, unit db.LimitType, interval db.LimitPeriod, limit int64) uuid.UUID {
	g.T.Helper()
	id, err := g.newLimit(on, db.LimitKindRATE, unit, interval, limit, []int64{})
	return must(g.T, id, err)
}

// edit is a change of a budget; what is nil stays.
type edit struct {
	unit   *db.LimitType
	period *db.LimitPeriod
	amount *int64
	alerts []int64
}

// change changes a budget.
func (g *gateway) change(budget uuid.UUID, e edit) {
	g.T.Helper()
	must(g.T, 0, g.tryChange(budget, e))
}

func (g *gateway) tryChange(budget uuid.UUID, e edit) error {
	_, err := g.Pool.Exec(context.Background(), `select update_budget_limit($1, $2, $3, $4, $5, $6, null, $7)`,
		g.Organization.ID, budget, e.unit, e.period, e.amount, e.alerts, g.now)
	return err
}

// raise changes a budget's amount, up or down.
func (g *gateway) raise(budget uuid.UUID, amount int64) {
	g.T.Helper()
	g.change(budget, edit{amount: &amount})
}

// changeRate changes a rate's limit.
func (g *gateway) changeRate(rate uuid.UUID, limit int64) {
	g.T.Helper()
	g.exec(`select update_rate_limit($1, $2, $3, $4)`, g.Organization.ID, rate, limit, g.now)
}

// reset resets a budget by hand.
func (g *gateway) reset(budget uuid.UUID) {
	g.T.Helper()
	g.exec(`select reset_budget($1, $2, $3)`, g.Organization.ID, budget, g.now)
}

// deleteLimit deletes a limit.
func (g *gateway) deleteLimit(limit uuid.UUID, kind db.LimitKind) bool {
	g.T.Helper()
	deleted, err := db.New().DeleteLimit(context.Background(), g.Pool,
		&db.DeleteLimitParams{OrganizationID: g.Organization.ID, ID: limit, Kind: kind})
	return must(g.T, deleted, err)
}

// limit returns a limit as it stands at the gateway's instant.
func (g *gateway) limit(id uuid.UUID) *db.LimitStatus {
	g.T.Helper()
	limits := rowsOf[db.LimitStatus](g, `select * from limits_at($1) s where s.id = $2`, g.now, id)
	if len(limits) != 1 {
		g.T.Fatalf("%d limits %s, want 1", len(limits), id)
	}
	return limits[0]
}

// counts fails the test unless a limit has these units used and held.
func (g *gateway) counts(limit uuid.UUID, used, reserved int64) {
	g.T.Helper()
	l := g.limit(limit)
	if !l.UsedUnits.Equal(whole(used)) || l.ReservedUnits != reserved {
		g.T.Errorf("%s %s %s: used %s, reserved %d, want used %d, reserved %d",
			l.Kind, l.Type, l.Period, l.UsedUnits, l.ReservedUnits, used, reserved)
	}
}

// history returns a budget's ended periods, oldest first.
func (g *gateway) history(budget uuid.UUID) []*db.BudgetPeriod {
	g.T.Helper()
	return rowsOf[db.BudgetPeriod](g,
		`select * from budget_periods p where p.budget_limit_id = $1 order by p.period_number`, budget)
}

// ended fails the test unless an ended period has these units used and held.
func (g *gateway) ended(period *db.BudgetPeriod, used, reserved int64) {
	g.T.Helper()
	if !period.UsedUnits.Equal(whole(used)) || period.ReservedUnits != reserved {
		g.T.Errorf("period %d: used %s, reserved %d, want used %d, reserved %d",
			period.PeriodNumber, period.UsedUnits, period.ReservedUnits, used, reserved)
	}
}
