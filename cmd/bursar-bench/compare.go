package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bursar/bench"
	"bursar/bench/compare"
	"bursar/bench/testbed"
)

type compareCommand struct {
	Against     string        `required:"" placeholder:"FILE" type:"existingfile" help:"The other build of bursar, of any version."`
	Build       buildFlags    `embed:""`
	Rows        string        `default:"bcde" placeholder:"ROWS" help:"Rows of bursar bench, b to e, by letter or name. Default: ${default}."`
	Rounds      int           `default:"5" placeholder:"N" help:"Each round measures each row twice with each build. Default: ${default}."`
	Duration    time.Duration `default:"2s" placeholder:"TIME" help:"How long each measurement takes, after a warm-up of at most 1 s. Default: ${default}."`
	Connections []int         `default:"256" placeholder:"N" help:"Keep-alive connections, each with one request at a time; each row is measured with each of the numbers. Default: ${default}."`
	Keys        int           `default:"10000" placeholder:"N" help:"API keys to load. Default: ${default}."`
	JSON        bool          `name:"json" help:"Print JSON instead of a table."`

	operations []bench.Operation
}

const maxRounds = 1000

// Help is the long text of --help.
func (compareCommand) Help() string {
	return `Starts a PostgreSQL in the folder for temporary files, and has each build load a database of its own there and serve it.
Then it measures the builds alternately, in the order this, other, other, this, and prints for each row the ratio of this
build's rate to the other's: the median, the lowest and the highest of the rounds. Exits 1 if an operation failed or bursar
verify of either build finds a difference.`
}

// AfterApply checks the flags.
func (c *compareCommand) AfterApply() error {
	letters, err := bench.ParseRows(c.Rows)
	if err != nil {
		return &misuse{"--rows: " + err.Error()}
	}
	for _, operation := range bench.Operations() {
		if at := slices.Index([]byte(letters), operation.Letter()[0]); at >= 0 {
			letters = letters[:at] + letters[at+1:]
			c.operations = append(c.operations, operation)
		}
	}
	if letters != "" {
		return &misuse{fmt.Sprintf("--rows: want rows b to e, each once, got %s too", bench.RowName(letters[:1]))}
	}
	if c.Rounds < 1 || c.Rounds > maxRounds {
		return &misuse{fmt.Sprintf("--rounds: want 1 to %d, got %d", maxRounds, c.Rounds)}
	}
	for _, connections := range c.Connections {
		config := bench.Config{Connections: connections, Duration: c.Duration, ManyKeys: 1, LedgerRows: 1}
		if err := config.Validate(c.Keys); err != nil {
			return &misuse{err.Error()}
		}
	}
	return nil
}

// Run compares. It prints the rounds that were finished before a failure too.
func (c *compareCommand) Run(ctx context.Context, p *program) error {
	report, err := c.compare(ctx, p)
	if report == nil {
		return err
	}
	return bench.Output(p.stdout, report, c.JSON, err)
}

// compare returns nil and an error when nothing was measured.
func (c *compareCommand) compare(ctx context.Context, p *program) (report *compare.Report, err error) {
	path, remove, err := c.Build.binary(ctx, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	postgres, err := testbed.StartPostgreSQL(ctx, c.Build.PostgresBin, c.segments())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	this, err := c.start(ctx, p, postgres, "this", path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, this.server.Stop()) }()
	other, err := c.start(ctx, p, postgres, "other", c.Against)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, other.server.Stop()) }()
	version, durable, err := postgres.Describe(ctx)
	if err != nil {
		return nil, err
	}
	report, err = compare.Run(ctx, compare.Config{
		This: this.Build, Other: other.Build, Operations: c.operations, Connections: c.Connections, Rounds: c.Rounds,
		Duration: c.Duration, PostgreSQL: version, Durable: durable, Progress: p.stderr,
	})
	if len(report.Rows) == 0 {
		return nil, err
	}
	return report, err
}

// segments returns the number of segments of the write-ahead log that the run needs, at 16 MB a second.
func (c *compareCommand) segments() int {
	measurements := 4 * c.Rounds * len(c.operations) * len(c.Connections)
	seconds := int(c.Duration.Seconds() * float64(measurements))
	return min(seconds+2, testbed.FullSegments)
}

// build is one of the builds, with its server.
type build struct {
	compare.Build
	server *bench.Process
}

// start has a build load and serve a new database.
func (c *compareCommand) start(ctx context.Context, p *program, postgres *testbed.PostgreSQL, name, path string) (*build, error) {
	databaseURL, err := postgres.CreateDatabase(ctx, name)
	if err != nil {
		return nil, err
	}
	of := testbed.Build{Path: path, DatabaseURL: databaseURL}
	version, err := of.Version(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(p.stderr, "%s: %s, %s: loading %d keys\n", name, path, version, c.Keys); err != nil {
		return nil, err
	}
	data, err := of.LoadByItself(ctx, c.Keys)
	if err != nil {
		return nil, err
	}
	server, err := of.Serve(ctx)
	if err != nil {
		return nil, err
	}
	if err := data.FindKeyField(ctx, server.URL); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return &build{compare.Build{Version: path + ", " + version, Server: server.URL, Data: data, Verify: of.Program("verify")}, server}, nil
}
