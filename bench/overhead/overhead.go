// Package overhead measures what a gateway adds to calls of a provider: the same calls go straight to the provider and through the gateway, in
// alternating phases of one run.
package overhead

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/bench"
)

// Target is where calls are sent.
type Target struct {
	Name    string
	URL     string // without the path of a call
	PID     int    // its process, whose memory and processor time are read; 0: unknown
	Header  string // further lines of a request's header, each with CR LF
	Metrics string // URL of its metrics in the format of Prometheus, with those of a Go program; "": it has none

	Governed bool // callers present API keys, and what they use is booked
	Leases   bool // it decides calls out of leases: callers present a few keys, which call often, and its metrics say how many calls these decided
}

// Config holds what is measured, and with how much load.
type Config struct {
	Pool     *pgxpool.Pool // on the database that bench.Load filled
	Data     *bench.Data
	Provider Target   // the demo provider
	Gateway  Target   // bursar gateway in front of it
	Leased   *Target  // the same with leases; nil: it is not measured
	Others   []Target // other gateways in front of it, which are compared with bursar gateway

	Streams         int           // that are open at the same time
	TokensPerSecond int           // of each stream
	Calls           int           // short calls a second
	Duration        time.Duration // of each phase, after a warm-up
	Rounds          int           // how many times each gateway is measured, each time between two phases of the provider
	Progress        io.Writer     // receives a line when a phase begins
}

// Defaults of a Config: what the bars are set for.
const (
	DefaultStreams         = 200
	DefaultTokensPerSecond = 200
	DefaultCalls           = 2000
	DefaultDuration        = 4 * time.Second
	DefaultRounds          = 2
)

const (
	minDuration = 100 * time.Millisecond
	maxDuration = time.Minute
	maxKeys     = 1_000_000
	maxStreams  = 2000 // each takes two connections, and memory is measured at several times as many
	maxCalls    = 100_000
	maxRounds   = 100
)

// Validate returns an error that names the flag whose value is out of range. The number of keys is that of --keys.
func (c *Config) Validate(keys int) error {
	switch {
	case keys < 1 || keys > maxKeys:
		return fmt.Errorf("--keys: want 1 to %d, got %d", maxKeys, keys)
	case c.Streams < 1 || c.Streams > maxStreams:
		return fmt.Errorf("--streams: want 1 to %d, got %d", maxStreams, c.Streams)
	case c.Calls < 1 || c.Calls > maxCalls:
		return fmt.Errorf("--calls: want 1 to %d, got %d", maxCalls, c.Calls)
	case c.Duration < minDuration || c.Duration > maxDuration:
		return fmt.Errorf("--duration: want %s to %s, got %s", minDuration, maxDuration, c.Duration)
	case c.Rounds < 1 || c.Rounds > maxRounds:
		return fmt.Errorf("--rounds: want 1 to %d, got %d", maxRounds, c.Rounds)
	}
	return nil
}

type runner struct {
	*Config
	report *Report
	sums   Sums // of what the provider has served through bursar gateway, and other gateways that book
}

// Run measures. When it fails, the report holds what was finished.
func Run(ctx context.Context, config Config) (*Report, error) {
	r := &runner{&config, &Report{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		Go: runtime.Version(), Keys: config.Data.Keys, Rows: []*Row{}, Memory: []*Memory{},
	}, Sums{}}
	err := r.run(ctx)
	r.report.judge()
	return r.report, err
}

func (r *runner) run(ctx context.Context) (err error) {
	if r.report.PostgreSQL, _, err = bench.DescribePostgreSQL(ctx, r.Pool); err != nil {
		return err
	}
	if err := loadPrices(ctx, r.Pool); err != nil {
		return err
	}
	for _, gateway := range r.gateways() {
		if err := r.measureMemory(ctx, gateway); err != nil {
			return fmt.Errorf("memory of %s: %w", gateway.Name, err)
		}
	}
	for _, of := range []kind{r.streams(), r.calls()} {
		if err := r.measureKind(ctx, of); err != nil {
			return fmt.Errorf("%s: %w", of.name, err)
		}
	}
	return r.compareBooks(ctx)
}

// gateways returns bursar gateway, that with leases, and the others.
func (r *runner) gateways() []*Target {
	all := []*Target{&r.Gateway}
	if r.Leased != nil {
		all = append(all, r.Leased)
	}
	for i := range r.Others {
		all = append(all, &r.Others[i])
	}
	return all
}

// tell prints a line of progress.
func (r *runner) tell(format string, arguments ...any) error {
	_, err := fmt.Fprintf(r.Progress, format+"\n", arguments...)
	return err
}
