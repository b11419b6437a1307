package main

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
)

// blockedWorker starts a worker process whose reset waits for the lock of an organization that hold has.
func blockedWorker(t *testing.T) (p *process, pool *pgxpool.Pool, hold pgx.Tx) {
	t.Helper()
	url := database.NewURL(t)
	pool = database.Pool(t, url)
	tenant := dbtest.NewTenant(t, pool)
	execute(t, pool, `select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'WEEKLY', 1000, '{}', now() - interval '8 days')`,
		tenant.Organization.ID, tenant.Key.ID)
	hold, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), `select from organizations for update`); err != nil {
		t.Fatal(err)
	}
	p = startProcess(t, []string{"DATABASE_URL=" + url, "RESEND_API_KEY=re_test", "RESEND_BASE_URL=http://127.0.0.1:1"}, "work")
	p.await(t, `"msg":"working"`)
	dbtest.AwaitLocked(t, pool, 1, "")
	return p, pool, hold
}

// resets returns the states of the reset's jobs in the queue, how its last run stands, and how many periods are closed.
func resets(t *testing.T, pool *pgxpool.Pool) (queued, run string, closed int) {
	t.Helper()
	err := pool.QueryRow(t.Context(), `select
		(select string_agg(j.state::text, ', ') from river_job j where j.kind = 'close_periods'),
		(select j.state::text from jobs j where j.kind = 'close_periods'),
		(select count(*) from budget_periods where closed_at is not null)`).Scan(&queued, &run, &closed)
	if err != nil {
		t.Fatal(err)
	}
	return queued, run, closed
}

// Guarantee: a worker that is asked to stop finishes the job that it is in the middle of, if that ends in time.
func TestStopFinishesTheRunningJob(t *testing.T) {
	t.Parallel()
	p, pool, hold := blockedWorker(t)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.await(t, `"msg":"draining"`)
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ended; err != nil {
		t.Errorf("the worker ended with %v", err)
	}
	if queued, run, closed := resets(t, pool); queued != "completed" || run != "SUCCEEDED" || closed == 0 {
		t.Errorf("the job is %s, its run %s, %d periods are closed", queued, run, closed)
	}
}

// Guarantee: a worker that is asked to stop hands a job that does not end back within 10 seconds, with nothing of it done,
// and the next worker does it; the operator sees that it was interrupted.
func TestStopHandsTheRunningJobBack(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits as long as a stop may take")
	p, pool, hold := blockedWorker(t)
	p.wantEnd(t, syscall.SIGTERM, exitDone, 10*time.Second)
	if queued, run, closed := resets(t, pool); queued != "available" || run != "INTERRUPTED" || closed != 0 {
		t.Errorf("the job is %s, its run %s, %d periods are closed; want it available, interrupted, and none", queued, run, closed)
	}
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := startProcess(t, []string{
		"DATABASE_URL=" + pool.Config().ConnString(), "RESEND_API_KEY=re_test", "RESEND_BASE_URL=http://127.0.0.1:1",
	}, "work")
	next.await(t, `"msg":"closed budget periods"`)
	next.wantEnd(t, syscall.SIGTERM, exitDone, 10*time.Second)
	if _, _, closed := resets(t, pool); closed == 0 {
		t.Error("the next worker closed no period")
	}
	_, url := startServe(t, pool.Config().ConnString(), variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests})
	page := request(t, http.MethodGet, url+"/jobs/api/jobs?state=completed", "", operator(rootTokenOfTests))
	wantContains(t, "River UI's jobs", page.body, "close_periods")
	wantContains(t, "the API's jobs", graphQL(t, url, rootTokenOfTests, `{ jobs { name lastRun { state } } }`),
		`{"name":"close_periods","lastRun":{"state":"SUCCEEDED"}}`)
}
