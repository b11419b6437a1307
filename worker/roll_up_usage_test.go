package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"bursar/db"
)

// Every usage is rolled up exactly once, by however many workers and in whatever chunks, while more is recorded.
func TestRollUpExactlyOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const recorders, records, rollers = 2, 60, 3
	recording, recorded := context.WithCancel(t.Context())
	defer recorded()
	var rolling, recordings errgroup.Group
	for range rollers {
		roller := &usageRoller{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 7}
		rolling.Go(func() error {
			for recording.Err() == nil {
				if err := work(t.Context(), roller); err != nil {
					return err
				}
			}
			return work(t.Context(), roller) // what came last
		})
	}
	for range recorders {
		recordings.Go(func() error {
			for tokens := range records {
				if err := f.Record(int64(tokens), time.Time{}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	must(t, recordings.Wait())
	recorded()
	must(t, rolling.Wait())

	const wantRequests, wantTokens = recorders * records, recorders * records * (records - 1) / 2
	for _, table := range []string{"usage_hours", "usage_days"} {
		var requests, tokens int64
		must(t, f.Pool.QueryRow(t.Context(), `select sum(requests)::bigint, sum(input_tokens)::bigint from `+table).Scan(&requests, &tokens))
		if requests != wantRequests || tokens != wantTokens {
			t.Errorf("%s has %d requests and %d tokens, want %d and %d", table, requests, tokens, wantRequests, wantTokens)
		}
	}
	differences, err := db.New().FindLedgerDifferences(t.Context(), f.Pool, f.Organization.ID)
	if err != nil || len(differences) != 0 {
		t.Errorf("differences from the ledger: %+v, error %v", differences, err)
	}
}

// One run empties the backlog, however many chunks that takes, a full last one included.
func TestRollUpEmptiesTheBacklog(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range 6 {
		must(t, f.Record(1, time.Time{}))
	}
	must(t, work(t.Context(), &usageRoller{pool: f.Pool, logger: slog.New(slog.DiscardHandler), chunk: 2}))
	if left, err := db.New().ListOrganizationsToRollUp(t.Context(), f.Pool); err != nil || len(left) != 0 {
		t.Fatalf("%d organizations are left to roll up, error %v", len(left), err)
	}
}
