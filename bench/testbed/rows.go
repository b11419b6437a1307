package testbed

import (
	"context"
	"errors"

	"bursar/bench"
)

// Rows measures the rows of a benchmark with processes of a build, on its database, which must be empty, after it has loaded a number of API keys. The config says what is measured.
// The outcome is nil when nothing was.
func Rows(ctx context.Context, build Build, keys int, config bench.Config) (outcome bench.Outcome, err error) {
	pool, data, err := Prepare(ctx, build, keys, config.Progress)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	ceiling, err := bench.Start(ctx, build.Program("bench-ceiling"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ceiling.Stop()) }()
	server, err := build.Serve(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	second, err := build.Serve(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, second.Stop()) }()
	config.Pool, config.Data, config.Verify = pool, data, build.Program("verify")
	config.Ceiling, config.Server, config.ServerPID, config.Second = ceiling.URL, server.URL, server.PID, second.URL
	report, err := bench.Run(ctx, config)
	if len(report.Rows) == 0 {
		return nil, err
	}
	return report, err
}
