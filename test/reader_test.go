package test

import (
	"context"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/sql"
)

const (
	// longestLock is how long a request waits for a lock at most while the schema is changed, and longestAnswer how long its answer may
	// take, on a machine that has time for it.
	longestLock   = 500 * time.Millisecond
	longestAnswer = 500 * time.Millisecond
	// lockPause is the time between two looks at who waits.
	lockPause = 20 * time.Millisecond
)

// While somebody reads all tables for long, as pg_dump does, two gateways go on without a request that takes more than 0.5 s: through a
// worker that starts without the partitions of this month and the next ones, and through an upgrade that changes functions, triggers
// and tables, the ledger among them, which waits for the reader and says so.
func TestNobodyWaitsBehindALongReader(t *testing.T) {
	t.Parallel()
	awayFromMidnight(t)
	url := postgres.NewURL(t)
	f, pool := newFleet(t, url, 2), postgres.Pool(t, url)
	n := newTenant(f, "reader")
	n.widen()
	dropPartitions(t, pool)
	reader := readEverything(t, pool)
	waits := watchLocks(t, pool)

	n.attempts.watch()
	g := n.run("reader", 2)
	g.await(8) // the first report of the month makes its partition
	alone := n.attempts.since(time.Now()).slowest
	work(t, binary, url, pool)
	if made := partitions(t, pool); len(made) != 3 {
		t.Errorf("beside the reader there are the partitions %v, want this month's and two more", made)
	}
	g.await(8)
	release, done := nextRelease(t, pool), make(chan error, 1)
	go func() { done <- release.Up(context.WithoutCancel(t.Context()), pool, slog.New(slog.DiscardHandler)) }()
	dbtest.Await(t, pool, `select exists (select from pg_locks where mode = 'AccessExclusiveLock' and not granted
		and database = (select oid from pg_database where datname = current_database()))`)
	for range 2 { // two seconds, in which it tries again and again
		g.await(8)
	}
	select {
	case err := <-done:
		t.Fatalf("the upgrade did not wait for the reader: %v", err)
	default:
	}
	reader()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	g.await(8)
	g.stop()

	seen, longest := n.attempts.since(time.Now()), waits()
	t.Logf("%d answered, %v at most, %v before anything was changed; %v at most for a lock", seen.answered, seen.slowest, alone, longest)
	if outages := n.outages.Load(); outages != 0 {
		t.Errorf("%d requests were UNAVAILABLE", outages)
	}
	if longest > longestLock {
		t.Errorf("a request waited %v for a lock", longest)
	}
	if seen.slowest > max(longestAnswer, 3*alone) { // other tests have the processors as well
		t.Errorf("a request took %v", seen.slowest)
	}
	n.audit(pool)
	verify(t, []string{"DATABASE_URL=" + url})
}

// partitions returns the ledger's.
func partitions(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `select inhrelid::regclass::text from pg_inherits where inhparent = 'usage_events'::regclass order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// dropPartitions leaves the ledger without a partition.
func dropPartitions(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for _, name := range partitions(t, pool) {
		if _, err := pool.Exec(t.Context(), "drop table "+name); err != nil {
			t.Fatal(err)
		}
	}
}

// readEverything begins a transaction that has every table locked as a reader has it, until end is called.
func readEverything(t *testing.T, pool *pgxpool.Pool) (end func()) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	end = func() { _ = connection.Close(context.WithoutCancel(t.Context())) } // the second time it is closed
	t.Cleanup(end)
	_, err = connection.Exec(t.Context(), `begin transaction isolation level repeatable read;
		do $$ declare t regclass; begin
			for t in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') loop
				execute format('lock table %s in access share mode', t);
			end loop;
		end $$; select count(*) from usage_events`)
	if err != nil {
		t.Fatal(err)
	}
	return end
}

// watchLocks looks who waits for a lock on a table, and returns how to end that and learn the longest that a server's session has waited.
func watchLocks(t *testing.T, pool *pgxpool.Pool) (end func() time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	longest, ended := time.Duration(0), make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			var waited float64
			err := pool.QueryRow(ctx, `
				select coalesce(max(extract(epoch from clock_timestamp() - l.waitstart)), 0)::double precision
				from pg_locks l join pg_stat_activity a on a.pid = l.pid
				where not l.granted and l.locktype = 'relation' and a.datname = current_database() and a.application_name = 'bursar serve'`).Scan(&waited)
			if err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
			longest = max(longest, time.Duration(waited*float64(time.Second)))
			select {
			case <-ctx.Done():
			case <-time.After(lockPause):
			}
		}
	}()
	return func() time.Duration {
		stop()
		<-ended
		return longest
	}
}

// Rows that a database of the first release has in the ledger's default partition, because months had none of their own, are in the
// partitions of their months after the upgrade, also those that came while it was under way: none is lost or there twice.
func TestRowsOfTheDefaultPartitionAreKept(t *testing.T) {
	t.Parallel()
	releases := storedReleases(t)
	if len(releases) == 0 || releases[0].number != 1 {
		t.Skip("there is no dump of release 1")
	}
	url, pool := releases[0].restore(t)
	execute := func(statement string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	execute(`do $$ declare name regclass; begin
		for name in select inhrelid from pg_inherits where inhparent = 'usage_events'::regclass and inhrelid <> 'usage_events_default'::regclass loop
			execute format('alter table usage_events detach partition %s', name);
			execute format('insert into usage_events select * from %s', name);
			execute format('drop table %s', name);
		end loop;
	end $$`)
	const late = `insert into usage_events select (jsonb_populate_record(null::usage_events, to_jsonb(e) || jsonb_build_object(
		'id', uuid_v7(at), 'recorded_at', at, 'position', nextval('usage_events_position_seq'), 'organization_id', uuid_v7()))).*
		from (select * from usage_events limit 1) e, unnest(array[clock_timestamp(), clock_timestamp() - interval '70 days', clock_timestamp() + interval '70 days']) at`
	execute(late)
	before := countRows(t, pool)["usage_events_default"]

	stopped := sql.ThisRelease()
	files := releaseFiles(t, stopped)
	files["migrations/0014_drop_default_partition.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nselect this fails;\n")}
	stopped.Files = files
	if err := stopped.Up(t.Context(), pool, slog.New(slog.DiscardHandler)); err == nil {
		t.Fatal("the upgrade did not fail")
	}
	execute(late)
	upgrade(t, pool)
	var rows, distinct int
	if err := pool.QueryRow(t.Context(), `select count(*), count(distinct id) from usage_events`).Scan(&rows, &distinct); err != nil {
		t.Fatal(err)
	}
	if before < 6 || rows != before+3 || distinct != rows {
		t.Errorf("%d rows with %d ids, and %d were there before the last 3", rows, distinct, before)
	}
	if made := partitions(t, pool); len(made) < 5 {
		t.Errorf("the partitions are %v", made)
	}
	if err := sql.CloseOut(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil { // rights that the last release needs are left until then
		t.Fatal(err)
	}
	compareSchemas(t, pool, postgres.New(t))
	verify(t, []string{"DATABASE_URL=" + url})
}
