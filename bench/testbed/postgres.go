// Package testbed sets up what a benchmark runs on: a PostgreSQL, a database with the benchmark's data, and the processes of a
// build of bursar.
package testbed

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"

	"bursar/bench"
	"bursar/pg"
)

// Segments of the write-ahead log, 16 MB each, that a PostgreSQL has before anything is measured.
const (
	QuickSegments = 32
	FullSegments  = 128
)

// PostgreSQL is a server with durable commits, whose data is in the folder for temporary files until Stop.
type PostgreSQL struct {
	server *pg.Server
	folder string
}

// StartPostgreSQL starts a server with the programs in a folder, or with those that pg.Start finds if it is "", and has it
// create segments of its write-ahead log.
func StartPostgreSQL(ctx context.Context, binDir string, segments int) (*PostgreSQL, error) {
	return StartPostgreSQLFor(ctx, binDir, segments, 0)
}

// StartPostgreSQLFor is StartPostgreSQL for a number of connections; 0: 200.
func StartPostgreSQLFor(ctx context.Context, binDir string, segments, connections int) (*PostgreSQL, error) {
	folder, err := os.MkdirTemp("", "bursar-bench-")
	if err != nil {
		return nil, err
	}
	// not pg.Config's Temporary, which turns durability off
	server, err := pg.Start(ctx, pg.Config{DataDir: filepath.Join(folder, "postgres"), BinDir: binDir, Settings: settings(connections)})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	p := &PostgreSQL{server, folder}
	if err := bench.AgeLog(ctx, server.URL(), segments); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

// settings returns usual settings of production: a quarter of the machine's memory for shared_buffers, as the manual advises,
// or 1 GB if that is unknown, and a write-ahead log that is large enough for checkpoints to come by time alone.
func settings(connections int) map[string]string {
	buffers := 1024.0
	if memory, err := bench.MachineMiB(); err == nil {
		buffers = max(128, memory/4)
	}
	settings := map[string]string{"shared_buffers": fmt.Sprintf("%.0fMB", buffers), "max_wal_size": "16GB", "min_wal_size": "4GB"}
	if connections > 0 {
		settings["max_connections"] = strconv.Itoa(connections)
	}
	return settings
}

// URL returns the URL of the server's first database, as a superuser.
func (p *PostgreSQL) URL() string { return p.server.URL() }

// Describe returns the server's version, and whether commits are on the disk before they are answered.
func (p *PostgreSQL) Describe(ctx context.Context) (version string, durable bool, err error) {
	err = p.connected(ctx, func(connection *pgx.Conn) error {
		version, durable, err = bench.DescribePostgreSQL(ctx, connection)
		return err
	})
	return version, durable, err
}

// connected calls a function with a connection to the first database.
func (p *PostgreSQL) connected(ctx context.Context, call func(*pgx.Conn) error) error {
	connection, err := pgx.Connect(ctx, p.URL())
	if err != nil {
		return err
	}
	return errors.Join(call(connection), connection.Close(ctx))
}

// CreateDatabase creates a further database and returns its URL.
func (p *PostgreSQL) CreateDatabase(ctx context.Context, name string) (string, error) {
	err := p.connected(ctx, func(connection *pgx.Conn) error {
		_, err := connection.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("create database %s: %w", name, err)
	}
	parsed, err := url.Parse(p.URL())
	if err != nil {
		return "", err
	}
	parsed.Path = "/" + name
	return parsed.String(), nil
}

// Stop stops the server and removes its data.
func (p *PostgreSQL) Stop() error {
	return errors.Join(p.server.Stop(), os.RemoveAll(p.folder))
}
