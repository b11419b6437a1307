package sql_test

import (
	"context"
	"log/slog"
	"path"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"bursar/db/dbtest"
	"bursar/sql"
)

// A signature that servers of the release before call is kept for one release when its folder of compatibility has it, may be called
// by servers alone, and is dropped with the release after; one that is not kept is dropped at once.
func TestSignaturesAreKeptForOneRelease(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool, release := server.New(t), sql.ThisRelease()
	number := strconv.Itoa(release.Number)
	const file = "functions/alerts/recipients_of.sql"
	standing := rows(t, pool, `select pg_get_function_arguments(oid) from pg_proc where proname = 'recipients_of'`)[0]
	changed := edited(t, release, file, "function recipients_of(", "function recipients_of(p_of_next_release text, ")
	kept := "create or replace function recipients_of(" + standing + ") returns setof subject_recipients language sql as 'select null::subject_recipients where false'"
	older := func() string {
		return strings.Join(rows(t, pool, `select a.grantee::regrole::text || ' ' || a.privilege_type
			from pg_proc p, aclexplode(p.proacl) a
			where p.proname = 'recipients_of' and pg_get_function_arguments(p.oid) = $1 and a.grantee <> p.proowner`, standing), ", ")
	}

	second := next(t, release, map[string]string{file: changed, "compatibility/" + number + "/recipients_of.sql": kept})
	up(t, pool, second)
	if got := older(); got != "bursar_server EXECUTE" {
		t.Errorf("with compatibility the older form may be called by %q", got)
	}
	third := next(t, second, nil)
	up(t, pool, third)
	if got := rows(t, pool, `select pg_get_function_arguments(oid) from pg_proc where proname = 'recipients_of'`); len(got) != 1 || got[0] == standing {
		t.Errorf("a release later there are %v", got)
	}
	up(t, pool, next(t, third, map[string]string{file: edited(t, third, file, "p_of_next_release text", "p_of_next_release integer")}))
	if got := rows(t, pool, `select pg_get_function_arguments(oid) from pg_proc where proname = 'recipients_of'`); len(got) != 1 || !strings.Contains(got[0], "integer") {
		t.Errorf("without compatibility there are %v", got)
	}
}

// Folders of compatibility are of releases that this one supports: those of older ones are deleted.
func TestCompatibilityIsNotStale(t *testing.T) {
	t.Parallel()
	release := sql.ThisRelease()
	if release.Oldest < release.Number-1 || release.Oldest > release.Number {
		t.Errorf("release %d supports servers from %d on; want one release back, or none", release.Number, release.Oldest)
	}
	for file := range filesOf(t, release) {
		folder := path.Dir(file)
		if path.Dir(folder) != "compatibility" {
			continue
		}
		if number, err := strconv.Atoi(path.Base(folder)); err != nil || number < release.Oldest || number >= release.Number {
			t.Errorf("%s is of no use to release %d, which supports servers from %d on: delete it", file, release.Number, release.Oldest)
		}
	}
}

// Servers work on their own schema and on the next release's where it supports them, but on no older one, on none of a
// release that closes them out, and on none of the same release with other functions.
func TestServersWorkOnTheNextRelease(t *testing.T) {
	t.Parallel()
	first := sql.ThisRelease()
	second := next(t, first, map[string]string{"functions/control/one.sql": `create or replace function one() returns integer language sql as 'select 1'`})
	third, closing := next(t, second, nil), second
	closing.Oldest = closing.Number
	other := second
	other.Number, other.Oldest = first.Number, first.Oldest
	const outdated, newer = "run bursar migrate up", "run the newer binary"
	for _, test := range []struct {
		name    string
		schema  sql.Release
		binary  sql.Release
		problem string
	}{
		{"its own", first, first, ""},
		{"the next", second, first, ""},
		{"the one before", first, second, outdated},
		{"the one after the next", third, first, newer},
		{"the next, which closes out", closing, first, newer},
		{"its own with other functions", other, first, outdated},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pool := server.New(t)
			up(t, pool, test.schema)
			if got := problem(t, pool, test.binary); test.problem == "" && got != "" || !strings.Contains(got, test.problem) {
				t.Errorf("%q, want %q", got, test.problem)
			}
		})
	}
}

// While an upgrade is under way, servers of the release before go on, and those of the next do not begin: also when it stops half
// way. A release that closes servers out does so before it changes anything.
func TestServersGoOnWhileAnUpgradeIsIncomplete(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	first := sql.ThisRelease()
	failing := next(t, first, map[string]string{
		"migrations/9000_note.sql":  "-- +goose Up\nalter table organizations add column note text;\n",
		"functions/control/one.sql": `create or replace function one() returns integer language sql as 'select 1'`,
		"access/policies.sql":       "select this fails",
	})
	closing := failing
	closing.Oldest = closing.Number
	for _, test := range []struct {
		release sql.Release
		first   string // the problem of servers of the release before
	}{{failing, ""}, {closing, "newer"}} {
		pool := server.New(t)
		if err := test.release.Up(context.Background(), pool, slog.New(slog.DiscardHandler)); err == nil {
			t.Fatal("the upgrade did not fail")
		}
		if got := problem(t, pool, first); test.first == "" && got != "" || !strings.Contains(got, test.first) {
			t.Errorf("servers of the release before: %q, want %q", got, test.first)
		}
		if got := problem(t, pool, test.release); !strings.Contains(got, "run bursar migrate up") {
			t.Errorf("servers of the next release: %q", got)
		}
		mended := test.release
		mended.Files = filesOf(t, test.release)
		mended.Files.(fstest.MapFS)["access/policies.sql"] = filesOf(t, first)["access/policies.sql"]
		up(t, pool, mended)
	}
}
