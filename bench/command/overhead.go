package command

import (
	"time"

	"bursar/bench/overhead"
	"bursar/bench/testbed"
)

// Overhead are those of bursar bench --gateway.
type Overhead struct {
	Streams int `default:"200" placeholder:"N" help:"With --gateway: streams that are open at the same time, of 200 tokens a second."`
	Calls   int `default:"2000" placeholder:"N" help:"With --gateway: short calls a second."`
	Rounds  int `default:"2" placeholder:"N" help:"With --gateway: how many times it is measured, each time between two phases straight to the provider."`

	Lease bool `help:"With --gateway: measure it with leases alone. Default: without, and with."`
}

func (f *Overhead) config(duration time.Duration) overhead.Config {
	return overhead.Config{Streams: f.Streams, TokensPerSecond: overhead.DefaultTokensPerSecond, Calls: f.Calls, Rounds: f.Rounds, Duration: duration}
}

// leases returns which gateways are measured.
func (f *Overhead) leases() testbed.Leases {
	if f.Lease {
		return testbed.WithLeases
	}
	return testbed.BothWays
}
