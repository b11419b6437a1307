package hostile

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"bursar/bench"
)

// phases returns phases with some p99, whose requests arrived by the clock.
func phases(quiet, attacked, quietAgain float64) []bench.Row {
	return []bench.Row{
		{Name: "quiet", P99Milliseconds: quiet, RatePerSecond: 2000, OfferedPerSecond: 2000},
		{Name: "attacked", P99Milliseconds: attacked, RatePerSecond: 2000, OfferedPerSecond: 1990, LagMilliseconds: 1},
		{Name: "quiet", P99Milliseconds: quietAgain, RatePerSecond: 2000, OfferedPerSecond: 2000},
	}
}

// good returns a report of a quiet machine that meets its bars.
func good() *Report {
	return &Report{
		Ceilings: []float64{26_000, 21_000}, CapacityPerSecond: 4_716, CapacityP99Milliseconds: 78.6, Phases: phases(31.5, 60, 29.4),
		Memory:    []Reading{{"before", 80}, {"idle", 85}},
		Lane:      &Lane{Phases: phases(5, 15, 5), Flood: &Result{Name: Flood, Answers: map[string]int64{"UNAVAILABLE": 1}}},
		Consoles:  &Watched{Phases: phases(30, 42, 30), Watching: &Result{Name: Consoles, Answers: map[string]int64{"ok": 9}}},
		Listeners: &Watched{Phases: phases(30, 33, 30), Watching: &Result{Name: Listeners, Answers: map[string]int64{"ok": 9}}},
	}
}

// Guarantee: a run whose quiet phases were not quiet, whose requests did not arrive by the clock, or during which the machine's speed
// drifted, is void: it says so and why, it fails, and none of its bars is met. The figures of the first are of a busy machine.
func TestVoidRuns(t *testing.T) {
	t.Parallel()
	quiet := good()
	quiet.judge()
	if err := quiet.Err(); err != nil || quiet.Slowdown != 1.97 || quiet.Lane.Slowdown != 3 || quiet.Consoles.Slowdown != 1.4 || quiet.Listeners.Slowdown != 1.1 {
		t.Errorf("a good run: %v, %+v", err, quiet)
	}
	for want, change := range map[string]func(*Report){
		"quiet: a p99 of 6308.0 ms is not quiet":           func(r *Report) { r.Phases = phases(6308, 8327, 900) },
		"for a calibration had 78.6 ms":                    func(r *Report) { r.Phases = phases(6308, 8327, 5000) },
		"for a calibration had 20.0 ms":                    func(r *Report) { r.Phases = phases(61, 80, 20) },
		"quiet: a p99 of 95.0 ms":                          func(r *Report) { r.Phases = phases(31.5, 62, 95) },
		"drifted by 60 %":                                  func(r *Report) { r.Ceilings = []float64{16_000, 10_000} },
		"attacked: 1800 of 2000 requests a second":         func(r *Report) { r.Phases[1].OfferedPerSecond = 1800 },
		"the clock was late by 16.0 ms, where the p99 is ": func(r *Report) { r.Phases[0].LagMilliseconds = 16 },
		"quiet: a p99 of 13.0 ms is not quiet":             func(r *Report) { r.Lane.Phases = phases(13, 15, 4) },
		"nothing of the flood was refused":                 func(r *Report) { r.Lane.Flood.Answers = map[string]int64{"ok": 9} },
		"50 open consoles: nobody heard of a change":       func(r *Report) { r.Consoles.Watching.Answers = map[string]int64{"503": 9} },
		"quiet: a p99 of 99.0 ms":                          func(r *Report) { r.Listeners.Phases = phases(99, 99, 30) },
		"attacked: 100 of 2000 requests":                   func(r *Report) { r.Lane.Phases[1].OfferedPerSecond = 100 },
	} {
		r := good()
		change(r)
		r.judge()
		if _, void := errors.AsType[*bench.VoidError](r.Err()); !void || !strings.Contains(r.Err().Error(), want) {
			t.Errorf("want %q, got %v", want, r.Err())
		}
		var printed bytes.Buffer
		if err := r.Print(&printed); err != nil {
			t.Error(err)
		}
		if text := printed.String(); !strings.Contains(text, want) || strings.Count(text, ": void\n") != 4 || strings.Count(text, ": met") != 1 {
			t.Errorf("want %q, and no bar of time met, in\n%s", want, text)
		}
	}
}

// Guarantee: the figures that were reported as met are printed as void.
func TestBusyMachineMeetsNothing(t *testing.T) {
	t.Parallel()
	r := good()
	r.Phases = phases(6308, 8327, 5000)
	r.judge()
	var printed bytes.Buffer
	if err := r.Print(&printed); err != nil || !strings.Contains(printed.String(), "p99 attacked / quiet: 1.47, bar 2: void") {
		t.Errorf("%v\n%s", err, &printed)
	}
}

// Guarantee: a run that ended early is judged by the phases that it has.
func TestUnfinishedRunsAreJudged(t *testing.T) {
	t.Parallel()
	for _, r := range []*Report{{}, {Phases: phases(1, 2, 1)[:1]}, {Lane: &Lane{}}, {Phases: phases(1, 2, 1), Lane: &Lane{Phases: phases(1, 2, 1)[:2]}}} {
		r.judge()
		if err := errors.Join(r.Err(), r.Print(&bytes.Buffer{})); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// Guarantee: what a machine that gets slower does to the figures, it does to both sides: a round's ratio is to the quiet phases before
// and after it, and one round that was disturbed does not decide.
func TestSlowdownIsTheMedianOfRounds(t *testing.T) {
	t.Parallel()
	var measured []bench.Row
	for _, p99 := range []float64{20, 45, 40, 500, 60, 140, 80} { // quiet, and attacked and quiet three times
		measured = append(measured, bench.Row{P99Milliseconds: p99})
	}
	if got := slowdowns(measured); !slices.Equal(got, []float64{1.5, 10, 2}) || slowdown(measured) != 2 {
		t.Errorf("got %v, median %g", got, slowdown(measured))
	}
	if got := slowdown(measured[:5]); got != 5.75 { // of two
		t.Errorf("median %g", got)
	}
	if got := slowdown(measured[:2]); got != 0 { // no quiet phase after it
		t.Errorf("an unfinished round gives %g", got)
	}
}
