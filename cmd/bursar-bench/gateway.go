package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"bursar/bench"
	"bursar/bench/overhead"
	"bursar/bench/testbed"
)

type gatewayCommand struct {
	Build    buildFlags    `embed:""`
	Against  string        `placeholder:"FILE" type:"existingfile" help:"Another build of bursar, of this schema: its gateway is measured too."`
	Portkey  string        `placeholder:"FOLDER" type:"existingdir" help:"A folder with @portkey-ai/gateway in its node_modules, which is measured too; it needs node. See bench/portkey."`
	Streams  int           `default:"200" placeholder:"N" help:"Streams that are open at the same time, of 200 tokens a second. Default: ${default}."`
	Calls    int           `default:"2000" placeholder:"N" help:"Short calls a second. Default: ${default}."`
	Rounds   int           `default:"2" placeholder:"N" help:"How many times each gateway is measured, each time between two phases straight to the provider. Default: ${default}."`
	Duration time.Duration `default:"4s" placeholder:"TIME" help:"Of each phase, after a warm-up. Default: ${default}."`
	Lease    bool          `help:"Measure bursar gateway with leases too."`
	Keys     int           `default:"10000" placeholder:"N" help:"API keys to load. Default: ${default}."`
	JSON     bool          `name:"json" help:"Print JSON instead of tables."`
}

// Help is the long text of --help.
func (gatewayCommand) Help() string {
	return `Measures what bursar gateway adds to calls of a provider, as bursar bench --gateway does, and what other gateways in front of the same
provider add, by turns in one run. Starts a PostgreSQL in the folder for temporary files.`
}

func (c *gatewayCommand) config() overhead.Config {
	return overhead.Config{Streams: c.Streams, TokensPerSecond: overhead.DefaultTokensPerSecond, Calls: c.Calls, Rounds: c.Rounds, Duration: c.Duration}
}

// AfterApply checks the flags.
func (c *gatewayCommand) AfterApply() error {
	config := c.config()
	if err := config.Validate(c.Keys); err != nil {
		return &misuse{err.Error()}
	}
	return nil
}

// Run measures. It prints what was measured before a failure too.
func (c *gatewayCommand) Run(ctx context.Context, p *program) error {
	report, err := c.measure(ctx, p)
	if report == nil {
		return err
	}
	return bench.Output(p.stdout, report, c.JSON, err)
}

func (c *gatewayCommand) measure(ctx context.Context, p *program) (report bench.Outcome, err error) {
	path, remove, err := c.Build.binary(ctx, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	postgres, err := testbed.StartPostgreSQL(ctx, c.Build.PostgresBin, testbed.QuickSegments)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, postgres.Stop()) }()
	config := c.config()
	config.Progress = p.stderr
	var others []testbed.Other
	if c.Against != "" {
		others = append(others, against(c.Against))
	}
	if c.Portkey != "" {
		others = append(others, portkey(c.Portkey))
	}
	leases := testbed.WithoutLeases
	if c.Lease {
		leases = testbed.BothWays
	}
	return testbed.Overhead(ctx, testbed.Build{Path: path, DatabaseURL: postgres.URL()}, c.Keys, leases, config, others...)
}

// against starts the gateway of another build.
func against(path string) testbed.Other {
	return func(ctx context.Context, at testbed.Beside) (*bench.Process, overhead.Target, error) {
		process, err := testbed.Build{Path: path}.Gateway(ctx, at.Folder, at.Server, at.Token, at.Provider, false)
		return process, overhead.Target{Name: "the other build", Governed: true, Metrics: "/metrics"}, err
	}
}

// portkey starts @portkey-ai/gateway, which takes the provider's address from each request.
func portkey(folder string) testbed.Other {
	return func(ctx context.Context, at testbed.Beside) (*bench.Process, overhead.Target, error) {
		process, err := bench.Start(ctx, bench.Program{Path: "node", Arguments: []string{"bench/portkey/start.mjs", folder}, Environment: os.Environ()})
		header := fmt.Sprintf("x-portkey-provider: openai\r\nx-portkey-custom-host: %s/v1\r\nx-portkey-forward-headers: x-demo\r\n", at.Provider)
		return process, overhead.Target{Name: "@portkey-ai/gateway", Header: header}, err
	}
}
