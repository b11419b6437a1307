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

// Others starts other gateways in front of the provider at a URL, which are measured beside bursar gateway. stop ends them.
type Others func(ctx context.Context, provider string) (targets []overhead.Target, stop func() error, err error)

// Overhead measures what the gateway of a build adds to calls, on the build's database, which must be empty, after it has loaded a number of API keys. The config says what is measured;
// others may be nil. The outcome is nil when nothing was measured.
func Overhead(ctx context.Context, build Build, keys int, others Others, config overhead.Config) (outcome bench.Outcome, err error) {
	pool, data, err := Prepare(ctx, build, keys, config.Progress)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	provider, err := bench.Start(ctx, build.Program("bench-provider"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, provider.Stop()) }()
	server, err := build.Serve(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	folder, err := os.MkdirTemp("", "bursar-gateway-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	gateway, err := build.Gateway(ctx, folder, server.URL, data.Token, provider.URL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, gateway.Stop()) }()
	config.Pool, config.Data = pool, data
	config.Provider = overhead.Target{Name: "the provider", URL: provider.URL, PID: provider.PID}
	config.Gateway = overhead.Target{Name: "bursar gateway", URL: gateway.URL, PID: gateway.PID, Metrics: gateway.URL + "/metrics"}
	if others != nil {
		targets, stop, failed := others(ctx, provider.URL)
		if failed != nil {
			return nil, failed
		}
		defer func() { err = errors.Join(err, stop()) }()
		config.Others = targets
	}
	report, err := overhead.Run(ctx, config)
	if len(report.Rows) == 0 {
		return nil, err
	}
	return report, err
}

// Gateway starts bursar gateway in front of a provider of the dialect of OpenAI, which has the demo models. Its settings, with defaults otherwise, and its spool are in a folder.
func (b Build) Gateway(ctx context.Context, folder, server, token, provider string) (*bench.Process, error) {
	settings := fmt.Sprintf(`listen: 127.0.0.1:0
bursar: {urls: [%q], token: {variable: BURSAR_GATEWAY_TOKEN}}
spool: {dir: %s}
providers:
  - {name: demo, baseURL: %q, dialect: openai, key: {variable: BURSAR_PROVIDER_KEY}, models: ["demo-*"]}
`, server, strconv.Quote(filepath.Join(folder, "spool")), provider)
	file := filepath.Join(folder, "gateway.yaml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		return nil, err
	}
	program := b.Program("gateway", "--settings", file)
	program.Environment = append(program.Environment, "BURSAR_GATEWAY_TOKEN="+token, "BURSAR_PROVIDER_KEY=provider")
	return bench.Start(ctx, program)
}
