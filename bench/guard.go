package bench

import (
	"fmt"
	"slices"
	"strings"
)

// Limits beyond which a measurement says more about the machine, and what else runs on it, than about Bursar. Then it is void: it is
// printed, but meets no bar and fails the run.
const (
	maxDrift   = 0.5  // of row a before and after: (highest - lowest) / lowest
	minOffered = 0.95 // share of an open loop's rate that was offered in the measured time
	maxLag     = 0.5  // share of an open loop's p99 by which the clock itself was late, in 99 of 100 arrivals
	freeLag    = 2.5  // ms of such a lag that are always allowed: half of what row h may take
	maxUnquiet = 3    // times the calibration that the p99 of a quiet measurement may be
)

// VoidError is the error of a run that does not tell whether its bars are met.
type VoidError struct{ Reasons []string }

// Error returns all reasons.
func (e *VoidError) Error() string {
	return "void, measure again while nothing else runs on this machine: " + strings.Join(e.Reasons, "; ")
}

// Void returns a VoidError with the reasons that are not "", each once; nil if there are none.
func Void(reasons ...string) error {
	var given []string
	for _, reason := range reasons {
		if reason != "" && !slices.Contains(given, reason) {
			given = append(given, reason)
		}
	}
	if len(given) == 0 {
		return nil
	}
	return &VoidError{given}
}

// Drift returns by how much rates differ: (highest - lowest) / lowest. It is 0 for fewer than two rates, and for a rate of 0.
func Drift(rates ...float64) float64 {
	if len(rates) < 2 {
		return 0
	}
	lowest := slices.Min(rates)
	return share(slices.Max(rates)-lowest, lowest)
}

// Drifted returns why what was measured between rates of row a is void; "" if it is not.
func Drifted(rates ...float64) string {
	if drift := Drift(rates...); drift > maxDrift {
		return fmt.Sprintf("row a, GraphQL without a decision, drifted by %.0f %% meanwhile, and %.0f %% are allowed", 100*drift, 100*maxDrift)
	}
	return ""
}

// OffClock returns why an open loop is void: its requests did not arrive at its rate. It returns "" if they did, and for a closed loop.
func (r *Row) OffClock() string {
	switch least := minOffered * r.RatePerSecond; {
	case r.OfferedPerSecond < least:
		return fmt.Sprintf("%s: %.0f of %.0f requests a second were offered, and %.0f must be", r.Name, r.OfferedPerSecond, r.RatePerSecond, least)
	case r.LagMilliseconds > max(freeLag, maxLag*r.P99Milliseconds):
		return fmt.Sprintf("%s: the clock was late by %.1f ms, where the p99 is %.1f ms", r.Name, r.LagMilliseconds, r.P99Milliseconds)
	}
	return ""
}

// NotQuiet returns why a measurement that nothing was to disturb is void: its p99 is more than maxUnquiet times that of a
// calibration. It returns "" if it is not, and for calibrations of 0 ms.
func (r *Row) NotQuiet(calibration float64) string {
	if calibration > 0 && r.P99Milliseconds > maxUnquiet*calibration {
		return fmt.Sprintf("%s: a p99 of %.1f ms is not quiet, for a calibration had %.1f ms, and %d times as much is allowed", r.Name,
			r.P99Milliseconds, calibration, maxUnquiet)
	}
	return ""
}

// doubts returns why the rows with a letter are void. Row a must not drift around them. Row h must be at its rate, which row a must
// serve within row h's bar.
func (r *Report) doubts(letter string) []string {
	reasons := []string{Drifted(r.ceilingsAround(letter)...)}
	if row, calibration := r.find("h"), r.find(openCeiling); letter == "h" && row != nil && calibration != nil {
		reasons = append(reasons, calibration.OffClock(), row.OffClock())
		if calibration.P99Milliseconds > maxOpenP99 {
			reasons = append(reasons, fmt.Sprintf("row a at the rate of row h has a p99 of %.1f ms, and the bar is %d ms",
				calibration.P99Milliseconds, maxOpenP99))
		}
	}
	return slices.DeleteFunc(reasons, func(reason string) bool { return reason == "" })
}

// ceilingsAround returns the rates of row a just before and just after the rows with a letter; fewer if it was not measured there.
func (r *Report) ceilingsAround(letter string) (rates []float64) {
	measured := false
	for _, row := range r.Rows {
		switch {
		case row.Letter == letter:
			measured = true
		case row.Letter == ceilingRow && measured:
			return append(rates, row.PerSecond)
		case row.Letter == ceilingRow:
			rates = []float64{row.PerSecond}
		}
	}
	return rates
}
