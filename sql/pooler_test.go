package sql_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/sql"
)

// An upgrade through a pooler in transaction mode is refused with what to do instead, before it has locked or changed anything: its lock
// would stay in the pool. In session mode, where each client has a session of its own, it works.
func TestUpRefusesAPoolerInTransactionMode(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	pool := server.New(t)
	for mode, want := range map[string]error{"transaction": sql.ErrPooled, "session": nil} {
		pooled := startPooler(t, pool, mode == "session")
		before := versions(t, pool)
		if err := sql.Up(t.Context(), pooled, slog.New(slog.DiscardHandler)); !errors.Is(err, want) {
			t.Errorf("in %s mode: %v, want %v", mode, err, want)
		}
		if changed := changes(before, versions(t, pool)); len(changed) > 0 {
			t.Errorf("in %s mode changed: %v", mode, changed)
		}
		// a session that ends gives up its lock a moment after its client has gone; the pool's never does
		dbtest.Await(t, pool, `select not exists (select from pg_locks l join pg_database d on d.oid = l.database
			where l.locktype = 'advisory' and d.datname = current_database())`)
	}
}

// pooler stands in for PgBouncer: all clients share one session of PostgreSQL, which one of them has for a transaction; or each has its
// own.
type pooler struct {
	t       *testing.T
	session bool
	config  *pgconn.Config
	shared  *pgconn.HijackedConn
	turn    sync.Mutex // of the shared session
	clients sync.WaitGroup
}

// startPooler starts one before the database of a pool and returns a pool behind it.
func startPooler(t *testing.T, pool *pgxpool.Pool, session bool) *pgxpool.Pool {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &pooler{t: t, session: session, config: pool.Config().ConnConfig.Config.Copy()}
	p.shared = p.connect()
	p.clients.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			p.clients.Go(func() { p.serve(client) })
		}
	})
	config := pool.Config()
	address := listener.Addr().(*net.TCPAddr)
	config.ConnConfig.Host, config.ConnConfig.Port, config.ConnConfig.Fallbacks = "127.0.0.1", uint16(address.Port), nil //nolint:gosec // a port
	config.ConnConfig.TLSConfig = nil
	pooled, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		pooled.Close()
		_ = listener.Close()
		p.clients.Wait()
		_ = p.shared.Conn.Close()
	})
	return pooled
}

func (p *pooler) connect() *pgconn.HijackedConn {
	connection, err := pgconn.ConnectConfig(context.WithoutCancel(p.t.Context()), p.config)
	if err != nil {
		p.t.Error(err)
		return nil
	}
	hijacked, err := connection.Hijack()
	if err != nil {
		p.t.Error(err)
	}
	return hijacked
}

// serve passes a client's messages on, and PostgreSQL's answers back, until the client ends.
func (p *pooler) serve(client net.Conn) {
	defer func() { _ = client.Close() }()
	backend, to := pgproto3.NewBackend(client, client), p.shared
	if _, err := backend.ReceiveStartupMessage(); err != nil {
		return
	}
	if p.session {
		if to = p.connect(); to == nil {
			return
		}
		defer func() { _ = to.Conn.Close() }()
	}
	backend.Send(&pgproto3.AuthenticationOk{})
	for name, value := range p.shared.ParameterStatuses {
		backend.Send(&pgproto3.ParameterStatus{Name: name, Value: value})
	}
	backend.Send(&pgproto3.BackendKeyData{ProcessID: 1, SecretKey: []byte{0, 0, 0, 1}}) // of the pooler itself
	backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if backend.Flush() != nil {
		return
	}
	held := false
	defer func() {
		if held {
			p.turn.Unlock()
		}
	}()
	for {
		message, err := backend.Receive()
		if _, ended := message.(*pgproto3.Terminate); ended || err != nil {
			return
		}
		if !held && !p.session {
			p.turn.Lock()
			held = true
		}
		to.Frontend.Send(message)
		switch message.(type) {
		case *pgproto3.Sync, *pgproto3.Query:
			if to.Frontend.Flush() != nil || !p.answer(to, backend, &held) {
				return
			}
		}
	}
}

// answer passes PostgreSQL's answers back until it is ready for the next statement.
func (p *pooler) answer(from *pgconn.HijackedConn, to *pgproto3.Backend, held *bool) bool {
	for {
		message, err := from.Frontend.Receive()
		if err != nil {
			return false
		}
		to.Send(message)
		if ready, is := message.(*pgproto3.ReadyForQuery); is {
			if ready.TxStatus == 'I' && *held {
				p.turn.Unlock()
				*held = false
			}
			return to.Flush() == nil
		}
	}
}
