package sql_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/fault"
	"bursar/sql"
)

// timeout is how long a test waits for what must happen. It is long because the machine may be busy.
const timeout = 2 * time.Minute

// mostDelay is what an upgrade may delay a statement by. It waits for a lock for a tenth of a second at a time.
const mostDelay = 2 * time.Second

// An upgrade that must lock tables which a long report reads waits for the report, and other requests wait behind it only briefly.
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

// The ledger's next partition is made by an upgrade or by the job although somebody reads all of the ledger and somebody else has
// written to it: it waits for neither.
func TestPartitionsWaitForNobody(t *testing.T) {
	t.Parallel()
	for name, create := range map[string]func(ctx context.Context, pool *pgxpool.Pool) error{
		"an upgrade": func(ctx context.Context, pool *pgxpool.Pool) error {
			return sql.Up(ctx, pool, slog.New(slog.DiscardHandler))
		},
		"the job": func(ctx context.Context, pool *pgxpool.Pool) error {
			_, err := pool.Exec(ctx, `select create_usage_partitions(1)`)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := server.New(t)
			partitions := func() []string {
				return rows(t, pool, `select inhrelid::regclass::text from pg_inherits where inhparent = 'usage_events'::regclass order by 1`)
			}
			for _, partition := range partitions()[1:] {
				execute(t, pool, "drop table "+partition)
			}
			reading(t, pool)
			writer, err := pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = writer.Rollback(context.WithoutCancel(t.Context())) }()
			if _, err := writer.Exec(t.Context(), `insert into usage_events (organization_id, id, position, api_key_id, requests,
				input_tokens, output_tokens, cached_input_tokens, cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
				select id, id, 1, id, 1, 1, 1, 0, 1, 1, '{}', '{}', at, at from uuid_v7() id, clock_timestamp() at`); err != nil {
				t.Fatal(err)
			}
			if err := create(t.Context(), pool); err != nil {
				t.Fatal(err)
			}
			if made := partitions(); len(made) != 2 {
				t.Errorf("the partitions are %v, want this month's and the next", made)
			}
		})
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
	if err == nil || !strings.Contains(err.Error(), "trigger members_owner_removed on members") || !strings.Contains(err.Error(), "(long reader, ") {
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
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
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

// What functions answer with gets further columns in the very transaction that replaces the functions. A call that is sent meanwhile, by
// a session that has prepared it, is answered, but for those that see the function of before with the columns of after: at most one
// for each session and upgrade, UNAVAILABLE, without an effect.
func TestAnswersGetColumnsWithTheirFunctions(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool, release := server.New(t), sql.ThisRelease()
	const answer = `create or replace function answer(a integer) returns setof answers language plpgsql as $$ begin return query select %s; end $$;`
	first := next(t, release, map[string]string{
		"migrations/9000_answers.sql":  "-- +goose Up\ncreate table answers (a integer, constraint answers_shape_check check (false));\n",
		"functions/control/answer.sql": fmt.Sprintf(answer, "a"),
	})
	up(t, pool, first)
	stop, calling := make(chan struct{}), sync.WaitGroup{}
	calls, unavailable := make([]int, 4), make([]int, 4)
	for i := range calls {
		calling.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
				}
				var a int
				err := pool.QueryRow(t.Context(), `select a from answer($1)`, calls[i]).Scan(&a)
				if known, ok := errors.AsType[*fault.Fault](db.Fault(err)); ok && known.Code == fault.Unavailable {
					unavailable[i]++
					continue
				}
				if err != nil || a != calls[i] {
					t.Errorf("call %d answers %d, %v", calls[i], a, err)
					return
				}
				calls[i]++
			}
		})
	}
	expression := "a"
	for i := range 5 {
		column := fmt.Sprint("b", i)
		expression += ", " + fmt.Sprint(i)
		first = next(t, first, map[string]string{
			"functions/control/answer.sql":                 fmt.Sprintf(answer, expression),
			"functions/control/answers_" + column + ".sql": "alter table answers add column if not exists " + column + " integer;",
		})
		up(t, pool, first)
	}
	close(stop)
	calling.Wait()
	t.Logf("%v calls, %v of them unavailable", calls, unavailable)
	for i, number := range unavailable {
		if number > 5 {
			t.Errorf("session %d: %d calls were unavailable during 5 upgrades", i, number)
		}
	}
	if got := rows(t, pool, `select b4::text from answer(1)`); len(got) != 1 || got[0] != "4" {
		t.Errorf("the last column is %v", got)
	}
	err := next(t, first, map[string]string{
		"functions/control/limits.sql": "alter table limits add column if not exists b integer;",
	}).Up(t.Context(), pool, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "limits has rows") {
		t.Errorf("a column of a table with rows, without a migration: %v", err)
	}
}

// A migration that builds an index while others write waits for them as long as it likes, and those after it are bounded again.
func TestIndexesAreBuiltBesideWriters(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool, release := server.New(t), sql.ThisRelease()
	end := reading(t, pool)
	upgrading := startUp(t, pool, next(t, release, map[string]string{
		"migrations/9000_build.sql": "-- +goose NO TRANSACTION\n-- +goose Up\nset lock_timeout = 0;\ndrop index concurrently if exists members_note_idx;\n" +
			"create index concurrently members_note_idx on members (name);\n",
		"migrations/9001_look.sql": "-- +goose Up\ncreate table look as select current_setting('lock_timeout') as lock_timeout;\n",
	}))
	dbtest.Await(t, pool, `select exists (select from pg_locks where locktype = 'virtualxid' and not granted
		and pid in (select pid from pg_stat_activity where datname = current_database()))`)
	upgrading.probe(`update members set name = 'Probe' where organization_id = $1`, "00000000-0000-0000-0000-000000000000")
	if upgrading.ended() {
		t.Error("the index was built without waiting for the reader")
	}
	end()
	upgrading.finish()
	if got := rows(t, pool, `select lock_timeout || indisvalid from look, pg_index where indexrelid = 'members_note_idx'::regclass`); len(got) != 1 || got[0] != "100mstrue" {
		t.Errorf("afterwards: %v", got)
	}
}

// Every function that changes tables, or locks them against others, waits for a lock no longer than an upgrade does, and tries again. A further
// column of a shape is added by the upgrade itself.
func TestFunctionsThatLockTablesAreBounded(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	locking := regexp.MustCompile(`(?i)\b(?:create|alter|drop|truncate)\s+(?:table|index)\b|\block\s+table\s+\S+\s+in\s+(?:share|exclusive|row|access exclusive)\b`)
	column := regexp.MustCompile(`(?im)^alter table \w+ add column if not exists [^,;]*;$`) // of a shape, which the upgrade itself adds
	found := 0
	for file, content := range filesOf(t, sql.ThisRelease()) {
		text := column.ReplaceAllString(string(content.Data), "")
		if !strings.HasPrefix(file, "functions/") || !locking.MatchString(text) {
			continue
		}
		found++
		if !strings.Contains(text, "set local lock_timeout = '100ms'") || !strings.Contains(text, "exception when lock_not_available") {
			t.Errorf("%s locks a table, and does not give it up after 0.1 s", file)
		}
	}
	if found != 4 {
		t.Errorf("%d functions lock tables, want those that make, refresh and drop partitions, and that of moves", found)
	}
}
