package test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
)

// kills is how often each test kills, times BURSAR_TEST_REPEAT.
const kills = 1

// disturbing runs load on all servers and calls a disturbance several times, each time during a round against a tight budget. Each
// round must admit exactly what fits, and every error must be UNAVAILABLE. In the end nothing that was answered is lost or stored twice,
// and nothing is stored that was not answered. noticed: gateways must have had errors at each disturbance. Without it they may have
// none, because servers retry while the database restarts.
func disturbing(t *testing.T, f *fleet, pool *pgxpool.Pool, noticed bool, disturb func(kill int)) {
	t.Helper()
	n := newTenant(f, "killed")
	n.widen()
	for kill := range dbtest.Repeat(kills) {
		secret, key := n.key(nil)
		limit := []tight{tightCost("NONE"), tightTokens("NONE"), tightCost("MONTHLY"), tightTokens("WEEKLY")}[kill%4]
		before := f.outages.Load()
		newRound(n, fmt.Sprint("round-", kill), key, secret, limit).
			run(12, roundRoom/10+rand.IntN(roundRoom*8/10), func() { disturb(kill) })
		if noticed && f.outages.Load() == before {
			t.Errorf("no request noticed kill %d", kill)
		}
	}
	n.audit(pool)
	verify(t, []string{"DATABASE_URL=" + f.databaseURL})
}

// A server killed at any instant loses nothing that was answered and grants nothing that was not stored. A retry with the same
// request id is counted once.
func TestKilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "kills a server several times")
	awayFromMidnight(t)
	url := postgres.NewURL(t)
	f := newFleet(t, url, 2)
	f.mortal.Store(true)
	disturbing(t, f, postgres.Pool(t, url), true, func(kill int) {
		f.servers[kill%2].kill()
		f.start(kill % 2)
	})
}

// PostgreSQL killed at any instant and started again loses nothing that was answered. Meanwhile the servers stay up and
// answer UNAVAILABLE. They recover without a restart.
func TestKilledPostgreSQLLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "kills PostgreSQL several times")
	awayFromMidnight(t)
	d := newDurable(t)
	f := newFleet(t, d.server.URL(), 2)
	disturbing(t, f, postgres.Pool(t, d.server.URL()), false, func(int) {
		d.kill()
		for i := range f.servers {
			f.await(i, http.StatusServiceUnavailable) // its backends live on for a moment
		}
		d.restart()
		for i := range f.servers {
			f.awaitReady(i)
		}
	})
}

// A backend killed at any instant takes all others with it, and PostgreSQL recovers; that loses nothing either.
func TestKilledBackendLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "kills a backend several times")
	awayFromMidnight(t)
	d := newDurable(t)
	f, pool := newFleet(t, d.server.URL(), 2), postgres.Pool(t, d.server.URL())
	disturbing(t, f, pool, false, func(int) {
		var pid int
		if err := pool.QueryRow(t.Context(), `select pid from pg_stat_activity where application_name = 'bursar serve'
			order by state = 'active' desc, random() limit 1`).Scan(&pid); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		pool.Reset() // its connections are gone, too
		for i := range f.servers {
			f.awaitReady(i)
		}
	})
}

// Connections that are lost in the middle of load, all of them at once and several times in a round, are at worst UNAVAILABLE.
func TestLostConnectionsLoseNothing(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "ends connections several times")
	awayFromMidnight(t)
	url := postgres.NewURL(t)
	f, pool := newFleet(t, url, 2), postgres.Pool(t, url)
	disturbing(t, f, pool, false, func(int) {
		for range 3 {
			var ended int
			if err := pool.QueryRow(t.Context(), `select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity
				where datname = current_database() and application_name = 'bursar serve'`).Scan(&ended); err != nil || ended == 0 {
				t.Errorf("%d connections were ended: %v", ended, err)
			}
			for i := range f.servers {
				f.awaitReady(i) // there are connections again
			}
		}
	})
}

// ready returns what a server's /readyz answers.
func (f *fleet) ready(server int) int {
	f.t.Helper()
	request, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, *f.urls[server].Load()+"/readyz", nil)
	if err != nil {
		f.t.Fatal(err)
	}
	response, err := f.http.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		f.t.Fatal(err)
	}
	return response.StatusCode
}

// awaitReady waits until a server is able to decide.
func (f *fleet) awaitReady(server int) {
	f.t.Helper()
	f.await(server, http.StatusOK)
}

// await waits until a server's /readyz has an answer.
func (f *fleet) await(server, status int) {
	f.t.Helper()
	deadline := time.After(waitTimeout)
	for f.ready(server) != status {
		select {
		case <-f.t.Context().Done():
		case <-time.After(10 * time.Millisecond):
			continue
		case <-deadline:
		}
		f.t.Fatalf("/readyz of server %d does not come to answer %d", server, status)
	}
}
