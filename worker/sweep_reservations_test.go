package worker

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// One run expires everything past its expiry, in as many chunks as it takes, gives the holds back and leaves the rest alone.
func TestSweepExpiresWhatIsOver(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	budget := f.Budget(db.LimitPeriodNONE, 1000, time.Now().Add(-2*time.Hour))
	for range 6 {
		f.reserve(10, time.Now().Add(-time.Hour))
	}
	f.reserve(10, time.Now())
	must(t, work(t.Context(), &reservationSweeper{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 2}))

	var held, expired, reservedUnits int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*) filter (where status = 'HELD'), count(*) filter (where status = 'EXPIRED')
		from reservations`).Scan(&held, &expired))
	must(t, f.Pool.QueryRow(t.Context(), `select reserved_units from counters where limit_id = $1`, budget).Scan(&reservedUnits))
	if held != 1 || expired != 6 || reservedUnits != 10 {
		t.Fatalf("%d held, %d expired, %d tokens reserved; want 1, 6 and 10", held, expired, reservedUnits)
	}
}

// reserve holds tokens for a minute from an instant.
func (f *fixture) reserve(tokens int64, at time.Time) {
	f.T.Helper()
	answers, err := db.New().ReserveUsage(f.T.Context(), f.Pool, &db.ReserveUsageParams{
		AccessTokenIDs: []uuid.UUID{{}}, OrganizationIDs: []uuid.UUID{f.Organization.ID}, SecretHashes: [][]byte{{}},
		APIKeyIDs: []uuid.UUID{f.Key.ID}, ScopeIndexes: []int32{1},
		RequestIDs: []string{""}, Fingerprints: [][]byte{{}}, Requests: []int64{1}, Tokens: []int64{tokens},
		CostNanos: []int64{0}, TTLSeconds: []int32{60}, Now: &at,
	})
	must(f.T, err)
	if !answers[0].Allowed {
		f.T.Fatalf("the reservation was denied: %+v", answers[0])
	}
}
