package db_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"bursar/db/dbtest"
)

// The first report of a month without a partition makes it, to the instant and whatever the session's time zone, and is answered
// as any other, also when it is sent again; the job makes it no second time. Nothing is lost or changed by it.
func TestPartitions(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.now = time.Date(2031, 1, 31, 23, 59, 59, 999_999_000, time.UTC)
	g.tokenBudget(100)
	session, err := g.Pool.Acquire(t.Context())
	must(t, 0, err)
	defer session.Release()
	_, err = session.Exec(t.Context(), `set timezone = 'America/New_York'`)
	must(t, 0, err)
	january, err := g.recordOn(session, &g.now, reportTokens(1).named("january"))
	must(t, 0, err)
	february := g.after(time.Microsecond).book(reportTokens(2))
	equal(t, "in January's", query[string](g, `select id::text from usage_events_2031_01`), january[0].UsageEvent.ID.String())
	equal(t, "in February's", query[string](g, `select id::text from usage_events_2031_02`), february.ID.String())
	equal(t, "made again", query[int32](g, `select create_usage_partitions(1, '2031-01-10Z')`), 0)
	equal(t, "made one further", query[int32](g, `select create_usage_partitions(2, '2031-01-10Z')`), 1)
	again, err := g.recordOn(session, &g.now, reportTokens(1).named("january"))
	must(t, 0, err)
	equal(t, "replayed", again[0].Replayed, true)
	equal(t, "the event that is sent again", again[0].UsageEvent.ID, january[0].UsageEvent.ID)
	equal(t, "its tokens", again[0].UsageEvent.InputTokens, 1)
	equal(t, "of this month and the next", query[int64](g, `select count(*) from pg_inherits
		where inhparent = 'usage_events'::regclass and inhrelid = any (array[
			to_regclass('usage_events_' || to_char(now() at time zone 'UTC', 'YYYY_MM')),
			to_regclass('usage_events_' || to_char(now() at time zone 'UTC' + interval '1 month', 'YYYY_MM'))])`), 2)
	g.rollUp()
	g.verified()
}

// Of reports of several organizations that begin a month at the same time one makes the partition, all are booked, and none waits
// for more than that.
func TestReportsBeginAMonthTogether(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	const organizations = 8
	begin, booking := make(chan struct{}), sync.WaitGroup{}
	for range organizations {
		g := newGatewayIn(t, pool)
		g.now = time.Date(2032, 5, 1, 0, 0, 0, 0, time.UTC)
		booking.Go(func() {
			<-begin
			for range 3 {
				g.book(reportTokens(1))
				g.now = g.now.AddDate(0, 1, 0)
			}
		})
	}
	close(begin)
	booking.Wait()
	for _, month := range []string{"05", "06", "07"} {
		var events int
		err := pool.QueryRow(t.Context(), `select count(*) from usage_events_2032_`+month).Scan(&events)
		equal(t, "events of "+month, must(t, events, err), organizations)
	}
}

// A session that does not see the month's partition although another one has made it, which PostgreSQL allows, has the list of
// partitions read again and books the report, once.
func TestReportFindsThePartitionOfAnother(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.now = time.Now().UTC() // in the month of the migration, which has a partition
	budget := g.tokenBudget(100)
	g.exec(`create sequence attempts`)
	g.exec(`create function find_no_partition() returns trigger language plpgsql security definer as $$
		begin
			if nextval('attempts') < 3 then
				raise exception 'no partition of relation found for row' using errcode = 'check_violation';
			end if;
			return new;
		end $$`)
	g.exec(`create trigger find_no_partition before insert on usage_events for each row execute function find_no_partition()`)
	const version = `select xmin::text::bigint from pg_attribute where attrelid = 'usage_events'::regclass and attname = 'organization_id'`
	before := query[int64](g, version)
	g.book(reportTokens(10))
	equal(t, "attempts", query[int64](g, `select last_value from attempts`), 3)
	equal(t, "events", query[int64](g, `select count(*) from usage_events`), 1)
	equal(t, "used", query[int64](g, `select used_units from counters where limit_id = $1`, budget), 10)
	if after := query[int64](g, version); after == before {
		t.Error("sessions are not told to read the list of partitions again")
	}
	g.verified()
}

// While a change of the ledger or a VACUUM has it locked, its partitions are not refreshed, and nobody waits for long.
func TestRefreshOfPartitionsGivesUp(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	equal(t, "refreshed", query[bool](g, `select refresh_usage_partitions()`), true)
	tx, err := g.Pool.Begin(t.Context())
	must(t, 0, err)
	_, err = tx.Exec(t.Context(), `lock table usage_events in share update exclusive mode`)
	must(t, 0, err)
	equal(t, "refreshed beside a lock", query[bool](g, `select refresh_usage_partitions()`), false)
	must(t, 0, tx.Rollback(t.Context()))
	equal(t, "refreshed again", query[bool](g, `select refresh_usage_partitions()`), true)
}

// The ledger is append-only, also where a partition is named and not the table.
func TestPartitionsAreAppendOnly(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.now = time.Now().UTC() // in the month of the migration, which has a partition
	g.book(reportTokens(10))
	var partition string
	err := g.Pool.QueryRow(context.Background(), `select tableoid::regclass::text from usage_events`).Scan(&partition)
	if err != nil || partition == "usage_events" {
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
