package bench

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
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
	command := exec.CommandContext(ctx, r.Verify.Path, r.Verify.Arguments...) //nolint:gosec // it is this program
	var output, errors bytes.Buffer
	command.Env, command.Stdout, command.Stderr = r.Verify.Environment, &output, &errors
	began := time.Now()
	err = command.Run()
	took := time.Since(began)
	lines := strings.Split(strings.TrimSpace(output.String()), "\n")
	if err != nil {
		return fmt.Errorf("bursar verify: %w: %s", err, bytes.TrimSpace(errors.Bytes()))
	}
	after, err := r.temporaryMiB(ctx)
	if err != nil {
		return err
	}
	r.report.Verification = &Verification{
		Seconds: math.Round(took.Seconds()*100) / 100, SpilledMiB: math.Round(after - before), Summary: lines[len(lines)-1],
	}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.report.Verification.PeakMiB = math.Round(mebibytes(usage.Maxrss))
	}
	return nil
}

// mebibytes turns the unit of a Rusage's resident memory, which is kilobytes but on a Mac, into MiB.
func mebibytes(maxRSS int64) float64 {
	if runtime.GOOS == "darwin" {
		return float64(maxRSS) / (1 << 20)
	}
	return float64(maxRSS) / (1 << 10)
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
