package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// reserve reserves one request.
func (g *gateway) reserve(e estimate) *db.UsageAnswer {
	g.T.Helper()
	answers, err := g.reserveOn(g.Pool, &g.now, e)
	return must(g.T, answers, err)[0]
}

// admit reserves one request that must be admitted, and returns its reservation's id.
func (g *gateway) admit(e estimate) uuid.UUID {
	g.T.Helper()
	answer := g.reserve(e)
	if answer.Error != nil || !answer.Allowed {
		g.T.Fatalf("not admitted: error %v, denials %v", text(answer.Error), reasons(answer))
	}
	return answer.Reservation.ID
}

// deny reserves one request that must be denied for exactly these reasons, budgets' before rates'.
func (g *gateway) deny(e estimate, want ...db.DenialReason) *db.UsageAnswer {
	g.T.Helper()
	answer := g.reserve(e)
	wantReasons(g.T, answer, want...)
	return answer
}

// record records one report.
func (g *gateway) record(r report) *db.UsageAnswer {
	g.T.Helper()
	answers, err := g.recordOn(g.Pool, &g.now, r)
	return must(g.T, answers, err)[0]
}

// book records one report that must be booked, and returns its ledger row.
func (g *gateway) book(r report) *db.UsageEvent {
	g.T.Helper()
	answer := g.record(r)
	if answer.Error != nil {
		g.T.Fatalf("not booked: %s", *answer.Error)
	}
	return answer.UsageEvent
}

// check checks one request.
func (g *gateway) check(e estimate) *db.UsageAnswer {
	g.T.Helper()
	answers, err := g.checkOn(g.Pool, &g.now, e)
	return must(g.T, answers, err)[0]
}

// release releases one reservation.
func (g *gateway) release(reservation uuid.UUID) *db.UsageAnswer {
	g.T.Helper()
	answers, err := db.New().ReleaseReservations(context.Background(), g.Pool, &db.ReleaseReservationsParams{
		OrganizationIDs: []uuid.UUID{g.Organization.ID}, ReservationIDs: []uuid.UUID{reservation}, Now: &g.now})
	return must(g.T, answers, err)[0]
}

// extend extends one reservation.
func (g *gateway) extend(reservation uuid.UUID, ttl time.Duration) *db.UsageAnswer {
	g.T.Helper()
	answers, err := db.New().ExtendReservations(context.Background(), g.Pool, &db.ExtendReservationsParams{
		OrganizationIDs: []uuid.UUID{g.Organization.ID}, ReservationIDs: []uuid.UUID{reservation},
		TTLSeconds: []int32{int32(ttl / time.Second)}, Now: &g.now})
	return must(g.T, answers, err)[0]
}

// status returns the stored status of a reservation.
func (g *gateway) status(reservation uuid.UUID) db.ReservationStatus {
	g.T.Helper()
	return query[db.ReservationStatus](g, `select status from reservations where id = $1`, reservation)
}

// wantReasons fails the test unless a request was denied for exactly these reasons; none means allowed.
func wantReasons(t testing.TB, answer *db.UsageAnswer, want ...db.DenialReason) {
	t.Helper()
	got := reasons(answer)
	same := len(got) == len(want) && answer.Allowed == (len(want) == 0) && answer.Error == nil
	for i := range got {
		same = same && got[i] == want[i]
	}
	if !same {
		t.Fatalf("allowed %v, error %v, denials %v, want %v", answer.Allowed, text(answer.Error), got, want)
	}
}

// wantError fails the test unless an answer is the given error, or none for "".
func wantError(t testing.TB, answer *db.UsageAnswer, want string) {
	t.Helper()
	if text(answer.Error) != want {
		t.Fatalf("error %q, want %q", text(answer.Error), want)
	}
}

func reasons(answer *db.UsageAnswer) []db.DenialReason {
	all := []db.DenialReason{}
	for _, d := range answer.Refusals() {
		all = append(all, d.Reason)
	}
	return all
}

// deniers returns the limits that denied.
func deniers(answer *db.UsageAnswer) map[uuid.UUID]db.DenialReason {
	all := map[uuid.UUID]db.DenialReason{}
	for _, d := range answer.Refusals() {
		all[d.Limit.ID] = d.Reason
	}
	return all
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// statuses are what a gateway answers, in the model's terms, by what denies.
func statuses() map[db.Denier]int {
	return map[db.Denier]int{db.DeniedByNothing: 200, db.DeniedByKey: 401, db.DeniedByReservation: 409, db.DeniedByLease: 409, db.DeniedByBudget: 412, db.DeniedByRate: 429}
}
