package test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail/resend/resendtest"
)

// A worker whose clock is wrong works like any other, for the database's clock decides: alone, as the leader beside a right one, and as
// the follower of a right one, 10 minutes ahead or behind, it sends mail, sweeps and rolls up at once, what was there when it started
// and what comes later; no job is taken from a worker that runs, and the metrics say how far the clock is off.
func TestWrongClockOfWorkers(t *testing.T) {
	if !atLength() {
		t.Skip("builds the program and the standard library with another clock: set BURSAR_TEST_FAULTS")
	}
	program := shifted(t)
	for name, offsets := range map[string][]int{
		"alone, ahead": {600}, "alone, behind": {-600},
		"leader ahead": {600, 0}, "leader behind": {-600, 0}, "follower ahead": {0, 600}, "follower behind": {0, -600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, provider := postgres.NewURL(t), resendtest.New(t)
			w := &workerClocks{t: t, pool: postgres.Pool(t, url)}
			w.tenant = deliverytest.NewFixture(t, w.pool)
			w.becomesDue("before")
			for i, seconds := range offsets {
				p := start(t, program, []string{
					"DATABASE_URL=" + url, "RESEND_API_KEY=re_test", "RESEND_BASE_URL=" + provider.URL, "BURSAR_METRICS_ADDR=127.0.0.1:0",
					fmt.Sprint(clockVariable, "=", seconds),
				}, "work")
				w.metrics = p.await(`"url":"(http://[^"]+)"`)
				p.await(`"msg":"(working)"`)
				w.eventually("a worker leads", `select count(*) = 1 from river_leader`)
				w.eventually("all workers are seen", `select count(*) = $1 from workers`, i+1)
			}
			w.isDone()
			w.becomesDue("after")
			w.isDone()
			w.metric("bursar_workers", float64(len(offsets)))
			offset := 0
			for _, seconds := range offsets {
				offset += seconds // one of them is off
			}
			w.metric("bursar_worker_clock_offset_seconds", float64(offset))
			w.eventually("nothing was taken from a worker that runs", `select count(*) = 0 from river_job where state = 'discarded'`)
			w.eventually("nothing waits for another time", `select count(*) = 0 from river_job
				where state in ('available', 'scheduled', 'running') and scheduled_at > clock_timestamp() + interval '5 seconds'`)
		})
	}
}

// workerClocks is what workers with other clocks work on.
type workerClocks struct {
	t       *testing.T
	pool    *pgxpool.Pool
	tenant  *deliverytest.Fixture
	metrics string // the URL of the last worker's status
	budgets int
}

// becomesDue makes something due of each kind: a reservation has expired, there is new usage, and an alert is to be mailed.
func (w *workerClocks) becomesDue(request string) {
	w.t.Helper()
	anHourAgo := time.Now().Add(-time.Hour)
	answers, err := db.New().ReserveUsage(w.t.Context(), w.pool, &db.ReserveUsageParams{
		AccessTokenIDs: []uuid.UUID{{}}, OrganizationIDs: []uuid.UUID{w.tenant.Organization.ID}, SecretHashes: [][]byte{{}},
		APIKeyIDs: []uuid.UUID{w.tenant.Key.ID}, ScopeIndexes: []int32{1}, RequestIDs: []string{request}, Fingerprints: [][]byte{{}},
		Requests: []int64{1}, Tokens: []int64{1}, CostNanos: []int64{0}, TTLSeconds: []int32{60}, Now: &anHourAgo,
	})
	if err != nil || !answers[0].Allowed {
		w.t.Fatalf("%+v, %v", answers, err)
	}
	period := []db.LimitPeriod{db.LimitPeriodMONTHLY, db.LimitPeriodWEEKLY}[w.budgets]
	w.budgets++
	w.tenant.Budget(period, 1_000_000, time.Time{}, 500)
	if err := w.tenant.Record(600, time.Time{}); err != nil {
		w.t.Fatal(err)
	}
}

// isDone waits until workers have done it.
func (w *workerClocks) isDone() {
	w.t.Helper()
	w.eventually("the mail is sent", `select bool_and(status = 'SENT') and count(*) = $1 from alert_deliveries`, w.budgets)
	w.eventually("reservations are swept", `select bool_and(status = 'EXPIRED') from reservations`)
	w.eventually("usage is rolled up", `select sum(requests) = $1 from usage_hours`, w.budgets)
}

// eventually asks the database until it answers true. A roll-up is looked for once a minute.
func (w *workerClocks) eventually(what, query string, arguments ...any) {
	w.t.Helper()
	ticker, deadline := time.NewTicker(100*time.Millisecond), time.After(2*waitTimeout)
	defer ticker.Stop()
	for {
		var answer *bool
		if err := w.pool.QueryRow(w.t.Context(), query, arguments...).Scan(&answer); err != nil {
			w.t.Fatal(err)
		}
		if answer != nil && *answer {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			w.t.Fatalf("it is not so that %s", what)
		}
	}
}

// metric wants a metric of the last worker to have a value, give or take 5.
func (w *workerClocks) metric(name string, want float64) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.metrics+"/metrics", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(text)
	if found == nil {
		w.t.Fatalf("there is no metric %s:\n%s", name, text)
	}
	if got, err := strconv.ParseFloat(string(found[1]), 64); err != nil || got < want-5 || got > want+5 {
		w.t.Errorf("%s is %s, want %v", name, found[1], want)
	}
}
