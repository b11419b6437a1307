package test

import (
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/id"
)

// atLength tells whether faults last as long as docs/reliability.md says and come one at a time: BURSAR_TEST_FAULTS. Else
// they are short, and those that another test is about are left out.
func atLength() bool { return os.Getenv("BURSAR_TEST_FAULTS") != "" }

// setting is the servers, the database and the organization of a fault.
type setting struct {
	*fleet
	tenant  *tenant
	pool    *pgxpool.Pool // of the same database
	watched *gateways     // that reserve and record meanwhile
	server  *durable      // nil when the test shares its PostgreSQL with others
}

// During a fault gateways get UNAVAILABLE at worst, and nothing is granted that is not stored. Soon after it all requests are answered
// again, without repair. A retry with the same request id is counted once, and bursar verify finds no difference. With
// BURSAR_TEST_FAULTS, each fault prints its row of docs/reliability.md.
func TestFaults(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "has servers and PostgreSQL fail in turn")
	for _, f := range []struct {
		name, what  string
		own         bool          // whether it needs a PostgreSQL of its own
		long, short time.Duration // how long it lasts; short 0: at length alone
		servers     int
		silent      bool // whether gateways must see nothing of it
		mortal      bool // whether connections may break
		run         func(s *setting, last time.Duration) (ended time.Time)
	}{
		{name: "restart", what: "PostgreSQL is restarted", own: true, long: 5 * time.Second, short: 300 * time.Millisecond, run: restartPostgreSQL},
		{name: "crash", what: "PostgreSQL is killed", own: true, long: 5 * time.Second, run: crashPostgreSQL},
		{name: "hang", what: "PostgreSQL hangs", own: true, long: 15 * time.Second, run: hangPostgreSQL},
		{name: "connections", what: "all connections are killed, ten times a second", long: 10 * time.Second, short: time.Second, run: killConnections},
		{name: "disk_full", what: "the disk of PostgreSQL is full", own: true, long: 20 * time.Second, short: time.Second, run: fillDisk},
		{name: "lock", what: "a lock is held on the organization's counter", long: 30 * time.Second, short: time.Second, run: lockCounter},
		{name: "pool", what: "100 portals wait for a lock, with all connections that they may have", long: 30 * time.Second, short: time.Second, silent: true, run: exhaustPool},
		{name: "server", what: "one of two servers is killed", servers: 2, long: 5 * time.Second, mortal: true, run: killServer},
	} {
		t.Run(f.name, func(t *testing.T) {
			last := f.long
			if !atLength() {
				t.Parallel()
				if last = f.short; last == 0 {
					t.Skip("lasts too long for every day, and another test is about it: set BURSAR_TEST_FAULTS")
				}
			}
			s := newSetting(t, f.name, f.own, max(1, f.servers))
			s.mortal.Store(f.mortal)
			watched := s.tenant.run("gateway", 8)
			s.watched = watched
			watched.await(5)
			s.attempts.watch()
			if atLength() {
				watched.await(100) // some seconds of peace
			}
			ended := f.run(s, last)
			watched.await(5)
			if atLength() {
				watched.await(100)
			}
			watched.stop()
			saw := s.attempts.since(ended)
			slowest := saw.slowest
			if !atLength() {
				slowest = saw.usual // beside other tests, one of many is late for reasons of its own
			}
			if f.silent && (saw.unavailable+saw.broken > 0 || slowest > late) {
				t.Errorf("gateways saw %+v of what was none of theirs", saw)
			}
			s.tenant.audit(s.pool)
			verify(t, []string{"DATABASE_URL=" + s.databaseURL})
			t.Logf("| %s for %s | %s | no difference |", f.what, last, saw)
		})
	}
}

// newSetting starts servers, on a PostgreSQL of their own or on that of all tests, with one organization.
func newSetting(t *testing.T, name string, own bool, servers int) *setting {
	t.Helper()
	s := &setting{}
	url := ""
	switch {
	case name == "disk_full":
		s.server = newDurableIn(t, smallDisk(t), map[string]string{"max_wal_size": "64MB", "min_wal_size": "32MB"})
	case own:
		s.server = newDurable(t)
	default:
		url = postgres.NewURL(t)
	}
	if s.server != nil {
		url = s.server.server.URL()
	}
	s.fleet, s.pool = newFleet(t, url, servers), postgres.Pool(t, url)
	s.tenant = newTenant(s.fleet, "acme")
	s.tenant.widen()
	return s
}

// lasts waits for a fault's time.
func (s *setting) lasts(d time.Duration) {
	select {
	case <-s.t.Context().Done():
	case <-time.After(d):
	}
}

func restartPostgreSQL(s *setting, last time.Duration) time.Time {
	if err := s.server.server.Stop(); err != nil {
		s.t.Fatal(err)
	}
	s.lasts(last)
	s.server.start()
	return time.Now()
}

func crashPostgreSQL(s *setting, last time.Duration) time.Time {
	s.server.kill()
	s.lasts(last)
	s.server.restart()
	return time.Now()
}

func hangPostgreSQL(s *setting, last time.Duration) time.Time {
	stopped := s.server.stop()
	s.lasts(last)
	signal(s.t, stopped, syscall.SIGCONT)
	return time.Now()
}

func killConnections(s *setting, last time.Duration) time.Time {
	deadline, ended := time.After(last), 0
	for {
		var now int
		if err := s.pool.QueryRow(s.t.Context(), `select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity
			where datname = current_database() and application_name = 'bursar serve'`).Scan(&now); err != nil {
			s.t.Fatal(err)
		}
		ended += now
		select {
		case <-time.After(100 * time.Millisecond):
			continue
		case <-deadline:
		}
		if ended == 0 {
			s.t.Error("no connection was killed")
		}
		s.t.Logf("%d connections were killed", ended)
		return time.Now()
	}
}

func killServer(s *setting, last time.Duration) time.Time {
	s.servers[0].kill()
	s.lasts(last)
	s.start(0)
	return time.Now()
}

// lockCounter holds the row that every request of the organization changes.
func lockCounter(s *setting, last time.Duration) time.Time {
	_, organization, _ := id.Parse(s.tenant.organization)
	s.held(`select from counters where organization_id = $1 and subject_id = $1 for update`, []any{organization}, func() { s.lasts(last) })
	return time.Now()
}

// held runs something while a transaction holds what a statement locks.
func (s *setting) held(statement string, arguments []any, run func()) {
	s.t.Helper()
	err := pgx.BeginFunc(s.t.Context(), s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(s.t.Context(), statement, arguments...); err != nil {
			return err
		}
		run()
		return nil
	})
	if err != nil {
		s.t.Error(err)
	}
}

// exhaustPool has many portals, of the operator and of an organization, read the audit log while it is locked: those that have slots
// wait for the lock, each with a connection, the others for a slot. It lasts until gateways have been served beside them for a while.
func exhaustPool(s *setting, last time.Duration) time.Time {
	const portals = 100
	tokens := []string{rootToken, s.once(0, rootToken, "CreateAccessToken", object{"organizationId": s.tenant.organization, "name": "portal", "role": "VIEWER"}).
		Data.CreateAccessToken.Secret}
	var looking sync.WaitGroup
	var released time.Time
	defer looking.Wait()
	s.held(`lock table audit_log in access exclusive mode`, nil, func() {
		stop := make(chan struct{})
		defer close(stop)
		for number := range portals {
			looking.Go(func() {
				for {
					if _, err := s.post(s.t.Context(), 0, tokens[number%len(tokens)], "AuditLog", nil); err != nil {
						s.t.Errorf("a portal: %v", err)
					}
					select {
					case <-stop:
						return
					case <-time.After(requestPause()):
					}
				}
			})
		}
		s.awaitLocked(4) // two of each
		s.watched.await(8)
		s.lasts(last)
		released = time.Now()
	})
	return released
}

// awaitLocked waits until a number of the servers' connections wait for a lock.
func (s *setting) awaitLocked(wanted int) {
	s.t.Helper()
	dbtest.Await(s.t, s.pool, `select count(*) >= $1 from pg_stat_activity where datname = current_database()
		and application_name = 'bursar serve' and wait_event_type = 'Lock'`, wanted)
}
