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

// Verification is what a run of bursar verify on the database of row l needed.
type Verification struct {
	Seconds    float64 `json:"seconds"`
	PeakMiB    float64 `json:"peakMiB"`    // resident memory of its process
	SpilledMiB float64 `json:"spilledMiB"` // of PostgreSQL's temporary files, for what exceeds work_mem
	Summary    string  `json:"summary"`    // its last line
}

// measureVerify runs bursar verify as a process. It fails when verify finds a difference.
func (r *runner) measureVerify(ctx context.Context) error {
	if err := r.tell("measuring bursar verify"); err != nil {
		return err
	}
	before, err := r.temporaryMiB(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	summary, peak, err := RunVerify(ctx, r.Verify)
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

// RunVerify runs bursar verify and returns its last line and its peak resident memory in MiB, 0 if that cannot be read. It
// polls the memory, because the peak that Linux reports for a process that has ended includes its parent's. A difference, as
// any other failure, is an error.
func RunVerify(ctx context.Context, program Program) (summary string, peak float64, err error) {
	command := exec.CommandContext(ctx, program.Path, program.Arguments...) //nolint:gosec // the caller names the program
	var output, errors bytes.Buffer
	command.Env, command.Stdout, command.Stderr = program.Environment, &output, &errors
	if err := command.Start(); err != nil {
		return "", 0, fmt.Errorf("bursar verify: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if _, most, err := ResidentMiB(command.Process.Pid); err == nil {
				peak = max(peak, most)
			} // else the process has ended, or there is no /proc
		case err := <-ended:
			if err != nil {
				return "", 0, fmt.Errorf("bursar verify: %w: %s", err, bytes.TrimSpace(errors.Bytes()))
			}
			lines := strings.Split(strings.TrimSpace(output.String()), "\n")
			return lines[len(lines)-1], peak, nil
		}
	}
}

// temporaryMiB returns what PostgreSQL wrote to temporary files since its statistics were reset. The statistics include a
// client's files once it has disconnected.
func (r *runner) temporaryMiB(ctx context.Context) (written float64, err error) {
	err = r.Pool.QueryRow(ctx, "select temp_bytes / 1048576.0 from pg_stat_database where datname = current_database()").Scan(&written)
	if err != nil {
		return 0, fmt.Errorf("read the size of temporary files: %w", err)
	}
	return written, nil
}
