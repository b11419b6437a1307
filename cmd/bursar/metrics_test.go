package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
)

// scraped returns the series of some metrics whose value is not 0, sorted. Times are left out, for nobody can tell them before.
func scraped(t *testing.T, url string, metrics ...string) []string {
	t.Helper()
	var series []string
	for line := range strings.Lines(get(t, url+"/metrics").body) {
		line = strings.TrimSpace(line)
		name, _, _ := strings.Cut(line, "{")
		if slices.Contains(metrics, name) && !strings.HasSuffix(line, " 0") {
			series = append(series, line)
		}
	}
	slices.Sort(series)
	return series
}

// Guarantee: after known traffic the metrics say how each operation ended, exactly, and nothing more.
func TestMetricsCountExactly(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	pool := database.Pool(t, databaseURL)
	tenant := dbtest.NewTenant(t, pool)
	gateway := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY)
	execute(t, pool, `select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'MONTHLY', 100, '{}', null)`, tenant.Organization.ID, tenant.Key.ID)
	limited, limitedSecret := tenant.Factory.Key(tenant.Organization.ID, nil, nil)
	execute(t, pool, `select create_limit($1, null, $2, 'RATE', 'REQUESTS', 'DAY', 1, '{}', null)`, tenant.Organization.ID, limited.ID)
	_, url := startServe(t, databaseURL, nil)
	key, rated := tenant.Secret.Text, limitedSecret.Text
	reserve := func(key, more string) string {
		return fmt.Sprintf(`mutation { reserveUsage(input: {key: %q %s}) { replayed reservation { id } decision { allowed } } }`, key, more)
	}
	const allowed, denied = `"allowed":true`, `"allowed":false`
	answers := []struct{ query, want string }{
		{reserve(key, `requestId: "a", estimate: {tokens: 40}`), allowed},
		{reserve(key, `requestId: "a", estimate: {tokens: 40}`), `"replayed":true`},
		{reserve(key, `requestId: "a", estimate: {tokens: 41}`), "IDEMPOTENCY_MISMATCH"},
		{reserve(key, `requestId: "b", estimate: {tokens: 40}`), allowed},
		{reserve(key, `estimate: {tokens: 40}`), denied},
		{reserve(key, `estimate: {tokens: 400}`), denied},
		{reserve("bsr_unknown", ""), denied},
		{reserve(rated, ""), allowed},
		{reserve(rated, ""), denied},
		{reserve(rated, ""), denied},
		{fmt.Sprintf(`{ checkUsage(input: {key: %q}) { allowed } }`, key), allowed},
		{fmt.Sprintf(`{ checkUsage(input: {key: %q}) { allowed } }`, rated), denied},
		{fmt.Sprintf(`mutation { recordUsage(input: {key: %q, inputTokens: 1}) { usageEvent { id } } }`, key), "evt_"},
		{`mutation { recordUsage(input: {key: "bsr_unknown", inputTokens: 1}) { usageEvent { id } } }`, "NOT_FOUND"},
		{`mutation { alias: reserveUsage(input: {key: "k", estimate: {tokens: -1}}) { replayed } }`, "BAD_USER_INPUT"},
		{`mutation { createWorkspace(input: {organizationId: "o", name: "w"}) { workspace { id } } }`, "FORBIDDEN"},
		{`{ viewer { role } }`, "GATEWAY"},
		{`{ viewer { nothing } }`, "BAD_USER_INPUT"},
	}
	for _, a := range answers {
		wantContains(t, a.query, graphQL(t, url, gateway, a.query), a.want)
	}
	wantContains(t, "an anonymous caller's answer", graphQL(t, url, "bst_wrong", `{ viewer { role } }`), "UNAUTHENTICATED")
	wantStatus(t, "a deletion", request(t, http.MethodDelete, url+"/graphql", "", func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+gateway)
	}), http.StatusMethodNotAllowed)
	want := map[string]int{
		`bursar_errors_total{code="IDEMPOTENCY_MISMATCH",operation="reserveUsage"}`:                         1,
		`bursar_errors_total{code="NOT_FOUND",operation="recordUsage"}`:                                     1,
		`bursar_errors_total{code="BAD_USER_INPUT",operation="reserveUsage"}`:                               1,
		`bursar_errors_total{code="FORBIDDEN",operation="createWorkspace"}`:                                 1,
		`bursar_errors_total{code="BAD_USER_INPUT",operation="none"}`:                                       2,
		`bursar_errors_total{code="UNAUTHENTICATED",operation="none"}`:                                      1,
		`bursar_admission_wait_seconds_count{outcome="admitted",slot="small"}`:                              2,
		`bursar_admission_wait_seconds_count{outcome="admitted",slot="tenant"}`:                             2,
		`bursar_decisions_total{operation="checkUsage",outcome="allowed",reason=""}`:                        1,
		`bursar_decisions_total{operation="checkUsage",outcome="denied",reason="RATE_LIMITED"}`:             1,
		`bursar_decisions_total{operation="recordUsage",outcome="done",reason=""}`:                          1,
		`bursar_decisions_total{operation="reserveUsage",outcome="allowed",reason=""}`:                      3,
		`bursar_decisions_total{operation="reserveUsage",outcome="denied",reason="BUDGET_EXHAUSTED"}`:       1,
		`bursar_decisions_total{operation="reserveUsage",outcome="denied",reason="ESTIMATE_EXCEEDS_LIMIT"}`: 1,
		`bursar_decisions_total{operation="reserveUsage",outcome="denied",reason="KEY_NOT_FOUND"}`:          1,
		`bursar_decisions_total{operation="reserveUsage",outcome="denied",reason="RATE_LIMITED"}`:           2,
		`bursar_decisions_total{operation="reserveUsage",outcome="replayed",reason=""}`:                     1,
		`bursar_enforcement_batch_requests_sum{operation="checkUsage"}`:                                     2,
		`bursar_enforcement_batch_requests_sum{operation="recordUsage"}`:                                    2,
		`bursar_enforcement_batch_requests_sum{operation="reserveUsage"}`:                                   10,
		`bursar_enforcement_queue_wait_seconds_count{operation="checkUsage"}`:                               2,
		`bursar_enforcement_queue_wait_seconds_count{operation="recordUsage"}`:                              2,
		`bursar_enforcement_queue_wait_seconds_count{operation="reserveUsage"}`:                             10,
		`bursar_enforcement_statement_duration_seconds_count{operation="checkUsage"}`:                       2,
		`bursar_enforcement_statement_duration_seconds_count{operation="recordUsage"}`:                      2,
		`bursar_enforcement_statement_duration_seconds_count{operation="reserveUsage"}`:                     10,
	}
	wantSeries(t, want, scraped(t, url, "bursar_errors_total", "bursar_admission_wait_seconds_count", "bursar_decisions_total", "bursar_enforcement_retries_total", "bursar_enforcement_batch_requests_sum",
		"bursar_enforcement_queue_wait_seconds_count", "bursar_enforcement_statement_duration_seconds_count"))
}

// Guarantee: while PostgreSQL is gone, the metrics say for each operation how often it was refused and with which code, although each is
// answered with HTTP 200, whether the caller's token is known or not, and that statements are run again. No decision is counted.
func TestMetricsShowThatPostgreSQLIsGone(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	known, unknown := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY), tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN)
	gate, gated := newGate(t, databaseURL)
	_, url := startServe(t, gated, nil)
	reserve := fmt.Sprintf(`mutation { reserveUsage(input: {key: %q, requestId: "a"}) { reservation { id } decision { allowed } } }`, tenant.Secret.Text)
	gate.set(true)
	answer := graphQL(t, url, known, reserve)
	wantContains(t, "the answer", answer, `"allowed":true`)
	reservation := regexp.MustCompile(`res_[0-9a-f]+`).FindString(answer)
	gate.set(false)
	refused := map[string]struct{ token, query string }{
		"checkUsage":         {known, fmt.Sprintf(`{ checkUsage(input: {key: %q}) { allowed } }`, tenant.Secret.Text)},
		"reserveUsage":       {known, reserve},
		"recordUsage":        {known, fmt.Sprintf(`mutation { recordUsage(input: {key: %q, requestId: "b", inputTokens: 1}) { usageEvent { id } } }`, tenant.Secret.Text)},
		"releaseReservation": {known, fmt.Sprintf(`mutation { releaseReservation(input: {reservationId: %q}) { reservation { id } } }`, reservation)},
		"extendReservation":  {known, fmt.Sprintf(`mutation { extendReservation(input: {reservationId: %q, ttlSeconds: 60}) { reservation { id } } }`, reservation)},
		"viewer":             {known, `{ viewer { role } }`},
		"none":               {unknown, `{ viewer { role } }`}, // refused before it is read
	}
	var calls sync.WaitGroup
	want := map[string]int{}
	for operation, r := range refused {
		want[fmt.Sprintf(`bursar_errors_total{code="UNAVAILABLE",operation=%q}`, operation)] = 1
		calls.Go(func() { wantContains(t, operation, graphQL(t, url, r.token, r.query), "UNAVAILABLE") })
	}
	calls.Wait()
	wantSeries(t, want, scraped(t, url, "bursar_errors_total"))
	wantSeries(t, map[string]int{`bursar_decisions_total{operation="reserveUsage",outcome="allowed",reason=""}`: 1}, scraped(t, url, "bursar_decisions_total"))
	wantSeries(t, map[string]int{`bursar_http_requests_total{path="/graphql",status="200"}`: 1 + len(refused)}, slices.DeleteFunc(
		scraped(t, url, "bursar_http_requests_total"), func(line string) bool { return !strings.Contains(line, "graphql") }))
	// the organization's changes wait for each other, and so for the first of them
	if retries := scraped(t, url, "bursar_enforcement_retries_total"); len(retries) < 2 || !strings.Contains(retries[0], "checkUsage") {
		t.Errorf("the retries are %q, want those of checks and of a change", retries)
	}
}

// Guarantee: the manual names every metric that the program has of its own.
func TestMetricsAreInTheManual(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	manual, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, url := startServe(t, database.NewURL(t), nil)
	names := 0
	for line := range strings.Lines(get(t, url+"/metrics").body) {
		name, isType := strings.CutPrefix(line, "# TYPE ")
		if name, _, _ = strings.Cut(name, " "); !isType || !strings.HasPrefix(name, "bursar_") {
			continue
		}
		names++
		if short := "…" + strings.TrimPrefix(name, "bursar_database_pool"); !strings.Contains(string(manual), "`"+name) && !strings.Contains(string(manual), "`"+short+"`") {
			t.Errorf("docs/operations.md does not say what %s is", name)
		}
	}
	if names < 20 {
		t.Errorf("only %d metrics were looked at", names)
	}
}

func wantSeries(t *testing.T, want map[string]int, got []string) {
	t.Helper()
	var lines []string
	for _, series := range slices.Sorted(maps.Keys(want)) {
		lines = append(lines, fmt.Sprintf("%s %d", series, want[series]))
	}
	if !slices.Equal(got, lines) {
		t.Errorf("the metrics say\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
}
