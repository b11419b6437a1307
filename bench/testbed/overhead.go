package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"bursar/bench"
	"bursar/bench/overhead"
)

// Beside is where another gateway has to stand to be measured beside bursar gateway.
type Beside struct {
	Server, Token string // URL of a Bursar server, and an access token of the role GATEWAY
	Provider      string // URL
	Folder        string // for files, which is removed afterwards
}

// Leases says with what bursar gateway is measured.
type Leases int

// Without leases, with them, or one after the other.
const (
	WithoutLeases Leases = iota
	WithLeases
	BothWays
)

// each returns of each gateway whether it has leases.
func (l Leases) each() []bool {
	return map[Leases][]bool{WithoutLeases: {false}, WithLeases: {true}, BothWays: {false, true}}[l]
}

// Other starts another gateway, which is measured beside bursar gateway. The process is the measurement's to stop; the header is further lines of each request's,
// with CR LF. Of the target, URL and PID are set, and Metrics is a path.
type Other func(ctx context.Context, at Beside) (process *bench.Process, target overhead.Target, err error)

// Overhead measures what the gateway of a build adds to calls, on the build's database, which must be empty, after it has loaded a number of API keys. With leases or without, and the config, say what is measured;
// so do the other gateways. The outcome is nil when nothing was measured.
func Overhead(ctx context.Context, build Build, keys int, leases Leases, config overhead.Config, others ...Other) (outcome bench.Outcome, failed error) {
	pool, data, err := Prepare(ctx, build, keys, config.Progress)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	provider, err := bench.Start(ctx, build.Program("bench-provider"))
	if err != nil {
		return nil, err
	}
	defer func() { failed = errors.Join(failed, provider.Stop()) }()
	server, err := build.Serve(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { failed = errors.Join(failed, server.Stop()) }()
	folder, err := os.MkdirTemp("", "bursar-gateway-")
	if err != nil {
		return nil, err
	}
	defer func() { failed = errors.Join(failed, os.RemoveAll(folder)) }()
	config.Pool, config.Data = pool, data
	config.Provider = overhead.Target{Name: "the provider", URL: provider.URL, PID: provider.PID}
	for i, leased := range leases.each() {
		gateway, err := build.Gateway(ctx, filepath.Join(folder, "own-"+strconv.Itoa(i)), server.URL, data.Token, provider.URL, leased)
		if err != nil {
			return nil, err
		}
		defer func() { failed = errors.Join(failed, gateway.Stop()) }()
		target := overhead.Target{Name: "bursar gateway", URL: gateway.URL, PID: gateway.PID, Metrics: gateway.URL + "/metrics", Governed: true, Leases: leased}
		if leased {
			target.Name += " with leases"
		}
		if i == 0 {
			config.Gateway = target
		} else {
			config.Leased = &target
		}
	}
	for i, start := range others {
		process, target, err := start(ctx, Beside{server.URL, data.Token, provider.URL, filepath.Join(folder, strconv.Itoa(i))})
		if err != nil {
			return nil, err
		}
		defer func() { failed = errors.Join(failed, process.Stop()) }()
		if target.URL, target.PID = process.URL, process.PID; target.Metrics != "" {
			target.Metrics = process.URL + target.Metrics
		}
		config.Others = append(config.Others, target)
	}
	report, err := overhead.Run(ctx, config)
	if len(report.Rows) == 0 && len(report.Memory) == 0 {
		return nil, err
	}
	return report, err
}

// Gateway starts bursar gateway in front of a provider of the dialect of OpenAI, which has the demo models. Its settings, with defaults otherwise, and its spool are in a folder.
func (b Build) Gateway(ctx context.Context, folder, server, token, provider string, leases bool) (*bench.Process, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	settings := fmt.Sprintf(`listen: 127.0.0.1:0
bursar: {urls: [%q], token: {variable: BURSAR_GATEWAY_TOKEN}, lease: %q}
spool: {dir: %s}
providers:
  - {name: demo, baseURL: %q, dialect: openai, key: {variable: BURSAR_PROVIDER_KEY}, models: ["demo-*"]}
`, server, map[bool]string{false: "off", true: "auto"}[leases], strconv.Quote(filepath.Join(folder, "spool")), provider)
	file := filepath.Join(folder, "gateway.yaml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		return nil, err
	}
	program := b.Program("gateway", "--settings", file)
	program.Environment = append(program.Environment, "BURSAR_GATEWAY_TOKEN="+token, "BURSAR_PROVIDER_KEY=sk-of-the-provider")
	return bench.Start(ctx, program)
}
