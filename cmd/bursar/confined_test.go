package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/worker"
	"bursar/worker/job"
)

// newLogin makes a login of its own on a test's database and returns the URL with it.
func newLogin(t *testing.T, owner *pgxpool.Pool, databaseURL string) (login, loginURL string) {
	t.Helper()
	login = "login_" + strings.ToLower(rand.Text())
	execute(t, owner, fmt.Sprintf(`create role %s login password 'secret'`, login))
	t.Cleanup(func() {
		if _, err := owner.Exec(context.Background(), `drop role `+login); err != nil {
			t.Error(err)
		}
	})
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	parsed.User = url.UserPassword(login, "secret")
	return login, parsed.String()
}

// Guarantee: a login that owns nothing and is no more than a member of bursar_operator is enough to serve: the API, the metrics
// of all organizations, the delivery events, and River UI, whose operator can cancel, retry and delete jobs and pause queues.
func TestServeAsAMemberOfTheServersRoles(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	databaseURL, key := database.NewURL(t), []byte("a key of tests")
	owner := database.Pool(t, databaseURL)
	login, loginURL := newLogin(t, owner, databaseURL)
	environment := variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests, "RESEND_WEBHOOK_SECRET": "whsec_" + base64.StdEncoding.EncodeToString(key)}
	wantOneLine(t, start(t, variables{"DATABASE_URL": loginURL, "BURSAR_ADDR": "127.0.0.1:0"}, "serve"), exitFailed, "bursar_server", "grant bursar_operator")
	execute(t, owner, `grant bursar_operator to `+login)

	const warning = "could get around row-level security"
	server, url := startServe(t, loginURL, environment)
	if strings.Contains(server.stderr.String(), warning) {
		t.Error("the server warns of a login that is no more than a member")
	}
	owners, _ := startServe(t, databaseURL, environment)
	wantContains(t, "the log of a server with the owner's login", owners.stderr.String(), warning)
	wantStatus(t, "/readyz", get(t, url+"/readyz"), http.StatusOK)
	tenants := []*dbtest.Tenant{dbtest.NewTenant(t, owner), dbtest.NewTenant(t, owner)}
	for i, tenant := range tenants {
		token := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleADMIN)
		wantContains(t, "the tenant's answer", graphQL(t, url, token, "{ viewer { organization { slug } } }"), tenant.Organization.Slug)
		record := fmt.Sprintf(`mutation { recordUsage(input: {key: %q, inputTokens: 10}) { usageEvent { id } } }`, tenant.Secret.Text)
		wantContains(t, "the answer to a report", graphQL(t, url, token, record), `"evt_`)
		execute(t, owner, `insert into alerts (organization_id, id, budget_limit_id, kind, type, period, max_units, used_units, generation, period_number,
			period_start, raised_at) values ($1, $1, $1, 'EXHAUSTED', 'COST', 'NONE', 1, 1, 1, 1, now(), now())`, tenant.Organization.ID)
		execute(t, owner, `insert into alert_deliveries (organization_id, alert_id, address, email, queued_at, next_attempt_at, provider_id)
			values ($1, $1, 'a@acme.test', 'a@acme.test', now(), now() + interval '1 day', $2)`, tenant.Organization.ID, fmt.Sprint("mail-", i))
	}
	wantContains(t, "the metrics", get(t, url+"/metrics").body, `bursar_mail_deliveries{status="QUEUED"} 2`, "bursar_rollup_lag_rows 2")
	const event = `{"type":"email.bounced","data":{"email_id":"mail-1","bounce":{"type":"Permanent"}}}`
	wantStatus(t, "a delivery event", request(t, http.MethodPost, url+"/webhooks/resend", event, signedBy(key, event)), http.StatusNoContent)
	wantContains(t, "the metrics", get(t, url+"/metrics").body, `bursar_mail_deliveries{status="BOUNCED"} 1`)

	jobs, err := worker.NewInsertOnlyClient(owner, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	inserted, err := jobs.Insert(t.Context(), job.CleanUp{}, &river.InsertOpts{})
	if err != nil {
		t.Fatal(err)
	}
	execute(t, owner, `insert into river_queue (name, updated_at) values ('maintenance', now())`)
	ids := fmt.Sprintf(`{"ids":["%d"]}`, inserted.Job.ID)
	for _, call := range []struct{ method, path, body string }{
		{http.MethodGet, "states", ""}, {http.MethodGet, "jobs?state=available", ""}, {http.MethodGet, fmt.Sprintf("jobs/%d", inserted.Job.ID), ""},
		{http.MethodGet, "queues", ""}, {http.MethodGet, "features", ""}, {http.MethodGet, "autocomplete?facet=job_kind", ""},
		{http.MethodPost, "jobs/cancel", ids}, {http.MethodPost, "jobs/retry", ids}, {http.MethodPost, "jobs/delete", ids},
		{http.MethodPut, "queues/maintenance/pause", ""}, {http.MethodPut, "queues/maintenance/resume", ""},
	} {
		wantStatus(t, call.method+" "+call.path, request(t, call.method, url+"/jobs/api/"+call.path, call.body, operator(rootTokenOfTests)), http.StatusOK)
	}
	wantContains(t, "the operator's list", graphQL(t, url, rootTokenOfTests, "{ organizations { totalCount } }"), `"totalCount":2`)
}
