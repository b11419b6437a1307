package sql_test

import (
	"log/slog"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/sql"
)

// A database that an older release has worked on grants what only that release's servers need, until it is closed out: then they are
// refused, also after the next upgrade of the same release, and the rights are gone. A new database never has these rights.
func TestCloseOut(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	release := sql.ThisRelease()
	if release.Oldest == release.Number {
		t.Skip("this release supports no older one")
	}
	before := release
	before.Number, before.Oldest = release.Number-1, release.Number-1
	pool := server.New(t)
	mayRead := func(want string) {
		t.Helper()
		got := rows(t, pool, `select r.name || ' ' || has_column_privilege(r.name, 'access_tokens', 'token_hash', 'SELECT')
			from unnest(array['bursar_server', 'bursar_authenticator', 'bursar_operator']) r (name)`)
		if strings.Join(got, ", ") != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	closeOut := func() {
		t.Helper()
		if err := release.CloseOut(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	const none = "bursar_server false, bursar_authenticator false, bursar_operator false"
	mayRead(none)
	up(t, pool, release)
	mayRead(none)

	execute(t, pool, `update schema_objects set release = release - 1 where kind = 'POLICY'`) // as after an upgrade
	up(t, pool, release)
	mayRead("bursar_server true, bursar_authenticator true, bursar_operator true")
	if got := problem(t, pool, before); got != "" {
		t.Errorf("servers of the release before: %s", got)
	}
	closeOut()
	mayRead(none)
	for range 2 {
		if got := problem(t, pool, before); !strings.Contains(got, "newer") {
			t.Errorf("servers of the release before, which is closed out: %q", got)
		}
		if got := problem(t, pool, release); got != "" {
			t.Errorf("servers of this release: %s", got)
		}
		up(t, pool, release)
		mayRead(none)
	}
	settled := versions(t, pool)
	closeOut()
	if changed := changes(settled, versions(t, pool)); len(changed) > 0 {
		t.Errorf("a second time changes %v", changed)
	}
}
