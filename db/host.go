package db

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// host is one of the servers that a URL names.
type host struct {
	name string
	port uint16
}

// hostsOf returns the hosts of a configuration, in its order.
func hostsOf(config *pgx.ConnConfig) []host {
	var hosts []host
	for _, each := range attempts(config) {
		if h := (host{each.Host, each.Port}); !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// attempts returns how pgx connects, one after the other: with sslmode=prefer to each host with TLS and then without.
func attempts(config *pgx.ConnConfig) []*pgconn.FallbackConfig {
	return append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
}

func setAttempts(config *pgx.ConnConfig, all []*pgconn.FallbackConfig) {
	config.Host, config.Port, config.TLSConfig = all[0].Host, all[0].Port, all[0].TLSConfig
	config.Fallbacks = all[1:]
}

func (h host) is(attempt *pgconn.FallbackConfig) bool {
	return attempt.Host == h.name && attempt.Port == h.port
}

// first moves the host before the others of a configuration, if it is one of them.
func (h host) first(config *pgx.ConnConfig) {
	all := attempts(config)
	slices.SortStableFunc(all, func(a, b *pgconn.FallbackConfig) int {
		switch {
		case h.is(a) == h.is(b):
			return 0
		case h.is(a):
			return -1
		}
		return 1
	})
	setAttempts(config, all)
}

// only removes the other hosts of a configuration.
func (h host) only(config *pgx.ConnConfig) {
	setAttempts(config, slices.DeleteFunc(attempts(config), func(a *pgconn.FallbackConfig) bool { return !h.is(a) }))
}

// pinged is a connection of a monitor. nil: none.
type pinged struct {
	*pgx.Conn
	host     host
	hosts    int        // of the URL
	began    time.Time  // when dialing began
	answered chan error // gets how a ping ended; of capacity one, so that nobody has to wait for it
	cancel   context.CancelFunc
}

// connect returns a connection to the first server that answers and takes writes; nil if none does in time. Every host is tried at the
// same time: one that hangs delays no other.
func (m *Monitor) connect(ctx context.Context) *pinged {
	ctx, cancel := context.WithTimeout(ctx, searchTimeout)
	defer cancel()
	m.mutex.Lock()
	config := m.pools[0].Config().ConnConfig
	m.mutex.Unlock()
	config.Tracer = nil
	config.BuildContextWatcherHandler = func(connection *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: connection.Conn()} // closes the connection, and cancels nothing
	}
	hosts := hostsOf(config)
	answers := make(chan *pinged, len(hosts))
	for _, h := range hosts {
		go func() { answers <- h.connect(ctx, config.Copy(), len(hosts)) }()
	}
	for tried := range hosts {
		first := <-answers
		if first == nil {
			continue
		}
		go func() {
			for range len(hosts) - tried - 1 {
				(<-answers).close()
			}
		}()
		return first
	}
	return nil
}

// connect returns a connection to the host, one of a number; nil if it does not answer, or takes no writes.
func (h host) connect(ctx context.Context, config *pgx.ConnConfig, hosts int) *pinged {
	h.only(config)
	boundCancels(config, func(string) bool { return false }) // there is nothing to cancel but a ping
	began := time.Now()
	connection, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil // it is tried again
	}
	p := &pinged{Conn: connection, host: h, hosts: hosts, began: began, answered: make(chan error, 1), cancel: func() {}}
	if readOnly, err := IsReadOnly(ctx, connection); err != nil || readOnly {
		p.close()
		return nil
	}
	return p
}

// ping sends a ping. The last one must have been answered.
func (p *pinged) ping() {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go func() {
		defer cancel()
		p.answered <- p.Ping(ctx)
	}()
}

func (p *pinged) address() string { return p.PgConn().Conn().RemoteAddr().String() }

// close closes the connection at once, also while a ping is not answered.
func (p *pinged) close() {
	if p != nil {
		p.cancel()
		_ = p.PgConn().Conn().Close() // nothing was asked of it that matters
	}
}
