package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
)

// A reservation past its expiry holds nothing in the decision that it would otherwise deny, without any job.
func TestExpiryInsideTheAdmission(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	expiring := g.admit(estimateTokens(10).lasting(time.Minute))
	g.after(time.Minute-time.Microsecond).deny(estimateTokens(10), db.DenialReasonBUDGETEXHAUSTED)
	later := g.after(time.Minute)
	later.admit(estimateTokens(10))
	later.counts(budget, 0, 10)
	equal(t, "status", g.status(expiring), db.ReservationStatusEXPIRED)
	g.verified()
}

// backlog makes expired reservations of one token each that are neither settled nor swept, as there may be after an outage of hours.
func (g *gateway) backlog(budget uuid.UUID, holds int64, expiresAt time.Time) {
	g.T.Helper()
	g.exec(`insert into reservations (organization_id, id, api_key_id, fingerprint, requests, tokens, cost_nanos, counter_ids,
			period_numbers, admitted_at, expires_at)
		select organization_id, uuid_v7(), $2, '', 1, 1, 0, array[id], array[period_number], $4::timestamptz - interval '1 minute', $4
		from counters, generate_series(1, $3::bigint) where limit_id = $1`, budget, g.Key.ID, holds, expiresAt)
	g.exec(`update counters set reserved_units = reserved_units + $2 where limit_id = $1`, budget, holds)
}

func (g *gateway) unswept() int64 {
	g.T.Helper()
	return query[int64](g, `select count(*) from reservations where status = 'HELD' and expires_at <= $1`, g.now)
}

// An admission that has room beside what is past its expiry gives a little of that back and looks no further, so that a
// backlog makes no request wait; one that has not finds room in the very same admission.
func TestManyExpiredHoldsHoldNothing(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(3000)
	g.backlog(budget, 2500, g.now)
	g.admit(estimateTokens(1))
	equal(t, "still HELD beside room", g.unswept(), 1500)
	g.admit(estimateTokens(2999))
	equal(t, "still HELD without", g.unswept(), 0)
	g.counts(budget, 0, 3000)
	g.deny(estimateTokens(1), db.DenialReasonBUDGETEXHAUSTED)
	g.verified()
}

// More holds past their expiry than an admission has the time to give back hold nothing all the same, in checks as in
// reservations, and the next admissions go on where it ended.
func TestBacklogOfExpiredHolds(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "makes thousands of holds")
	g := newGateway(t)
	budget := g.tokenBudget(52_500)
	g.backlog(budget, 30_000, g.now.Add(-time.Second))
	g.backlog(budget, 22_500, g.now)
	equal(t, "allowed by the check", g.check(estimateTokens(52_500)).Allowed, true)
	equal(t, "unswept after the check", g.unswept(), 52_500)
	g.admit(estimateTokens(52_499))
	equal(t, "still HELD", g.unswept(), 1500)
	g.counts(budget, 0, 52_499)
	equal(t, "too much, by the check", g.check(estimateTokens(2)).Allowed, false)
	g.deny(estimateTokens(2), db.DenialReasonBUDGETEXHAUSTED)
	equal(t, "still HELD after a denial", g.unswept(), 0)
	g.admit(estimateTokens(1))
	g.counts(budget, 0, 52_500)
	g.verified()
}

// Settling an expired reservation is booked in full, also when other requests have been admitted with its units since.
func TestExpiredReservationSettlesInFull(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	first := g.admit(estimateTokens(10).lasting(time.Minute))
	later := g.after(time.Minute)
	second := later.admit(estimateTokens(10))
	later.book(reportTokens(10).settling(first))
	later.counts(budget, 10, 10)
	later.book(reportTokens(9).settling(second))
	later.counts(budget, 19, 0)
	g.verified()
}

// A reservation past its expiry that is not swept is shown as EXPIRED, and its units not as reserved.
func TestUnsweptExpiryShowsAsExpired(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	g.admit(estimateTokens(7).named("a").lasting(time.Minute))
	stored := query[int64](g, `select reserved_units from counters where limit_id = $1`, budget)
	equal(t, "stored", stored, 7)
	later := g.after(time.Minute)
	later.counts(budget, 0, 0)
	equal(t, "status of the key", later.keyStatus(), db.ApiKeyStatusACTIVE)
	replayed := later.reserve(estimateTokens(7).named("a").lasting(time.Minute))
	equal(t, "replayed", replayed.Replayed, true)
	equal(t, "status in the answer", replayed.Reservation.Status, db.ReservationStatusEXPIRED)
}

// A key whose budget is full of holds is EXHAUSTED until the holds expire.
func TestStatusWithHolds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.tokenBudget(10)
	g.admit(estimateTokens(10).lasting(time.Minute))
	equal(t, "status", g.keyStatus(), db.ApiKeyStatusEXHAUSTED)
	equal(t, "status after the expiry", g.after(time.Minute).keyStatus(), db.ApiKeyStatusACTIVE)
}

// The sweep expires what is past its expiry, no more than it is told, oldest first, and running it again does nothing.
func TestSweep(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	var reservations []uuid.UUID
	for i := range 5 {
		reservations = append(reservations, g.admit(estimateTokens(10).lasting(time.Duration(5-i)*time.Minute)))
	}
	later := g.after(3 * time.Minute)
	swept, err := db.New().SweepReservations(context.Background(), g.Pool,
		&db.SweepReservationsParams{OrganizationID: g.Organization.ID, Number: 2, Now: &later.now})
	equal(t, "swept of three with a limit of two", must(t, swept, err), 2)
	equal(t, "the oldest", g.status(reservations[4]), db.ReservationStatusEXPIRED)
	equal(t, "the third", g.status(reservations[2]), db.ReservationStatusHELD)
	organizations, err := db.New().ListOrganizationsToSweep(context.Background(), g.Pool, &later.now)
	equal(t, "organizations to sweep", len(must(t, organizations, err)), 1)
	equal(t, "swept", later.sweep(), 1)
	equal(t, "swept again", later.sweep(), 0)
	organizations, err = db.New().ListOrganizationsToSweep(context.Background(), g.Pool, &later.now)
	equal(t, "organizations to sweep", len(must(t, organizations, err)), 0)
	later.counts(budget, 0, 20)
	g.verified()
}

// A reservation that is looked up stands as it stands now: EXPIRED since its expiry, swept or not.
func TestLookedUpReservationIsExpired(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g = g.at(query[time.Time](g, `select clock_timestamp() - interval '1 hour'`))
	expired, held := g.admit(estimateTokens(1).lasting(time.Minute)), g.admit(estimateTokens(1).lasting(2*time.Hour))
	reservations, err := db.New().FindReservations(context.Background(), g.Pool,
		&db.FindReservationsParams{IDs: []uuid.UUID{expired, held}})
	equal(t, "reservations", len(must(t, reservations, err)), 2)
	for _, r := range reservations {
		if r.ID == held {
			equal(t, "status of the held", r.Status, db.ReservationStatusHELD)
			continue
		}
		equal(t, "status of the expired", r.Status, db.ReservationStatusEXPIRED)
		equalTime(t, "closed", *r.ClosedAt, r.ExpiresAt)
	}
}
