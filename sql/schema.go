// Package sql brings a database to this binary's schema: goose's migrations, River's own, then the functions.
package sql

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql functions/*.sql
var files embed.FS

// ErrNewer is a database that a newer binary has migrated: this one must not touch it.
var ErrNewer = errors.New("the database's schema is newer than this binary; run the newer binary")

// upLock keeps two programs from migrating one database at the same time.
const upLock = "select pg_advisory_lock(hashtextextended('bursar migrate up', 0))"

// Status is where a database's schema stands against this binary's.
type Status struct {
	Version   int64 // the last migration that was applied; 0 for an empty database
	Latest    int64 // this binary's last migration
	Functions bool  // whether the functions are this binary's
	River     bool  // whether River's tables are up to date
}

// Current tells whether the schema is this binary's.
func (s Status) Current() bool { return s.Version == s.Latest && s.Functions && s.River }

// Up brings a database to this binary's schema; one that is there already is left alone. It waits for another program that
// is doing the same. Answers ErrNewer for a database that a newer binary has migrated.
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

// dropFunctions drops every form of the named functions, so that one whose arguments or result changed leaves no older form
// behind. Triggers keep theirs, which has no arguments; nothing else holds on to a function.
const dropFunctions = `
do $$
declare
  old regprocedure;
begin
  for old in
    select p.oid from pg_proc p
    where p.pronamespace = current_schema()::regnamespace and p.prorettype <> 'trigger'::regtype
      and p.proname = any (string_to_array(current_setting('bursar.functions'), ' '))
  loop
    execute 'drop function ' || old;
  end loop;
end
$$`

// functions returns all functions as one script, their names, and the script's hash.
func functions() (script string, names []string, hash string) {
	var all strings.Builder
	entries, err := files.ReadDir("functions")
	if err != nil {
		panic(err) // the folder is embedded
	}
	for _, entry := range entries {
		text, err := files.ReadFile("functions/" + entry.Name())
		if err != nil {
			panic(err) // the file is embedded
		}
		names = append(names, strings.TrimSuffix(entry.Name(), ".sql"))
		all.Write(text)
		all.WriteByte('\n')
	}
	sum := sha256.Sum256([]byte(all.String()))
	return all.String(), names, hex.EncodeToString(sum[:])
}

// applyFunctions replaces all functions in one transaction when any of them differs from what was applied, and makes the
// ledger's next partitions.
func applyFunctions(ctx context.Context, connection *pgx.Conn, logger *slog.Logger) error {
	script, names, hash := functions()
	return pgx.BeginFunc(ctx, connection, func(tx pgx.Tx) error {
		var applied string
		err := tx.QueryRow(ctx, `select hash from schema_functions`).Scan(&applied)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if applied != hash {
			// they call each other: bodies are looked at when they run
			if _, err := tx.Exec(ctx, `set local check_function_bodies = off`); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `select set_config('bursar.functions', $1, true)`, strings.Join(names, " ")); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, dropFunctions); err != nil {
				return fmt.Errorf("drop the functions of another version: %w", err)
			}
			if _, err := tx.Exec(ctx, script); err != nil {
				return fmt.Errorf("apply functions: %w", err)
			}
			if _, err := tx.Exec(ctx, `delete from schema_functions`); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `insert into schema_functions (hash) values ($1)`, hash); err != nil {
				return err
			}
			logger.Info("applied functions", "hash", hash[:12])
		}
		_, err = tx.Exec(ctx, `select create_usage_partitions(1)`)
		return err
	})
}

func isUndefinedTable(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == pgerrcode.UndefinedTable
}
