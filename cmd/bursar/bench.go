package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"bursar/auth"
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
}

type benchCommand struct {
	Database    databaseFlags  `embed:""`
	PostgresBin postgresBin    `variable:"BURSAR_POSTGRES_BIN" placeholder:"FOLDER" help:"Folder with initdb and postgres for the embedded server; unset, they are searched for on this machine, else downloaded."`
	Quick       bool           `xor:"length" help:"3 s a row, under a minute altogether: what happens without --duration too."`
	Duration    *time.Duration `xor:"length" placeholder:"TIME" help:"How long each row is measured, after a warm-up of at most 1 s; 3s unless it is given."`
	Connections int            `default:"64" placeholder:"N" help:"Keep-alive connections, each with one request at a time."`
	Keys        int            `default:"10000" placeholder:"N" help:"API keys to load."`
	Rows        string         `placeholder:"LETTERS" help:"Only these rows, such as bc; row a is always measured."`
	JSON        bool           `name:"json" help:"Print JSON instead of the table."`
}

// Help is the long text of --help.
func (benchCommand) Help() string {
	return `Loads an organization with API keys, drives bursar serve, which it starts as a process of its own, and prints what
every row reached against row a: GraphQL without a decision. Exits 1 if an operation failed.

Works on a PostgreSQL of its own with durable commits, in the folder for temporary files, or on DATABASE_URL, which must
name an empty database; that one keeps the data. PostgreSQL, the server and the load share this machine's processors, and
every row starts where the one before it left the tables.`
}

// quickDuration is how long a row is measured unless --duration says otherwise. It is no default of the flag, for kong
// would take it for a --duration beside --quick.
const quickDuration = 3 * time.Second

// AfterApply checks the flags.
func (c *benchCommand) AfterApply() error {
	if c.Duration == nil {
		c.Duration = new(quickDuration)
	}
	return (&bench.Config{Connections: c.Connections, Duration: *c.Duration, Rows: c.Rows}).Validate(c.Keys)
}

// Run measures. What was measured before it failed is printed all the same.
func (c *benchCommand) Run(ctx context.Context, p *program) error {
	report, err := c.measureSomewhere(ctx, p)
	if report == nil || len(report.Rows) == 0 {
		return err
	}
	printReport := report.Print
	if c.JSON {
		printReport = report.PrintJSON
	}
	return errors.Join(err, printReport(p.stdout), report.Err())
}

// measureSomewhere measures on DATABASE_URL or on a PostgreSQL that lives as long as the measurement.
func (c *benchCommand) measureSomewhere(ctx context.Context, p *program) (report *bench.Report, err error) {
	if c.Database.DatabaseURL != "" {
		return c.measure(ctx, p, string(c.Database.DatabaseURL))
	}
	folder, err := os.MkdirTemp("", "bursar-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	// a kept server and not a temporary one, which would not wait for the disk
	server, err := pg.Start(ctx, pg.Config{DataDir: filepath.Join(folder, "postgres"), BinDir: string(c.PostgresBin)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	return c.measure(ctx, p, server.URL())
}

func (c *benchCommand) measure(ctx context.Context, p *program, databaseURL string) (report *bench.Report, err error) {
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

	token := auth.NewSecret(auth.AccessTokenPrefix).Text // the operator's, for which no row is looked up
	ceiling, err := startSelf(ctx, "bench-ceiling")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ceiling.Stop()) }()
	server, err := startSelf(ctx, "serve", "DATABASE_URL="+databaseURL, "BURSAR_ADDR=127.0.0.1:0", "BURSAR_ROOT_TOKEN="+token,
		"BURSAR_LOG_FORMAT=json", "BURSAR_LOG_LEVEL=info")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	return bench.Run(ctx, bench.Config{
		Pool: pool, Data: data, Ceiling: ceiling.URL, Server: server.URL, Token: token, Connections: c.Connections,
		Duration: *c.Duration, Rows: c.Rows, Progress: p.stderr,
	})
}

// startSelf starts a command of this binary as a process of its own, with more variables than this process has.
func startSelf(ctx context.Context, command string, variables ...string) (*bench.Process, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return bench.Start(ctx, bench.Program{
		Path: path, Arguments: []string{command}, Environment: append(os.Environ(), variables...),
	})
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
	server := serve(listener, mux, logger)
	logger.Info("serving", "url", urlOf(listener))
	select {
	case err := <-server.failed:
		return err
	case <-ctx.Done():
	}
	server.drain(drainLimit)
	return nil
}
