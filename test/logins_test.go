package test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/pg"
)

// The logins that docker/logins.sql makes are what the services of docker-compose.yml log in as, and enough for them: the owner's, which
// may make no roles, migrates; the workers', which acts as the owner, works; the servers', which owns nothing, serves without a warning.
// serve refuses a superuser, and one that bypasses row-level security, unless it is told otherwise.
func TestComposeLogins(t *testing.T) {
	t.Parallel()
	cluster, err := pg.Start(t.Context(), pg.Config{Temporary: true, BinDir: os.Getenv("BURSAR_POSTGRES_BIN")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	administrator := poolOf(t, cluster.URL())
	urlOf := func(login string) string {
		address, err := url.Parse(cluster.URL())
		if err != nil {
			t.Fatal(err)
		}
		if address.Path = "/bursar"; login != "" {
			address.User = url.UserPassword(login, "secret of "+login)
		}
		return address.String()
	}
	makeLogins(t, administrator, urlOf(""))
	logins := composeLogins(t)

	if code, printed := run(t, []string{"DATABASE_URL=" + urlOf(logins["migrate"])}, "migrate", "up").finish(); code != 0 {
		t.Fatalf("migrate up exits with %d:\n%s", code, printed)
	}
	work := run(t, []string{"DATABASE_URL=" + urlOf(logins["work"]), "RESEND_API_KEY=re_test", "RESEND_BASE_URL=http://127.0.0.1:1"}, "work")
	work.await(`"msg":"working"`)
	environment := []string{"BURSAR_ADDR=127.0.0.1:0", "BURSAR_ROOT_TOKEN=" + rootToken}
	for _, service := range []string{"serve-1", "serve-2"} {
		server := run(t, append([]string{"DATABASE_URL=" + urlOf(logins[service])}, environment...), "serve")
		served := server.await(`(http://[^"]+|could get around)`)
		if !strings.HasPrefix(served, "http://") {
			t.Fatalf("%s warns of its login", service)
		}
		ready, err := http.Get(served + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		_ = ready.Body.Close() // nothing is read
		if ready.StatusCode != http.StatusOK {
			t.Errorf("%s is not ready: %d", service, ready.StatusCode)
		}
	}
	var owners string
	if err := poolOf(t, urlOf("")).QueryRow(t.Context(), `select string_agg(distinct tableowner::text, ' ') from pg_tables where schemaname = 'public'`).
		Scan(&owners); err != nil || owners != logins["migrate"] {
		t.Errorf("the tables belong to %s: %v", owners, err)
	}

	if _, err := administrator.Exec(t.Context(), `create role bypassing login bypassrls password 'secret of bypassing' in role bursar_operator`); err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"", "bypassing"} {
		refused := append([]string{"DATABASE_URL=" + urlOf(login)}, environment...)
		if code, printed := run(t, refused, "serve").finish(); code != 1 || !strings.Contains(printed, "BURSAR_ALLOW_SUPERUSER") {
			t.Errorf("serve as %q exits with %d:\n%s", login, code, printed)
		}
		run(t, append(refused, "BURSAR_ALLOW_SUPERUSER=true"), "serve").await(`"url":"(http://[^"]+)"`)
	}
}

// makeLogins runs docker/logins.sql as the image of PostgreSQL does.
func makeLogins(t *testing.T, administrator *pgxpool.Pool, databaseURL string) {
	t.Helper()
	var folder string
	if err := administrator.QueryRow(t.Context(), `select setting from pg_config where name = 'BINDIR'`).Scan(&folder); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "psql")
	if _, err := os.Stat(program); err != nil {
		if program, err = exec.LookPath("psql"); err != nil {
			t.Skip("there is no psql, neither beside the server nor on the path")
		}
	}
	psql := exec.CommandContext(t.Context(), program, "--no-psqlrc", "--dbname="+databaseURL, "--file=../docker/logins.sql")
	psql.Env = append(os.Environ(), "BURSAR_OWNER_PASSWORD=secret of bursar_owner", "BURSAR_WORKER_PASSWORD=secret of bursar_worker",
		"BURSAR_API_PASSWORD=secret of bursar_api")
	if printed, err := psql.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
}

// composeLogins returns the login in the DATABASE_URL of each service of docker-compose.yml.
func composeLogins(t *testing.T) map[string]string {
	t.Helper()
	source, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct{ Environment map[string]string }
	}
	if err := yaml.UnmarshalWithOptions(source, &compose, yaml.AllowDuplicateMapKey()); err != nil {
		t.Fatal(err)
	}
	logins := map[string]string{}
	for name, service := range compose.Services {
		if service.Environment["DATABASE_URL"] == "" {
			continue
		}
		config, err := pgx.ParseConfig(service.Environment["DATABASE_URL"])
		if err != nil {
			t.Fatal(err)
		}
		logins[name] = config.User
	}
	if logins["serve-1"] != "bursar_api" || logins["work"] != "bursar_worker" || logins["migrate"] != "bursar_owner" {
		t.Fatalf("the services log in as %v", logins)
	}
	return logins
}

// poolOf returns a pool of a login, closed when the test ends.
func poolOf(t *testing.T, databaseURL string) *pgxpool.Pool {
	t.Helper()
	pool, err := db.NewPool(t.Context(), db.PoolConfig{URL: databaseURL, MaxConnections: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}
