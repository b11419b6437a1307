package db_test

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// Rows of a month without a partition are kept by the default one and move when the partition is made; nothing is lost,
// made twice or changed by it, whatever the session's time zone.
func TestPartitions(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.now = time.Date(2031, 1, 31, 23, 59, 59, 999_999_000, time.UTC)
	g.tokenBudget(100)
	january := g.book(reportTokens(1))
	february := g.after(time.Microsecond).book(reportTokens(2))
	g.rollUp()
	g.exec(`set timezone = 'America/New_York'; select create_usage_partitions(1, '2031-01-10Z'); reset timezone`)
	equal(t, "made again", query[int32](g, `select create_usage_partitions(1, '2031-01-10Z')`), 0)
	equal(t, "made one further", query[int32](g, `select create_usage_partitions(2, '2031-01-10Z')`), 1)
	equal(t, "in January's", query[string](g, `select id::text from usage_events_2031_01`), january.ID.String())
	equal(t, "in February's", query[string](g, `select id::text from usage_events_2031_02`), february.ID.String())
	equal(t, "in the default", query[int64](g, `select count(*) from usage_events_default`), 0)
	g.book(reportTokens(3))
	equal(t, "in January's", query[int64](g, `select count(*) from usage_events_2031_01`), 2)
	equal(t, "of this month and the next", query[int64](g, `select count(*) from pg_inherits
		where inhparent = 'usage_events'::regclass and inhrelid = any (array[
			to_regclass('usage_events_' || to_char(now() at time zone 'UTC', 'YYYY_MM')),
			to_regclass('usage_events_' || to_char(now() at time zone 'UTC' + interval '1 month', 'YYYY_MM'))])`), 2)
	g.rollUp()
	g.verified()
}

// The ledger is append-only, also where a partition is named and not the table.
func TestPartitionsAreAppendOnly(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.now = time.Now().UTC() // in the month of the migration, which has a partition
	g.book(reportTokens(10))
	var partition string
	err := g.Pool.QueryRow(context.Background(), `select tableoid::regclass::text from usage_events`).Scan(&partition)
	if err != nil || partition == "usage_events_default" {
		t.Fatalf("the event is in %q: %v", partition, err)
	}
	for _, statement := range []string{"update %s set requests = 0", "delete from %s"} {
		for _, table := range []string{partition, "usage_events"} {
			if _, err := g.Pool.Exec(context.Background(), fmt.Sprintf(statement, table)); err == nil {
				t.Errorf("%q is not refused on %s", statement, table)
			}
		}
	}
}
