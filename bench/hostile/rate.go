package hostile

import (
	"context"
	"math"
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
