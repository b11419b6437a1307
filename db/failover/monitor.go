// Package failover closes connections to servers that hang, and leads new ones to a server that takes writes.
package failover

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/session"
)

const (
	monitorInterval = 500 * time.Millisecond // between pings while pools are in use
	monitorTimeout  = 500 * time.Millisecond // of a ping, after which new connections are tried beside it
	searchInterval  = 200 * time.Millisecond // between attempts to connect
	searchTimeout   = time.Second            // of one attempt
)

// Monitor closes the connections of pools to a server that hangs without closing them: its machine or network is gone, or it was frozen
// while a standby was promoted. Otherwise each of them would cost the timeout of a statement.
//
// While its pools are in use it pings a connection of its own twice a second. When that is not answered, it connects to every host of
// the URL at once. As soon as a server that takes writes answers on a new connection, while the ping is still unanswered, all
// connections that are older are closed, and new ones go to that host first. A server that is only slow answers the ping first, and a
// statement that waits for a lock is none of the monitor's business. Of the hosts of one URL at most one is to take writes.
type Monitor struct {
	logger *slog.Logger

	mutex   sync.Mutex
	pools   []*pgxpool.Pool
	sockets map[*socket]struct{} // the open ones of all pools, and the monitor's own
	host    session.Host         // that answered last; zero: the URL's order
	left    map[string]struct{}  // addresses that hang, until they answer again
	counted int64                // acquires of the pools when they were last looked at
}

// NewMonitor returns a monitor, which works while Run does. Add gives it pools.
func NewMonitor(logger *slog.Logger) *Monitor {
	return &Monitor{logger: logger, sockets: map[*socket]struct{}{}, left: map[string]struct{}{}}
}

// Run works until ctx ends. A pool must have been added before.
func (m *Monitor) Run(ctx context.Context) {
	ticker := time.NewTicker(monitorInterval)
	defer ticker.Stop()
	watched := m.search(ctx, nil) // at once: it can tell of connections that hang from then on
	defer func() { watched.close() }()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if m.inUse() {
			watched = m.watch(ctx, watched)
		}
	}
}

// watch pings a connection, and returns the connection to ping next: the same, or a new one when it is lost or hangs; nil when ctx has
// ended.
func (m *Monitor) watch(ctx context.Context, watched *pinged) *pinged {
	if watched == nil {
		return nil
	}
	watched.ping()
	select {
	case err := <-watched.answered:
		if err == nil {
			return watched
		}
		watched.close()
		return m.search(ctx, nil)
	case <-ctx.Done():
		return watched
	case <-time.After(monitorTimeout):
		return m.search(ctx, watched)
	}
}

// search connects until a server that takes writes answers; nil when ctx ends. If a ping was sent and is answered before, that
// connection is returned. Otherwise the pools go on as the new connection does.
func (m *Monitor) search(ctx context.Context, hanging *pinged) *pinged {
	hung := hanging != nil
	for {
		next := m.connect(ctx)
		if hanging != nil {
			select {
			case err := <-hanging.answered:
				if err == nil {
					next.close()
					return hanging
				}
				hanging.close()
				hanging = nil
			default:
			}
		}
		if next != nil {
			hanging.close()
			m.follow(next, hung)
			return next
		}
		select {
		case <-ctx.Done():
			hanging.close()
			return nil
		case <-time.After(searchInterval):
		}
	}
}

// follow has new connections go to the host of a connection that was answered, and closes those to other hosts of the URL; if others
// hung before, also those that are older. Whoever waits on them has an error, after which it is not known whether the statement took
// effect.
func (m *Monitor) follow(next *pinged, hung bool) {
	m.mutex.Lock()
	m.host = next.host
	var left []*socket
	for s := range m.sockets {
		switch address := s.RemoteAddr().String(); {
		case address != next.address() && (hung || next.hosts > 1):
			m.left[address] = struct{}{}
			left = append(left, s)
		case hung && s.opened.Before(next.began):
			left = append(left, s)
		}
	}
	delete(m.left, next.address())
	pools := m.pools
	m.mutex.Unlock()
	if len(left) == 0 {
		return
	}
	for _, pool := range pools {
		pool.Reset()
	}
	for _, s := range left {
		_ = s.Close() // whoever uses it is told
	}
	m.logger.Warn("the database is not answering on connections that were open: they are closed", "connections", len(left), "now", next.address())
}

// inUse tells whether statements run, or have run since the last call.
func (m *Monitor) inUse() bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	counted, busy := int64(0), false
	for _, pool := range m.pools {
		stat := pool.Stat()
		counted += stat.AcquireCount() + stat.CanceledAcquireCount()
		busy = busy || stat.AcquiredConns() > 0 || stat.ConstructingConns() > 0
	}
	busy = busy || counted != m.counted
	m.counted = counted
	return busy
}

// Add has the monitor look after a pool. Like Prefer and HasLeft it does nothing on nil.
func (m *Monitor) Add(pool *pgxpool.Pool) {
	if m == nil {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.pools = append(m.pools, pool)
}

// Prefer puts the host that answered last before the others.
func (m *Monitor) Prefer(config *pgx.ConnConfig) {
	if m == nil {
		return
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.host.First(config)
}

// HasLeft tells whether the server at an address hangs: a request to cancel a statement there would hang, too, and keep its connection's
// place in the pool.
func (m *Monitor) HasLeft(address string) bool {
	if m == nil {
		return false
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	_, left := m.left[address]
	return left
}

// socket is an open connection to a server, maybe before it is in a pool.
type socket struct {
	net.Conn
	opened  time.Time // when dialing began
	monitor *Monitor
}

// Dial is a [pgconn.DialFunc].
func (m *Monitor) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	began := time.Now()
	connection, err := NewDialer().DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	s := &socket{Conn: connection, opened: began, monitor: m}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.sockets[s] = struct{}{}
	return s, nil
}

// Close implements [net.Conn].
func (s *socket) Close() error {
	s.monitor.mutex.Lock()
	delete(s.monitor.sockets, s)
	s.monitor.mutex.Unlock()
	return s.Conn.Close()
}
