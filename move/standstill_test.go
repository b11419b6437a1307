package move

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db"
	"bursar/db/dbtest"
)

// Guarantee: an organization with 20,000 ledger rows and 2,000 reservations and request ids, or with BURSAR_TEST_REPEAT=10 and more 50 times as many, moves while 16 clients of two servers ask for holds and report usage, and
// stands still for 2 s at most; every call is answered, the longest waits for the standstill, and the books of both databases are right.
func TestStandstillOfALargeOrganization(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "copies many ledger rows")
	dbtest.Unraced(t, "copies rows from PostgreSQL to PostgreSQL")
	const bar = 2 * time.Second
	events, requests := 20_000, 2_000
	if dbtest.Repeat(1) >= 10 {
		events, requests = 1_000_000, 100_000
	}
	f := newFixtureIn(t, server.Pool(t, server.NewURL(t)), server.Pool(t, server.NewURL(t)))
	f.load(dbtest.Large{Keys: 100, Events: events, Tail: events / 50, Month: month().AddDate(0, -1, 0)})
	exec(t, f.Pool, `insert into reservations (organization_id, id, api_key_id, request_id, fingerprint, status, requests, tokens, cost_nanos, counter_ids, period_numbers, admitted_at,
			expires_at, closed_at)
		select $1, uuid_v7(), $2, 'released ' || n, sha256('x'), 'RELEASED', 1, 1, 1, '{}', '{}', now(), now(), now() from generate_series(1, $3) n`, f.Organization.ID, f.Key.ID, requests)
	exec(t, f.Pool, `insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
		select $1, 'loaded ' || n, $2, sha256('x'), uuid_v7(), now() from generate_series(1, $3) n`, f.Organization.ID, f.Key.ID, requests)
	f.budget(db.LimitPeriodNONE, 1_000_000_000)
	exec(t, f.Pool, `vacuum analyze`)

	servers := []*routed{f.routed(), f.routed()}
	done := make(chan struct{})
	var answered atomic.Int64
	var longest time.Duration
	var mutex sync.Mutex
	var clients sync.WaitGroup
	for client := range 16 {
		clients.Go(func() {
			pace := time.NewTicker(20 * time.Millisecond) // 800 calls a second in all
			defer pace.Stop()
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				case <-pace.C:
				}
				began := time.Now()
				answer, err := servers[client%2].reserve(f.reserveRequest(fmt.Sprint(client, " ", n), 1))
				if err != nil || !answer.Allowed {
					t.Errorf("call %d of client %d: %v", n, client, err)
				}
				answered.Add(1)
				mutex.Lock()
				longest = max(longest, time.Since(began))
				mutex.Unlock()
			}
		})
	}
	m := f.begin("eu")
	planned := m.Plan()
	began := time.Now()
	err := m.Run(t.Context())
	took := time.Since(began)
	close(done)
	clients.Wait()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows moved in %s, standstill %s (planned %s), longest call %s of %d, %d refusals were sent again", planned.Rows(), took.Round(time.Millisecond),
		m.Took.Round(time.Millisecond), planned.Standstill, longest.Round(time.Millisecond), answered.Load(), servers[0].moved.Load()+servers[1].moved.Load())
	if m.Took > bar {
		t.Errorf("it stood still for %s, want %s at most", m.Took, bar)
	}
	held := value[int64](t, f.eu, `select count(*) from reservations where organization_id = $1 and api_key_id = $2 and status = 'HELD'`, f.Organization.ID, f.Key.ID)
	equal(t, "held", held, answered.Load())
	equal(t, "rows that are never rolled up", f.unrolled(f.eu), 0)
	f.verified()
}
