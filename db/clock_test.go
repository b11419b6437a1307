package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// The clock of PostgreSQL was ahead and was put right, or a machine that is behind became the primary. A rate limit recovers by
// itself: the window that begins in the future is replaced by the window of now, at zero. Whatever is asked first finds it so, nobody
// is told to come back in days, and what was admitted in the future and is settled now is charged to no other window.
func TestRateLimitsRecoverFromAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for ahead, name := range map[time.Duration]string{8 * 24 * time.Hour: "8 days ahead", 10 * time.Minute: "failover to 10 minutes behind"} {
		for first, ask := range map[string]func(g *gateway){
			"check":   func(g *gateway) { equal(t, "allowed", g.check(estimateRequests(3)).Allowed, true) },
			"reserve": func(g *gateway) { g.admit(estimateRequests(0)) },
			"record":  func(g *gateway) { g.book(reportTokens(0).counting(0)) },
		} {
			t.Run(name+", "+first, func(t *testing.T) {
				t.Parallel()
				g := newGatewayIn(t, pool)
				rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 3)
				tokens := g.rate(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodMINUTE, 1000)
				future := g.after(ahead)
				future.admit(estimateTokens(10))
				held := future.admit(estimateTokens(20))
				future.counts(rate, 2, 0)

				g.counts(rate, 0, 0)
				equalTime(t, "window", g.limit(rate).PeriodStart, g.now.Truncate(time.Minute))
				ask(g)
				for range 3 {
					g.admit(estimateTokens(1))
				}
				denied := g.deny(estimateTokens(1), db.DenialReasonRATELIMITED)
				if seconds := deref(denied.RetryAfterSeconds()); seconds < 1 || seconds > 60 {
					t.Errorf("to be tried again after %d s, want the end of this minute", seconds)
				}
				g.counts(rate, 3, 0)
				g.counts(tokens, 0, 3)
				g.book(reportTokens(500).settling(held))
				g.counts(rate, 3, 0)
				g.counts(tokens, 0, 3)
				g.after(time.Minute).admit(estimateRequests(3))
				g.verified()
			})
		}
	}
}

// A budget's period that begins in the future is no gift: it is shown as it is, what was used counts, and it denies when it is full. A
// reset begins a new generation in the period of now, at zero; the period of the future is history, and what it holds settles there.
func TestBudgetOfAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	for name, begin := range map[string]func(g *gateway, budget uuid.UUID){
		"reset":          func(g *gateway, budget uuid.UUID) { g.reset(budget) },
		"another period": func(g *gateway, budget uuid.UUID) { g.change(budget, edit{period: new(db.LimitPeriodMONTHLY)}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
			g.book(reportTokens(10))
			future := g.after(8 * 24 * time.Hour)
			future.book(reportTokens(60))
			held := future.admit(estimateTokens(30))

			g.counts(budget, 60, 30)
			equalTime(t, "start", g.limit(budget).PeriodStart, time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC))
			g.book(reportTokens(5))
			g.deny(estimateTokens(6), db.DenialReasonBUDGETEXHAUSTED)
			equal(t, "closed", g.closePeriods(), 1) // the week before, which ended by the clock that was ahead
			g.counts(budget, 65, 30)

			begin(g, budget)
			g.counts(budget, 0, 0)
			limit := g.limit(budget)
			if limit.PeriodStart.After(g.now) || !limit.PeriodEnd.After(g.now) {
				t.Errorf("the period is from %s to %s, want the one of %s", limit.PeriodStart, limit.PeriodEnd, g.now)
			}
			equal(t, "generation", limit.Generation, 2)
			g.admit(estimateTokens(100))
			g.book(reportTokens(25).settling(held))
			g.counts(budget, 0, 100)
			periods := g.history(budget)
			equal(t, "ended periods", len(periods), 2)
			g.ended(periods[0], 10, 0)
			g.ended(periods[1], 90, 0)
			g.at(*limit.PeriodEnd).admit(estimateTokens(100))
			g.verified()
		})
	}
}
