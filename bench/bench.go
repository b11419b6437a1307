// Package bench measures how fast Bursar decides, and how much of the machine's speed that is: a table of rates whose
// ratios to one row, the same GraphQL without a decision, mean something because all rows are of one run.
package bench

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Config says what is measured and against what.
type Config struct {
	Pool        *pgxpool.Pool // of the database that Load filled; rows f and g use it directly
	Data        *Data         // what Load loaded
	Ceiling     string        // URL of a server of CeilingHandler, at /graphql
	Server      string        // URL of a Bursar server on the same database
	Token       string        // bearer token for Server
	Connections int           // keep-alive connections, each with one request at a time
	Duration    time.Duration // of each row, after a warm-up
	Rows        string        // the rows' letters, or "" for all; a is always measured
	Progress    io.Writer     // receives one line for each row as it begins
}

const (
	maxKeys        = 1_000_000 // each table of them is loaded by one statement, from memory
	maxConnections = 1024      // more would need more file descriptors than many shells grant
	minDuration    = 100 * time.Millisecond
	maxDuration    = time.Hour
	maxWarmUp      = time.Second
)

// Validate says what of a run with the given number of API keys makes no sense.
func (c *Config) Validate(keys int) error {
	switch {
	case keys < 1 || keys > maxKeys:
		return fmt.Errorf("--keys: want 1 to %d, got %d", maxKeys, keys)
	case c.Connections < 1 || c.Connections > maxConnections:
		return fmt.Errorf("--connections: want 1 to %d, got %d", maxConnections, c.Connections)
	case c.Duration < minDuration || c.Duration > maxDuration:
		return fmt.Errorf("--duration: want %s to %s, got %s", minDuration, maxDuration, c.Duration)
	}
	for _, letter := range c.Rows {
		if !strings.ContainsRune(letters, letter) {
			return fmt.Errorf("--rows: want letters of %s, got %q", letters, c.Rows)
		}
	}
	return nil
}

// Run measures the rows one after the other. When it fails or ctx ends, the report has the rows that were finished.
func Run(ctx context.Context, config Config) (*Report, error) {
	report := &Report{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), Go: runtime.Version(), Connections: config.Connections, Keys: len(config.Data.Secrets),
		SecondsPerRow: config.Duration.Seconds(),
	}
	if err := config.Pool.QueryRow(ctx, "show server_version").Scan(&report.PostgreSQL); err != nil {
		return report, fmt.Errorf("read PostgreSQL's version: %w", err)
	}
	if err := config.Pool.QueryRow(ctx, "select current_setting('fsync')::boolean and current_setting('synchronous_commit') <> 'off'").
		Scan(&report.Durable); err != nil {
		return report, fmt.Errorf("read whether commits are durable: %w", err)
	}
	for _, r := range rows(&config) {
		if r.letter != ceilingRow && config.Rows != "" && !strings.Contains(config.Rows, r.letter) {
			continue
		}
		if _, err := fmt.Fprintf(config.Progress, "measuring %s. %s\n", r.letter, r.what); err != nil {
			return report, err
		}
		measured, err := measure(ctx, r.newWorker, config.Connections, min(config.Duration, maxWarmUp), config.Duration)
		if err != nil {
			return report, fmt.Errorf("row %s: %w", r.letter, err)
		}
		report.add(r, measured, config.Duration)
	}
	return report, nil
}
