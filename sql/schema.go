// Package sql brings a database to this binary's schema: goose's migrations, River's own, then the functions and who may do
// what.
package sql

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql functions/*/*.sql access/*.sql
var files embed.FS

// ErrNewer is a database that a newer binary has migrated: this one must not touch it.
var ErrNewer = errors.New("the database's schema is newer than this binary; run the newer binary")

// upLock keeps two programs from migrating one database at the same time.
const upLock = "select pg_advisory_lock(hashtextextended('bursar migrate up', 0))"

// Status is where a database's schema stands against this binary's.
type Status struct {
	Version    int64 // the last migration that was applied; 0 for an empty database
	Latest     int64 // this binary's last migration
	Unreleased bool  // whether a binary of before the first release migrated it: see ErrUnreleased
	Functions  bool  // whether the functions are this binary's
	River      bool  // whether River's tables are up to date
}

// Current tells whether the schema is this binary's.
func (s Status) Current() bool {
	return s.Version == s.Latest && !s.Unreleased && s.Functions && s.River
}

// Up brings a database to this binary's schema; one that is there already is left alone. It waits for another program that
// is doing the same. Answers ErrNewer for a database that a newer binary has migrated, ErrUnreleased for one of before the first
// release.
func Up(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	// the lock is the session's and goes with it
	defer func() { _ = connection.Hijack().Close(context.WithoutCancel(ctx)) }()
	if _, err := connection.Exec(ctx, upLock); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	if err := refuseUnreleased(ctx, connection.Conn()); err != nil {
		return err
	}

	provider, err := newProvider(pool)
	if err != nil {
		return err
	}
	defer func() { _ = provider.Close() }() // closes the wrapper alone; the pool is the caller's
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if version > latest(provider) {
		return ErrNewer
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, result := range results {
		logger.Info("migrated", "file", result.Source.Path, "duration", result.Duration)
	}
	if err := riverUp(ctx, pool, logger); err != nil {
		return err
	}
	return applyFunctions(ctx, connection.Conn(), logger)
}

// StatusOf returns where a database's schema stands.
func StatusOf(ctx context.Context, pool *pgxpool.Pool) (Status, error) {
	provider, err := newProvider(pool)
	if err != nil {
		return Status{}, err
	}
	defer func() { _ = provider.Close() }()
	status := Status{Latest: latest(provider)}

	var applied string
	err = pool.QueryRow(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&status.Version)
	if isUndefinedTable(err) {
		return status, nil
	} else if err != nil {
		return status, err
	}
	if status.Unreleased, err = isUnreleased(ctx, pool); err != nil {
		return status, err
	}
	err = pool.QueryRow(ctx, `select hash from schema_functions`).Scan(&applied)
	if err != nil && !isUndefinedTable(err) && !errors.Is(err, pgx.ErrNoRows) {
		return status, err
	}
	_, _, wanted := functions()
	status.Functions = applied == wanted

	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return status, err
	}
	validated, err := migrator.Validate(ctx, nil)
	if err != nil {
		return status, fmt.Errorf("read River's version: %w", err)
	}
	status.River = validated.OK
	return status, nil
}

func newProvider(pool *pgxpool.Pool) (*goose.Provider, error) {
	migrations, err := fs.Sub(files, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), migrations)
}

func latest(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

func riverUp(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	result, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return fmt.Errorf("migrate River: %w", err)
	}
	for _, version := range result.Versions {
		logger.Info("migrated River", "version", version.Version)
	}
	return nil
}

func isUndefinedTable(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == pgerrcode.UndefinedTable
}
