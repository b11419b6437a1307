package bench

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"time"
)

// Verification is what bursar verify took for the database of row l.
type Verification struct {
	Seconds    float64 `json:"seconds"`
	PeakMiB    float64 `json:"peakMiB"`    // resident memory of its process
	SpilledMiB float64 `json:"spilledMiB"` // that PostgreSQL kept in temporary files, because it exceeds work_mem
	Summary    string  `json:"summary"`    // its last line
}

// measureVerify runs bursar verify as a process of its own. A difference fails it.
func (r *runner) measureVerify(ctx context.Context) error {
	if err := r.tell("measuring bursar verify"); err != nil {
		return err
	}
	before, err := r.temporaryMiB(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	summary, peak, err := runVerify(ctx, r.Verify)
	took := time.Since(began)
	if err != nil {
		return err
	}
	after, err := r.temporaryMiB(ctx)
	if err != nil {
		return err
	}
	r.report.Verification = &Verification{
		Seconds: math.Round(took.Seconds()*100) / 100, PeakMiB: peak, SpilledMiB: math.Round(after - before), Summary: summary,
	}
	return nil
}

// runVerify runs the program and returns the last line that it printed and its most resident memory, in MiB, 0 where that
// cannot be read. It looks at it all along, for what the system keeps of a process that has ended includes its parent's.
func runVerify(ctx context.Context, program Program) (summary string, peak float64, err error) {
	command := exec.CommandContext(ctx, program.Path, program.Arguments...) //nolint:gosec // it is this program
	var output, errors bytes.Buffer
	command.Env, command.Stdout, command.Stderr = program.Environment, &output, &errors
	if err := command.Start(); err != nil {
		return "", 0, fmt.Errorf("bursar verify: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			if _, most, err := residentMiB(command.Process.Pid); err == nil {
				peak = max(peak, most)
			} // else it has just ended, or there is no /proc
		case err := <-ended:
			if err != nil {
				return "", 0, fmt.Errorf("bursar verify: %w: %s", err, bytes.TrimSpace(errors.Bytes()))
			}
			lines := strings.Split(strings.TrimSpace(output.String()), "\n")
			return lines[len(lines)-1], peak, nil
		}
	}
}

// temporaryMiB returns what PostgreSQL has written to temporary files since its statistics began. Another process's is
// there when that has ended.
func (r *runner) temporaryMiB(ctx context.Context) (written float64, err error) {
	err = r.Pool.QueryRow(ctx, "select temp_bytes / 1048576.0 from pg_stat_database where datname = current_database()").Scan(&written)
	if err != nil {
		return 0, fmt.Errorf("read the size of temporary files: %w", err)
	}
	return written, nil
}
