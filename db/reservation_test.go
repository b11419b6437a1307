package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// What each call does to a reservation in each state: what it answers, the state and the counters that it leaves.
func TestReservationStates(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	const ttl, hold, used = time.Minute, 30, 45
	become := map[string]func(g *gateway, reservation uuid.UUID){
		"HELD":     func(*gateway, uuid.UUID) {},
		"PAST":     func(g *gateway, _ uuid.UUID) { g.now = g.now.Add(ttl) },
		"EXPIRED":  func(g *gateway, _ uuid.UUID) { g.now = g.now.Add(ttl); g.sweep() },
		"SETTLED":  func(g *gateway, reservation uuid.UUID) { g.book(reportTokens(used).settling(reservation)) },
		"RELEASED": func(g *gateway, reservation uuid.UUID) { g.release(reservation) },
	}
	settle := func(g *gateway, r uuid.UUID) *db.UsageAnswer { return g.record(reportTokens(used).settling(r)) }
	release := func(g *gateway, r uuid.UUID) *db.UsageAnswer { return g.release(r) }
	extend := func(g *gateway, r uuid.UUID) *db.UsageAnswer { return g.extend(r, time.Hour) }
	for _, c := range []struct {
		state, call string
		do          func(g *gateway, reservation uuid.UUID) *db.UsageAnswer
		err         string
		status      db.ReservationStatus
		used, held  int64
	}{
		{"HELD", "settle", settle, "", db.ReservationStatusSETTLED, used, 0},
		{"HELD", "release", release, "", db.ReservationStatusRELEASED, 0, 0},
		{"HELD", "extend", extend, "", db.ReservationStatusHELD, 0, hold},
		{"PAST", "settle", settle, "", db.ReservationStatusSETTLED, used, 0},
		{"PAST", "release", release, "", db.ReservationStatusEXPIRED, 0, 0},
		{"PAST", "extend", extend, "RESERVATION_CLOSED", db.ReservationStatusHELD, 0, 0},
		{"EXPIRED", "settle", settle, "", db.ReservationStatusSETTLED, used, 0},
		{"EXPIRED", "release", release, "", db.ReservationStatusEXPIRED, 0, 0},
		{"EXPIRED", "extend", extend, "RESERVATION_CLOSED", db.ReservationStatusEXPIRED, 0, 0},
		{"SETTLED", "settle", settle, "RESERVATION_CLOSED", db.ReservationStatusSETTLED, used, 0},
		{"SETTLED", "release", release, "", db.ReservationStatusSETTLED, used, 0},
		{"SETTLED", "extend", extend, "RESERVATION_CLOSED", db.ReservationStatusSETTLED, used, 0},
		{"RELEASED", "settle", settle, "RESERVATION_CLOSED", db.ReservationStatusRELEASED, 0, 0},
		{"RELEASED", "release", release, "", db.ReservationStatusRELEASED, 0, 0},
		{"RELEASED", "extend", extend, "RESERVATION_CLOSED", db.ReservationStatusRELEASED, 0, 0},
	} {
		t.Run(c.call+" "+c.state, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			budget := g.tokenBudget(100)
			reservation := g.admit(estimateTokens(hold).lasting(ttl))
			become[c.state](g, reservation)
			answer := c.do(g, reservation)
			wantError(t, answer, c.err)
			if c.err == "" && c.call != "settle" {
				equal(t, "status in the answer", answer.Reservation.Status, c.status)
			}
			equal(t, "status", g.status(reservation), c.status)
			g.counts(budget, c.used, c.held)
			g.verified()
		})
	}
}

// Extending pushes the expiry to ttl from now, and never nearer than it was.
func TestExtendNeverShortens(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	reservation := g.admit(estimateTokens(1).lasting(time.Hour))
	equalTime(t, "shorter", g.extend(reservation, time.Minute).Reservation.ExpiresAt, noon.Add(time.Hour))
	later := g.after(30 * time.Minute)
	equalTime(t, "longer", later.extend(reservation, time.Hour).Reservation.ExpiresAt, noon.Add(90*time.Minute))
	equal(t, "swept at the old expiry", g.after(time.Hour).sweep(), 0)
	equal(t, "swept at the new expiry", g.after(90*time.Minute).sweep(), 1)
}

// Releasing twice gives the hold back once.
func TestReleaseIsIdempotent(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	kept, released := g.admit(estimateTokens(10)), g.admit(estimateTokens(20))
	for range 3 {
		wantError(t, g.release(released), "")
	}
	g.counts(budget, 0, 10)
	equal(t, "status", g.status(kept), db.ReservationStatusHELD)
	g.verified()
}
