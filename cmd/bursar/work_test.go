package main

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bursar/auth"
	"bursar/db/dbtest"
)

// Guarantee: work starts without its database, begins when that is there, and ends with 0 when asked to at any moment.
func TestWork(t *testing.T) {
	t.Parallel()
	gate, url := newGate(t, database.NewURL(t))
	environment := variables{"DATABASE_URL": url, "RESEND_API_KEY": "re_test", "RESEND_BASE_URL": "http://127.0.0.1:1"}

	waiting := start(t, environment, "work")
	waiting.await("the database cannot be reached")
	waiting.stop()
	if code := waiting.finish(); code != exitDone {
		t.Errorf("exit code of one that waits: %d", code)
	}

	working := start(t, environment, "work")
	working.await("the database cannot be reached")
	gate.set(true)
	working.await(`"msg":"working"`)
	working.stop()
	if code := working.finish(); code != exitDone {
		t.Errorf("exit code: %d", code)
	}
	working.await("the jobs have stopped")
}

// Guarantee: with an address of its own, a worker says that it is alive from the start and whether it can work, and serves the
// metrics that servers do: of its connections, and of the mail and jobs of every organization. It stops serving when it ends.
// Without an address nothing is served.
func TestWorkServesMetrics(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	execute(t, tenant.Pool, `select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'MONTHLY', 100, '{}', null)`, tenant.Organization.ID, tenant.Key.ID)
	execute(t, tenant.Pool, `select raise_alerts($1, array(select id from counters), null::integer[], array[10]::bigint[], clock_timestamp())`, tenant.Organization.ID)
	gate, url := newGate(t, databaseURL)
	environment := variables{"DATABASE_URL": url, "RESEND_API_KEY": "re_test", "RESEND_BASE_URL": "http://127.0.0.1:1"}
	silent := start(t, environment, "work")
	working := start(t, environment, "work", "--metrics-addr", "127.0.0.1:0")

	served := working.await(`"msg":"serving metrics","url":"([^"]+)"`)
	wantStatus(t, "alive without the database", get(t, served+"/healthz"), http.StatusOK)
	waiting := get(t, served+"/readyz")
	wantContains(t, "the metrics without the database", get(t, served+"/metrics").body, "bursar_build_info{")
	wantStatus(t, "ready without the database", waiting, http.StatusServiceUnavailable)
	wantContains(t, "why", waiting.body, `"failed":"database"`)
	gate.set(true)
	working.await(`"msg":"working"`)
	wantStatus(t, "ready", get(t, served+"/readyz"), http.StatusOK)
	wantStatus(t, "another path", get(t, served+"/graphql"), http.StatusNotFound)
	eventually(t, "no run of the mail shows", func() bool {
		return strings.Contains(get(t, served+"/metrics").body, `bursar_job_last_success_timestamp_seconds{job="dispatch_alerts"}`)
	})
	wantContains(t, "the metrics", get(t, served+"/metrics").body, `bursar_mail_deliveries{status="QUEUED"} 1`,
		`bursar_job_next_run_timestamp_seconds{job="sweep_reservations"}`, `bursar_database_pool_max_connections{pool="work"} 20`,
		"bursar_rollup_lag_rows 0", "bursar_build_info{", "go_goroutines ", `bursar_http_requests_total{path="/readyz",status="200"} 1`)

	working.stop()
	if code := working.finish(); code != exitDone {
		t.Errorf("exit code: %d", code)
	}
	if response, err := http.Get(served + "/healthz"); err == nil {
		_ = response.Body.Close()
		t.Error("a worker that has ended is alive")
	}
	silent.await(`"msg":"working"`)
	silent.stop()
	if code := silent.finish(); code != exitDone || strings.Contains(silent.stderr.String(), "serving") {
		t.Errorf("without an address: exit code %d", code)
	}
}

// Guarantee: with BURSAR_METRICS_TOKEN the metrics of servers and workers ask for it, as Prometheus presents it; for either of two while one
// replaces the other. The probes ask for none, and without the variable the metrics answer everybody.
func TestMetricsAskForAToken(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	databaseURL := database.NewURL(t)
	token, next := auth.NewSecret(auth.AccessTokenPrefix).Text, auth.NewSecret("").Text
	served := func(variable string) []string {
		working := start(t, variables{"DATABASE_URL": databaseURL, "RESEND_API_KEY": "re_test", "BURSAR_METRICS_TOKEN": variable}, "work", "--metrics-addr", "127.0.0.1:0")
		worker := working.await(`"msg":"serving metrics","url":"([^"]+)"`)
		_, server := startServe(t, databaseURL, variables{"BURSAR_METRICS_TOKEN": variable})
		return []string{worker, server}
	}
	for variable, accepted := range map[string][]string{"": {"", "anything"}, token: {token}, next + "," + token: {token, next}} {
		for _, url := range served(variable) {
			for _, presented := range []string{"", "anything", token, next, token + "," + next, token[1:], auth.NewSecret(auth.AccessTokenPrefix).Text} {
				want := http.StatusUnauthorized
				if variable == "" || slices.Contains(accepted, presented) {
					want = http.StatusOK
				}
				got := request(t, http.MethodGet, url+"/metrics", "", func(r *http.Request) {
					if presented != "" {
						r.Header.Set("Authorization", "Bearer "+presented)
					}
				})
				wantStatus(t, "metrics", got, want)
				if shown := strings.Contains(got.body, "bursar_build_info"); shown != (want == http.StatusOK) || shown == (got.header.Get("WWW-Authenticate") != "") {
					t.Errorf("%d shows metrics: %t, WWW-Authenticate %q", got.status, shown, got.header.Get("WWW-Authenticate"))
				}
			}
			if variable != "" {
				basic := request(t, http.MethodGet, url+"/metrics", "", func(r *http.Request) { r.SetBasicAuth("prometheus", token) })
				wantStatus(t, "the token as a password", basic, http.StatusUnauthorized)
			}
			wantStatus(t, "/healthz", get(t, url+"/healthz"), http.StatusOK)
		}
	}
}

// Guarantee: a port that is in use is found out before anything else, and the error names the flag.
func TestWorkNeedsItsMetricsPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := listener.Addr().String()
	environment := variables{"DATABASE_URL": "postgres://u@127.0.0.1:1/x", "RESEND_API_KEY": "re_test"}
	wantOneLine(t, start(t, environment, "work", "--metrics-addr", taken), exitFailed, taken, "in use", "--metrics-addr")
	wantOneLine(t, start(t, environment, "work", "--metrics-addr", "9100"), exitMisused, "--metrics-addr", "host:port")
}
