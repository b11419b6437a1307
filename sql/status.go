package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Status compares a database's schema with a binary's.
type Status struct {
	Version   int64  // the last migration that was applied; 0 for an empty database
	Latest    int64  // the binary's last migration
	Early     bool   // whether a binary of before the first release migrated it, see ErrUnreleased
	Number    int    // of the database's release; 0 before its first upgrade is complete
	Oldest    int    // the oldest release whose servers work on the database
	Binary    int    // the number of the binary's release
	Same      bool   // whether functions, triggers, policies and grants are the binary's
	River     bool   // whether River's tables are at least as new as the binary's
	Elsewhere string // the schema, in PostgreSQL's sense, that has the tables if the connection looks in another one; else ""
}

// Current tells whether the schema is the binary's own.
func (s Status) Current() bool { return s.Problem() == nil && s.Same }

// Problem is the error of a binary that must not work on the schema; nil if it may, because the schema is its own or a newer one
// that supports it. A newer schema that does not is ErrNewer.
func (s Status) Problem() error {
	switch {
	case s.Elsewhere != "":
		return errElsewhere(s.Elsewhere)
	case s.Early:
		return ErrUnreleased
	case s.Number == 0 && s.Version > s.Latest:
		return fmt.Errorf("version %d against %d: %w", s.Version, s.Latest, ErrNewer)
	case s.Version == 0 || s.Number == 0:
		return errors.New("the database has no schema yet: run bursar migrate up")
	case s.Binary < s.Oldest:
		return fmt.Errorf("the database is for binaries of release %d or later, and this one is of release %d: %w",
			s.Oldest, s.Binary, ErrNewer)
	case s.Version < s.Latest:
		return fmt.Errorf("the database's schema is version %d and this binary's is %d: run bursar migrate up", s.Version, s.Latest)
	case !s.Same && s.Number <= s.Binary:
		return errors.New("the database's functions are not this binary's: run bursar migrate up")
	case !s.River:
		return errors.New("the tables of the job queue are out of date: run bursar migrate up")
	}
	return nil
}

// StatusOf compares a database's schema with the release's.
func (r Release) StatusOf(ctx context.Context, pool *pgxpool.Pool) (Status, error) {
	provider, err := r.newProvider(pool)
	if err != nil {
		return Status{}, err
	}
	defer func() { _ = provider.Close() }() // closes the wrapper alone; the pool is the caller's
	status := Status{Latest: latest(provider), Binary: r.Number}

	err = pool.QueryRow(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&status.Version)
	if isUndefinedTable(err) {
		status.Elsewhere, err = elsewhere(ctx, pool)
		return status, err
	} else if err != nil {
		return status, err
	}
	if status.Early, err = isUnreleased(ctx, pool); err != nil {
		return status, err
	}
	stored, err := readMark(ctx, pool)
	if err != nil {
		return status, err
	}
	wanted, err := r.mark()
	if err != nil {
		return status, err
	}
	status.Number, status.Oldest, status.Same = stored.number, stored.oldest, stored.fingerprint == wanted.fingerprint

	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return status, err
	}
	validated, err := migrator.Validate(ctx, nil) // newer migrations of River's are accepted
	if err != nil {
		return status, fmt.Errorf("read River's version: %w", err)
	}
	status.River = validated.OK
	return status, nil
}

// elsewhere returns the schema that has Bursar's tables while the one that the connection looks in has none; else "". Connections
// look in public unless DATABASE_URL names another one.
func elsewhere(ctx context.Context, pool *pgxpool.Pool) (schema string, err error) {
	err = pool.QueryRow(ctx, `
		select coalesce(min(n.nspname), '') from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relname = 'schema_release' and to_regclass('schema_release') is null
			and exists (select from pg_class g where g.relname = 'goose_db_version' and g.relnamespace = n.oid)`).Scan(&schema)
	return schema, err
}

func errElsewhere(schema string) error {
	return fmt.Errorf("the tables are in the schema %q, in which this connection does not look: add search_path=%s to DATABASE_URL",
		schema, schema)
}

// mark is the row of schema_release; zero when there is none.
type mark struct {
	number, oldest int
	fingerprint    string
}

func readMark(ctx context.Context, on interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
},
) (m mark, err error) {
	err = on.QueryRow(ctx, `select number, oldest, fingerprint from schema_release`).Scan(&m.number, &m.oldest, &m.fingerprint)
	if isUndefinedTable(err) || errors.Is(err, pgx.ErrNoRows) {
		return mark{}, nil
	}
	return m, err
}

// mark returns what the release writes into schema_release. The fingerprint changes with what upgrades make, not with comments.
func (r Release) mark() (mark, error) {
	migrations, err := fs.Glob(r.Files, "migrations/*.sql")
	if err != nil {
		return mark{}, err
	}
	sum := sha256.New()
	add := func(text string) { _, _ = sum.Write([]byte(text + "\x00")) } // never fails
	for _, file := range migrations {
		add(path.Base(file))
	}
	for _, pattern := range []string{"functions/*/*.sql", "access/*.sql"} {
		paths, err := fs.Glob(r.Files, pattern)
		if err != nil {
			return mark{}, err
		}
		for _, file := range paths {
			script, err := fs.ReadFile(r.Files, file)
			if err != nil {
				return mark{}, err
			}
			all, err := statements(string(script))
			if err != nil {
				return mark{}, fmt.Errorf("%s: %w", file, err)
			}
			for _, statement := range all {
				add(statement)
			}
		}
	}
	kept, err := r.compatibility()
	if err != nil {
		return mark{}, err
	}
	for _, f := range kept {
		add(f.statement)
	}
	return mark{r.Number, r.Oldest, hex.EncodeToString(sum.Sum(nil))}, nil
}

func isUndefinedTable(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == pgerrcode.UndefinedTable
}
