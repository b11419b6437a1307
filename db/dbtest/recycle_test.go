package dbtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// used has a test of its own execute statements on a connection of a database of New, and returns the database's pools.
func used(t *testing.T, s *Server, statements ...string) (owner, confined *pgxpool.Pool) {
	t.Helper()
	t.Run("used", func(t *testing.T) {
		owner = s.New(t)
		confined = s.ServerPool(t, owner)
		connection, err := owner.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Release()
		for _, statement := range statements {
			if _, err := connection.Exec(t.Context(), statement); err != nil {
				t.Fatal(statement, err)
			}
		}
	})
	return owner, confined
}

// A test finds a database that another one has used as it finds a new one: without rows, of the migrations alone, with sequences that
// begin, and sessions without settings, locks and channels. It has none that another test has at the same time.
func TestUsedDatabasesAreAsNew(t *testing.T) {
	t.Parallel()
	server := Alone(t)
	first, firstConfined := used(t, server, `select set_config('work_mem', '1MB', false), set_config('bursar.email', 'a@acme.test', false)`,
		`set role bursar_server`, `listen changes`, `select pg_advisory_lock(7)`, `reset role`, `set role bursar_server`)
	t.Run("rows", func(t *testing.T) {
		owner := server.New(t)
		if owner != first || server.ServerPool(t, owner) != firstConfined {
			t.Fatal("the database is not used again")
		}
		tenant := NewTenant(t, owner)
		if _, err := owner.Exec(t.Context(), `insert into usage_events (organization_id, id, position, api_key_id, requests, input_tokens, output_tokens,
			cached_input_tokens, cost_nanos, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
			select $1, id, nextval('usage_events_position_seq'), $2, 1, 1, 1, 0, 1, 1, '{}', '{}', at, at from uuid_v7() id, clock_timestamp() at`,
			tenant.Organization.ID, tenant.Key.ID); err != nil {
			t.Fatal(err)
		}
	})
	used, unused := server.New(t), server.New(t)
	if used != first || unused == first {
		t.Fatal("the database is not used again, or by two at a time")
	}
	for what, query := range map[string]string{
		"rows and sequences": `select string_agg(x, ' ' order by x) from (
			select format('%s %s', c.oid::regclass, (xpath('/row/rows/text()', query_to_xml(format('select count(*) as rows from %s', c.oid::regclass), false, true, '')))[1])
			from ` + userTables + ` union all select format('%s %s', sequencename, last_value) from pg_sequences) t (x)`,
		"a session": `select concat_ws(' ', current_user, current_setting('work_mem'), current_setting('bursar.email'), pg_listening_channels(),
			(select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())))
			from (values (1)) v`,
	} {
		if got, want := textOf(t, used, query), textOf(t, unused, query); got != want {
			t.Errorf("%s: %s, in a new one %s", what, got, want)
		}
	}
}

// textOf returns the only value of a query.
func textOf(t *testing.T, pool *pgxpool.Pool, query string) (text string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), `select coalesce((`+query+`), '')`, pgx.QueryExecModeSimpleProtocol).Scan(&text); err != nil {
		t.Fatal(query, err)
	}
	return text
}

// A database in which a test has changed more than rows is no other test's.
func TestChangedDatabasesAreDropped(t *testing.T) {
	t.Parallel()
	server := Alone(t)
	for _, statement := range []string{
		`create table more (id integer)`,
		`create function more() returns integer language sql as 'select 1'`,
		`alter table api_keys disable trigger all`,
		`alter table api_keys alter column name set default 'x'`,
		`drop table recipients`,
		`create index more_idx on api_keys (name)`,
		`grant select on counters to public`,
		`create policy more on counters`,
		`alter type plan add value 'MORE'`,
		`create schema more`,
		`analyze organizations`,
		`do $$ begin execute format('alter database %I set work_mem = ''1MB''', current_database()); end $$`,
		`delete from goose_db_version where version_id > 1`,
	} {
		owner, _ := used(t, server, statement)
		if after, _ := used(t, server); after == owner {
			t.Errorf("another test has the database after %s", statement)
		}
	}
	var failed *pgxpool.Pool
	t.Run("closed", func(t *testing.T) {
		failed = server.New(t)
		failed.Close()
	})
	if after, _ := used(t, server); after == failed {
		t.Error("another test has a pool that is closed")
	}
}

// A session that goes on when its test is over keeps the database from others.
func TestDatabasesInUseAreDropped(t *testing.T) {
	t.Parallel()
	server := Alone(t)
	var owner *pgxpool.Pool
	var left *pgx.Conn
	t.Run("left", func(t *testing.T) {
		owner = server.New(t)
		if err := owner.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		var err error
		if left, err = pgx.Connect(context.WithoutCancel(t.Context()), owner.Config().ConnString()); err != nil {
			t.Fatal(err)
		}
	})
	if after, _ := used(t, server); after == owner {
		t.Error("another test has the database")
	}
	_ = left.Close(t.Context()) // PostgreSQL has ended it
}
