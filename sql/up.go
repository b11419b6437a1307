package sql

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// upgrade is one run of Up.
type upgrade struct {
	release Release
	source  *source
	pool    *pgxpool.Pool // whose connections give up a lock after lockTimeout
	own     *processes    // of the pool
	logger  *slog.Logger
	steps   slog.Level // at which each migration is logged
	applied int        // migrations
	made    int        // functions, triggers and policies
}

// Up brings a database to the release's schema while servers of this release and of those from Oldest on work on it. It makes
// what is new or changed, and drops what the release does not have. It changes nothing in a database that has the schema already.
// It waits for another program that is doing the same, for no longer than the release's PeerTimeout. Returns ErrNewer for a database
// that a newer release has migrated, ErrUnreleased for one of before the first release, and ErrPooled behind a pooler that shares
// connections between transactions.
//
// The next Up continues an upgrade that failed. Until it is complete, servers of the release before still work.
func (r Release) Up(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) (err error) {
	source, err := r.source()
	if err != nil {
		return err
	}
	bounded, own, err := boundedPool(ctx, pool)
	if err != nil {
		return err
	}
	defer bounded.Close()
	if err := refusePooler(ctx, bounded); err != nil {
		return err
	}
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	// the lock is the session's and ends with it
	defer func() { _ = connection.Hijack().Close(context.WithoutCancel(ctx)) }()
	if err := r.lockPeers(ctx, connection.Conn(), logger); err != nil {
		return err
	}
	return (&upgrade{release: r, source: source, pool: bounded, own: own, logger: logger}).run(ctx)
}

// run takes the steps in an order in which servers of the release before still work: tables and columns are made before the
// functions that use them, and functions are dropped after their callers. A new function is granted in the transaction that makes
// it, and a new table has row-level security before it is granted.
func (u *upgrade) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		u.announce, u.migrate, u.migrateRiver,
		u.makeRoles, u.applyAccessFunctions, u.applyPolicies, u.applyFunctions, u.applyTriggers,
		u.dropFunctions, u.takeRights, u.makePartitions, u.writeMark,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if u.made > 0 {
		u.logger.Info("made functions, triggers and policies", "count", u.made)
	}
	return nil
}

// noteMade logs an object that was made. A new database has some two hundred of them.
func (u *upgrade) noteMade(kind, identity string) {
	u.made++
	u.logger.Debug("made the "+kind, "identity", identity)
}

// announce returns ErrNewer or ErrUnreleased before anything is changed, and stores Oldest, so that servers of older releases, which
// cannot work on the new schema, refuse to start and are not ready.
func (u *upgrade) announce(ctx context.Context) error {
	if schema, err := elsewhere(ctx, u.pool); err != nil {
		return err
	} else if schema != "" {
		return errElsewhere(schema)
	}
	unreleased, err := isUnreleased(ctx, u.pool)
	if err == nil && unreleased {
		return ErrUnreleased
	}
	var stored mark
	if err == nil {
		stored, err = readMark(ctx, u.pool)
	}
	if err != nil {
		return fmt.Errorf("read the schema's release: %w", err)
	}
	if stored.number > u.release.Number {
		return fmt.Errorf("release %d against %d: %w", stored.number, u.release.Number, ErrNewer)
	}
	if stored.oldest >= u.release.Oldest || stored.number == 0 {
		return nil
	}
	return u.retry(ctx, "announce the upgrade", func() error {
		_, err := u.pool.Exec(ctx, `update schema_release set oldest = $1`, u.release.Oldest)
		return err
	})
}

func (u *upgrade) migrate(ctx context.Context) error {
	provider, err := u.release.newProvider(u.pool)
	if err != nil {
		return err
	}
	defer func() { _ = provider.Close() }() // closes the wrapper alone
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if version > latest(provider) {
		return fmt.Errorf("version %d against %d: %w", version, latest(provider), ErrNewer)
	}
	if version == 0 {
		u.steps = slog.LevelDebug // a new database has all of them within seconds, of which one line tells
	}
	return u.retry(ctx, "migrate", func() error {
		for { // one at a time, so that each is logged when it is applied
			result, err := provider.UpByOne(ctx)
			if isDone(err) {
				return nil
			} else if err != nil {
				return err
			}
			u.applied++
			u.logger.Log(ctx, u.steps, "migrated", "file", result.Source.Path, "duration", result.Duration)
		}
	})
}

func (u *upgrade) migrateRiver(ctx context.Context) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(u.pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return u.retry(ctx, "migrate River", func() error {
		result, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		if err != nil {
			return err
		}
		for _, version := range result.Versions {
			u.applied++
			u.logger.Log(ctx, u.steps, "migrated River", "version", version.Version)
		}
		return nil
	})
}

// makePartitions makes the ledger's next partitions, if they are missing.
func (u *upgrade) makePartitions(ctx context.Context) error {
	return u.change(ctx, "make the ledger's partitions", func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select create_usage_partitions(1)`)
		return err
	})
}

// writeMark stores that the upgrade is complete.
func (u *upgrade) writeMark(ctx context.Context) error {
	m, err := u.release.mark()
	if err != nil {
		return err
	}
	return u.retry(ctx, "store the release", func() error {
		tag, err := u.pool.Exec(ctx, `
			insert into schema_release as r (number, oldest, fingerprint) values ($1, $2, $3)
			on conflict (id) do update set number = excluded.number, oldest = greatest(r.oldest, excluded.oldest), -- see CloseOut
				fingerprint = excluded.fingerprint, applied_at = excluded.applied_at
			where (r.number, r.oldest, r.fingerprint) <> (excluded.number, greatest(r.oldest, excluded.oldest), excluded.fingerprint)`,
			m.number, m.oldest, m.fingerprint)
		if err == nil && tag.RowsAffected() > 0 {
			u.logger.Info("upgraded", "release", m.number, "migrations", u.applied, "oldest", m.oldest, "fingerprint", m.fingerprint[:12])
		}
		return err
	})
}

func (r Release) newProvider(pool *pgxpool.Pool) (*goose.Provider, error) {
	migrations, err := fs.Sub(r.Files, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), migrations)
}

func latest(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}
