package main

import (
	"context"
	"net/http"

	"bursar/bench"
	benchcommand "bursar/bench/command"
	"bursar/bench/testbed"
	"bursar/gateway/demoprovider"
)

// benchCommands are bursar bench, the server of its row a and the provider of its gateway, which are processes like those that are measured.
type benchCommands struct {
	Bench        benchCommand        `cmd:"" help:"Measure how fast this machine decides: one table, ratios in one run."`
	BenchCeiling benchCeilingCommand `cmd:"" hidden:"" help:"Serve GraphQL whose resolver does nothing, for bursar bench."`

	BenchProvider benchProviderCommand `cmd:"" hidden:"" help:"Serve the demo provider without delays, for bursar bench --gateway."`
}

type benchCommand struct {
	benchcommand.Bench `embed:""`
}

// Run measures.
func (c *benchCommand) Run(ctx context.Context, p *program) error {
	return c.Bench.Run(ctx, p.stdout, p.stderr)
}

type benchCeilingCommand struct{}

// Run serves until ctx ends.
func (benchCeilingCommand) Run(ctx context.Context, p *program) error {
	mux := http.NewServeMux()
	mux.Handle("/graphql", bench.CeilingHandler())
	return testbed.ServePeer(ctx, p.stderr, mux)
}

type benchProviderCommand struct{}

// Run serves until ctx ends.
func (benchProviderCommand) Run(ctx context.Context, p *program) error {
	return testbed.ServePeer(ctx, p.stderr, demoprovider.New(demoprovider.Config{Remember: 1}))
}
