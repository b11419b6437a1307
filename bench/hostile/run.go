package hostile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	PIDs        []int         // the servers' processes, whose memory is read and added up; none: unknown
	Setup       string        // what the servers are, for the report
	Verify      bench.Program // bursar verify on the database
	Connections int           // of the gateways
	Duration    time.Duration // of the attack
	LedgerRows  int           // usage events of the attacker's organization, at most attackRows
	Progress    io.Writer     // receives a line when a phase begins

	// Attacker returns the command that reads an Attack from standard input as JSON, runs it, and prints what Run returned as
	// JSON. It is a process of its own, which Yield gives the lowest priority.
	Attacker func(context.Context) (*exec.Cmd, error)
}

const (
	maxSlowdown  = 3                // bar: the p99 of gateways under attack to the quiet one
	maxRemaining = 1.25             // bar: the memory after the attack to the memory before it
	maxCapacity  = 10 * time.Second // of the measurement of the capacity
	attackSize   = 8                // connections of each kind of attack, or a multiple of it
	attackRows   = 200_000          // of the attacker's ledger
	afterwards   = 10 * time.Second // of the phase after the attack
)

type runner struct {
	*Config
	report *Report
}

// Run measures gateways at half of the machine's capacity, before, during and after an attack; then whether the server's
// memory returns to what it was and bursar verify finds no difference. When it fails, the report holds the phases that were
// finished.
func Run(ctx context.Context, config Config) (*Report, error) {
	r := &runner{&config, &Report{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(),
		Keys: config.Data.Keys, Setup: config.Setup,
	}}
	return r.report, r.run(ctx)
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
	if err := r.measureCapacity(ctx); err != nil {
		return err
	}
	if err := r.readMemory("after all connections were busy"); err != nil {
		return err
	}
	if err := r.measurePhase(ctx, "quiet", r.Duration/2); err != nil {
		return err
	}
	if err := r.readMemory("quiet"); err != nil {
		return err
	}
	if err := r.measureAttacked(ctx, attack); err != nil {
		return err
	}
	if err := r.measurePhase(ctx, "quiet again", min(afterwards, r.Duration)); err != nil {
		return err
	}
	r.report.finish()
	if err := r.awaitMemory(ctx); err != nil {
		return err
	}
	if err := r.tell("running bursar verify"); err != nil {
		return err
	}
	r.report.Verified, _, err = bench.RunVerify(ctx, r.Verify)
	return err
}

func (r *runner) gateways() bench.Gateways {
	return bench.Gateways{Server: r.Server, Data: r.Data, Connections: r.Connections}
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
	r.report.CapacityPerSecond = math.Round(row.PerSecond)
	if row.Errors > 0 {
		return errors.New(row.FirstError)
	}
	return nil
}

// measurePhase measures gateways in an open loop at half of the capacity.
func (r *runner) measurePhase(ctx context.Context, name string, duration time.Duration) error {
	rate := max(1, int(r.report.CapacityPerSecond/2))
	if err := r.tell("gateways at %d pairs/s for %s, %s", rate, duration, name); err != nil {
		return err
	}
	row, err := r.gateways().OpenLoop(ctx, bench.ReserveAndRecord(), rate, duration)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	row.Name = name
	r.report.Phases = append(r.report.Phases, row)
	return nil
}

// measureAttacked measures the phase under attack, and the peak of the server's memory in it.
func (r *runner) measureAttacked(ctx context.Context, attack *Attack) error {
	command, err := r.Attacker(ctx)
	if err != nil {
		return err
	}
	attack.For = r.Duration + min(r.Duration, time.Second) // the warm-up too
	input, err := json.Marshal(attack)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		printed, err := runWith(command, input)
		if err == nil {
			err = json.Unmarshal(printed, &r.report.Attacks)
		}
		ended <- err
	}()
	err = r.measurePhase(ctx, "attacked", r.Duration)
	return errors.Join(err, <-ended, r.readMemory("attacked"))
}

// readMemory adds the server's memory to the report, if the system has /proc.
func (r *runner) readMemory(when string) error {
	if len(r.PIDs) == 0 {
		return nil
	}
	now, peak, err := r.residentMiB()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r.report.Memory = append(r.report.Memory, Reading{when, now}, Reading{when + ", peak since the start", peak})
	return nil
}

// residentMiB returns the resident memory of all servers, and the sum of their peaks, which need not have been at one time.
func (r *runner) residentMiB() (now, peak float64, err error) {
	for _, pid := range r.PIDs {
		of, most, err := bench.ResidentMiB(pid)
		if err != nil {
			return 0, 0, err
		}
		now, peak = now+of, peak+most
	}
	return now, peak, nil
}

// awaitMemory waits, without any requests, until the memory is within its bar, for one and a half times the attack at most.
func (r *runner) awaitMemory(ctx context.Context) error {
	if len(r.report.Memory) == 0 {
		return r.tell("the server's memory is not read: this system does not tell it")
	}
	if err := r.tell("waiting for the server's memory to come back"); err != nil {
		return err
	}
	began, want := time.Now(), r.report.Memory[0].MiB*maxRemaining
	for {
		now, _, err := r.residentMiB()
		if err != nil {
			return err
		}
		if now <= want || time.Since(began) > 3*r.Duration/2 {
			r.report.Memory = append(r.report.Memory, Reading{fmt.Sprintf("idle for %.0f s", time.Since(began).Seconds()), now})
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// tell prints a line of progress.
func (r *runner) tell(format string, arguments ...any) error {
	_, err := fmt.Fprintf(r.Progress, format+"\n", arguments...)
	return err
}
