package sql

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	defaultPeerTimeout = 10 * time.Minute
	peerInterval       = 250 * time.Millisecond

	// upLock is the key of the lock that keeps two programs from migrating one database at the same time.
	upLock = `hashtextextended('bursar migrate up', 0)`
)

// ErrPooled is a connection through a pooler that gives the transactions of one session to different sessions of PostgreSQL.
var ErrPooled = errors.New("the connection goes through a pooler that shares PostgreSQL's sessions between transactions, such as " +
	"PgBouncer with pool_mode = transaction, and locks, settings and prepared statements of a session stay behind in it: name PostgreSQL " +
	"itself in DATABASE_URL, or a pooler with pool_mode = session")

// lockPeers waits for the lock that keeps other upgrades of the database out. The session holds it until it ends.
func (r Release) lockPeers(ctx context.Context, connection *pgx.Conn, logger *slog.Logger) error {
	timeout := r.PeerTimeout
	if timeout == 0 {
		timeout = defaultPeerTimeout
	}
	began, said := time.Now(), time.Time{}
	for {
		var locked bool
		if err := connection.QueryRow(ctx, `select pg_try_advisory_lock(`+upLock+`)`).Scan(&locked); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		if locked {
			return nil
		}
		peer, err := lockHolder(ctx, connection)
		switch {
		case errors.Is(err, pgx.ErrNoRows): // it has ended since
			continue
		case err != nil:
			return fmt.Errorf("find who upgrades the database: %w", err)
		case time.Since(began) > timeout:
			return fmt.Errorf("another upgrade has had the database for more than %s: %s; wait for it, or end its session with "+
				"\"select pg_terminate_backend(%d)\" if its program is gone, and run bursar migrate up again", timeout, peer, peer.PID)
		case time.Since(said) > sayInterval:
			logger.Info("waiting for another upgrade of the database", "by", peer.String(), "waited", time.Since(began).Round(time.Millisecond),
				"up_to", timeout)
			said = time.Now()
		}
		if err := pause(ctx, peerInterval); err != nil {
			return err
		}
	}
}

// lockHolder returns the session that holds the lock.
func lockHolder(ctx context.Context, connection *pgx.Conn) (session, error) {
	rows, err := connection.Query(ctx, `
		select l.pid, `+sessionColumns+`
		from pg_locks l left join pg_stat_activity a on a.pid = l.pid
		where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
			and l.database = (select d.oid from pg_database d where d.datname = current_database())
			and l.classid::bigint << 32 | l.objid::bigint = `+upLock+`
		limit 1`)
	if err != nil {
		return session{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[session])
}

// refusePooler returns ErrPooled behind a pooler in transaction or statement mode: there two sessions that are open at the same time
// get the same session of PostgreSQL, or one session gets different ones. The simple protocol works through all poolers.
func refusePooler(ctx context.Context, pool *pgxpool.Pool) error {
	one, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer one.Release()
	first, err := serverProcess(ctx, one.Conn())
	if err != nil {
		return err
	}
	two, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer two.Release()
	tx, err := two.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // it has changed nothing
	other, err := serverProcess(ctx, tx.Conn())
	if err != nil {
		return err
	}
	if other == first {
		return ErrPooled
	}
	for range 3 { // a pooler that takes turns has the next one for each transaction
		again, err := serverProcess(ctx, one.Conn())
		if err != nil {
			return err
		}
		if again != first {
			return ErrPooled
		}
	}
	return nil
}

// serverProcess returns the process of PostgreSQL that serves a transaction.
func serverProcess(ctx context.Context, connection *pgx.Conn) (pid int32, err error) {
	err = connection.QueryRow(ctx, `select pg_backend_pid()`, pgx.QueryExecModeSimpleProtocol).Scan(&pid)
	if err != nil {
		return 0, fmt.Errorf("ask for the server's process: %w", err)
	}
	return pid, nil
}
