package test

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"bursar/db/dbtest"
	"bursar/fault"
	"bursar/id"
)

// mostMemory is what a server may have resident while 3,000 requests wait, more than a lane's queue takes of one organization: 400 MB. A waiting
// request costs about 60 kB, its connection included.
const mostMemory = 400e6

// While a lock blocks the database, requests wait in bounded queues: each is UNAVAILABLE within its deadline, and at once if the queue is
// full. After the lock is released the server answers again, and a retry of an UNAVAILABLE request with the same request id is counted
// once.
func TestHeldLockIsUnavailable(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits for time-outs of a server")
	url := postgres.NewURL(t)
	f, pool := newFleet(t, url, 1), postgres.Pool(t, url)
	n := newTenant(f, "locked")
	n.widen()
	secret, _ := n.key(nil)
	_, organization, _ := id.Parse(n.organization)
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }() // was committed, if the test came that far
	if _, err := tx.Exec(t.Context(), `select from organizations where id = $1 for update`, organization); err != nil {
		t.Fatal(err)
	}
	const callers = 3000 // more than the half of a lane's queue that one organization may take, and its batches, hold
	n.allUnavailable(secret, callers)
	if memory := f.memory(0); memory > mostMemory {
		t.Errorf("the server has %.0f MB resident", memory/1e6)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.allAnswered(secret, callers)
	n.audit(pool)
	verify(t, []string{"DATABASE_URL=" + url})
}

// While all processes of PostgreSQL are stopped, requests are UNAVAILABLE within the deadline, too. When they continue, servers answer
// again. PostgreSQL then also executes the statements that it was sent before, which counts nothing twice.
func TestHangingPostgreSQLIsUnavailable(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits for time-outs of a server")
	d := newDurable(t)
	f, pool := newFleet(t, d.server.URL(), 1), postgres.Pool(t, d.server.URL())
	n := newTenant(f, "hanging")
	n.widen()
	secret, _ := n.key(nil)
	const callers = 200
	stopped := d.stop()
	n.allUnavailable(secret, callers)
	if code := f.ready(0); code != http.StatusServiceUnavailable {
		t.Errorf("without a database, /readyz answers %d", code)
	}
	signal(t, stopped, syscall.SIGCONT)
	f.awaitReady(0)
	n.allAnswered(secret, callers)
	n.audit(pool)
	verify(t, []string{"DATABASE_URL=" + f.databaseURL})
}

func hold(secret string, caller int) object {
	return object{"key": secret, "requestId": fmt.Sprint("request-", caller), "ttlSeconds": 80_000, "estimate": object{"tokens": 5}}
}

// allUnavailable sends many requests at once, which must all be answered UNAVAILABLE and in time.
func (n *tenant) allUnavailable(secret string, callers int) {
	n.t.Helper()
	var calling sync.WaitGroup
	took := make([]time.Duration, callers)
	for c := range callers {
		calling.Go(func() {
			began := time.Now()
			a, err := n.post(n.t.Context(), 0, n.gateway, "ReserveUsage", object{"input": hold(secret, c)})
			if took[c] = time.Since(began); err != nil {
				n.t.Errorf("after %v: %v", took[c], err)
			} else if a.code() != fault.Unavailable {
				n.t.Errorf("answered %+v, want UNAVAILABLE", a)
			}
		})
	}
	calling.Wait()
	longest, atOnce := time.Duration(0), 0
	for _, each := range took {
		longest = max(longest, each)
		if each < 3*time.Second {
			atOnce++
		}
	}
	n.t.Logf("%d requests were UNAVAILABLE within %v, %d of them at once", callers, longest, atOnce)
}

// allAnswered sends the same requests again: each is admitted, and is one reservation.
func (n *tenant) allAnswered(secret string, callers int) {
	n.t.Helper()
	var calling sync.WaitGroup
	for c := range callers {
		calling.Go(func() {
			input := hold(secret, c)
			if a := n.ask(0, n.gateway, "ReserveUsage", input); a == nil || !a.Data.ReserveUsage.Decision.Allowed {
				n.t.Errorf("answered %+v, want an admission", a)
			} else {
				n.books.reserved(input, a.Data.ReserveUsage.Reservation, "HELD")
			}
		})
	}
	calling.Wait()
	input := object{"key": secret, "requestId": "last", "inputTokens": 1}
	event := n.ask(0, n.gateway, "RecordUsage", input).Data.RecordUsage.UsageEvent
	n.books.recorded(input, event.ID, 1)
}

// memory returns the bytes that a server has resident, as it reports them; 0 where the system does not tell.
func (f *fleet) memory(server int) float64 {
	f.t.Helper()
	response, err := f.http.Get(*f.urls[server].Load() + "/metrics")
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
		if value, found := strings.CutPrefix(scanner.Text(), "process_resident_memory_bytes "); found {
			bytes, err := strconv.ParseFloat(value, 64)
			if err != nil {
				f.t.Fatal(err)
			}
			f.t.Logf("%.0f MB are resident", bytes/1e6)
			return bytes
		}
	}
	return 0
}

// stop halts all processes of the server where they are, until the test lets them go on or ends.
func (d *durable) stop() []int {
	d.t.Helper()
	pool := postgres.Pool(d.t, d.server.URL())
	rows, err := pool.Query(d.t.Context(), `select pid from pg_stat_activity where pid <> pg_backend_pid()`)
	if err != nil {
		d.t.Fatal(err)
	}
	defer rows.Close()
	processes := []int{d.server.PID()} // first, so that it starts no more
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			d.t.Fatal(err)
		}
		processes = append(processes, pid)
	}
	if rows.Err() != nil {
		d.t.Fatal(rows.Err())
	}
	rows.Close()
	pool.Close()
	d.t.Cleanup(func() { signal(d.t, processes, syscall.SIGCONT) })
	signal(d.t, processes, syscall.SIGSTOP)
	return processes
}

// signal sends a signal to each process that is still there.
func signal(t *testing.T, processes []int, s syscall.Signal) {
	t.Helper()
	for _, pid := range processes {
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Error(err)
		}
	}
}
