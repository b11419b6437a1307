package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// A reservation holds its estimate: it is reserved, not used, and remaining shrinks by it.
func TestReservationHoldsItsEstimate(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	answer := g.reserve(estimateTokens(30))
	wantReasons(t, answer)
	g.counts(budget, 0, 30)
	equal(t, "remaining", g.limit(budget).Remaining().String(), "70")
	equal(t, "limits in the answer", len(answer.Limits), 1)
	equal(t, "reserved in the answer", answer.Limits[0].ReservedUnits, 30)
	equal(t, "status", answer.Reservation.Status, db.ReservationStatusHELD)
	equalTime(t, "expiry", answer.Reservation.ExpiresAt, noon.Add(10*time.Minute))
	equalTime(t, "admitted", answer.Reservation.AdmittedAt, noon)
	g.verified()
}

// A request is admitted when used + reserved < amount and used + reserved + estimate ≤ amount, and never otherwise.
func TestAdmissionBounds(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	const amount = 10
	for name, c := range map[string]struct {
		used, reserved, estimate int64
		want                     []db.DenialReason
	}{
		"the whole amount":                   {0, 0, 10, nil},
		"what is left, to the last token":    {3, 3, 4, nil},
		"one token more than is left":        {3, 3, 5, []db.DenialReason{db.DenialReasonBUDGETEXHAUSTED}},
		"nothing of a full budget":           {10, 0, 0, []db.DenialReason{db.DenialReasonBUDGETEXHAUSTED}},
		"nothing of a budget full of holds":  {0, 10, 0, []db.DenialReason{db.DenialReasonBUDGETEXHAUSTED}},
		"nothing of an overspent budget":     {25, 0, 0, []db.DenialReason{db.DenialReasonBUDGETEXHAUSTED}},
		"nothing while one token is left":    {9, 0, 0, nil},
		"more than the amount":               {0, 0, 11, []db.DenialReason{db.DenialReasonESTIMATEEXCEEDSLIMIT}},
		"more than the amount, when full":    {10, 0, 11, []db.DenialReason{db.DenialReasonESTIMATEEXCEEDSLIMIT}},
		"the amount when one token was used": {1, 0, 10, []db.DenialReason{db.DenialReasonBUDGETEXHAUSTED}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.tokenBudget(amount)
			if c.reserved > 0 {
				g.admit(estimateTokens(c.reserved))
			}
			g.book(reportTokens(c.used))
			g.deny(estimateTokens(c.estimate), c.want...)
			held := c.reserved
			if c.want == nil {
				held += c.estimate
			}
			g.counts(budget, c.used, held)
			g.verified()
		})
	}
}

// With upper-bound estimates nothing is ever overspent, however much less each call used in the end.
func TestUpperBoundEstimatesNeverOverspend(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	admitted := 0
	for used := int64(0); ; used++ {
		answer := g.reserve(estimateTokens(20))
		if !answer.Allowed {
			break
		}
		admitted++
		g.book(reportTokens(10 + used%11).settling(answer.Reservation.ID))
	}
	if got := g.limit(budget).UsedUnits; got.GreaterThan(whole(100)) || got.LessThanOrEqual(whole(80)) {
		t.Errorf("used %s after %d admissions, want above 80 and at most 100", got, admitted)
	}
	g.verified()
}

// Without estimates a budget stops at the first admission after it is full.
func TestWithoutEstimatesABudgetStopsWhenFull(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	for range 3 {
		g.book(reportTokens(45).settling(g.admit(estimateTokens(0))))
	}
	g.counts(budget, 135, 0)
	g.deny(estimateTokens(0), db.DenialReasonBUDGETEXHAUSTED)
}

// A request must pass the limits of its key, its workspace and its organization, or it changes none of them.
func TestDenialByOneSubjectChargesNone(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for _, tight := range []db.SubjectType{onKey, onWorkspace, onOrganization} {
		t.Run(string(tight), func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			limits := map[db.SubjectType]uuid.UUID{}
			for _, on := range []db.SubjectType{onKey, onWorkspace, onOrganization} {
				amount := int64(1000)
				if on == tight {
					amount = 10
				}
				limits[on] = g.budget(on, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, amount)
			}
			g.admit(estimateTokens(8))
			answer := g.deny(estimateTokens(8), db.DenialReasonBUDGETEXHAUSTED)
			equal(t, "the denier", answer.Denials[0].Limit.ID, limits[tight])
			equal(t, "the denier's subject", answer.Denials[0].Limit.SubjectType, tight)
			for _, limit := range limits {
				g.counts(limit, 0, 8)
			}
			g.verified()
		})
	}
}

// A denial names every limit that denies and no other.
func TestDenialNamesEveryDenyingLimit(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	want := map[uuid.UUID]db.DenialReason{
		g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 10):              db.DenialReasonBUDGETEXHAUSTED,
		g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 10):     db.DenialReasonBUDGETEXHAUSTED,
		g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodWEEKLY, dollar): db.DenialReasonESTIMATEEXCEEDSLIMIT,
		g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 1):             db.DenialReasonRATELIMITED,
		g.rate(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodDAY, 9):         db.DenialReasonRATELIMITED,
		g.rate(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodHOUR, 5):           db.DenialReasonESTIMATEEXCEEDSLIMIT,
	}
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 1000)
	g.admit(estimateTokens(5))
	got := deniers(g.reserve(estimateTokens(6).costing(2 * dollar)))
	equal(t, "deniers", len(got), len(want))
	for limit, reason := range want {
		equal(t, "reason", got[limit], reason)
	}
}

// A key of the organization itself passes no workspace's limits, and a key of one workspace none of another's.
func TestLimitsOfOtherSubjectsDoNotCount(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	workspaceBudget := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 10)
	keyBudget := g.tokenBudget(10)
	organizationBudget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	direct, _ := g.Factory.Key(g.Organization.ID, nil, nil)
	other := g.Factory.Workspace(g.Organization.ID)
	elsewhere, _ := g.Factory.Key(g.Organization.ID, &other.ID, nil)
	g.admit(estimateTokens(20).by(direct.ID))
	g.admit(estimateTokens(30).by(elsewhere.ID))
	g.counts(workspaceBudget, 0, 0)
	g.counts(keyBudget, 0, 0)
	g.counts(organizationBudget, 0, 50)
	sibling := g.newKey()
	g.admit(estimateTokens(10).by(sibling))
	g.counts(workspaceBudget, 0, 10)
	g.counts(keyBudget, 0, 0)
}

// A key without limits is admitted.
func TestWithoutLimitsEverythingIsAdmitted(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	equal(t, "limits", len(g.reserve(estimateTokens(1<<40).costing(1<<60)).Limits), 0)
	g.admit(estimateTokens(1 << 40).costing(1 << 60))
	g.verified()
}

// One subject may have any number of different budgets, each counting in its own unit and period.
func TestDifferentBudgetsStandBesideEachOther(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	monthly := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 10*dollar)
	weekly := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 500)
	total := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 100*dollar)
	g.book(reportTokens(40).costing(3 * dollar))
	g.counts(monthly, 3*dollar, 0)
	g.counts(weekly, 40, 0)
	g.counts(total, 3*dollar, 0)
}

// A batch decides its requests one after the other, in its order, each seeing what the ones before it took.
func TestBatchDecidesInOrder(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	answers, err := g.reserveOn(g.Pool, &g.now, estimateTokens(6), estimateTokens(5), estimateTokens(4), estimateTokens(1))
	must(t, 0, err)
	for i, allowed := range []bool{true, false, true, false} {
		equal(t, "ordinal", answers[i].Ordinal, int32(i+1))
		equal(t, "allowed", answers[i].Allowed, allowed)
	}
	g.counts(budget, 0, 10)
	equal(t, "reservations", query[int64](g, `select count(*) from reservations`), 2)
}

// A full budget admits again at once when it is raised, reset, deleted, or its period ends.
func TestFullBudgetReopens(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for name, reopen := range map[string]func(g *gateway, budget uuid.UUID) *gateway{
		"raise":  func(g *gateway, budget uuid.UUID) *gateway { g.raise(budget, 11); return g },
		"reset":  func(g *gateway, budget uuid.UUID) *gateway { g.reset(budget); return g },
		"delete": func(g *gateway, budget uuid.UUID) *gateway { g.deleteLimit(budget, db.LimitKindBUDGET); return g },
		"period": func(g *gateway, budget uuid.UUID) *gateway { return g.at(*g.limit(budget).PeriodEnd) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 10)
			g.book(reportTokens(10))
			g.deny(estimateTokens(0), db.DenialReasonBUDGETEXHAUSTED)
			equal(t, "status", g.keyStatus(), db.ApiKeyStatusEXHAUSTED)
			g = reopen(g, budget)
			equal(t, "status", g.keyStatus(), db.ApiKeyStatusACTIVE)
			g.admit(estimateTokens(1))
			g.verified()
		})
	}
}
