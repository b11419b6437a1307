package sql

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
)

const (
	// lockTimeout is how long a statement waits for a lock. Requests that need the table wait behind it for at most that long.
	lockTimeout = 100 * time.Millisecond
	// lockPause is the least time between two attempts, in which requests can have the table; the most is twice that.
	lockPause = 250 * time.Millisecond

	defaultLockTimeout  = time.Minute
	defaultDrainTimeout = 15 * time.Second // a server's timeout of an operation
	drainInterval       = 50 * time.Millisecond
)

// boundedPool returns a pool that connects as another does and whose statements give up a lock after lockTimeout. It knows the
// processes of PostgreSQL that serve its connections.
func boundedPool(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Pool, *processes, error) {
	config, own := pool.Config(), &processes{}
	config.MaxConns, config.MinConns, config.MinIdleConns = 4, 0, 0
	config.ConnConfig.RuntimeParams["lock_timeout"] = fmt.Sprint(lockTimeout.Milliseconds())
	config.PrepareConn = func(ctx context.Context, connection *pgx.Conn) (bool, error) {
		own.add(connection.PgConn().PID())
		_, err := connection.Exec(ctx, "reset lock_timeout") // a migration may have set its own
		return err == nil, err
	}
	bounded, err := pgxpool.NewWithConfig(ctx, config)
	return bounded, own, err
}

// retry repeats a change that locks tables until it gets its locks, or until the release's LockTimeout has passed. An attempt that
// does not get them must leave nothing that makes the next one fail. While it waits it says for whom.
func (u *upgrade) retry(ctx context.Context, what string, change func() error) error {
	timeout := u.release.LockTimeout
	if timeout == 0 {
		timeout = defaultLockTimeout
	}
	waiting := u.observe(ctx, what, timeout)
	defer waiting.end()
	deadline := time.Now().Add(timeout)
	for {
		err := change()
		if err == nil {
			return nil
		} else if !isLocked(err) {
			return fmt.Errorf("%s: %w", what, err)
		}
		waiting.failed(ctx)
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: what it changes has been in use for %s%s; end that and run bursar migrate up again: %w",
				what, timeout, waiting.by(), err)
		}
		if err := pause(ctx, lockPause+rand.N(lockPause)); err != nil { //nolint:gosec // no secret
			return err
		}
	}
}

// change is retry for one transaction. In it, names are of this schema alone.
func (u *upgrade) change(ctx context.Context, what string, change func(tx pgx.Tx) error) error {
	return u.retry(ctx, what, func() error {
		return pgx.BeginFunc(ctx, u.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, fixSearchPath); err != nil {
				return err
			}
			return change(tx)
		})
	})
}

// drain waits until the statements that began before now have ended, because they may use what is dropped next. It waits no longer
// than the release's DrainTimeout.
func (u *upgrade) drain(ctx context.Context) error {
	timeout := u.release.DrainTimeout
	if timeout == 0 {
		timeout = defaultDrainTimeout
	}
	// only privileged logins see in pg_stat_activity when transactions of other logins began; all see them in pg_locks
	const running = `
		select coalesce(array_agg(l.virtualtransaction), '{}') from pg_locks l join pg_stat_activity a on a.pid = l.pid
		where l.locktype = 'virtualxid' and l.granted and l.pid <> pg_backend_pid() and a.datname = current_database()
			and ($1::text[] is null or l.virtualtransaction = any ($1))`
	var transactions []string
	if err := u.pool.QueryRow(ctx, running, nil).Scan(&transactions); err != nil {
		return err
	}
	for deadline := time.Now().Add(timeout); len(transactions) > 0; {
		if time.Now().After(deadline) {
			u.logger.Warn("functions are dropped and rights taken away although transactions that began before may use them", "transactions", len(transactions))
			return nil
		}
		if err := pause(ctx, drainInterval); err != nil {
			return err
		}
		if err := u.pool.QueryRow(ctx, running, transactions).Scan(&transactions); err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// isLocked tells whether an error is a lock timeout or deadlock, after which the same change may succeed.
func isLocked(err error) bool {
	server, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (server.Code == pgerrcode.LockNotAvailable || server.Code == pgerrcode.DeadlockDetected)
}

// isDone tells whether an error says that there is no further migration.
func isDone(err error) bool { return errors.Is(err, goose.ErrNoNextVersion) }
