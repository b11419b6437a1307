package sql_test

import (
	"bytes"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/sql"
)

// An upgrade to the schema that is there changes nothing: no function, trigger, policy or privilege is made again, so that
// sessions have nothing to read anew.
func TestUpChangesNothingTwice(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool := server.New(t)
	before := versions(t, pool)
	up(t, pool, sql.ThisRelease())
	if changed := changes(before, versions(t, pool)); len(changed) > 0 {
		t.Errorf("changed: %v", slices.Sorted(maps.Keys(changed)))
	}
	if len(before) < 500 {
		t.Errorf("%d rows describe the schema: the test has looked at nothing", len(before))
	}
}

// Of all functions and triggers only those are made again whose text has changed, where they stand; comments beside the text do
// not count.
func TestUpReplacesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool, release := server.New(t), next(t, sql.ThisRelease(), nil)
	up(t, pool, release) // drops what is kept for servers of the last release
	const file = "functions/ledger/refuse_change.sql"
	oid := func() []string { return rows(t, pool, `select oid::text from pg_proc where proname = 'refuse_change'`) }
	before, standing := versions(t, pool), oid()

	commented := next(t, release, map[string]string{file: "-- Another comment.\n" + edited(t, release, file, "create", "/* and one more */ create")})
	commented.Oldest = release.Oldest // what is kept for older servers stays
	up(t, pool, commented)
	want := map[string]bool{"release": true}
	if changed := changes(before, versions(t, pool)); !maps.Equal(changed, want) {
		t.Errorf("a comment changed: %v", changed)
	}

	changed := next(t, commented, map[string]string{file: edited(t, release, file, "begin", "begin\n  -- of the next release")})
	changed.Oldest = release.Oldest
	up(t, pool, changed)
	want["function refuse_change()"], want["record of refuse_change()"] = true, true
	if changed := changes(before, versions(t, pool)); !maps.Equal(changed, want) {
		t.Errorf("a function's text changed: %v", changed)
	}
	if now := oid(); !slices.Equal(now, standing) {
		t.Errorf("the function is %v, and was %v", now, standing)
	}
}

// Of a database that is in use each migration is logged when it is applied, and the whole in one line; see the command dev for a new one.
func TestUpTellsOfMigrations(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool, release := server.New(t), next(t, sql.ThisRelease(), map[string]string{
		"migrations/9000_add_nothing.sql": "-- +goose Up\nselect 1;\n",
	})
	var log bytes.Buffer
	if err := release.Up(t.Context(), pool, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"msg=migrated file=9000_add_nothing.sql", "msg=upgraded ", " migrations=1 "} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, log.String())
		}
	}
}

// What a release has no more is dropped: functions, triggers and policies.
func TestUpDropsWhatAReleaseHasNoMore(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool, release := server.New(t), sql.ThisRelease()
	before := versions(t, pool)
	extended := next(t, release, map[string]string{
		"functions/control/note_organization.sql": `
			create or replace function note_organization() returns trigger language plpgsql as $$ begin return new; end $$;
			create or replace trigger organizations_noted before update on organizations for each row execute function note_organization();
			create constraint trigger organizations_noted_late after update on organizations deferrable initially deferred
				for each row execute function note_organization();`,
		"functions/control/add.sql": `create or replace function add(a integer, b integer default 1) returns integer language sql as 'select a + b'`,
		"access/policies.sql": edited(t, release, "access/policies.sql", "union all values", `union all values
			('limits', 'limits_authenticator_policy', 'create policy limits_authenticator_policy on limits to bursar_authenticator using (false)'),`),
	})
	up(t, pool, extended)
	want := []string{
		"function add(integer,integer)", "function note_organization()", "policy limits_authenticator_policy on limits",
		"trigger organizations_noted on organizations", "trigger organizations_noted_late on organizations",
	}
	for _, what := range want {
		if versions(t, pool)[what] == "" {
			t.Errorf("there is no %s", what)
		}
	}
	extended.Files, extended.Number, extended.Oldest = release.Files, extended.Number+1, extended.Number
	up(t, pool, extended)
	after := versions(t, pool)
	for what := range changes(before, after) {
		if before[what] == "" {
			t.Errorf("%s is still there", what)
		}
	}
}

// Forms of our functions that this release does not have go, whoever made them, and what was dropped by hand is made again.
func TestUpRepairs(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool := server.New(t)
	before := versions(t, pool)
	execute(t, pool, `
		drop function units_of;
		create function units_of(other text) returns text language sql as 'select other';
		create function check_usage(other uuid[] default null) returns integer language sql as 'select 1';
		drop trigger members_owner_removed on members;
		drop trigger limits_audit on limits;
		drop policy limits_operator_policy on limits;
		revoke select on limits from bursar_server;
		grant delete on audit_log to bursar_server;
		grant execute on function drop_usage_partition to public`)
	up(t, pool, sql.ThisRelease())
	after := versions(t, pool)
	for what := range before {
		if after[what] == "" {
			t.Errorf("%s is gone", what)
		}
	}
	for what := range after {
		if before[what] == "" {
			t.Errorf("%s is still there", what)
		}
	}
	for privilege, want := range map[string]bool{
		"has_table_privilege('bursar_server', 'limits', 'select')":                                         true,
		"has_table_privilege('bursar_server', 'audit_log', 'delete')":                                      false,
		"has_function_privilege('bursar_server', 'drop_usage_partition(integer, timestamptz)', 'execute')": false,
	} {
		if got := rows(t, pool, "select ("+privilege+")::text")[0] == "true"; got != want {
			t.Errorf("%s is %v", privilege, got)
		}
	}
	dbtest.NewTenant(t, pool)
}

// A function may get another result, which PostgreSQL does not replace, and a constraint trigger another condition.
func TestUpReplacesWhatPostgreSQLDoesNot(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool, release := server.New(t), sql.ThisRelease()
	first := next(t, release, map[string]string{"functions/control/add.sql": `create or replace function add(a integer) returns integer language sql as 'select a'`})
	up(t, pool, first)
	const owners = "functions/control/keep_an_owner.sql"
	up(t, pool, next(t, first, map[string]string{
		"functions/control/add.sql": `create or replace function add(b integer) returns bigint language sql as 'select b::bigint'`,
		owners:                      edited(t, release, owners, "when (old.role = 'OWNER')", "when (old.role in ('OWNER', 'ADMIN'))"),
	}))
	if result := rows(t, pool, `select pg_typeof(add(1))::text`); !slices.Equal(result, []string{"bigint"}) {
		t.Errorf("the result is a %v", result)
	}
	definition := rows(t, pool, `select pg_get_triggerdef(oid) from pg_trigger where tgname = 'members_owner_removed'`)
	if len(definition) != 1 || !strings.Contains(definition[0], "ADMIN") {
		t.Errorf("the trigger is %v", definition)
	}
}

// A database that a newer release has migrated is refused and left as it is, whichever way it is newer.
func TestUpRefusesANewerSchema(t *testing.T) {
	t.Parallel()
	for name, newer := range map[string]string{
		"by a migration": `insert into goose_db_version (version_id, is_applied) values (9999, true)`,
		"by its release": `update schema_release set number = number + 1, fingerprint = 'of the next release'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := server.New(t)
			execute(t, pool, newer)
			before := versions(t, pool)
			if err := sql.Up(t.Context(), pool, slog.New(slog.DiscardHandler)); !errors.Is(err, sql.ErrNewer) {
				t.Errorf("%v, want %v", err, sql.ErrNewer)
			}
			if changed := changes(before, versions(t, pool)); len(changed) > 0 {
				t.Errorf("changed: %v", changed)
			}
		})
	}
}

// A database that a binary of before the first release has migrated is refused with what to do about it, and nothing in it is
// changed: its migrations are not taken for newer ones, nor are this binary's applied to it.
func TestUpRefusesAnUnreleasedSchema(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool := server.New(t)
	execute(t, pool, `
		drop schema public cascade;
		create schema public;
		create table goose_db_version (
			id integer primary key generated by default as identity, version_id bigint not null, is_applied boolean not null,
			tstamp timestamp not null default now());
		insert into goose_db_version (version_id, is_applied)
		select v.number, true from unnest(array[0, 1, 2, 3, 4, 5, 6, 7, 8, 20, 30]) v (number);
		create table limits (id uuid, max_units bigint, used_units numeric)`)
	if err := sql.Up(t.Context(), pool, slog.New(slog.DiscardHandler)); !errors.Is(err, sql.ErrUnreleased) {
		t.Errorf("%v, want %v", err, sql.ErrUnreleased)
	}
	status, err := sql.StatusOf(t.Context(), pool)
	if err != nil || !errors.Is(status.Problem(), sql.ErrUnreleased) || status.Current() {
		t.Errorf("%+v, %v", status, err)
	}
	tables := rows(t, pool, `select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`)
	if migrations := rows(t, pool, `select version_id::text from goose_db_version`); len(migrations) != 11 ||
		!slices.Equal(tables, []string{"goose_db_version", "limits"}) {
		t.Errorf("%d migrations, and the tables %v", len(migrations), tables)
	}
}
