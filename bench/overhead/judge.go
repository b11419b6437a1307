package overhead

import (
	"fmt"
	"slices"

	"bursar/bench"
)

// The bars: what bursar gateway may add, and take for an open stream; and of what another gateway adds and takes.
const (
	maxP50      = 1.5 // ms
	maxP99      = 8   // ms
	maxMemory   = 40  // KB
	maxOfOthers = 0.5
	minLeased   = 0.9 // of the calls of a few keys that leases decide, once they are granted

	freeDrift = 0.5 // ms by which the medians of the provider's phases may differ, beside maxDrift
	maxDrift  = 0.5 // of these medians: (highest - lowest) / lowest
)

// judge sets the bars of what was measured, and says which are void.
func (r *Report) judge() {
	r.Bars = []bench.Bar{}
	bar := func(what string, value float64, unit string, most float64, void []string) {
		r.Bars = append(r.Bars, bench.Bar{What: what, Value: round(value), Unit: unit, Bar: most, Most: true, Met: value <= most && len(void) == 0, Void: void})
	}
	for _, row := range r.Rows {
		if len(row.Added) == 0 { // not finished
			continue
		}
		row.Void = row.doubts()
		own := &row.Added[0]
		for i := range row.Added {
			other := &row.Added[i]
			if i == 0 || other.ours {
				what := row.What
				if other.leases {
					what += ", with leases"
					share := bench.Bar{What: what + ": share that leases decided", Value: round(other.Leased), Bar: minLeased, Void: row.Void}
					share.Met = share.Value >= minLeased && len(row.Void) == 0
					r.Bars = append(r.Bars, share)
				}
				bar(what+": first byte, added p50", other.FirstByte.P50Milliseconds, "ms", maxP50, row.Void)
				bar(what+": first byte, added p99", other.FirstByte.P99Milliseconds, "ms", maxP99, row.Void)
				bar(what+": whole call, added p50", other.Whole.P50Milliseconds, "ms", maxP50, row.Void)
				bar(what+": whole call, added p99", other.Whole.P99Milliseconds, "ms", maxP99, row.Void)
				continue
			}
			bar(row.What+": first byte, added p50 / "+other.Target+"'s", ratio(own.FirstByte.P50Milliseconds, other.FirstByte.P50Milliseconds), "", maxOfOthers, row.Void)
			bar(row.What+": whole call, added p50 / "+other.Target+"'s", ratio(own.Whole.P50Milliseconds, other.Whole.P50Milliseconds), "", maxOfOthers, row.Void)
		}
	}
	for i, memory := range r.Memory {
		for _, reading := range memory.Readings {
			what := fmt.Sprintf("memory of each of %d open streams", reading.Streams)
			if memory.leases {
				what += ", with leases"
			}
			ours := i == 0 || memory.leases
			if ours && reading.UsedKB > 0 {
				bar(what+", in use", reading.UsedKB, "KB", maxMemory, memory.Void)
			}
			if ours {
				bar(what+", resident", reading.ResidentKB, "KB", maxMemory, memory.Void)
				continue
			}
			if own := r.Memory[0].find(reading.Streams); own != nil {
				bar(what+", resident / "+memory.Target+"'s", ratio(own.ResidentKB, reading.ResidentKB), "", maxOfOthers, slices.Concat(memory.Void, r.Memory[0].Void))
			}
		}
	}
	if r.Books != nil {
		exact := bench.Bar{What: "what was booked is what the provider has served (1) or not (0)", Bar: 1}
		if exact.Met = r.Books.Exact(); exact.Met {
			exact.Value = 1
		}
		r.Bars = append(r.Bars, exact)
	}
}

// ratio returns a / b, where b is above zero; what adds nothing measurable is taken for what adds a microsecond.
func ratio(a, b float64) float64 { return max(a, 0) / max(b, 0.001) }

// doubts returns why a row does not tell what the gateway adds: calls must have arrived by the clock, and the provider's phases must be like each other.
func (r *Row) doubts() (reasons []string) {
	var medians []float64
	calibration := 0.0
	for _, phase := range r.Phases {
		of := bench.Row{
			Name: r.What + ", " + phase.Target, RatePerSecond: phase.RatePerSecond, OfferedPerSecond: phase.OfferedPerSecond, LagMilliseconds: phase.LagMilliseconds,
			P99Milliseconds: phase.First.P99Milliseconds,
		}
		reasons = append(reasons, of.OffClock())
		if phase.Target != r.Phases[0].Target {
			continue
		}
		medians = append(medians, phase.First.P50Milliseconds)
		if calibration == 0 || phase.First.P99Milliseconds < calibration {
			calibration = phase.First.P99Milliseconds
		}
	}
	for _, phase := range r.Phases {
		of := bench.Row{Name: r.What + ", " + phase.Target, P99Milliseconds: phase.First.P99Milliseconds}
		if phase.Target == r.Phases[0].Target && phase.First.P99Milliseconds > calibration+maxP99 {
			reasons = append(reasons, of.NotQuiet(calibration))
		}
	}
	if r.trial > targetBusy+2*busyMargin {
		reasons = append(reasons, fmt.Sprintf("%s: %.0f %% of the processors are busy, at whatever size", r.What, 100*r.trial))
	}
	if drift := bench.Drift(medians...); drift > maxDrift && slices.Max(medians)-slices.Min(medians) > freeDrift {
		reasons = append(reasons, fmt.Sprintf("%s: the medians of the provider's phases differ by %.0f %%, and %.0f %% are allowed", r.What, 100*drift, 100*maxDrift))
	}
	return slices.DeleteFunc(reasons, func(reason string) bool { return reason == "" })
}
