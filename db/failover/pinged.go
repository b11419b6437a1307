package failover

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"bursar/db/session"
)

// pinged is a connection of a monitor. nil: none.
type pinged struct {
	*pgx.Conn
	host     session.Host
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
	hosts := session.Hosts(config)
	answers := make(chan *pinged, len(hosts))
	for _, h := range hosts {
		go func() { answers <- connectTo(ctx, h, config.Copy(), len(hosts)) }()
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

// connectTo returns a connection to a host, one of a number; nil if it does not answer, or takes no writes.
func connectTo(ctx context.Context, h session.Host, config *pgx.ConnConfig, hosts int) *pinged {
	h.Only(config)
	BoundCancels(config, func(string) bool { return false }) // there is nothing to cancel but a ping
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
