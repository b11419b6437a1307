// Package command is bursar bench at a terminal. Its types are the flags.
package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"bursar/bench"
	"bursar/bench/overhead"
	"bursar/bench/plot"
	"bursar/bench/testbed"
	"bursar/cmd/bursar/value"
)

// Bench are the flags of bursar bench.
type Bench struct {
	Database    value.DatabaseURL `name:"database-url" variable:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or later, as postgres://user:password@host:port/database."`
	PostgresBin value.PostgresBin `variable:"BURSAR_POSTGRES_BIN" placeholder:"FOLDER" help:"Folder with initdb and postgres for the embedded server; unset, they are searched for on this machine, else downloaded."`
	Quick       bool              `xor:"length,rows" help:"Rows a to h, 2 s each, under a minute altogether: what happens without --full too."`
	Full        bool              `xor:"rows" help:"All rows, 5 s each, and two loads of millions of rows: some ten minutes and 8 GB of disk."`
	Gateway     bool              `xor:"rows" help:"Measure what bursar gateway adds to calls of a provider, instead of rows; some five minutes."`
	Overhead    Overhead          `embed:""`
	Rows        string            `placeholder:"ROWS" help:"Only these rows, by letter or name, such as bc or hot-key,open-loop; row a is always measured."`
	Duration    *time.Duration    `xor:"length" placeholder:"TIME" help:"How long each row is measured, after a warm-up of at most 1 s; row h takes twice as long."`
	Connections int               `default:"256" placeholder:"N" help:"Keep-alive connections, each with one request at a time; row h has 50, row i several numbers up to four times as many."`
	Keys        int               `default:"10000" placeholder:"N" help:"API keys to load."`
	ManyKeys    int               `default:"1000000" placeholder:"N" help:"API keys to load for row k, with three limits each."`
	LedgerRows  int               `default:"5000000" placeholder:"N" help:"Usage events to load for row l."`
	JSON        bool              `name:"json" help:"Print JSON instead of the table."`
	Plot        string            `placeholder:"FILE.svg" help:"Draw row i: rate and p99 over the number of connections."`
}

// Help is the long text of --help.
func (Bench) Help() string {
	return `Loads an organization with API keys, drives bursar serve, which it starts as a process of its own, and prints what
every row reached against row a, GraphQL without a decision, and which of the bars it met. Exits 1 if an operation failed, two
servers were not exact, or bars are void, because the machine was busy with something else; a bar that is not met is no failure.

Works on a PostgreSQL of its own with durable commits, in the folder for temporary files, or on DATABASE_URL, which must
name an empty database; that one keeps the data. PostgreSQL, the server and the load share this machine's processors, and
every row starts where the one before it left the tables.`
}

// How long a row is measured without --duration. They are not defaults of the flag, because kong would take a default for a
// --duration beside --quick.
const (
	quickDuration = 2 * time.Second
	fullDuration  = 5 * time.Second
)

// AfterApply checks the flags and sets those that depend on others.
func (c *Bench) AfterApply() error {
	rows, duration := bench.QuickRows, quickDuration
	if c.Full {
		rows, duration = bench.AllRows, fullDuration
	}
	if c.Gateway {
		duration = overhead.DefaultDuration
	}
	if c.Gateway && c.Rows != "" {
		return errors.New("--rows: --gateway measures none")
	}
	if c.Rows != "" {
		chosen, err := bench.ParseRows(c.Rows)
		if err != nil {
			return fmt.Errorf("--rows: %w", err)
		}
		rows = chosen
	}
	c.Rows = rows
	if c.Duration == nil {
		c.Duration = new(duration)
	}
	if c.Plot != "" && !strings.Contains(c.Rows, "i") {
		return errors.New("--plot: row i is what is drawn; add --full or --rows with an i")
	}
	config, added := c.config(), c.Overhead.config(*c.Duration)
	if c.Gateway {
		return added.Validate(c.Keys)
	}
	return config.Validate(c.Keys)
}

// config returns the flags' part of a run.
func (c *Bench) config() bench.Config {
	return bench.Config{
		Connections: c.Connections, Duration: *c.Duration, Rows: c.Rows, ManyKeys: c.ManyKeys, LedgerRows: c.LedgerRows,
	}
}

// Run measures. It prints what was measured before a failure too.
func (c *Bench) Run(ctx context.Context, stdout, stderr io.Writer) error {
	report, err := c.measureSomewhere(ctx, stderr)
	if report == nil {
		return err
	}
	err = bench.Output(stdout, report, c.JSON, err)
	if rows, ok := report.(*bench.Report); ok && c.Plot != "" {
		err = errors.Join(err, c.plot(rows))
	}
	return err
}

// plot writes the plot, or nothing when not all of row i was measured.
func (c *Bench) plot(report *bench.Report) error {
	var drawing bytes.Buffer
	if err := plot.Draw(&drawing, report); err != nil {
		return err
	}
	return os.WriteFile(c.Plot, drawing.Bytes(), 0o644) //nolint:gosec // a picture for everybody
}

// measureSomewhere measures on DATABASE_URL, or on a PostgreSQL that it starts and stops. The report is nil when nothing was
// measured.
func (c *Bench) measureSomewhere(ctx context.Context, stderr io.Writer) (report bench.Outcome, err error) {
	if c.Database != "" {
		return c.measure(ctx, stderr, string(c.Database))
	}
	segments := testbed.QuickSegments
	if c.Full {
		segments = testbed.FullSegments
	}
	server, err := testbed.StartPostgreSQL(ctx, string(c.PostgresBin), segments)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	return c.measure(ctx, stderr, server.URL())
}

func (c *Bench) measure(ctx context.Context, stderr io.Writer, databaseURL string) (bench.Outcome, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	build := testbed.Build{Path: path, DatabaseURL: databaseURL}
	if c.Gateway {
		config := c.Overhead.config(*c.Duration)
		config.Progress = stderr
		return testbed.Overhead(ctx, build, c.Keys, c.Overhead.leases(), config)
	}
	config := c.config()
	config.Progress = stderr
	return testbed.Rows(ctx, build, c.Keys, config)
}
