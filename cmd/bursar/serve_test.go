package main

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
)

// startServe starts `bursar serve` on a free port and returns it with its URL.
func startServe(t *testing.T, databaseURL string, environment variables) (*run, string) {
	t.Helper()
	all := variables{"DATABASE_URL": databaseURL, "BURSAR_ADDR": "127.0.0.1:0", "BURSAR_ALLOW_SUPERUSER": "true"}
	maps.Copy(all, environment)
	r := start(t, all, "serve")
	return r, r.await(`"url":"([^"]+)"`)
}

// Guarantee: serve serves every path of the contract, tells the prober that it is ready, and ends with 0 when asked to.
func TestServe(t *testing.T) {
	t.Parallel()
	r, url := startServe(t, database.NewURL(t), variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests})
	for _, path := range []string{"/", "/graphiql", "/docs/", "/healthz", "/readyz", "/metrics"} {
		wantStatus(t, path, get(t, url+path), http.StatusOK)
	}
	if body := get(t, url+"/healthz").body; body != "ok\n" {
		t.Errorf("/healthz says %q", body)
	}
	if body := get(t, url+"/readyz").body; body != "{\"ready\":true}\n" {
		t.Errorf("/readyz says %q", body)
	}
	wantStatus(t, "an outbox outside dev", get(t, url+"/outbox"), http.StatusNotFound)
	wantContains(t, "the operator's answer", graphQL(t, url, rootTokenOfTests, "{ viewer { role } }"), `"role":"ROOT"`)
	wantContains(t, "an anonymous caller's answer", graphQL(t, url, "bst_wrong", "{ viewer { role } }"), "UNAUTHENTICATED")
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(r.stderr.String(), rootTokenOfTests) {
		t.Error("the root token is in the log")
	}
}

// Guarantee: the metrics name the process, the build, the pool, the mail and the requests, by pattern and not by path.
func TestMetrics(t *testing.T) {
	t.Parallel()
	_, url := startServe(t, database.NewURL(t), nil)
	wantStatus(t, "a path that nobody knows", get(t, url+"/docs/of-nothing"), http.StatusNotFound)
	graphQL(t, url, "bst_wrong", "{ viewer { role } }")
	body := get(t, url+"/metrics").body
	wantContains(t, "the metrics", body,
		"go_goroutines ", "process_resident_memory_bytes ", "bursar_build_info{", `bursar_database_pool_max_connections{pool="control"} 6`, `bursar_database_pool_max_connections{pool="enforcement"} 15`,
		`bursar_mail_deliveries{status="QUEUED"} 0`, `bursar_mail_deliveries{status="BOUNCED"} 0`,
		"bursar_mail_oldest_queued_seconds 0",
		`bursar_http_requests_total{path="/docs/",status="404"} 1`, `bursar_http_requests_total{path="/graphql",status=`,
		`bursar_http_request_duration_seconds_bucket{path="/docs/",status="404",le="+Inf"} 1`)
	if strings.Contains(body, "of-nothing") {
		t.Error("a client's path is a label")
	}
}

// Guarantee: without its database serve starts, is alive, not ready, and grants nothing; with it, it recovers; and the same
// when the database goes away later.
func TestServeOutlivesItsDatabase(t *testing.T) {
	t.Parallel()
	gate, databaseURL := newGate(t, database.NewURL(t))
	r, url := startServe(t, databaseURL, variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests})
	const query = "{ organizations(first: 1) { totalCount } }"
	for range 2 {
		wantStatus(t, "/healthz without the database", get(t, url+"/healthz"), http.StatusOK)
		ready := get(t, url+"/readyz")
		wantStatus(t, "/readyz without the database", ready, http.StatusServiceUnavailable)
		wantContains(t, "/readyz without the database", ready.body, `"ready":false`, `"failed":"database"`)
		wantContains(t, "an operation without the database", graphQL(t, url, rootTokenOfTests, query), "UNAVAILABLE")
		wantContains(t, "the metrics without the database", get(t, url+"/metrics").body, "bursar_database_pool_max_connections")
		gate.set(true)
		wantStatus(t, "/readyz with the database", get(t, url+"/readyz"), http.StatusOK)
		wantContains(t, "an operation with the database", graphQL(t, url, rootTokenOfTests, query), `"totalCount":0`)
		gate.set(false)
	}
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
}

// Guarantee: on a database that takes no writes serve starts, is not ready and says why, and refuses reservations as UNAVAILABLE; work
// waits. Both go on when it takes writes, on the connections' next use.
func TestReadOnlyDatabaseIsWaitedFor(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	databaseURL := database.NewURL(t)
	pool := database.Pool(t, databaseURL)
	tenant := dbtest.NewTenant(t, pool)
	gateway := tenant.AccessToken(tenant.Organization.ID, "GATEWAY")
	readOnly := func(setting string) {
		t.Helper()
		execute(t, pool, `do $$ begin execute format('alter database %I `+setting+`', current_database()); end $$`)
	}
	readOnly("set default_transaction_read_only = on")
	_, url := startServe(t, databaseURL, nil)
	working := start(t, variables{"DATABASE_URL": databaseURL, "RESEND_API_KEY": "re_test", "RESEND_BASE_URL": "http://127.0.0.1:1"}, "work")
	ready := get(t, url+"/readyz")
	wantStatus(t, "/readyz", ready, http.StatusServiceUnavailable)
	wantContains(t, "/readyz", ready.body, `"failed":"database"`, "takes no writes")
	reserve := `mutation { reserveUsage(input: {key: "` + tenant.Secret.Text + `"}) { decision { allowed } } }`
	wantContains(t, "a reservation", graphQL(t, url, gateway, reserve), "UNAVAILABLE")
	working.await("takes no writes")

	readOnly("reset default_transaction_read_only")
	eventually(t, "the server does not become ready", func() bool { return get(t, url+"/readyz").status == http.StatusOK })
	wantContains(t, "a reservation", graphQL(t, url, gateway, reserve), `"allowed":true`)
	working.await(`"msg":"working"`)
	working.stop()
	if code := working.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
}

// unreleasedSchema makes of a database one of before the first release, as far as anybody looks.
const unreleasedSchema = `alter table limits add column used_units numeric;
	insert into goose_db_version (version_id, is_applied) values (52, true)`

// Guarantee: a schema that is not this binary's is refused by every command that works on it, with what to do about it.
func TestOtherSchemasAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ change, want string }{
		"newer":     {"update schema_release set number = number + 2, oldest = number + 1, fingerprint = 'other'", "newer"},
		"early":     {unreleasedSchema, "start with a new, empty database"},
		"older":     {"delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)", "run bursar migrate up"},
		"functions": {"update schema_release set fingerprint = 'other'", "run bursar migrate up"},
		"empty":     {"drop schema public cascade; create schema public", "run bursar migrate up"},
		"elsewhere": {"alter schema public rename to bursar; create schema public", "add search_path=bursar to DATABASE_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := database.NewURL(t)
			execute(t, database.Pool(t, url), test.change)
			environment := variables{"DATABASE_URL": url, "BURSAR_ADDR": "127.0.0.1:0", "RESEND_API_KEY": "re_test", "BURSAR_ALLOW_SUPERUSER": "true"}
			for command, code := range map[string]int{
				"serve": exitFailed, "work": exitFailed, "verify": exitUnknown, "token create --organization a --role ADMIN --name n": exitFailed,
			} {
				wantOneLine(t, start(t, environment, strings.Fields(command)...), code, test.want)
			}
		})
	}
}

// Guarantee: a server goes on, and another one starts, on the schema of the next release that goes along with this one's.
func TestServeGoesOnOnTheNextReleasesSchema(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	databaseURL := database.NewURL(t)
	_, url := startServe(t, databaseURL, nil)
	execute(t, database.Pool(t, databaseURL), "update schema_release set number = number + 1, oldest = number, fingerprint = 'of the next'")
	wantStatus(t, "/readyz", get(t, url+"/readyz"), http.StatusOK)
	_, url = startServe(t, databaseURL, nil)
	wantStatus(t, "/readyz of a new server", get(t, url+"/readyz"), http.StatusOK)
}

// Guarantee: readiness names the schema when that is what is wrong, also when it changed while the server ran.
func TestReadinessNamesTheSchema(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	_, url := startServe(t, databaseURL, nil)
	execute(t, database.Pool(t, databaseURL), "update schema_release set fingerprint = 'other'")
	ready := get(t, url+"/readyz")
	wantStatus(t, "/readyz", ready, http.StatusServiceUnavailable)
	wantContains(t, "/readyz", ready.body, `"failed":"schema"`, "migrate up")
}

// Guarantee: a request in flight when the server is told to stop is answered in full, although no new one is taken.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	pool := database.Pool(t, databaseURL)
	tenant := dbtest.NewTenant(t, pool)
	token := tenant.AccessToken(tenant.Organization.ID, "GATEWAY")
	r, url := startServe(t, databaseURL, nil)

	hold, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hold.Rollback(context.Background()) }()
	if _, err := hold.Exec(t.Context(), "select 1 from organizations where id = $1 for no key update", tenant.Organization.ID); err != nil {
		t.Fatal(err)
	}
	answers := make(chan string, 1)
	go func() {
		answers <- graphQL(t, url, token, `mutation { reserveUsage(input: {key: "`+tenant.Secret.Text+`"}) { decision { allowed } } }`)
	}()
	dbtest.AwaitLocked(t, pool, 1, "")
	r.stop()
	r.await("draining")
	if err := hold.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantContains(t, "the answer", <-answers, `"allowed":true`)
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
}

// execute runs SQL on a database.
func execute(t *testing.T, pool *pgxpool.Pool, statement string, arguments ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
}
