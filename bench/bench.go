// Package bench measures how fast Bursar decides. It prints a table of rates, and their ratios to the ceiling: the same
// GraphQL operation without a decision, measured in the same run on the same machine.
package bench

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Config holds what is measured, and with how much load.
type Config struct {
	Pool        *pgxpool.Pool // on the database that Load filled; rows f, g and i query it directly
	Data        *Data         // what Load returned
	Ceiling     string        // URL of a server that has CeilingHandler at /graphql
	Server      string        // URL of a Bursar server on the same database
	ServerPID   int           // its process, whose memory is read; 0: unknown
	Second      string        // URL of a second server on the database, for row j
	Verify      Program       // bursar verify on the same database, for row l
	Connections int           // keep-alive connections, each with one request at a time; rows h and i have their own numbers
	Duration    time.Duration // of each row, after a warm-up
	Rows        string        // the rows' letters, see ParseRows; a is always measured
	ManyKeys    int           // API keys of row k
	LedgerRows  int           // usage events that are loaded for row l
	Progress    io.Writer     // receives a line when a row begins
}

const (
	maxKeys        = 10_000_000  // secrets end with a number of at most secretDigits digits
	maxLedgerRows  = 100_000_000 // some 50 GB
	maxConnections = 1024        // more would exceed the limit on open files of many shells
	minDuration    = 50 * time.Millisecond
	maxDuration    = time.Hour
	maxWarmUp      = time.Second
)

// Validate returns an error that names the flag whose value is out of range. The number of keys is that of --keys.
func (c *Config) Validate(keys int) error {
	switch {
	case keys < 1 || keys > maxKeys:
		return fmt.Errorf("--keys: want 1 to %d, got %d", maxKeys, keys)
	case c.ManyKeys < 1 || c.ManyKeys > maxKeys:
		return fmt.Errorf("--many-keys: want 1 to %d, got %d", maxKeys, c.ManyKeys)
	case c.LedgerRows < 1 || c.LedgerRows > maxLedgerRows:
		return fmt.Errorf("--ledger-rows: want 1 to %d, got %d", maxLedgerRows, c.LedgerRows)
	case c.Connections < 1 || c.Connections > maxConnections:
		return fmt.Errorf("--connections: want 1 to %d, got %d", maxConnections, c.Connections)
	case c.Duration < minDuration || c.Duration > maxDuration:
		return fmt.Errorf("--duration: want %s to %s, got %s", minDuration, maxDuration, c.Duration)
	}
	if strings.Trim(c.Rows, AllRows) != "" {
		return fmt.Errorf("--rows: want letters of %s, got %q", AllRows, c.Rows)
	}
	return nil
}
