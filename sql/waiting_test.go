package sql_test

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db/dbtest"
	"bursar/sql"
)

// While an upgrade waits for a table it says once at first, and every ten seconds, which process is in the way and how long its query
// has run; so it does while it builds an index beside writers, where nothing times out.
func TestUpNamesWhoIsInTheWay(t *testing.T) {
	t.Parallel()
	wanted := regexp.MustCompile(`^process \d+ \(long reader, login \w+\), idle in transaction since its last query, which began [0-9.]+m?s ago`)
	for name, migration := range map[string]string{
		"a table":  "-- +goose Up\nalter table usage_events add column note text;\n",
		"an index": "-- +goose NO TRANSACTION\n-- +goose Up\nset lock_timeout = 0;\ncreate index concurrently members_note_idx on members (name);\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := server.New(t)
			end := reading(t, pool)
			upgrading := startUp(t, pool, next(t, sql.ThisRelease(), map[string]string{"migrations/9000_note.sql": migration}))
			upgrading.await("waiting for what is in use")
			said := upgrading.log.attributes("waiting for what is in use")
			if said["for"] != "migrate" || !wanted.MatchString(said["by"]) || said["up_to"] != "1m0s" {
				t.Errorf("the upgrade says %v, want %s", said, wanted)
			}
			end()
			upgrading.finish()
		})
	}
}

// An upgrade waits for another one of the same database with words, and no longer than it is told: then it says who has the database
// and how to end that session. Once the other one is over, it goes on.
func TestUpWaitsForAnother(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	peer, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	executeOn(t, peer, `set application_name = 'the other upgrade'; select pg_advisory_lock(hashtextextended('bursar migrate up', 0))`)
	pid := peer.PgConn().PID()

	impatient := sql.ThisRelease()
	impatient.PeerTimeout = time.Millisecond
	err = impatient.Up(t.Context(), pool, slog.New(slog.DiscardHandler))
	for _, part := range []string{fmt.Sprintf("process %d (the other upgrade", pid), fmt.Sprintf("pg_terminate_backend(%d)", pid), "run bursar migrate up again"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v, want %q", err, part)
		}
	}
	upgrading := startUp(t, pool, sql.ThisRelease())
	upgrading.await("waiting for another upgrade of the database")
	if said := upgrading.log.attributes("waiting for another upgrade of the database"); !strings.Contains(said["by"], fmt.Sprint(pid)) || said["up_to"] != "10m0s" {
		t.Errorf("the upgrade says %v", said)
	}
	if err := peer.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	upgrading.finish()
}

// An upgrade that PostgreSQL ends because of a deadlock with a request is tried again; the request is answered.
func TestUpRetriesADeadlock(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	execute(t, pool, `do $$ begin execute format('alter database %I set deadlock_timeout = ''10ms''', current_database()); end $$`)
	request, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = request.Close(context.WithoutCancel(t.Context())) }()
	var before int // of an earlier test on the database
	if err := pool.QueryRow(t.Context(), `select deadlocks from pg_stat_database where datname = current_database()`).Scan(&before); err != nil {
		t.Fatal(err)
	}
	executeOn(t, request, `begin; lock table limits in row exclusive mode`)
	// a table has the same number in the databases of other tests, which are copies, too
	const locks = `select from pg_locks where database = (select oid from pg_database where datname = current_database()) and relation = 'members'::regclass`
	// whoever waits last finds the deadlock, and is ended for it: the first time it waits until the request has waited and looked
	upgrading := startUp(t, server.Pool(t, pool.Config().ConnString()), next(t, sql.ThisRelease(), map[string]string{"migrations/9000_note.sql": `-- +goose Up
set local lock_timeout = '1min'; -- else a busy machine ends the wait by time before it looks for a deadlock
alter table members add column note text;
-- +goose StatementBegin
do $$ begin for i in 1 .. 100 loop exit when exists (` + locks + ` and not granted); perform pg_sleep(0.01); end loop; perform pg_sleep(0.2); end $$;
-- +goose StatementEnd
alter table limits add column note text;
`}))
	dbtest.Await(t, pool, `select exists (`+locks+` and mode = 'AccessExclusiveLock' and granted)`)
	executeOn(t, request, `update members set name = 'a request' where false; commit`)
	upgrading.finish()
	dbtest.Await(t, pool, fmt.Sprintf(`select deadlocks > %d from pg_stat_database where datname = current_database()`, before))
}
