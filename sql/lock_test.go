package sql_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/sql"
)

// timeout is how long a test waits for what must happen. It is long because the machine may be busy.
const timeout = 60 * time.Second

// mostDelay is what an upgrade may delay a statement by. It waits for a lock for a tenth of a second at a time.
const mostDelay = 2 * time.Second

// An upgrade that has to lock tables which a long report is reading waits for the report, and nobody waits behind it for long.
// What needs no lock on a table does not wait.
func TestUpDelaysNobodyBehindALongReader(t *testing.T) {
	t.Parallel()
	pool, release := server.New(t), sql.ThisRelease()
	tenant := dbtest.NewTenant(t, pool)
	end := reading(t, pool)

	const owners = "functions/control/keep_an_owner.sql"
	easy := next(t, release, map[string]string{owners: edited(t, release, owners, "begin", "begin\n  -- of the next release")})
	up(t, pool, easy) // replaces the function of two triggers on a table that is being read

	column := next(t, easy, map[string]string{"migrations/9000_note.sql": "-- +goose Up\nalter table usage_events add column note text;\n"})
	upgrading := startUp(t, pool, column)
	upgrading.await("waiting for what is in use")
	upgrading.probe(`select count(*) from usage_events where organization_id = $1`, tenant.Organization.ID)
	if upgrading.ended() {
		t.Error("the upgrade did not wait for who reads the ledger")
	}
	end()
	upgrading.finish()

	end = reading(t, pool)
	upgrading = startUp(t, pool, next(t, column, map[string]string{
		owners: edited(t, easy, owners, "when (old.role = 'OWNER')", "when (old.role in ('OWNER', 'ADMIN'))"),
	}))
	upgrading.await("waiting for what is in use")
	upgrading.probe(`update members set name = 'Probe' where organization_id = $1`, tenant.Organization.ID)
	if upgrading.ended() {
		t.Error("the upgrade did not wait for who reads members")
	}
	end()
	upgrading.finish()
}

// The ledger's next partition is attached between two reports, and delays nobody while it waits.
func TestPartitionsDelayNobodyBehindALongReader(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	tenant := dbtest.NewTenant(t, pool)
	for _, partition := range rows(t, pool, `select inhrelid::regclass::text from pg_inherits
		where inhparent = 'usage_events'::regclass and inhrelid <> 'usage_events_default'::regclass`) {
		execute(t, pool, "drop table "+partition)
	}
	end := reading(t, pool)
	upgrading := startUp(t, pool, sql.ThisRelease())
	dbtest.Await(t, pool, `select exists (select from pg_locks where mode = 'AccessExclusiveLock' and not granted
		and database = (select oid from pg_database where datname = current_database()))`)
	upgrading.probe(`select count(*) from usage_events where organization_id = $1`, tenant.Organization.ID)
	if upgrading.ended() {
		t.Error("the upgrade did not wait for the reader")
	}
	end()
	upgrading.finish()
	if made := rows(t, pool, `select inhrelid::regclass::text from pg_inherits where inhparent = 'usage_events'::regclass`); len(made) != 3 {
		t.Errorf("the partitions are %v, want the default, this month's and the next", made)
	}
}

// An upgrade that does not get its locks in time says what for and who is in the way, and goes on another time where it stopped;
// meanwhile servers go on.
func TestUpGivesUpALock(t *testing.T) {
	t.Parallel()
	pool, release := server.New(t), sql.ThisRelease()
	end := reading(t, pool)
	const owners = "functions/control/keep_an_owner.sql"
	locked := next(t, release, map[string]string{
		owners: edited(t, release, owners, "when (old.role = 'OWNER')", "when (old.role in ('OWNER', 'ADMIN'))"),
	})
	locked.LockTimeout = time.Millisecond
	err := locked.Up(t.Context(), pool, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "trigger members_owner_removed on members") || !strings.Contains(err.Error(), "(long reader)") {
		t.Fatalf("%v, want the trigger and the reader", err)
	}
	if got := problem(t, pool, release); got != "" {
		t.Errorf("servers are told %q", got)
	}
	end()
	up(t, pool, locked)
}

// A function that a release renames is dropped once the calls are over that began with the functions of the release before: those
// still find it.
func TestCallsUnderWayFindWhatTheyNeed(t *testing.T) {
	t.Parallel()
	pool, release := server.New(t), sql.ThisRelease()
	const outer = `create or replace function outer_call() returns integer language plpgsql as $$
		begin perform pg_advisory_xact_lock_shared(7); return %s(); end $$`
	const inner = `create or replace function %s() returns integer language sql as 'select %d'`
	first := next(t, release, map[string]string{
		"functions/control/outer_call.sql": fmt.Sprintf(outer, "inner_call"),
		"functions/control/inner_call.sql": fmt.Sprintf(inner, "inner_call", 1),
	})
	up(t, pool, first)

	holder, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Release()
	executeOn(t, holder.Conn(), `select pg_advisory_lock(7)`)
	answer := make(chan string, 1)
	go func() {
		var number string
		if err := pool.QueryRow(context.WithoutCancel(t.Context()), `select outer_call()::text`).Scan(&number); err != nil {
			number = err.Error()
		}
		answer <- number
	}()
	dbtest.Await(t, pool, `select exists (select from pg_locks where locktype = 'advisory' and objid = 7 and not granted
		and database = (select oid from pg_database where datname = current_database()))`)

	renamed := next(t, first, map[string]string{
		"functions/control/outer_call.sql":   fmt.Sprintf(outer, "renamed_call"),
		"functions/control/inner_call.sql":   "",
		"functions/control/renamed_call.sql": fmt.Sprintf(inner, "renamed_call", 2),
	})
	renamed.DrainTimeout = timeout
	upgrading := startUp(t, pool, renamed)
	dbtest.Await(t, pool, `select exists (select from pg_proc where proname = 'renamed_call')`)
	executeOn(t, holder.Conn(), `select pg_advisory_unlock(7)`)
	if got := <-answer; got != "1" {
		t.Errorf("the call that was under way answers %q", got)
	}
	upgrading.finish()
	if got := rows(t, pool, `select outer_call()::text from pg_proc where proname in ('inner_call', 'renamed_call')`); len(got) != 1 || got[0] != "2" {
		t.Errorf("afterwards calls answer %v", got)
	}
}

// reading begins a transaction that reads the ledger and members until end is called.
func reading(t *testing.T, pool *pgxpool.Pool) (end func()) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	executeOn(t, connection, `set application_name = 'long reader'; begin;
		declare ledger cursor for select * from usage_events; fetch ledger; declare people cursor for select * from members; fetch people`)
	end = sync.OnceFunc(func() {
		if err := connection.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return end
}

func executeOn(t *testing.T, connection *pgx.Conn, statements string) {
	t.Helper()
	if _, err := connection.Exec(t.Context(), statements); err != nil {
		t.Fatal(statements, err)
	}
}

// upgradeUnderWay is an upgrade that runs beside the test.
type upgradeUnderWay struct {
	t    *testing.T
	pool *pgxpool.Pool
	log  *record
	done chan error
}

func startUp(t *testing.T, pool *pgxpool.Pool, release sql.Release) *upgradeUnderWay {
	t.Helper()
	u := &upgradeUnderWay{t: t, pool: pool, log: newRecord(), done: make(chan error, 1)}
	go func() { u.done <- release.Up(context.WithoutCancel(t.Context()), pool, slog.New(u.log)) }()
	return u
}

// await waits until the upgrade has logged a message.
func (u *upgradeUnderWay) await(message string) {
	u.t.Helper()
	select {
	case <-u.log.of(message):
	case err := <-u.done:
		u.t.Fatalf("the upgrade ended before it logged %q: %v", message, err)
	case <-time.After(timeout):
		u.t.Fatalf("the upgrade does not log %q", message)
	}
}

// probe runs a statement again and again for as long as the upgrade takes for several tries, and wants it to be prompt.
func (u *upgradeUnderWay) probe(statement string, argument any) {
	u.t.Helper()
	slowest := time.Duration(0)
	for range 100 {
		began := time.Now()
		if _, err := u.pool.Exec(u.t.Context(), statement, argument); err != nil {
			u.t.Fatal(statement, err)
		}
		slowest = max(slowest, time.Since(began))
		select {
		case <-u.t.Context().Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	u.t.Logf("%s took %v at most", statement, slowest)
	if slowest > mostDelay {
		u.t.Errorf("%s took %v", statement, slowest)
	}
}

// ended tells whether the upgrade is over.
func (u *upgradeUnderWay) ended() bool {
	select {
	case err := <-u.done:
		u.done <- err
		return true
	default:
		return false
	}
}

// finish waits for the upgrade, which must succeed.
func (u *upgradeUnderWay) finish() {
	u.t.Helper()
	select {
	case err := <-u.done:
		if err != nil {
			u.t.Fatal(err)
		}
	case <-time.After(timeout):
		u.t.Fatal("the upgrade does not end")
	}
}
