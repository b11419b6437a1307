package db_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// The same request id with the same contents returns the stored reservation, replayed, and counts nothing.
func TestReservationIsReplayed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100)
	first := g.reserve(estimateTokens(6).named("a"))
	equal(t, "replayed", first.Replayed, false)
	for range 3 {
		again := g.after(time.Second).reserve(estimateTokens(6).named("a"))
		wantReasons(t, again)
		equal(t, "replayed", again.Replayed, true)
		equal(t, "reservation", again.Reservation.ID, first.Reservation.ID)
		equalTime(t, "expiry", again.Reservation.ExpiresAt, first.Reservation.ExpiresAt)
	}
	g.counts(budget, 0, 6)
	g.counts(rate, 1, 0)
	g.verified()
}

// A replay tells the reservation's state of now, and denies when it is settled, released or expired: RESERVATION_CLOSED, 409, and waiting
// does not help. It counts nothing.
func TestReplayTellsTheState(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100)
	settled, released := estimateTokens(1).named("settled"), estimateTokens(1).named("released")
	g.book(reportTokens(1).settling(g.admit(settled)))
	g.release(g.admit(released))
	g.admit(estimateTokens(1).named("expired"))
	later := g.after(time.Hour)
	for i, status := range []db.ReservationStatus{db.ReservationStatusSETTLED, db.ReservationStatusRELEASED, db.ReservationStatusEXPIRED} {
		answer := later.deny([]estimate{settled, released, estimateTokens(1).named("expired")}[i], db.DenialReasonRESERVATIONCLOSED)
		equal(t, "status", answer.Reservation.Status, status)
		equal(t, "replayed", answer.Replayed, true)
		equal(t, "denied by", answer.DeniedBy(), db.DeniedByReservation)
		equal(t, "seconds to wait", answer.RetryAfterSeconds(), nil)
		equal(t, "limits", len(answer.Limits), 2)
	}
	later.counts(budget, 1, 0)
	later.counts(rate, 3, 0)
	g.verified()
}

// A requestId that was answered once is no pass: eight of eight replays of a reservation are denied once it is settled, and eight of
// eight replays of one that is held are denied with the key's reason while the key may not be used. They count nothing, alone and in
// one batch with a request that is admitted.
func TestReplayIsNoPass(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	settled, held := estimateTokens(1).named("settled"), estimateTokens(1).named("held")
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	g.book(reportTokens(1).settling(g.admit(settled)))
	g.admit(held)
	other := g.newKey()
	for _, c := range []struct {
		change string
		want   []db.DenialReason
	}{
		{`enabled = false`, []db.DenialReason{db.DenialReasonKEYDISABLED, db.DenialReasonKEYDISABLED}},
		{`enabled = true, expires_at = '2026-03-11 12:00:30Z'`, []db.DenialReason{db.DenialReasonKEYEXPIRED, db.DenialReasonKEYEXPIRED}},
		{`expires_at = null, revoked_at = now()`, []db.DenialReason{db.DenialReasonKEYREVOKED, db.DenialReasonKEYREVOKED}},
	} {
		g.exec(`update api_keys set `+c.change+` where id = $1`, g.Key.ID)
		for range 8 {
			for i, e := range []estimate{settled, held} {
				answer := g.deny(e, c.want[i])
				equal(t, "replayed", answer.Replayed, true)
			}
		}
		answers, err := g.reserveOn(g.Pool, &g.now, settled, held, estimateTokens(2).by(other))
		must(t, 0, err)
		wantReasons(t, answers[0], c.want[0])
		wantReasons(t, answers[1], c.want[1])
		wantReasons(t, answers[2])
	}
	g.counts(budget, 1, 1+3*2)
	g.verified()
}

// Servers of release 1 know no denial of a closed reservation: they read the error RESERVATION_CLOSED of the same answer, and never
// that the request is allowed.
func TestClosedReservationForTheLastRelease(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	e := estimateTokens(1).named("a")
	g.release(g.admit(e))
	answers, err := db.New().ReserveUsage(context.Background(), g.Pool, &db.ReserveUsageParams{
		AccessTokenIDs: []uuid.UUID{{}}, OrganizationIDs: []uuid.UUID{g.Organization.ID}, SecretHashes: [][]byte{{}},
		APIKeyIDs: []uuid.UUID{g.Key.ID}, ScopeIndexes: []int32{1}, RequestIDs: []string{"a"}, Fingerprints: [][]byte{e.fingerprint()},
		Requests: []int64{1}, Tokens: []int64{1}, CostNanos: []int64{0}, TTLSeconds: []int32{600}, Now: &g.now})
	must(t, 0, err)
	equal(t, "error", text(answers[0].Error), "RESERVATION_CLOSED")
	equal(t, "allowed", answers[0].Allowed, false)
}

// The same request id with other contents, or for another key, is IDEMPOTENCY_MISMATCH and changes nothing.
func TestReservationMismatch(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	g.admit(estimateTokens(6).named("a"))
	for _, e := range []estimate{
		estimateTokens(7).named("a"), estimateTokens(6).costing(1).named("a"), estimateTokens(6).lasting(time.Hour).named("a"),
		estimateTokens(6).named("a").by(g.newKey()),
	} {
		answer := g.reserve(e)
		wantError(t, answer, "IDEMPOTENCY_MISMATCH")
		equal(t, "allowed", answer.Allowed, false)
		equal(t, "reservation", answer.Reservation, nil)
	}
	g.counts(budget, 0, 6)
}

// A denial is not stored: a retry with the same id is decided again, with the same contents or others.
func TestDenialIsNotStored(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	g.deny(estimateTokens(11).named("a"), db.DenialReasonESTIMATEEXCEEDSLIMIT)
	g.raise(budget, 11)
	equal(t, "replayed", g.reserve(estimateTokens(11).named("a")).Replayed, false)
	g.deny(estimateTokens(3).named("b"), db.DenialReasonBUDGETEXHAUSTED)
	g.raise(budget, 13)
	g.admit(estimateTokens(2).named("b"))
	g.counts(budget, 0, 13)
}

// Within one batch the second of one id replays the first, and one with other contents is a mismatch.
func TestIdempotencyWithinABatch(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	answers, err := g.reserveOn(g.Pool, &g.now, estimateTokens(6).named("a"), estimateTokens(6).named("a"), estimateTokens(7).named("a"))
	must(t, 0, err)
	equal(t, "second replayed", answers[1].Replayed, true)
	equal(t, "second's reservation", answers[1].Reservation.ID, answers[0].Reservation.ID)
	wantError(t, answers[2], "IDEMPOTENCY_MISMATCH")
	g.counts(budget, 0, 6)

	answers, err = g.recordOn(g.Pool, &g.now, reportTokens(6).named("a"), reportTokens(6).named("a"), reportTokens(7).named("a"))
	must(t, 0, err)
	equal(t, "second replayed", answers[1].Replayed, true)
	equal(t, "second's event", answers[1].UsageEvent.ID, answers[0].UsageEvent.ID)
	wantError(t, answers[2], "IDEMPOTENCY_MISMATCH")
	g.counts(budget, 6, 6)
	g.verified()
}

// Twenty calls with one id at the same time make one reservation and one event.
func TestConcurrentRequestsWithOneID(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(1000)
	var waiting sync.WaitGroup
	replays := make(chan bool, 40)
	start := make(chan struct{})
	for range 20 {
		waiting.Go(func() {
			<-start
			reserved, err := g.reserveOn(g.Pool, nil, estimateTokens(7).named("a"))
			if err != nil || reserved[0].Error != nil || reserved[0].Reservation == nil {
				t.Errorf("reserve: %v", err)
				return
			}
			replays <- reserved[0].Replayed
			recorded, err := g.recordOn(g.Pool, nil, reportTokens(5).settling(reserved[0].Reservation.ID).named("a"))
			if err != nil || recorded[0].Error != nil {
				t.Errorf("record: %v", err)
				return
			}
			replays <- recorded[0].Replayed
		})
	}
	close(start)
	waiting.Wait()
	close(replays)
	fresh := 0
	for replayed := range replays {
		if !replayed {
			fresh++
		}
	}
	equal(t, "answers that were not replayed", fresh, 2)
	equal(t, "reservations", query[int64](g, `select count(*) from reservations`), 1)
	equal(t, "ledger rows", query[int64](g, `select count(*) from usage_events`), 1)
	g.counts(budget, 5, 0)
	g.verified()
}

// The same event id with the same contents returns the stored event and books nothing, after its reservation closed too.
func TestRecordIsReplayed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	settling := reportTokens(6).settling(g.admit(estimateTokens(6))).named("b")
	for _, r := range []report{reportTokens(5).named("a"), settling} {
		first := g.record(r)
		equal(t, "replayed", first.Replayed, false)
		again := g.after(time.Hour).record(r)
		wantError(t, again, "")
		equal(t, "replayed", again.Replayed, true)
		equal(t, "event", again.UsageEvent.ID, first.UsageEvent.ID)
		equalTime(t, "recorded", again.UsageEvent.RecordedAt, noon)
	}
	g.counts(budget, 11, 0)
	g.verified()
}

// The same event id with other contents, or for another key, is IDEMPOTENCY_MISMATCH and books nothing.
func TestRecordMismatch(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100)
	g.book(reportTokens(5).named("a"))
	reservation := g.admit(estimateTokens(5))
	for _, r := range []report{
		reportTokens(6).named("a"), reportTokens(5).costing(1).named("a"), reportTokens(5).from("openai", "").named("a"),
		reportTokens(5).named("a").by(g.newKey()), reportTokens(5).named("a").settling(reservation),
	} {
		wantError(t, g.record(r), "IDEMPOTENCY_MISMATCH")
	}
	equal(t, "status", g.status(reservation), db.ReservationStatusHELD)
	g.counts(budget, 5, 5)
}

// A request id is one organization's: another may use it, and so may a reservation and an event.
func TestRequestIDsAreOneOrganizations(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	for _, tenant := range []*gateway{g, other} {
		equal(t, "reservation replayed", tenant.reserve(estimateTokens(1).named("a")).Replayed, false)
		equal(t, "event replayed", tenant.record(reportTokens(1).named("a")).Replayed, false)
	}
	equal(t, "replayed for the operator", g.reserve(estimateTokens(1).named("a").within(anyOrganization)).Replayed, true)
}

// Requests without an id are never replays of each other.
func TestWithoutRequestIDEachCounts(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	for range 3 {
		g.admit(estimateTokens(2))
		g.book(reportTokens(1))
	}
	g.counts(budget, 3, 6)
}

// An id is kept while it is younger than the time to keep, and is free again after it was deleted.
func TestRequestIDsAreKept(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g = g.at(query[time.Time](g, `select clock_timestamp() - interval '50 hours'`))
	budget := g.tokenBudget(100)
	g.book(reportTokens(1).settling(g.admit(estimateTokens(1).named("a"))).named("a"))
	held := g.admit(estimateTokens(1).named("held"))
	reservations, err := db.New().DeleteClosedReservations(ctx, g.Pool, &db.DeleteClosedReservationsParams{Keep: 51 * time.Hour, Number: 1000})
	equal(t, "reservations deleted too early", must(t, reservations, err), 0)
	ids, err := db.New().DeleteUsageEventRequests(ctx, g.Pool, &db.DeleteUsageEventRequestsParams{Keep: 51 * time.Hour, Number: 1000})
	equal(t, "ids deleted too early", must(t, ids, err), 0)
	g.deny(estimateTokens(1).named("a"), db.DenialReasonRESERVATIONCLOSED)
	reservations, err = db.New().DeleteClosedReservations(ctx, g.Pool, &db.DeleteClosedReservationsParams{Keep: 48 * time.Hour, Number: 1000})
	equal(t, "reservations deleted", must(t, reservations, err), 1)
	ids, err = db.New().DeleteUsageEventRequests(ctx, g.Pool, &db.DeleteUsageEventRequestsParams{Keep: 48 * time.Hour, Number: 1000})
	equal(t, "ids deleted", must(t, ids, err), 1)
	equal(t, "replayed", g.reserve(estimateTokens(1).named("a")).Replayed, false)
	equal(t, "replayed", g.record(reportTokens(1).named("a")).Replayed, false)
	equal(t, "the open one", g.status(held), db.ReservationStatusHELD)
	g.counts(budget, 2, 2)
	g.verified()
}

// Within one batch, too, a request id that another key used is a mismatch, whatever may be said against the second key; the
// same key's is a replay.
func TestRepeatedWithinABatch(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	disabled := g.newKey()
	g.exec(`update api_keys set enabled = false where id = $1`, disabled)
	budget := g.tokenBudget(100)
	answers, err := g.reserveOn(g.Pool, &g.now, estimateTokens(10).named("a"), estimateTokens(10).named("a").by(disabled),
		estimateTokens(10).named("a"), estimateTokens(11).named("a"), estimateTokens(200).named("b"), estimateTokens(20).named("b"))
	must(t, 0, err)
	for i, want := range []string{"", "IDEMPOTENCY_MISMATCH", "", "IDEMPOTENCY_MISMATCH", "", ""} {
		wantError(t, answers[i], want)
	}
	equal(t, "the replay", answers[2].Replayed && answers[2].Reservation.ID == answers[0].Reservation.ID, true)
	wantReasons(t, answers[4], db.DenialReasonESTIMATEEXCEEDSLIMIT)
	equal(t, "the first that fits under an id is new", answers[5].Allowed && !answers[5].Replayed, true)
	g.counts(budget, 0, 30)
	g.verified()
}
