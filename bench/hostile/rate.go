package hostile

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"

	"bursar/bench"
)

const (
	targetBusy   = 0.5 // share of the machine's processors that all programs use in a quiet phase, the gateways among them
	busyMargin   = 0.05
	rateTrials   = 5
	maxRateTrial = 4 * time.Second
)

// chooseRate finds the rate of gateways at which half of the machine's processors are idle. Half of the rate of a closed loop is no
// measure of that: batches get smaller at lower rates, so that a request costs more, and gateways with free processors to run on are
// not what a busy machine has. Where the processors cannot be read (no /proc/stat) it is half of the capacity.
func (r *runner) chooseRate(ctx context.Context) error {
	rate := r.report.CapacityPerSecond / 2
	for range rateTrials {
		of := trial{r.gateways(), max(1, int(rate)), min(r.Duration, maxRateTrial), r.PIDs, new([]bench.Row)}
		if err := r.measure(ctx, of, "choosing the rate"); err != nil {
			return err
		}
		r.report.RatePerSecond = float64(of.perSecond)
		busy := r.report.Loads[len(r.report.Loads)-1].Machine
		if busy == 0 || math.Abs(busy-targetBusy) <= busyMargin {
			return nil
		}
		rate = math.Round(min(max(rate*targetBusy/busy, rate/3), rate*1.5, r.report.CapacityPerSecond))
	}
	return nil
}

// machine is what the processors have done since the system started, in ticks; zero where it is not known.
type machine struct{ busy, total uint64 }

// readMachine reads it from /proc/stat. Time that another guest of the same host had is neither.
func readMachine() (machine, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return machine{}, nil //nolint:nilerr // another operating system: it is not known
	}
	return parseMachine(stat)
}

// parseMachine reads the first line of a /proc/stat, of all processors: user, nice, system, idle, iowait, irq, softirq, …; see proc(5).
func parseMachine(stat []byte) (m machine, err error) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 8 || string(fields[0]) != "cpu" {
		return m, fmt.Errorf("want cpu and 7 numbers or more in %q", line)
	}
	for i, field := range fields[1:8] {
		ticks, err := strconv.ParseUint(string(field), 10, 64)
		if err != nil {
			return m, err
		}
		if m.total += ticks; i != 3 && i != 4 { // idle, iowait
			m.busy += ticks
		}
	}
	return m, nil
}

// busySince returns the share of the processors' time that was used since an earlier reading; 0 if it is not known.
func (m machine) busySince(before machine) float64 {
	if m.total <= before.total {
		return 0
	}
	return math.Round(1000*float64(m.busy-before.busy)/float64(m.total-before.total)) / 1000
}
