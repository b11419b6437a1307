package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"bursar/bench"
	"bursar/db"
	"bursar/observe"
	"bursar/pg"
	"bursar/sql"
)

// benchCommands are bursar bench and the server of its first row, which is a process of its own like the one it stands
// beside.
type benchCommands struct {
	Bench        benchCommand        `cmd:"" help:"Measure how fast this machine decides: one table, ratios in one run."`
	BenchCeiling benchCeilingCommand `cmd:"" hidden:"" help:"Serve GraphQL whose resolver does nothing, for bursar bench."`
	BenchAttack  benchAttackCommand  `cmd:"" hidden:"" help:"Attack a server as standard input says, for bursar bench --hostile."`
}

type benchCommand struct {
	Database    databaseFlags  `embed:""`
	PostgresBin postgresBin    `variable:"BURSAR_POSTGRES_BIN" placeholder:"FOLDER" help:"Folder with initdb and postgres for the embedded server; unset, they are searched for on this machine, else downloaded."`
	Quick       bool           `xor:"length,rows" help:"Rows a to h, 2 s each, under a minute altogether: what happens without --full too."`
	Full        bool           `xor:"rows" help:"All rows, 5 s each, and two loads of millions of rows: some ten minutes and 8 GB of disk."`
	Hostile     bool           `xor:"rows" help:"No rows, but gateways at half of what the machine can do, before and while an attacker sends the worst that it may; 2 minutes of attack unless --duration says otherwise."`
	Rows        string         `placeholder:"LETTERS" help:"Only these rows, such as bc; row a is always measured."`
	Duration    *time.Duration `xor:"length" placeholder:"TIME" help:"How long each row is measured, after a warm-up of at most 1 s; row h takes twice as long."`
	Connections int            `default:"256" placeholder:"N" help:"Keep-alive connections, each with one request at a time; row h has 50, row i several numbers up to four times as many."`
	Keys        int            `default:"10000" placeholder:"N" help:"API keys to load."`
	ManyKeys    int            `default:"1000000" placeholder:"N" help:"API keys to load for row k, with three limits each."`
	LedgerRows  int            `default:"5000000" placeholder:"N" help:"Usage events to load for row l."`
	JSON        bool           `name:"json" help:"Print JSON instead of the table."`
	Plot        string         `placeholder:"FILE.svg" help:"Draw row i: rate and p99 over the number of connections."`
}

// Help is the long text of --help.
func (benchCommand) Help() string {
	return `Loads an organization with API keys, drives bursar serve, which it starts as a process of its own, and prints what
every row reached against row a, GraphQL without a decision, and which of the bars it met. Exits 1 if an operation failed or
two servers were not exact; a bar that is not met is no failure.

Works on a PostgreSQL of its own with durable commits, in the folder for temporary files, or on DATABASE_URL, which must
name an empty database; that one keeps the data. PostgreSQL, the server and the load share this machine's processors, and
every row starts where the one before it left the tables.`
}

// How long a row is measured unless --duration says otherwise. They are no defaults of the flag, for kong would take one for
// a --duration beside --quick.
const (
	quickDuration = 2 * time.Second
	fullDuration  = 5 * time.Second

	hostileDuration = 2 * time.Minute // of the attack

	quickSegments = 32 // of the write-ahead log, 16 MB each, that are there before anything is measured
	fullSegments  = 128
)

// AfterApply checks the flags and fills in what depends on others.
func (c *benchCommand) AfterApply() error {
	rows, duration := bench.QuickRows, quickDuration
	if c.Full {
		rows, duration = bench.AllRows, fullDuration
	}
	if c.Hostile {
		duration = hostileDuration
	}
	if c.Rows == "" {
		c.Rows = rows
	}
	if c.Duration == nil {
		c.Duration = new(duration)
	}
	if c.Plot != "" && !strings.Contains(c.Rows, "i") {
		return &misuse{"--plot: row i is what is drawn; add --full or --rows with an i"}
	}
	config := c.config()
	return config.Validate(c.Keys)
}

// config returns what the flags say of a run.
func (c *benchCommand) config() bench.Config {
	return bench.Config{
		Connections: c.Connections, Duration: *c.Duration, Rows: c.Rows, ManyKeys: c.ManyKeys, LedgerRows: c.LedgerRows,
	}
}

// Run measures. What was measured before it failed is printed all the same.
func (c *benchCommand) Run(ctx context.Context, p *program) error {
	report, err := c.measureSomewhere(ctx, p)
	if report == nil {
		return err
	}
	printReport := report.Print
	if c.JSON {
		printReport = report.PrintJSON
	}
	err = errors.Join(err, printReport(p.stdout), report.Err())
	if rows, measured := report.(*bench.Report); measured && c.Plot != "" {
		err = errors.Join(err, c.plot(rows))
	}
	return err
}

// benchReport is what a run came to.
type benchReport interface {
	Print(w io.Writer) error
	PrintJSON(w io.Writer) error
	Err() error // what was not as it must be
}

// plot writes the plot, or nothing when there is not all of row i to draw.
func (c *benchCommand) plot(report *bench.Report) error {
	var drawing bytes.Buffer
	if err := report.Plot(&drawing); err != nil {
		return err
	}
	return os.WriteFile(c.Plot, drawing.Bytes(), 0o644) //nolint:gosec // a picture for everybody
}

// measureSomewhere measures on DATABASE_URL or on a PostgreSQL that lives as long as the measurement.
func (c *benchCommand) measureSomewhere(ctx context.Context, p *program) (report benchReport, err error) {
	if c.Database.DatabaseURL != "" {
		return c.measure(ctx, p, string(c.Database.DatabaseURL))
	}
	folder, err := os.MkdirTemp("", "bursar-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	// a kept server and not a temporary one, which would not wait for the disk
	server, err := pg.Start(ctx, pg.Config{
		DataDir: filepath.Join(folder, "postgres"), BinDir: string(c.PostgresBin), Settings: benchSettings(),
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	segments := quickSegments
	if c.Full || c.Hostile {
		segments = fullSegments
	}
	if err := bench.AgeLog(ctx, server.URL(), segments); err != nil {
		return nil, err
	}
	return c.measure(ctx, p, server.URL())
}

func (c *benchCommand) measure(ctx context.Context, p *program, databaseURL string) (report benchReport, err error) {
	logger := slog.New(slog.DiscardHandler)
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: databaseURL, ApplicationName: "bursar bench"})
	if err != nil {
		return nil, err
	}
	defer closePool(pool, closeLimit, logger)
	if err := bench.RefuseUsed(ctx, pool); err != nil {
		return nil, err
	}
	if err := sql.Up(ctx, pool, logger); err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(p.stderr, "loading %d keys\n", c.Keys); err != nil {
		return nil, err
	}
	data, err := bench.Load(ctx, pool, c.Keys)
	if err != nil {
		return nil, err
	}

	ceiling, err := startSelf(ctx, "bench-ceiling")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ceiling.Stop()) }()
	environment := []string{"DATABASE_URL=" + databaseURL, "BURSAR_ADDR=127.0.0.1:0", "BURSAR_LOG_FORMAT=json", "BURSAR_LOG_LEVEL=info"}
	server, err := startSelf(ctx, "serve", environment...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	second, err := startSelf(ctx, "serve", environment...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, second.Stop()) }()
	config := c.config()
	config.Pool, config.Data, config.Progress = pool, data, p.stderr
	config.Ceiling, config.Server, config.ServerPID, config.Second = ceiling.URL, server.URL, server.PID, second.URL
	if config.Verify, err = self("verify", environment...); err != nil {
		return nil, err
	}
	if c.Hostile {
		hostility, err := bench.RunHostile(ctx, config, attacker)
		if len(hostility.Phases) == 0 {
			return nil, err
		}
		return hostility, err
	}
	rows, err := bench.Run(ctx, config)
	if len(rows.Rows) == 0 {
		return nil, err
	}
	return rows, err
}

// benchSettings are what a PostgreSQL of production is given: a quarter of the machine's memory, as its manual advises, or
// 1 GB where that is not known, checkpoints by the clock, and write-ahead log that is used again and not made anew.
func benchSettings() map[string]string {
	buffers := 1024.0
	if memory, err := bench.MachineMiB(); err == nil {
		buffers = max(128, memory/4)
	}
	return map[string]string{"shared_buffers": fmt.Sprintf("%.0fMB", buffers), "max_wal_size": "16GB", "min_wal_size": "4GB"}
}

// startSelf starts a command of this binary as a process of its own, with more variables than this process has.
func startSelf(ctx context.Context, command string, variables ...string) (*bench.Process, error) {
	program, err := self(command, variables...)
	if err != nil {
		return nil, err
	}
	return bench.Start(ctx, program)
}

func self(command string, variables ...string) (bench.Program, error) {
	path, err := os.Executable()
	return bench.Program{Path: path, Arguments: []string{command}, Environment: append(os.Environ(), variables...)}, err
}

type benchCeilingCommand struct{}

// Run serves until ctx ends.
func (benchCeilingCommand) Run(ctx context.Context, p *program) error {
	logger := observe.NewLogger(p.stderr, observe.JSON, slog.LevelInfo)
	listener, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", bench.CeilingHandler())
	server := serve(listener, mux, defaultLimits(0), nil, logger)
	logger.Info("serving", "url", urlOf(listener, "http"))
	select {
	case err := <-server.failed:
		return err
	case <-ctx.Done():
	}
	server.drain(drainLimit)
	return nil
}
