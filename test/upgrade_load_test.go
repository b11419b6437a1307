package test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/fault"
	"bursar/mail/resend/resendtest"
)

// portalPause is how long a portal waits between two rounds of a dozen requests.
const portalPause = 400 * time.Millisecond

// How long a request may take while the schema is upgraded: a gateway's, and a portal's, which is delayed while gateways call.
const (
	mostGatewayDelay = 5 * time.Second
	mostPortalDelay  = 10 * time.Second
)

// upgradeLoad is gateways, portals and readiness probes that must have no errors while the schema is upgraded.
type upgradeLoad struct {
	*gateways
	stopped         chan struct{}
	working         sync.WaitGroup
	portals, probes atomic.Int64 // rounds of them
	slowest         atomic.Int64 // request of a portal, in nanoseconds
}

// loadFor begins to load the servers of a tenant's fleet.
func loadFor(n *tenant, name string) *upgradeLoad {
	n.t.Helper()
	n.attempts.watch()
	l := &upgradeLoad{gateways: n.run(name, 4), stopped: make(chan struct{})}
	for server := range n.urls {
		l.working.Go(func() { l.portal(server, name) })
		l.working.Go(func() { l.probe(server) })
	}
	return l
}

// until repeats a round of requests, with a pause in between, until the load is stopped or the test has failed.
func (l *upgradeLoad) until(rounds *atomic.Int64, pause time.Duration, round func(i int)) {
	for i := 0; !l.t.Failed(); i++ {
		round(i)
		rounds.Add(1)
		select {
		case <-l.stopped:
			return
		case <-time.After(pause):
		}
	}
}

// portal reads and changes, as a portal does.
func (l *upgradeLoad) portal(server int, name string) {
	now := time.Now().UTC()
	report := object{"filter": object{"subjectId": l.organization, "from": now.Add(-48 * time.Hour).Format(time.RFC3339),
		"to": now.Add(time.Hour).Format(time.RFC3339)}, "interval": "HOUR", "groupBy": []string{"MODEL"}}
	l.until(&l.portals, portalPause, func(i int) {
		key := l.must(server, "CreateApiKey", object{"input": object{"ownerId": l.workspace, "name": fmt.Sprint(name, server, "-", i)}}).Data.CreateAPIKey
		id := key.APIKey.ID
		budget := l.must(server, "CreateBudgetLimit", object{"input": object{"subjectId": id, "type": "COST", "amount": "100", "periodicReset": "MONTHLY"}}).
			Data.CreateBudgetLimit.BudgetLimit.ID
		for operation, variables := range map[string]object{
			"UpdateBudgetLimit": {"input": object{"id": budget, "amount": "120"}},
			"UpdateApiKey":      {"input": object{"id": id, "description": "of a portal"}},
			"CheckUsage":        {"input": object{"key": key.Secret}},
			"Usage":             report,
			"Limits":            {"subjectId": l.workspace},
			"ApiKeys":           {"filter": object{"ownerId": l.workspace}, "first": 5},
			"Alerts":            {"filter": object{"subjectId": l.organization}, "first": 5},
			"AuditLog":          {"filter": object{"targetId": id}, "first": 5},
		} {
			l.must(server, operation, variables)
		}
	})
}

// must sends a document as the operator; anything but an answer fails the test.
func (l *upgradeLoad) must(server int, operation string, variables object) *answer {
	t, began := l.t, time.Now()
	a, err := l.post(t.Context(), server, rootToken, operation, variables)
	if took := int64(time.Since(began)); took > l.slowest.Load() {
		l.slowest.Store(took)
	}
	if err != nil || a.code() != "" {
		if t.Context().Err() == nil {
			t.Errorf("server %d, %s: %+v, %v", server, operation, a, err)
		}
		return &answer{}
	}
	return a
}

// probe asks a server whether it is ready, which it always is.
func (l *upgradeLoad) probe(server int) {
	l.until(&l.probes, requestPause(), func(int) {
		response, err := l.http.Get(*l.urls[server].Load() + "/readyz")
		if err != nil {
			l.t.Errorf("server %d: %v", server, err)
			return
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			l.t.Errorf("server %d: /readyz answers %d", server, response.StatusCode)
		}
	})
}

// await waits until all gateways and portals have sent some more requests.
func (l *upgradeLoad) await() {
	l.t.Helper()
	l.gateways.await(10)
	portals, probes := l.portals.Load(), l.probes.Load()
	deadline := time.After(waitTimeout)
	for l.portals.Load() < portals+2 || l.probes.Load() < probes+4 {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-l.t.Context().Done():
			l.t.Fatal("the test has ended")
		case <-deadline:
			l.t.Fatal("portals or probes are not served any more")
		}
	}
}

// finish waits for all gateways and portals, and fails if a request was UNAVAILABLE or slow.
func (l *upgradeLoad) finish() {
	l.t.Helper()
	close(l.stopped)
	l.working.Wait()
	l.stop()
	seen := l.attempts.since(time.Now())
	l.t.Logf("gateways: %d answered, %v at most; portals: %d rounds, %v at most; %d probes", seen.answered, seen.slowest,
		l.portals.Load(), time.Duration(l.slowest.Load()), l.probes.Load())
	if outages := l.outages.Load(); outages != 0 {
		l.t.Errorf("%d requests were %s", outages, fault.Unavailable)
	}
	if slowest := time.Duration(l.slowest.Load()); seen.slowest > mostGatewayDelay || slowest > mostPortalDelay {
		l.t.Errorf("a gateway's request took %v, a portal's %v", seen.slowest, slowest)
	}
}

// work starts a worker of a build and waits until every job has succeeded that has work.
func work(t *testing.T, binary, databaseURL string, pool *pgxpool.Pool) {
	t.Helper()
	worker := start(t, binary, []string{"DATABASE_URL=" + databaseURL, "RESEND_API_KEY=re_test", "RESEND_BASE_URL=" + resendtest.New(t).URL}, "work")
	worker.await(`"(working)"`)
	for deadline := time.After(waitTimeout); ; {
		var succeeded int
		var failed *string
		if err := pool.QueryRow(t.Context(), `
			select count(*) filter (where last_succeeded_at is not null and kind in ('clean_up', 'close_periods', 'create_usage_partitions', 'roll_up_usage')),
				string_agg(kind || ': ' || coalesce(error, 'the log says why'), ', ') filter (where failures > 0)
			from jobs`).Scan(&succeeded, &failed); err != nil {
			t.Fatal(err)
		}
		if failed != nil {
			t.Fatalf("jobs have failed: %s", *failed)
		}
		if succeeded == 4 {
			break
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			t.Fatalf("%d of 4 jobs have succeeded", succeeded)
		}
	}
	worker.terminate()
	if code, printed := worker.finish(); code != 0 {
		t.Errorf("the worker exits with %d:\n%s", code, printed)
	}
}
