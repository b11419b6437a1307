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

// measuredFlags say what is measured by turns, and how long.
type measuredFlags struct {
	Build       buildFlags    `embed:""`
	Rows        string        `default:"bcde" placeholder:"ROWS" help:"Rows of bursar bench, b to e, by letter or name. Default: ${default}."`
	Rounds      int           `default:"5" placeholder:"N" help:"Each round measures each row twice on each side. Default: ${default}."`
	Duration    time.Duration `default:"2s" placeholder:"TIME" help:"How long each measurement takes, after a warm-up of at most 1 s. Default: ${default}."`
	Connections []int         `default:"256" placeholder:"N" help:"Keep-alive connections, each with one request at a time; each row is measured with each of the numbers. Default: ${default}."`
	Keys        int           `default:"10000" placeholder:"N" help:"API keys to load for each organization. Default: ${default}."`
	JSON        bool          `name:"json" help:"Print JSON instead of a table."`

	operations []bench.Operation
}

const maxRounds = 1000

// check is the flags' AfterApply.
func (f *measuredFlags) check() error {
	letters, err := bench.ParseRows(f.Rows)
	if err != nil {
		return &misuse{"--rows: " + err.Error()}
	}
	for _, operation := range bench.Operations() {
		if at := slices.Index([]byte(letters), operation.Letter()[0]); at >= 0 {
			letters = letters[:at] + letters[at+1:]
			f.operations = append(f.operations, operation)
		}
	}
	if letters != "" {
		return &misuse{fmt.Sprintf("--rows: want rows b to e, each once, got %s too", bench.RowName(letters[:1]))}
	}
	if f.Rounds < 1 || f.Rounds > maxRounds {
		return &misuse{fmt.Sprintf("--rounds: want 1 to %d, got %d", maxRounds, f.Rounds)}
	}
	for _, connections := range f.Connections {
		config := bench.Config{Connections: connections, Duration: f.Duration, ManyKeys: 1, LedgerRows: 1}
		if err := config.Validate(f.Keys); err != nil {
			return &misuse{err.Error()}
		}
	}
	return nil
}

// build is one of the two sides, with its server.
type build struct {
	compare.Build
	server *bench.Process
}

// run measures the two sides that are started, and prints the rounds that were finished before a failure too.
func (f *measuredFlags) run(ctx context.Context, p *program, start func(*testbed.PostgreSQL, string) (this, other *build, err error)) error {
	report, err := f.measure(ctx, p, start)
	if report == nil {
		return err
	}
	return bench.Output(p.stdout, report, f.JSON, err)
}

// measure returns nil and an error when nothing was measured.
func (f *measuredFlags) measure(
	ctx context.Context, p *program, start func(*testbed.PostgreSQL, string) (this, other *build, err error),
) (report *compare.Report, err error) {
	path, remove, err := f.Build.binary(ctx, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	postgres, err := testbed.StartPostgreSQL(ctx, f.Build.PostgresBin, f.segments())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	this, other, err := start(postgres, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, this.server.Stop(), other.server.Stop()) }()
	version, durable, err := postgres.Describe(ctx)
	if err != nil {
		return nil, err
	}
	report, err = compare.Run(ctx, compare.Config{
		This: this.Build, Other: other.Build, Operations: f.operations, Connections: f.Connections, Rounds: f.Rounds,
		Duration: f.Duration, PostgreSQL: version, Durable: durable, Progress: p.stderr,
	})
	if len(report.Rows) == 0 {
		return nil, err
	}
	return report, err
}

// segments returns the number of segments of the write-ahead log that the run needs, at 16 MB a second.
func (f *measuredFlags) segments() int {
	measurements := 4 * f.Rounds * len(f.operations) * len(f.Connections)
	seconds := int(f.Duration.Seconds() * float64(measurements))
	return min(seconds+2, testbed.FullSegments)
}

// tell prints a line of progress.
func (p *program) tell(format string, arguments ...any) error {
	_, err := fmt.Fprintf(p.stderr, format+"\n", arguments...)
	return err
}
