package main

import (
	"context"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/mail/resend/resendtest"
	"bursar/observe/tracing/tracingtest"
)

// A caller's trace and span.
const (
	callersTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	callersSpan  = "00f067aa0ba902b7"
)

// traced sends an operation as a part of a trace of the caller's; flags 01 is one that is sampled.
func traced(t *testing.T, url, token, flags, query string) string {
	t.Helper()
	return request(t, http.MethodPost, url+"/graphql", `{"query":"`+strings.ReplaceAll(query, `"`, `\"`)+`"}`, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Traceparent", "00-"+callersTrace+"-"+callersSpan+"-"+flags)
		r.Header.Set("User-Agent", "gateway (somebody@acme.test)")
	}).body
}

// Guarantee: a caller's trace holds the request and its wait for a batch, which is linked to the batch's own trace with its
// statement, and the batch to the request. Spans hold no secret, no address and no parameter of a statement; probes and callers
// who do not sample make none.
func TestTraces(t *testing.T) {
	t.Parallel()
	collector, databaseURL := tracingtest.New(t), database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	token := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY)
	r, url := startServe(t, databaseURL, variables{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL, "BURSAR_ROOT_TOKEN": rootTokenOfTests})
	for _, probe := range []string{"/healthz", "/readyz", "/metrics"} {
		wantStatus(t, probe, get(t, url+probe), http.StatusOK)
	}
	reserve := `mutation { reserveUsage(input: {key: "` + tenant.Secret.Text + `", requestId: "request-of-caller"}) { decision { allowed } } }`
	wantContains(t, "the answer", traced(t, url, token, "01", reserve), `"allowed":true`)
	wantContains(t, "the answer", traced(t, url, token, "00", reserve), `"allowed":true`)
	get(t, url+"/docs/"+tenant.Secret.Text)
	get(t, url+"/docs/"+rootTokenOfTests+"?token="+rootTokenOfTests)
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}

	served := collector.Span("POST /graphql")
	if served.Trace() != callersTrace || served.Parent() != callersSpan || served.Service != "bursar-serve" || served.Attribute("http.route") != "/graphql" {
		t.Errorf("the request is %s", served)
	}
	wait, batch, statement := collector.Span("reserveUsage wait"), collector.Span("reserveUsage batch"), collector.Span("query ReserveUsage")
	if wait.Trace() != callersTrace || wait.Parent() != served.ID() || !wait.LinksTo(batch) {
		t.Errorf("the wait is %s", wait)
	}
	if batch.Trace() == callersTrace || batch.Parent() != "" || !batch.LinksTo(served) {
		t.Errorf("the batch is %s", batch)
	}
	if statement.Trace() != batch.Trace() || statement.Parent() != batch.ID() || !strings.Contains(statement.Attribute("db.query.text"), "reserve_usage($1") {
		t.Errorf("the statement is %s", statement)
	}
	if wait.GetEndTimeUnixNano() > statement.GetStartTimeUnixNano() {
		t.Error("the wait ends after the statement has begun")
	}
	wantWithout(t, collector.Text(), token, tenant.Secret.Text, tenant.Secret.Text[4:], rootTokenOfTests, "acme.test", "request-of-caller",
		"pgx.query.parameters", "/healthz", "/readyz", "/metrics")
	wantContains(t, "what was sent", collector.Text(), "gateway ([address])", "/docs/bsr_[secret]")
}

func wantWithout(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q was sent to the collector:\n%s", part, text)
		}
	}
}

// Guarantee: jobs have a span each, with their statements and their calls to the mail provider below, and no address in any.
func TestTracesOfJobs(t *testing.T) {
	t.Parallel()
	collector, provider, databaseURL := tracingtest.New(t), resendtest.New(t), database.NewURL(t)
	provider.Bad = func(string) bool { return true }
	pool := database.Pool(t, databaseURL)
	tenant := dbtest.NewTenant(t, pool)
	execute(t, pool, `select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'MONTHLY', 100, '{50}', null)`, tenant.Organization.ID, tenant.Key.ID)
	_, url := startServe(t, databaseURL, nil)
	wantContains(t, "the report", graphQL(t, url, tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY),
		`mutation { recordUsage(input: {key: "`+tenant.Secret.Text+`", inputTokens: 100}) { usageEvent { id } } }`), "evt_")
	p := startProcess(t, []string{"DATABASE_URL=" + databaseURL, "RESEND_API_KEY=re_test_of_traces", "RESEND_BASE_URL=" + provider.URL,
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL, "OTEL_SERVICE_NAME=mailers", "OTEL_BSP_SCHEDULE_DELAY=50"}, "work")
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	call := collector.Await(ctx, "HTTP POST", func(tracingtest.Span) bool { return true })
	job := collector.Await(ctx, "river.work/dispatch_alerts", func(s tracingtest.Span) bool { return s.ID() == call.Parent() })
	collector.Await(ctx, "query CreateMailCall", func(s tracingtest.Span) bool { return s.Trace() == job.Trace() })
	if job.Service != "mailers" || job.Parent() != "" || call.Trace() != job.Trace() || !strings.HasPrefix(call.Attribute("url.full"), provider.URL) {
		t.Errorf("the job is %s, the call %s", job, call)
	}
	p.wantEnd(t, syscall.SIGTERM, exitDone, 10*time.Second)
	wantWithout(t, collector.Text(), "acme.test", "re_test_of_traces", "pgx.query.parameters")
}

// Guarantee: a collector that is gone costs callers nothing and the log one line; the program ends as it does without one. A
// variable that makes no sense is refused before anything is started.
func TestTracingWithoutCollector(t *testing.T) {
	t.Parallel()
	databaseURL := database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	gone := variables{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
	r, url := startServe(t, databaseURL, gone)
	wantContains(t, "the answer", graphQL(t, url, tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY),
		`mutation { reserveUsage(input: {key: "`+tenant.Secret.Text+`"}) { decision { allowed } } }`), `"allowed":true`)
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if lines := strings.Count(r.stderr.String(), "spans were not sent"); lines != 1 {
		t.Errorf("%d lines tell of the collector", lines)
	}
	for _, command := range []string{"serve", "work", "dev"} {
		bad := variables{"DATABASE_URL": databaseURL, "RESEND_API_KEY": "re_test", "BURSAR_ADDR": "127.0.0.1:0", "OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}
		wantOneLine(t, start(t, bad, command), exitMisused, "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")
	}
}
