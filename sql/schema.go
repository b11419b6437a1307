// Package sql brings a database to this binary's schema: goose's migrations, River's own, then the functions, triggers and
// policies that have changed, and who may do what. It does so while servers work on the database.
package sql

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed migrations/*.sql functions/*/*.sql access/*.sql compatibility
var files embed.FS

// ErrNewer is a database that a newer binary has migrated and that does not support this one.
var ErrNewer = errors.New("the database's schema is newer than this binary; run the newer binary")

// Release is the schema of one release.
type Release struct {
	Files  fs.FS // migrations/*.sql, functions/*/*.sql, access/*.sql and compatibility/N/*.sql, N a release's number
	Number int   // goes up by one with the first change of the schema after a release
	Oldest int   // the oldest release whose servers work on this schema: the one before, or Number if they do not

	// LockTimeout is how long Up tries to lock a table that is in use, 0.1 s at a time; 0 for a minute.
	LockTimeout time.Duration
	// PeerTimeout is how long Up waits for another Up of the same database; 0 for ten minutes.
	PeerTimeout time.Duration
	// DrainTimeout is how long Up waits, before it drops functions and takes rights away, for statements that may be using them; 0 for 15 s.
	DrainTimeout time.Duration
}

// The number of this binary's schema, and the oldest release whose servers it supports; see docs/operations.md, Upgrading. A test
// fails when number has to go up.
const (
	number = 2
	oldest = 1
)

// ThisRelease returns this binary's schema.
func ThisRelease() Release { return Release{Files: files, Number: number, Oldest: oldest} }

// Up brings a database to this binary's schema; see [Release.Up].
func Up(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) error {
	return ThisRelease().Up(ctx, pool, logger)
}

// StatusOf compares a database's schema with this binary's.
func StatusOf(ctx context.Context, pool *pgxpool.Pool) (Status, error) {
	return ThisRelease().StatusOf(ctx, pool)
}
