package db_test

import (
	"context"
	"testing"
	"time"

	"bursar/db"
)

// A PARALLEL_REQUESTS limit counts reservations that are open, however many requests each has, and no longer than that: they are given back
// when they are settled, are released or expire, and when their API key is switched off. Nothing else is counted, and verify agrees.
func TestParallelRequests(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	parallel := g.rate(onKey, db.LimitTypePARALLELREQUESTS, db.LimitPeriodNONE, 2)
	settled, released := g.admit(estimateRequests(7)), g.admit(estimateTokens(5))
	open := func(want int64) {
		t.Helper()
		if s := g.limit(parallel); s.ReservedUnits != want || !s.UsedUnits.IsZero() || s.PeriodEnd != nil {
			t.Errorf("%d open reservations (used %s, until %v), want %d", s.ReservedUnits, s.UsedUnits, s.PeriodEnd, want)
		}
		if differences, err := db.New().FindLedgerDifferences(context.Background(), g.Pool, g.Organization.ID); err != nil || len(differences) > 0 {
			t.Errorf("verify: %d differences, %v", len(differences), err)
			for _, d := range differences {
				t.Errorf("%+v", *d)
			}
		}
	}
	open(2)
	refused := g.reserve(estimateRequests(1))
	if refused.Allowed || len(refused.Denials) != 1 || refused.Denials[0].Reason != db.DenialReasonRATELIMITED ||
		refused.Denials[0].RetryAt != nil || deref(refused.RetryAfterSeconds()) != 1 || refused.DeniedBy() != db.DeniedByRate {
		t.Errorf("a third one: %+v", refused)
	}
	if checked := g.check(estimateRequests(1)); checked.Allowed {
		t.Error("a check finds room")
	}
	g.record(reportTokens(3).settling(settled))
	open(1)
	g.release(released)
	open(0)
	g.record(reportTokens(3)) // reserved by nobody
	open(0)
	g.admit(estimateRequests(1).lasting(time.Minute))
	g.admit(estimateRequests(1).lasting(time.Hour))
	g = g.after(time.Minute)
	open(1)
	g.admit(estimateRequests(1))
	open(2)
	g.exec(`update api_keys set enabled = false where id = $1`, g.Key.ID)
	g.exec(`select sweep_reservations($1, 100, $2)`, g.Organization.ID, g.now.Add(time.Hour))
	open(0)
}
