package db_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bursar/db"
)

// drop drops the oldest partition that is past a retention in months, and returns its name, "" if none was.
func (g *gateway) drop(months int32) string {
	g.T.Helper()
	name, err := db.New().DropUsagePartition(context.Background(), g.Pool, &db.DropUsagePartitionParams{KeepMonths: months, Now: &g.now})
	return must(g.T, name, err)
}

// past returns a gateway on 10 January 2020 whose ledger has partitions for that month and the next.
func past(t *testing.T) *gateway {
	t.Helper()
	g := newGateway(t)
	g.now = time.Date(2020, 1, 10, 12, 0, 0, 0, time.UTC)
	g.exec(`select create_usage_partitions(1, $1)`, g.now)
	return g
}

// The ledger's months go past their retention, oldest first and not a moment earlier, and leave usage, counters and
// verification as they were: budgets without a reset, closed periods, and windows that are not used any more.
func TestRetentionDropsMonthsAndNothingElse(t *testing.T) {
	t.Parallel()
	g := past(t)
	forever := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 1000*dollar)
	g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100_000)
	g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodDAY, 100_000)
	g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 100_000)
	g.book(reportTokens(5).costing(dollar).from("openai", "small"))
	g.after(8 * 24 * time.Hour).book(reportTokens(7).costing(2*dollar).from("openai", "large").by(g.newKey()))
	settling := g.after(9 * 24 * time.Hour)
	settling.book(reportTokens(11).costing(dollar).settling(settling.admit(estimateTokens(20))))
	february := g.at(time.Date(2020, 2, 5, 0, 0, 0, 0, time.UTC))
	february.book(reportTokens(13).costing(4*dollar).from("openai", "small"))
	from, to := g.now.AddDate(0, 0, -10), g.now.AddDate(0, 3, 0)
	usage := func() (cells []db.UsageBucket) {
		for _, interval := range db.AllUsageIntervalValues() {
			for _, dimensions := range [][]db.UsageDimension{{}, {"API_KEY"}, {"WORKSPACE", "MODEL"}} {
				for _, b := range g.usage(from, to, interval, dimensions...) {
					if !b.Requests.IsZero() {
						b.APIKeyID, b.WorkspaceID = nil, nil // pointers; the order tells them apart
						cells = append(cells, *b)
					}
				}
			}
		}
		return cells
	}
	want := usage()
	same := func(when string) {
		t.Helper()
		got := usage()
		equal(t, "cells "+when, len(got), len(want))
		for i := range got {
			if !got[i].BucketStart.Equal(want[i].BucketStart) || got[i].Model != want[i].Model ||
				!got[i].InputTokens.Equal(want[i].InputTokens) || !got[i].CostNanos.Equal(want[i].CostNanos) {
				t.Errorf("%s: cell %+v, want %+v", when, got[i], want[i])
			}
		}
		g.verified()
	}

	equal(t, "before it is rolled up", g.at(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)).drop(1), "")
	g.rollUp()
	equal(t, "while a settled reservation is kept", g.at(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)).drop(1), "")
	equal(t, "reservations deleted", query[int64](g, `select delete_closed_reservations('7 days', 100)`), 1)
	same("without the reservation")
	equal(t, "an instant too early", g.at(time.Date(2020, 4, 30, 23, 59, 59, 0, time.UTC)).drop(3), "")
	equal(t, "dropped", g.at(time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC)).drop(3), "usage_events_2020_01")
	equal(t, "dropped again", g.at(time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC)).drop(3), "")
	equal(t, "ledger rows left", query[int64](g, `select count(*) from usage_events`), 1)
	same("without January")

	hours, err := db.New().RebuildRollups(context.Background(), g.Pool, g.Organization.ID)
	equal(t, "hours after a rebuild", must(t, hours, err), 4)
	same("after a rebuild")
	late := february.after(time.Hour)
	late.book(reportTokens(1).costing(dollar).from("openai", "small"))
	late.rollUp()
	g.verified()
	equal(t, "dropped next", g.at(time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)).drop(3), "usage_events_2020_02")
	g.verified()
	late.after(365*24*time.Hour).counts(forever, 7*dollar, 0)

	// A row that comes for a month that is gone, from a clock that stepped back, is kept and counted all the same.
	february.book(reportTokens(17).costing(dollar))
	g.verified()
	february.rollUp()
	g.verified()
	equal(t, "tokens in all", query[int64](g, `select sum(input_tokens)::bigint from usage_workspace_days`), 5+7+11+13+1+17)
}

// What was dropped can be proved all the same: a changed counter, hour, day or carried sum is found, and named.
func TestTamperingWithWhatWasDroppedIsFound(t *testing.T) {
	t.Parallel()
	g := past(t)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1000)
	g.book(reportTokens(5).costing(3))
	g.rollUp()
	equal(t, "dropped", g.after(365*24*time.Hour).drop(1), "usage_events_2020_01")
	g.verified()
	for statement, want := range map[string]string{
		`update counters set used_units = used_units + 1`:                                         "used of BUDGET TOKENS",
		`update usage_hours set cost_nanos = cost_nanos + 1`:                                      "usage_hours of a month cost_nanos",
		`update usage_days set requests = 0`:                                                      "usage_days of a month requests",
		`delete from usage_days`:                                                                  "usage_days of a month input_tokens",
		`update usage_workspace_days set input_tokens = input_tokens + 1`:                         "usage_workspace_days input_tokens",
		`delete from usage_workspace_hours`:                                                       "usage_workspace_hours input_tokens",
		`delete from dropped_charges`:                                                             "used of BUDGET TOKENS",
		`update dropped_usage_months set cached_input_tokens = cached_input_tokens + 1`:           "usage_days of a month cached_input_tokens",
		`update dropped_usage_months set cache_write_tokens = cache_write_tokens + 1`:             "usage_days of a month cache_write_tokens",
		`update usage_workspace_hours set cache_write_tokens = cache_write_tokens + 1`:            "usage_workspace_hours cache_write_tokens",
		`update dropped_usage_months set cache_write_1h_tokens = cache_write_1h_tokens + 1`:       "usage_days of a month cache_write_1h_tokens",
		`update dropped_usage_months set unpriced_requests = unpriced_requests + 1`:               "usage_days of a month unpriced_requests",
		`update dropped_usage_months set unpriced_events = unpriced_events + 1`:                   "usage_hours of a month unpriced_events",
		`update usage_workspace_hours set reasoning_tokens = reasoning_tokens + 1`:                "usage_workspace_hours reasoning_tokens",
		`update usage_workspace_days set audio_output_tokens = 9`:                                 "usage_workspace_days audio_output_tokens",
		`update usage_days set service_tier = 'BATCH'`:                                            "usage_workspace_days requests",
		`update dropped_usage_months set month = month - interval '1 month'`:                      "usage_hours requests",
		`update usage_workspace_days set workspace_id = null, model = 'other' where requests > 0`: "usage_workspace_days requests",
	} {
		tx, err := g.Pool.Begin(context.Background())
		must(t, 0, err)
		_, err = tx.Exec(context.Background(), statement)
		must(t, 0, err)
		differences, err := db.New().FindLedgerDifferences(context.Background(), tx, g.Organization.ID)
		found := []string{}
		for _, d := range must(t, differences, err) {
			found = append(found, d.What)
		}
		if !strings.Contains(strings.Join(found, ", ")+",", want+",") {
			t.Errorf("%s: found %v, want %s", statement, found, want)
		}
		must(t, 0, tx.Rollback(context.Background()))
	}
}

// A drop does not wait in front of requests for as long as somebody reads the ledger: it tries again and again, and what it
// had carried over is there once.
func TestDropLetsRequestsPass(t *testing.T) {
	t.Parallel()
	g := past(t)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodNONE, 1000)
	g.book(reportTokens(5))
	g.rollUp()
	ctx := context.Background()
	reading, err := g.Pool.Begin(ctx)
	must(t, 0, err)
	must(t, 0, db.New().KeepLedger(ctx, reading))
	connection, err := g.Pool.Acquire(ctx)
	must(t, 0, err)
	defer connection.Release()
	later, dropped := g.now.AddDate(1, 0, 0), make(chan error, 1)
	go func() {
		_, err := db.New().DropUsagePartition(ctx, connection, &db.DropUsagePartitionParams{KeepMonths: 1, Now: &later})
		dropped <- err
	}()
	g.awaitLock(connection.Conn().PgConn().PID())
	for range 20 { // more than its lock would let pass if it waited for it all the time
		g.at(later).book(reportTokens(1))
	}
	select {
	case err := <-dropped:
		t.Fatalf("dropped under somebody who reads: %v", err)
	default:
	}
	must(t, 0, reading.Commit(ctx))
	must(t, 0, <-dropped)
	equal(t, "partition", query[bool](g, `select to_regclass('usage_events_2020_01') is null`), true)
	g.verified()
	g.rollUp()
	g.verified()
}
