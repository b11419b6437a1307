package db_test

import (
	"context"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/fault"
)

// Creating and changing limits is a feature: ENTERPRISE has it, PRO where the operator enabled it, FREE has not. Limits
// that exist go on being enforced whatever the plan becomes, and can still be deleted.
func TestGovernanceIsAFeature(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for _, c := range []struct {
		plan             db.Plan
		enabled, allowed bool
	}{
		{db.PlanENTERPRISE, false, true}, {db.PlanENTERPRISE, true, true}, {db.PlanPRO, true, true},
		{db.PlanPRO, false, false}, {db.PlanFREE, false, false}, {db.PlanFREE, true, false},
	} {
		g := newGatewayIn(t, pool)
		budget := g.tokenBudget(10)
		rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 5)
		g.exec(`update organizations set plan = $2, governance_enabled = $3 where id = $1`, g.Organization.ID, c.plan, c.enabled)
		want := fault.FeatureNotAvailable
		if c.allowed {
			want = ""
		}
		_, err := g.newLimit(onWorkspace, db.LimitKindBUDGET, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1000, nil)
		equal(t, "create", codeOf(err), want)
		equal(t, "change", codeOf(g.tryChange(budget, edit{amount: new(int64(9))})), want)
		_, err = db.New().ResetBudgetLimit(context.Background(), g.Pool,
			&db.ResetBudgetLimitParams{OrganizationID: g.Organization.ID, ID: budget})
		equal(t, "reset", codeOf(err), want)
		_, err = db.New().UpdateRateLimit(context.Background(), g.Pool,
			&db.UpdateRateLimitParams{OrganizationID: g.Organization.ID, ID: rate, MaxUnits: new(int64(6))})
		equal(t, "change a rate", codeOf(err), want)
		g.deny(estimateTokens(11), db.DenialReasonESTIMATEEXCEEDSLIMIT)
		equal(t, "deleted", g.deleteLimit(budget, db.LimitKindBUDGET), true)
		equal(t, "deleted", g.deleteLimit(rate, db.LimitKindRATE), true)
	}
}

// codeOf returns the code with which a client is answered for a database error; "" for none.
func codeOf(err error) fault.Code {
	if err == nil {
		return ""
	}
	return fault.CodeOf(db.Fault(err))
}
