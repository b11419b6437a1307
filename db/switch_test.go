package db_test

import (
	"testing"

	"github.com/google/uuid"

	"bursar/db"
)

// switchTo enables or disables a budget, and puts it in a mode.
func (g *gateway) switchTo(budget uuid.UUID, enabled bool, mode db.LimitMode) {
	g.T.Helper()
	g.exec(`select update_budget_limit($1, $2, null, null, null, null, jsonb_build_object('enabled', $3::boolean, 'mode', $4::text), $5)`,
		g.Organization.ID, budget, enabled, mode, g.now)
}

// A limit in SHADOW counts and alerts as one that is enforced, refuses nothing, and says of each reservation that it would have refused that it
// would have, and no more: a check says nothing. What it would have refused does not take part in what keys may hold, makes no key EXHAUSTED, and
// raises no REFUSED. Enforced again, it refuses with the next decision, at what it has counted.
func TestShadow(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100, 50)
	g.switchTo(budget, true, db.LimitModeSHADOW)
	shadowed := func(e estimate) (reasons []db.DenialReason) {
		t.Helper()
		answer := g.reserve(e)
		if !answer.Allowed || len(answer.Refusals()) > 0 || answer.DeniedBy() != db.DeniedByNothing {
			t.Fatalf("refused: %+v", answer)
		}
		for _, d := range answer.ShadowDenials() {
			if !d.Shadow || d.Limit.ID != budget || d.Limit.Enforced() {
				t.Errorf("%+v of %+v", d, d.Limit)
			}
			reasons = append(reasons, d.Reason)
		}
		return reasons
	}
	if got := shadowed(estimateTokens(60)); got != nil {
		t.Errorf("%v, and there was room", got)
	}
	g.counts(budget, 0, 60)
	for _, e := range []estimate{estimateTokens(60), estimateTokens(0), estimateTokens(101)} {
		want := db.DenialReasonBUDGETEXHAUSTED
		if e.tokens > 100 {
			want = db.DenialReasonESTIMATEEXCEEDSLIMIT
		}
		if got := shadowed(e); len(got) != 1 || got[0] != want {
			t.Errorf("%d tokens: %v, want %s", e.tokens, got, want)
		}
	}
	if checked := g.check(estimateTokens(500)); !checked.Allowed || checked.ShadowDenials() != nil {
		t.Errorf("a check: %+v", checked)
	}
	g.counts(budget, 0, 221)
	g.raised(budget)
	g.book(reportTokens(100))
	g.raised(budget, 50, 0)
	equal(t, "status", query[string](g, `select api_key_status_at(k, $2)::text from api_keys k where id = $1`, g.Key.ID, g.now), "ACTIVE")
	g.switchTo(budget, true, db.LimitModeENFORCE)
	g.counts(budget, 100, 221)
	if denied := g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED); denied.ShadowDenials() != nil {
		t.Errorf("%+v", denied)
	}
	g.verified()
}

// What an enforced limit refuses is told of a limit in SHADOW as well that would have refused it, and apart from it: the answer says who denied.
func TestShadowBesideAnEnforcedLimit(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 1)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 10)
	g.switchTo(budget, true, db.LimitModeSHADOW)
	g.admit(estimateTokens(5))
	answer := g.deny(estimateTokens(6), db.DenialReasonRATELIMITED)
	if answer.DeniedBy() != db.DeniedByRate || len(answer.ShadowDenials()) != 1 || answer.ShadowDenials()[0].Reason != db.DenialReasonBUDGETEXHAUSTED {
		t.Errorf("%+v", answer)
	}
}

// A limit that is not enabled counts, and neither refuses nor alerts. Enabled again, it alerts at once what was reached meanwhile, and refuses with the
// next decision.
func TestDisabledLimit(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 100, 50)
	g.switchTo(budget, false, db.LimitModeENFORCE)
	g.book(reportTokens(120).settling(g.admit(estimateTokens(150))))
	if answer := g.reserve(estimateTokens(150)); !answer.Allowed || answer.ShadowDenials() != nil {
		t.Errorf("%+v", answer)
	}
	g.counts(budget, 120, 150)
	g.raised(budget)
	equal(t, "status", query[string](g, `select api_key_status_at(k, $2)::text from api_keys k where id = $1`, g.Key.ID, g.now), "ACTIVE")
	g.switchTo(budget, true, db.LimitModeENFORCE)
	g.raised(budget, 50, 0)
	g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED)
	g.verified()
}

// A budget of requests holds those that are reserved, uses those that are recorded, with a reservation or without one, and gets back those that nobody
// records; a rate counts them for good when they are admitted.
func TestBudgetOfRequests(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMONTHLY, 10, 5)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodWEEK, 100)
	settled, released := g.admit(estimateRequests(4)), g.admit(estimateRequests(5))
	g.counts(budget, 0, 9)
	g.deny(estimateRequests(2), db.DenialReasonBUDGETEXHAUSTED)
	g.release(released)
	g.book(reportTokens(1).settling(settled).counting(6))
	g.counts(budget, 6, 0)
	g.counts(rate, 11, 0)
	g.raised(budget, 5, -1)
	g.book(reportTokens(1).counting(5))
	g.counts(budget, 11, 0)
	g.raised(budget, 5, -1, 0)
	g.rollUp()
	g.verified()
}
