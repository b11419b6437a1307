package hostile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/bench"
)

// Config holds what is attacked, and with how much load.
type Config struct {
	Pool        *pgxpool.Pool // on the database that bench.Load filled
	Data        *bench.Data   // of the gateways' organization
	Server      string        // URL of the Bursar server that gateways call
	Attacked    string        // URL of the one that the attacker calls; the same, or another on the same database
	Ceiling     string        // URL of a server that has bench.CeilingHandler at /graphql
	PIDs        []int         // the servers' processes, whose memory is read and added up; none: unknown
	Setup       string        // what the servers are, for the report
	Verify      bench.Program // bursar verify on the database
	Connections int           // of the gateways
	Duration    time.Duration // of the attack, all rounds together
	Rounds      int           // how many times gateways are measured under attack, each time between two quiet phases; 0 counts as 1
	LedgerRows  int           // usage events of the attacker's organization, at most attackRows
	Only        []string      // kinds of attack: these and no others, of Kinds, Flood, Consoles and Listeners; none: all of them
	Progress    io.Writer     // receives a line when a phase begins

	// Lane starts a server on the same database, with one lane whose queues have a number of slots.
	Lane func(ctx context.Context, slots int) (*bench.Process, error)
	// Attacker returns the command that does what Serve does with standard input and output. It is a process of its own, which Yield gives the lowest priority.
	Attacker func(context.Context) (*exec.Cmd, error)
}

const (
	attackSize  = 8                // connections of each kind of attack, or a multiple of it
	attackRows  = 200_000          // of the attacker's ledger
	maxCapacity = 10 * time.Second // of the measurement of the capacity
	maxCeiling  = 2 * time.Second  // of each measurement of row a
)

type runner struct {
	*Config
	report *Report
}

// Run measures gateways at half of the machine's capacity (half of its processors idle), in rounds of a quiet phase and one under attack, and whether the server's
// memory returns to what it was; then the neighbour of an organization that floods a lane; and whether bursar verify finds no
// difference.
// When it fails, the report holds the phases that were finished.
func Run(ctx context.Context, config Config) (*Report, error) {
	r := &runner{&config, &Report{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		Keys: config.Data.Keys, Setup: config.Setup,
	}}
	err := r.run(ctx)
	r.report.judge()
	return r.report, err
}

func (r *runner) run(ctx context.Context) error {
	version, _, err := bench.DescribePostgreSQL(ctx, r.Pool)
	if err != nil {
		return err
	}
	r.report.PostgreSQL = version
	attack, err := r.prepareAttack(ctx)
	if err != nil {
		return err
	}
	if err := r.measureCeiling(ctx); err != nil {
		return err
	}
	if err := r.measureCapacity(ctx); err != nil {
		return err
	}
	if err := r.chooseRate(ctx); err != nil {
		return err
	}
	if err := r.measureMix(ctx, attack); err != nil {
		return err
	}
	if err := r.measureCeiling(ctx); err != nil {
		return err
	}
	if err := r.measureFlood(ctx, attack); err != nil {
		return err
	}
	if err := r.measureWatched(ctx); err != nil {
		return err
	}
	if err := r.measureCeiling(ctx); err != nil {
		return err
	}
	if err := r.tell("running bursar verify"); err != nil {
		return err
	}
	r.report.Verified, _, err = bench.RunVerify(ctx, r.Verify)
	return err
}

// gateways returns the gateways of the organization that is measured.
func (r *runner) gateways() bench.Gateways {
	return bench.Gateways{Server: r.Server, Data: r.Data, Connections: r.Connections}
}

// measureCeiling measures row a, by which the machine's speed is compared.
func (r *runner) measureCeiling(ctx context.Context) error {
	if err := r.tell("measuring row a, GraphQL without a decision"); err != nil {
		return err
	}
	gateways := r.gateways()
	gateways.Server = r.Ceiling
	row, err := gateways.ClosedLoop(ctx, bench.ReserveHotKey(), min(r.Duration, maxCeiling))
	if err == nil && row.Errors > 0 {
		err = errors.New(row.FirstError)
	}
	r.report.Ceilings = append(r.report.Ceilings, math.Round(row.PerSecond))
	return err
}

// measureCapacity measures the rate of a closed loop.
func (r *runner) measureCapacity(ctx context.Context) error {
	if err := r.tell("measuring what the machine can do"); err != nil {
		return err
	}
	row, err := r.gateways().ClosedLoop(ctx, bench.ReserveAndRecord(), min(r.Duration, maxCapacity))
	if err != nil {
		return err
	}
	r.report.CapacityPerSecond, r.report.CapacityP99Milliseconds = math.Round(row.PerSecond), row.P99Milliseconds
	if row.Errors > 0 {
		return errors.New(row.FirstError)
	}
	return nil
}

// tell prints a line of progress.
func (r *runner) tell(format string, arguments ...any) error {
	_, err := fmt.Fprintf(r.Progress, format+"\n", arguments...)
	return err
}
