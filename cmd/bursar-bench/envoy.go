package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"bursar/bench"
	"bursar/bench/ratelimits"
	"bursar/bench/testbed"
)

type envoyCommand struct {
	Build       buildFlags    `embed:""`
	Ratelimit   string        `placeholder:"FILE" type:"existingfile" help:"A build of github.com/envoyproxy/ratelimit/src/service_cmd, which is measured beside; it needs --redis."`
	Redis       string        `placeholder:"FILE" help:"redis-server for --ratelimit, which keeps nothing on the disk."`
	Connections int           `default:"256" placeholder:"N" help:"Connections, each with one call at a time. Default: ${default}."`
	PerSecond   int           `default:"1000" placeholder:"N" help:"Calls a second by the clock, in rows of their own; 0: none. Default: ${default}."`
	Rounds      int           `default:"2" placeholder:"N" help:"How many times each load is measured, by turns. Default: ${default}."`
	Duration    time.Duration `default:"3s" placeholder:"TIME" help:"Of each measurement, after a warm-up. Default: ${default}."`
	Keys        int           `default:"10000" placeholder:"N" help:"API keys to load. Default: ${default}."`
	JSON        bool          `name:"json" help:"Print JSON instead of a table."`
}

// Help is the long text of --help.
func (envoyCommand) Help() string {
	return `Measures ShouldRateLimit of bursar serve --grpc-addr: counting requests, and looks that reserve, of one key and spread over all, each key with one
limit of requests a minute; and the same counting with envoyproxy/ratelimit and a Redis, by turns in one run. Bursar's commits are durable.`
}

// AfterApply checks the flags.
func (c *envoyCommand) AfterApply() error {
	if (c.Ratelimit == "") != (c.Redis == "") {
		return &misuse{"--ratelimit and --redis go together"}
	}
	if c.Connections < 1 || c.Rounds < 1 || c.Keys < 1 || c.PerSecond < 0 || c.Duration < 100*time.Millisecond {
		return &misuse{"connections, rounds and keys are at least 1, and a measurement lasts 100ms at least"}
	}
	return nil
}

// Run measures. It prints what was measured before a failure too.
func (c *envoyCommand) Run(ctx context.Context, p *program) error {
	report, err := c.measure(ctx, p)
	if report == nil || len(report.Rows) == 0 {
		return err
	}
	return bench.Output(p.stdout, report, c.JSON, err)
}

func (c *envoyCommand) measure(ctx context.Context, p *program) (report *ratelimits.Report, err error) {
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
	build := testbed.Build{Path: path, DatabaseURL: postgres.URL()}
	pool, data, err := testbed.Prepare(ctx, build, c.Keys, p.stderr)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	// one limit a request: that of the key's requests a minute
	if _, err := pool.Exec(ctx, "delete from limits where kind = 'BUDGET'"); err != nil {
		return nil, err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	server, err := build.Serve(ctx, "--grpc-addr", addr)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	config := ratelimits.Config{
		Targets: []ratelimits.Target{{Name: "bursar", Addr: addr, Token: data.Token, Phases: []ratelimits.Phase{ratelimits.Count, ratelimits.Reserve}}},
		Secret:  data.Secret, Keys: c.Keys, Connections: c.Connections, PerSecond: c.PerSecond, Duration: c.Duration, Rounds: c.Rounds, Progress: p.stderr,
	}
	if c.Ratelimit != "" {
		reference, stop, err := c.reference(ctx)
		if err != nil {
			return nil, err
		}
		defer stop()
		config.Targets = append(config.Targets, *reference)
	}
	return ratelimits.Run(ctx, config)
}

// freeAddr returns an address of this machine that nobody listens on now.
func freeAddr(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// referenceWait is how long the reference server may take to listen.
const referenceWait = 20 * time.Second

// reference starts Redis and envoyproxy/ratelimit with one limit for each key, which is never reached.
func (c *envoyCommand) reference(ctx context.Context) (target *ratelimits.Target, stop func(), err error) {
	folder, err := os.MkdirTemp("", "bursar-ratelimit-")
	if err != nil {
		return nil, nil, err
	}
	var started []*exec.Cmd
	stop = func() {
		for _, command := range started {
			_ = command.Process.Kill() // has ended already if it failed
			_ = command.Wait()         // says that it was killed
		}
		_ = os.RemoveAll(folder) // of temporary files
	}
	defer func() {
		if err != nil {
			stop()
		}
	}()
	var addrs [4]string
	var ports [4]string
	for i := range addrs {
		if addrs[i], err = freeAddr(ctx); err != nil {
			return nil, nil, err
		}
		if _, ports[i], err = net.SplitHostPort(addrs[i]); err != nil {
			return nil, nil, err
		}
	}
	limits := filepath.Join(folder, "ratelimit", "config")
	if err := os.MkdirAll(limits, 0o700); err != nil {
		return nil, nil, err
	}
	text := "domain: " + ratelimits.Domain + "\ndescriptors:\n  - {key: api_key, rate_limit: {unit: minute, requests_per_unit: 4000000000}}\n"
	if err := os.WriteFile(filepath.Join(limits, "config.yaml"), []byte(text), 0o600); err != nil {
		return nil, nil, err
	}
	redis := exec.CommandContext(ctx, c.Redis, "--port", ports[0], "--save", "", "--appendonly", "no", "--dir", folder) //nolint:gosec // the caller names the program
	server := exec.CommandContext(ctx, c.Ratelimit)                                                                     //nolint:gosec // the caller names the program
	server.Env = append(os.Environ(), "REDIS_SOCKET_TYPE=tcp", "REDIS_URL="+addrs[0], "USE_STATSD=false", "LOG_LEVEL=warn", "RUNTIME_ROOT="+folder,
		"RUNTIME_SUBDIRECTORY=ratelimit", "RUNTIME_WATCH_ROOT=false", "GRPC_HOST=127.0.0.1", "HOST=127.0.0.1", "DEBUG_HOST=127.0.0.1",
		"GRPC_PORT="+ports[1], "PORT="+ports[2], "DEBUG_PORT="+ports[3])
	for i, command := range []*exec.Cmd{redis, server} {
		if err := command.Start(); err != nil {
			return nil, nil, err
		}
		started = append(started, command)
		if err := awaitListener(ctx, addrs[i]); err != nil {
			return nil, nil, err
		}
	}
	return &ratelimits.Target{Name: "envoyproxy/ratelimit", Addr: addrs[1], Phases: []ratelimits.Phase{ratelimits.Count}}, stop, nil
}

// awaitListener waits until somebody listens on an address.
func awaitListener(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, referenceWait)
	defer cancel()
	for {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("nobody listens on %s: %w", addr, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
