package dbtest

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/pg"
	schema "bursar/sql"
)

// The servers' roles belong to the cluster: databases that are migrated at the same time make them once, and one whose owner may
// not make roles is told what an administrator has to do, and needs no more than that. What was opened meanwhile is closed again,
// or said.
func TestUpMakesTheServersRoles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	cluster, err := pg.Start(ctx, pg.Config{Temporary: true, BinDir: os.Getenv("BURSAR_POSTGRES_BIN")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cluster.Stop() })
	administrator := newPool(t, db.PoolConfig{URL: cluster.URL()})
	execute := func(statements ...string) {
		t.Helper()
		for _, statement := range statements {
			if _, err := administrator.Exec(ctx, statement); err != nil {
				t.Fatal(statement, err)
			}
		}
	}
	execute(`create role plain login password 'plain'`, `create database plain owner plain`, `create database one`, `create database two`)
	up := func(pool *pgxpool.Pool) error { return schema.Up(ctx, pool, slog.New(slog.DiscardHandler)) }
	on := func(database, login string) string {
		address, err := url.Parse(cluster.URL())
		if err != nil {
			t.Fatal(err)
		}
		if address.Path = "/" + database; login != "" {
			address.User = url.UserPassword(login, login)
		}
		return address.String()
	}

	plain := newPool(t, db.PoolConfig{URL: on("plain", "plain")})
	const remedy = `create role bursar_server nologin; create role bursar_authenticator nologin; ` +
		`create role bursar_operator nologin in role bursar_server, bursar_authenticator; grant bursar_operator to plain`
	if err := up(plain); err == nil || !strings.Contains(err.Error(), remedy) {
		t.Fatalf("without the role and the right to make it: %v, want %q", err, remedy)
	}
	var both sync.WaitGroup
	for _, database := range []string{"one", "two"} {
		both.Go(func() {
			if err := up(newPool(t, db.PoolConfig{URL: on(database, "")})); err != nil {
				t.Error(database, err)
			}
		})
	}
	both.Wait()

	if err := up(plain); err != nil { // the role is there, and plain no member
		t.Fatal(err)
	}
	serving := newPool(t, db.PoolConfig{URL: on("plain", "plain"), Role: db.ServerRole})
	if err := serving.Ping(ctx); err == nil {
		t.Error("a login that is no member of the role acts as it")
	}
	execute(`grant bursar_server to plain`)
	if err := serving.Ping(ctx); err == nil {
		t.Error("a login that cannot become the operator serves")
	}
	execute(`grant bursar_operator to plain`)
	if err := serving.Ping(ctx); err != nil {
		t.Error(err)
	}
	NewTenant(t, plain)

	own := func(statement string) {
		t.Helper()
		if _, err := plain.Exec(ctx, statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	own(`alter table api_keys disable row level security`)
	if err := up(plain); err != nil {
		t.Fatal(err)
	}
	var closed bool
	if err := plain.QueryRow(ctx, `select relrowsecurity from pg_class where relname = 'api_keys'`).Scan(&closed); err != nil || !closed {
		t.Errorf("a table that somebody opened is closed: %v, %v", closed, err)
	}
	own(`grant create on schema public to public`)
	if err := up(plain); err == nil || !strings.Contains(err.Error(), "revoke create on schema public") {
		t.Errorf("where servers may create functions: %v", err)
	}
	own(`revoke create on schema public from public`)
	execute(`alter role bursar_server bypassrls`)
	if err := up(plain); err == nil || !strings.Contains(err.Error(), "nobypassrls") {
		t.Errorf("with a role that bypasses row-level security: %v", err)
	}
}
