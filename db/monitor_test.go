package db_test

import (
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/confirmed"
	"bursar/db/dbtest"
	"bursar/db/failover"
	"bursar/fault"
)

// swallower passes bytes on until it is told to swallow them. It keeps the connections open then, as a machine whose processes are frozen.
type swallower struct {
	net.Listener
	target string
	mutex  sync.RWMutex
	closed bool           // whether new connections are closed
	frozen bool           // whether new connections are swallowed
	gone   sync.WaitGroup // of all connections
	open   map[*through]struct{}
}

func newSwallower(t *testing.T, target string, closed bool) *swallower {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &swallower{Listener: listener, target: target, closed: closed, open: map[*through]struct{}{}}
	s.gone.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			s.gone.Go(func() { s.pass(client) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); s.gone.Wait() })
	return s
}

// freeze swallows what the open connections send, and what new ones do.
func (s *swallower) freeze(andNew bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.frozen = andNew
	for each := range s.open {
		each.swallow = true
	}
}

// unlock lets new connections in.
func (s *swallower) unlock() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.closed = false
}

// pass copies both ways until an end closes.
func (s *swallower) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	s.mutex.RLock()
	closed := s.closed
	s.mutex.RUnlock()
	if closed {
		return
	}
	server, err := net.Dial("tcp", s.target)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var other sync.WaitGroup
	other.Go(func() { _, _ = io.Copy(s.through(client), server); _ = client.Close() })
	_, _ = io.Copy(s.through(server), client)
	_ = server.Close()
	other.Wait()
}

func (s *swallower) through(to io.Writer) *through {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	w := &through{swallower: s, to: to, swallow: s.frozen}
	s.open[w] = struct{}{}
	return w
}

// through writes what is not swallowed.
type through struct {
	*swallower
	to      io.Writer
	swallow bool
}

func (w *through) Write(bytes []byte) (int, error) {
	w.mutex.RLock()
	defer w.mutex.RUnlock()
	if w.swallow {
		return len(bytes), nil
	}
	return w.to.Write(bytes)
}

// monitored returns pools of a server whose monitor runs until the test ends.
func monitored(t *testing.T, databaseURL string) *pgxpool.Pool {
	t.Helper()
	monitor := failover.NewMonitor(slog.New(slog.DiscardHandler))
	control, err := db.NewPool(t.Context(), db.PoolConfig{URL: databaseURL, StopAbandoned: true, Monitor: monitor})
	if err != nil {
		t.Fatal(err)
	}
	pool, err := db.NewEnforcementPool(t.Context(), control, 12, monitor)
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { monitor.Run(t.Context()) })
	t.Cleanup(func() { pool.Close(); control.Close(); running.Wait() })
	return pool
}

// A host that hangs without closing its connections is left for the other one of the URL: whoever waits for it is UNAVAILABLE long before
// the deadline, and all connections to it are closed at once, so that the next statement is answered by the other host, however many
// connections there are. If new connections to the same host are answered, they take over in the same way.
func TestHangingConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits until a server counts as hanging")
	for name, two := range map[string]bool{"two hosts": true, "one host": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, err := url.Parse(server.NewURL(t))
			if err != nil {
				t.Fatal(err)
			}
			direct := address.Host
			primary, standby := newSwallower(t, direct, false), newSwallower(t, direct, true)
			connect := *address
			if connect.Host = primary.Addr().String(); two {
				connect.Host += "," + standby.Addr().String()
			}
			pool := monitored(t, connect.String())
			openConnections(t, pool, 11)
			waiting := make(chan error, 1)
			go func() {
				waiting <- drain(confirmed.NewDB(t.Context(), pool).Query(t.Context(), `select pg_sleep(60), $1::text`, name))
			}()
			awaitStatement(t, pool, "select pg_sleep(60)%", 0)
			dbtest.Await(t, pool, `select exists (select from pg_stat_activity where query = '-- ping' and datname = current_database())`)
			primary.freeze(two)
			standby.unlock()
			began := time.Now()
			if err := <-waiting; fault.CodeOf(db.Fault(err)) != fault.Unavailable || db.TookNoEffect(err) {
				t.Errorf("a statement that waited: %v, want UNAVAILABLE of which the effect is not known", err)
			}
			openConnections(t, pool, 11)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("that took %v", took)
			} else {
				t.Logf("that took %v", took)
			}
		})
	}
}

// A statement that is slow on a server that answers is left alone.
func TestSlowStatementsAreLeftAlone(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "lets a statement be slow")
	pool := monitored(t, server.NewURL(t))
	if _, err := pool.Exec(t.Context(), `select pg_sleep(2)`); err != nil {
		t.Error(err)
	}
}

// openConnections has a number of connections answer at the same time.
func openConnections(t *testing.T, pool *pgxpool.Pool, number int) {
	t.Helper()
	var held []*pgxpool.Conn
	for range number {
		connection, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, connection)
		if _, err := connection.Exec(t.Context(), `select 1`); err != nil {
			t.Fatal(err)
		}
	}
	for _, each := range held {
		each.Release()
	}
}

// awaitStatement waits until a statement like a pattern runs in the pool's database, for a number of seconds.
func awaitStatement(t *testing.T, pool *pgxpool.Pool, pattern string, seconds float64) {
	t.Helper()
	dbtest.Await(t, pool, `select exists (select from pg_stat_activity where query like $1 and state = 'active' and datname = current_database()
		and clock_timestamp() > query_start + make_interval(secs => $2))`, pattern, seconds)
}
