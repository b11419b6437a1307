package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
	"bursar/db/model"
	"bursar/fault"
)

// violated returns the name of the constraint that an error is about.
func violated(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.ConstraintName
	}
	return ""
}

// What a limit may be: an amount above 0, a COST budget of a dollar at least, thresholds above 0 and below the amount, each
// type and period with its kind, one limit per subject, type and period. Each refusal is a named constraint.
func TestLimitConstraints(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.tokenBudget(100)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 5)
	for name, c := range map[string]struct {
		kind   db.LimitKind
		unit   db.LimitType
		period db.LimitPeriod
		units  int64
		alerts []int64
		want   string
		code   fault.Code
	}{
		"amount 0":            {"BUDGET", "TOKENS", "WEEKLY", 0, nil, "limits_max_units_check", fault.BadUserInput},
		"amount below 0":      {"BUDGET", "TOKENS", "WEEKLY", -5, nil, "limits_max_units_check", fault.BadUserInput},
		"rate 0":              {"RATE", "REQUESTS", "HOUR", 0, nil, "limits_max_units_check", fault.BadUserInput},
		"less than a dollar":  {"BUDGET", "COST", "WEEKLY", dollar - 1, nil, "limits_cost_minimum_check", fault.BadUserInput},
		"a threshold of 0":    {"BUDGET", "TOKENS", "WEEKLY", 100, []int64{0, 5}, "limits_alert_units_check", fault.BadUserInput},
		"a threshold below 0": {"BUDGET", "TOKENS", "WEEKLY", 100, []int64{-1}, "limits_alert_units_check", fault.BadUserInput},
		"threshold = amount":  {"BUDGET", "TOKENS", "WEEKLY", 100, []int64{5, 100}, "limits_alert_units_check", fault.BadUserInput},
		"threshold > amount":  {"BUDGET", "TOKENS", "WEEKLY", 100, []int64{101}, "limits_alert_units_check", fault.BadUserInput},
		"a rate's threshold":  {"RATE", "REQUESTS", "HOUR", 100, []int64{5}, "limits_alert_units_check", fault.BadUserInput},
		"a second budget":     {"BUDGET", "TOKENS", "NONE", 7, nil, "limits_subject_type_period_key", fault.Conflict},
		"a second rate":       {"RATE", "REQUESTS", "MINUTE", 7, nil, "limits_subject_type_period_key", fault.Conflict},
		"parallel budget":     {"BUDGET", "PARALLEL_REQUESTS", "WEEKLY", 100, nil, "limits_type_check", fault.Internal},
		"cost rate":           {"RATE", "COST", "HOUR", dollar, nil, "limits_type_check", fault.Internal},
		"minutely budget":     {"BUDGET", "TOKENS", "MINUTE", 100, nil, "limits_period_check", fault.Internal},
		"monthly rate":        {"RATE", "TOKENS", "MONTHLY", 100, nil, "limits_period_check", fault.Internal},
	} {
		_, err := g.newLimit(onKey, c.kind, c.unit, c.period, c.units, c.alerts)
		equal(t, name, violated(err), c.want)
		equal(t, name+": code", codeOf(err), c.code)
	}
	equal(t, "limits", query[int64](g, `select count(*) from limits`), 2)
	_, err := g.newLimit(onKey, "BUDGET", "COST", "WEEKLY", dollar, []int64{1, dollar - 1})
	must(t, 0, err)
}

// An edit keeps to the same constraints and changes nothing when it breaks one, history included.
func TestEditConstraints(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	g.book(reportTokens(30))
	for want, e := range map[string]edit{
		"limits_max_units_check":         {amount: new(int64(0)), alerts: []int64{}},
		"limits_alert_units_check":       {amount: new(int64(50))},
		"limits_cost_minimum_check":      {unit: new(db.LimitTypeCOST)},
		"limits_subject_type_period_key": {period: new(db.LimitPeriodWEEKLY)},
		"limits_type_check":              {unit: new(db.LimitTypePARALLELREQUESTS)},
		"limits_period_check":            {period: new(db.LimitPeriodHOUR)},
	} {
		equal(t, "violated", violated(g.tryChange(budget, e)), want)
	}
	g.counts(budget, 30, 0)
	equal(t, "generation", g.limit(budget).Generation, 1)
	equal(t, "history", len(g.history(budget)), 0)
	rate := g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodHOUR, 5)
	_, err := g.Pool.Exec(context.Background(), `select update_rate_limit($1, $2, 0)`, g.Organization.ID, rate)
	equal(t, "rate", violated(err), "limits_max_units_check")
}

// Negative numbers are refused and book nothing: there is no way to un-spend.
func TestNegativeNumbersAreRefused(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(1000)
	cost := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, dollar)
	g.book(reportTokens(500).costing(500))
	held := g.admit(estimateTokens(100).costing(100))
	for _, c := range []struct {
		report report
		want   string
	}{
		{reportTokens(-1), "usage_events_parts_check"}, // none of which can be cached
		{report{requests: -1, output: -1, input: 5}, "usage_events_parts_check"},
		{reportCost(-2).settling(held), "usage_events_cost_nanos_check"},
		{report{requests: -1, input: 5, cached: 6}, "usage_events_parts_check"},
		{report{requests: -1, input: 5, cached: -1}, "usage_events_parts_check"},
		{report{requests: -1, input: 5, cached: 3, written: 3}, "usage_events_parts_check"},
		{report{requests: -1, input: 5, written: -1}, "usage_events_parts_check"},
		{report{requests: -1, input: 5, written: 3}.of(model.Parts{Written1h: 4}), "usage_events_parts_check"},
		{report{requests: -1, input: 5}.of(model.Parts{Written1h: -1}), "usage_events_parts_check"},
		{report{requests: -1, input: 5, cached: 2, written: 2}.of(model.Parts{AudioInput: 6}), "usage_events_parts_check"},
		{report{requests: -1, input: 5}.of(model.Parts{AudioInput: -1}), "usage_events_parts_check"},
		{report{requests: -1, output: 5}.of(model.Parts{Reasoning: 6}), "usage_events_parts_check"},
		{report{requests: -1, output: 5}.of(model.Parts{Reasoning: -1}), "usage_events_parts_check"},
		{report{requests: -1, output: 5}.of(model.Parts{Reasoning: 4, AudioOutput: 6}), "usage_events_parts_check"},
		{report{requests: -1, output: 5}.of(model.Parts{AudioOutput: -1}), "usage_events_parts_check"},
		{report{requests: -1}.of(model.Parts{Images: -1}), "usage_events_parts_check"},
		{report{requests: -1}.of(model.Parts{Searches: -1}), "usage_events_parts_check"},
	} {
		_, err := g.recordOn(g.Pool, &g.now, c.report)
		equal(t, "violated", violated(err), c.want)
	}
	for want, e := range map[string]estimate{
		"reservations_tokens_check":     estimateTokens(-1),
		"reservations_cost_nanos_check": estimateCost(-1),
		"reservations_requests_check":   estimateRequests(-1),
	} {
		_, err := g.reserveOn(g.Pool, &g.now, e)
		equal(t, "violated", violated(err), want)
	}
	g.counts(budget, 500, 100)
	g.counts(cost, 500, 100)
	g.verified()
}

// No counter ever falls below zero: the database refuses the transaction that would do it.
func TestCountersNeverFallBelowZero(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	g.after(7 * 24 * 3600 * 1e9).book(reportTokens(1))
	for want, statement := range map[string]string{
		"counters_used_units_check":           `update counters set used_units = -1`,
		"counters_reserved_units_check":       `update counters set reserved_units = -1`,
		"counters_period_end_check":           `update counters set period_end = period_start`,
		"budget_periods_used_units_check":     `update budget_periods set used_units = -1`,
		"budget_periods_reserved_units_check": `update budget_periods set reserved_units = -1`,
	} {
		_, err := g.Pool.Exec(context.Background(), statement)
		equal(t, "violated", violated(err), want)
	}
}

// A limit stands on something of its own organization, and on one thing.
func TestLimitSubjects(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	other := g.neighbour()
	create := func(p db.CreateLimitParams) error {
		p.OrganizationID, p.Kind, p.Type, p.Period, p.MaxUnits, p.AlertUnits, p.Enabled, p.Mode = g.Organization.ID, "BUDGET", "TOKENS", "NONE", 5, []int64{}, true, "ENFORCE"
		_, err := db.New().CreateLimit(ctx, g.Pool, &p)
		return err
	}
	equal(t, "foreign key", violated(create(db.CreateLimitParams{APIKeyID: &other.Key.ID})), "limits_api_key_id_fkey")
	equal(t, "foreign workspace", violated(create(db.CreateLimitParams{WorkspaceID: &other.Workspace.ID})), "limits_workspace_id_fkey")
	equal(t, "two", violated(create(db.CreateLimitParams{WorkspaceID: &g.Workspace.ID, APIKeyID: &g.Key.ID})), "limits_subject_check")
}

// A request id is 1 to 255 characters.
func TestRequestIDLength(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	long := make([]byte, 256)
	for i := range long {
		long[i] = 'x'
	}
	g.admit(estimateTokens(1).named(string(long[:255])))
	g.book(reportTokens(1).named(string(long[:255])))
	_, err := g.reserveOn(g.Pool, &g.now, estimateTokens(1).named(string(long)))
	equal(t, "reservation", violated(err), "reservations_request_id_check")
	_, err = g.recordOn(g.Pool, &g.now, reportTokens(1).named(string(long)))
	equal(t, "event", violated(err), "usage_event_requests_request_id_check")
}
