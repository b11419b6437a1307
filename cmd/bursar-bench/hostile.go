package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"bursar/bench"
	"bursar/bench/hostile"
	"bursar/bench/testbed"
)

type hostileCommand struct {
	Build       buildFlags    `embed:""`
	DatabaseURL string        `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"An empty database, which keeps the data; unset, a PostgreSQL is started in the folder for temporary files."`
	Duration    time.Duration `default:"2m" placeholder:"TIME" help:"How long the attack takes, all rounds together. Default: ${default}."`
	Rounds      int           `default:"4" placeholder:"N" help:"How many rounds of a quiet phase and one under attack are measured. Default: ${default}."`
	Connections int           `default:"256" placeholder:"N" help:"Keep-alive connections of the gateways. Default: ${default}."`
	Keys        int           `default:"10000" placeholder:"N" help:"API keys of the gateways' organization, and of the attacker's. Default: ${default}."`
	LedgerRows  int           `default:"200000" placeholder:"N" help:"Usage events of the attacker's organization, at most 200000. Default: ${default}."`
	Only        []string      `sep:"none" placeholder:"KIND" help:"Attack in this way alone, to see what it costs: a name of the table of attacks that a run prints. May be repeated."`
	Split       bool          `help:"Start two servers: one for enforcement, which gateways call, and one for the control plane with the lowest priority (nice), which is attacked."`
	JSON        bool          `name:"json" help:"Print JSON instead of tables."`
}

// Help is the long text of --help.
func (hostileCommand) Help() string {
	return `Measures gateways at half of the machine's capacity, by the clock, in rounds of a quiet phase and one under attack: a process
with the lowest priority sends the most expensive requests that the limits let through, with tokens of an organization of its own.
Then one organization floods a lane of enforcement, and its neighbour is measured in the same rounds, and so are the gateways while 50 consoles,
and then 1,000 listeners, look at their organization. Prints latencies, the ratio of
each round's to those of the quiet phases before and after it, the median of the ratios, the server's memory and what the attacker
was answered. Exits 1 if a request of a gateway failed, the attacker got an answer that it must not get, or the run is
void, because the machine was too busy with something else; a bar that is not met is no failure.

The build must be of this program's schema.`
}

// AfterApply checks the flags.
func (c *hostileCommand) AfterApply() error {
	config := bench.Config{Connections: c.Connections, Duration: c.Duration, ManyKeys: 1, LedgerRows: c.LedgerRows}
	if err := config.Validate(c.Keys); err != nil {
		return &misuse{err.Error()}
	}
	if c.Rounds < 1 || c.Rounds > 100 {
		return &misuse{fmt.Sprintf("--rounds: want 1 to 100, got %d", c.Rounds)}
	}
	for _, name := range c.Only {
		if kinds := append(hostile.Kinds(), hostile.Flood, hostile.Consoles, hostile.Listeners); !slices.Contains(kinds, name) {
			return &misuse{fmt.Sprintf("--only: want some of %q, got %q", kinds, name)}
		}
	}
	return nil
}

// Run measures. It prints what was measured before a failure too.
func (c *hostileCommand) Run(ctx context.Context, p *program) error {
	report, err := c.measureSomewhere(ctx, p)
	if report == nil {
		return err
	}
	return bench.Output(p.stdout, report, c.JSON, err)
}

// measureSomewhere measures on the named database, or on a PostgreSQL that it starts and stops. The report is nil when nothing
// was measured.
func (c *hostileCommand) measureSomewhere(ctx context.Context, p *program) (report *hostile.Report, err error) {
	path, remove, err := c.Build.binary(ctx, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if c.DatabaseURL != "" {
		return c.measure(ctx, p, testbed.Build{Path: path, DatabaseURL: c.DatabaseURL})
	}
	postgres, err := testbed.StartPostgreSQL(ctx, c.Build.PostgresBin, testbed.FullSegments)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	return c.measure(ctx, p, testbed.Build{Path: path, DatabaseURL: postgres.URL()})
}

func (c *hostileCommand) measure(ctx context.Context, p *program, build testbed.Build) (report *hostile.Report, err error) {
	pool, data, err := testbed.Prepare(ctx, build, c.Keys, p.stderr)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	config := hostile.Config{
		Pool: pool, Data: data, Verify: build.Program("verify"),
		Connections: c.Connections, Duration: c.Duration, Rounds: c.Rounds, LedgerRows: c.LedgerRows, Only: c.Only, Progress: p.stderr, Attacker: attacker,
		Lane: func(ctx context.Context, slots int) (*bench.Process, error) {
			return build.Serve(ctx, "--lanes", "1", "--max-queue", strconv.Itoa(slots))
		},
	}
	ceiling, err := bench.Start(ctx, build.Program("bench-ceiling"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ceiling.Stop()) }()
	config.Ceiling = ceiling.URL
	stop, err := c.serve(ctx, build, &config)
	defer func() { err = errors.Join(err, stop()) }()
	if err != nil {
		return nil, err
	}
	report, err = hostile.Run(ctx, config)
	if !report.Measured() {
		return nil, err
	}
	return report, err
}

const lowestPriority = 19 // nice value

// serve starts one server, or two with --split, and adds them to the configuration. stop stops those that were started, also after
// an error.
func (c *hostileCommand) serve(ctx context.Context, build testbed.Build, config *hostile.Config) (stop func() error, err error) {
	var servers []*bench.Process
	stop = func() error {
		var failed []error
		for _, server := range servers {
			failed = append(failed, server.Stop())
		}
		return errors.Join(failed...)
	}
	started := func(server *bench.Process, err error) error {
		if err != nil {
			return err
		}
		servers, config.PIDs, config.Attacked = append(servers, server), append(config.PIDs, server.PID), server.URL
		return nil
	}
	config.Setup = "one server"
	if err := started(c.first(ctx, build)); err != nil {
		return stop, err
	}
	config.Server = servers[0].URL
	if !c.Split {
		return stop, nil
	}
	config.Setup = "two servers: --only enforcement, and --only control with the lowest priority"
	return stop, started(build.ServeOnly(ctx, "control", lowestPriority))
}

// first starts the server that gateways call.
func (c *hostileCommand) first(ctx context.Context, build testbed.Build) (*bench.Process, error) {
	if c.Split {
		return build.ServeOnly(ctx, "enforcement", 0)
	}
	return build.Serve(ctx)
}
