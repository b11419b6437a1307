// Package bench measures how fast Bursar decides, and how much of the machine's speed that is: a table of rates whose
// ratios to one row, the same GraphQL without a decision, mean something because all rows are of one run.
package bench

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Config says what is measured and against what.
type Config struct {
	Pool        *pgxpool.Pool // of the database that Load filled; rows f, g and i use it directly
	Data        *Data         // what Load loaded
	Ceiling     string        // URL of a server of CeilingHandler, at /graphql
	Server      string        // URL of a Bursar server on the same database
	ServerPID   int           // its process, whose memory is read; 0: unknown
	Second      string        // URL of another one, for row j
	Verify      Program       // bursar verify on the same database, for row l
	Connections int           // keep-alive connections, each with one request at a time; rows h and i have their own numbers
	Duration    time.Duration // of each row, after a warm-up
	Rows        string        // the rows' letters; a is always measured
	ManyKeys    int           // API keys of row k
	LedgerRows  int           // usage events that are loaded for row l
	Progress    io.Writer     // receives one line for each row as it begins
}

// The rows' letters: all of them, and those that need no more than a minute.
const (
	AllRows   = "abcdefghijkl"
	QuickRows = "abcdefgh"
)

const (
	maxKeys        = 10_000_000  // the numbers that end secrets have no more digits
	maxLedgerRows  = 100_000_000 // some 50 GB
	maxConnections = 1024        // more would need more file descriptors than many shells grant
	minDuration    = 100 * time.Millisecond
	maxDuration    = time.Hour
	maxWarmUp      = time.Second
)

// Validate says what of a run with the given number of API keys makes no sense.
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
