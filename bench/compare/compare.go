// Package compare measures two builds of bursar alternately in one run: the machine's speed drifts within minutes by more than
// what one change costs.
package compare

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"bursar/bench"
)

// Build is one of the two builds: a server of its own on a database of its own.
type Build struct {
	Version string // the binary, and what its version command prints
	Server  string // URL
	Data    *bench.Data
	Others  []*bench.Data // further organizations, which have their part of the connections
	Verify  bench.Program // bursar verify on the database
}

// Config holds what is compared, and with how much load.
type Config struct {
	This, Other Build
	Operations  []bench.Operation
	Connections []int         // numbers of keep-alive connections, each with one request at a time; every operation is measured with each
	Rounds      int           // each measures every operation twice with each build
	Duration    time.Duration // of one measurement, after a warm-up of at most 1 s
	PostgreSQL  string        // its version, for the report
	Durable     bool          // whether its commits are on the disk before they are answered, for the report
	Progress    io.Writer     // receives a line when an operation of a round is measured
}

// maxWarmUp bounds how long each build runs each operation before the first round.
const maxWarmUp = time.Second

type runner struct {
	*Config
	report *Report
}

// Run measures the rounds and has both builds verify their databases. When it fails or ctx ends, the report holds the
// operations of the rounds that were finished.
func Run(ctx context.Context, config Config) (*Report, error) {
	r := &runner{&config, &Report{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		PostgreSQL: config.PostgreSQL, Durable: config.Durable, This: config.This.Version, Other: config.Other.Version, Keys: config.This.Data.Keys,
		SecondsPerMeasurement: config.Duration.Seconds(), Rounds: config.Rounds,
	}}
	err := r.run(ctx)
	r.report.finish()
	return r.report, err
}

func (r *runner) run(ctx context.Context) error {
	for _, operation := range r.Operations {
		if err := r.warmUp(ctx, operation); err != nil {
			return err
		}
	}
	for round := range r.Rounds {
		for _, operation := range r.Operations {
			for _, connections := range r.Connections {
				if err := r.measure(ctx, round, operation, connections); err != nil {
					return err
				}
			}
		}
	}
	for _, build := range []*Build{&r.This, &r.Other} {
		if err := r.tell("running bursar verify"); err != nil {
			return err
		}
		summary, _, err := bench.RunVerify(ctx, build.Verify)
		if err != nil {
			return err
		}
		r.report.Verified = append(r.report.Verified, summary)
	}
	return nil
}

// warmUp has both builds run an operation before anything is measured.
func (r *runner) warmUp(ctx context.Context, operation bench.Operation) error {
	if err := r.tell("warming up %s", bench.RowName(operation.Letter())); err != nil {
		return err
	}
	for _, build := range []*Build{&r.This, &r.Other} {
		gateways := build.gateways(slices.Max(r.Connections))
		if _, err := gateways.ClosedLoop(ctx, operation, min(r.Duration, maxWarmUp)); err != nil {
			return err
		}
	}
	return nil
}

// measure measures an operation in the order A B B A, or B A A B in every other round: a drift of the machine's speed that is
// linear in time cancels out within the round, and what the first measurement costs within two rounds.
func (r *runner) measure(ctx context.Context, round int, operation bench.Operation, connections int) error {
	first, second := &r.This, &r.Other
	if round%2 == 1 {
		first, second = second, first
	}
	var this, other []bench.Row
	for _, build := range []*Build{first, second, second, first} {
		row, err := build.gateways(connections).ClosedLoop(ctx, operation, r.Duration)
		if err != nil {
			return fmt.Errorf("row %s: %w", bench.RowName(operation.Letter()), err)
		}
		if build == &r.This {
			this = append(this, row)
		} else {
			other = append(other, row)
		}
	}
	ratio := r.report.add(this, other)
	return r.tell("round %d of %d, %s %s, connections %d: this %.0f/s, other %.0f/s, ratio %.3f", round+1, r.Rounds,
		operation.Letter(), bench.RowName(operation.Letter()), connections, meanRate(this), meanRate(other), ratio)
}

func (b *Build) gateways(connections int) bench.Gateways {
	return bench.Gateways{Server: b.Server, Data: b.Data, Others: b.Others, Connections: connections}
}

// tell prints a line of progress.
func (r *runner) tell(format string, arguments ...any) error {
	_, err := fmt.Fprintf(r.Progress, format+"\n", arguments...)
	return err
}
