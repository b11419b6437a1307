package sql_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db/dbtest"
	"bursar/sql"
)

// A right that a release does not grant any more, on a table or a function, is taken away when the transactions that began before have
// ended: servers of the release before finish what they have begun, and begin nothing with it.
func TestRightsStayForWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool := server.New(t)
	release := next(t, sql.ThisRelease(), map[string]string{
		"access/grants.sql":         edited(t, sql.ThisRelease(), "access/grants.sql", "grant select on former_members to bursar_server;", ""),
		"access/execute.sql":        edited(t, sql.ThisRelease(), "access/execute.sql", "'usage_report', ", ""),
		"functions/control/one.sql": `create or replace function one() returns integer language sql as 'select 1'`,
	})
	server, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close(context.WithoutCancel(t.Context())) }) // the test has ended
	const read, call = `select from former_members`, `select usage_report(null, null, null, now(), now(), null, null, null, 'HOUR', '{}', null, null)`
	executeOn(t, server, `begin; set local role bursar_server; select 1`)
	upgrade := startUp(t, pool, release)
	upgrade.await("made the function")
	executeOn(t, server, read)
	executeOn(t, server, call)
	if upgrade.ended() {
		t.Error("the upgrade does not wait for what is under way")
	}
	executeOn(t, server, `commit`)
	upgrade.finish()
	for _, statement := range []string{read, call} {
		if _, err := server.Exec(t.Context(), `begin; set local role bursar_server; `+statement); err == nil {
			t.Errorf("%s is allowed after the upgrade", statement)
		}
		executeOn(t, server, `rollback`)
	}
}
