package bench

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// Guarantee: a row's ratio is to the mean of the ceilings that enclose its group, one of row i to that over as many
// connections, and the drift is between the fastest and the slowest ceiling.
func TestRatios(t *testing.T) {
	t.Parallel()
	r := &Report{}
	for _, row := range []Row{
		{Letter: "a", PerSecond: 100}, {Letter: "b", Name: "b", PerSecond: 75}, {Letter: "a", PerSecond: 200},
		{Letter: "i", Name: "i a@16", Connections: 16, PerSecond: 50}, {Letter: "i", Name: "i b@16", Connections: 16, PerSecond: 25},
		{Letter: "a", PerSecond: 100}, {Letter: "l", Name: "l c", PerSecond: 30},
	} {
		row.Ratio = 0
		if r.Rows = append(r.Rows, row); row.Letter == ceilingRow {
			r.closeGroup()
		}
	}
	r.finish()
	for i, want := range []float64{1, 0.5, 2, 1, 0.5, 1, 0.3} {
		if got := r.Rows[i].Ratio; math.Abs(got-want) > 1e-9 {
			t.Errorf("row %d has ratio %g, want %g", i, got, want)
		}
	}
	if r.CeilingDrift != 1 {
		t.Errorf("the drift is %g", r.CeilingDrift)
	}
}

// Guarantee: lower and upper bars are compared in their direction, only measured rows have bars, and all are printed.
func TestBars(t *testing.T) {
	t.Parallel()
	r := &Report{
		Rows: []Row{
			{Name: "b", PerSecond: 100, Ratio: 0.55}, {Name: "c", PerSecond: 100, Ratio: 0.399}, {Name: "f", PerSecond: 10},
			{Name: "h", P99Milliseconds: 5.1}, {Name: "i b@1", P50Milliseconds: 1.5}, {Name: functionAlone, P50Milliseconds: 1},
		},
		Memory: &Memory{PeakMiB: 150}, Exactness: &Exactness{Answered: 7, Stored: 6}, Verification: &Verification{Seconds: 61},
	}
	r.finish()
	met := ""
	for _, bar := range r.Bars {
		met += map[bool]string{true: "+", false: "-"}[bar.Met]
	}
	if met != "+-+--++-" { // b, c, b / f, exact, h, one connection, memory, verify
		t.Errorf("%s: %+v", met, r.Bars)
	}
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), "row") {
		t.Errorf("rows without a rate: %v", err)
	}
	var out bytes.Buffer
	if err := r.Print(&out); err != nil || strings.Count(out.String(), "not met") != 4 || !strings.Contains(out.String(), "≤ 150 MiB") {
		t.Errorf("%v\n%s", err, &out)
	}
}

// Guarantee: a row in which every operation failed meets neither a lower nor an upper bar.
func TestFailedRowsMeetNoBar(t *testing.T) {
	t.Parallel()
	r := &Report{Rows: []Row{{Name: "b"}, {Name: "h"}, {Name: "i b@1", P50Milliseconds: 1}, {Name: functionAlone}}}
	r.finish()
	for _, bar := range r.Bars {
		if bar.Met {
			t.Errorf("met: %+v", bar)
		}
	}
	if len(r.Bars) != 3 {
		t.Errorf("%d bars", len(r.Bars))
	}
}

// Guarantee: every kind of inexactness fails the run.
func TestInexactnessFails(t *testing.T) {
	t.Parallel()
	good := Exactness{Answered: 7, Stored: 7, TightLimit: 4, TightAnswered: 4, TightStored: 4}
	if err := (&Report{Exactness: &good}).Err(); err != nil {
		t.Error(err)
	}
	for _, change := range []func(*Exactness){
		func(e *Exactness) { e.Stored++ }, func(e *Exactness) { e.Answered++ }, func(e *Exactness) { e.TightAnswered++ },
		func(e *Exactness) { e.TightStored-- }, func(e *Exactness) { e.Differences = 1 }, func(e *Exactness) { e.TightError = "timed out" },
	} {
		bad := good
		change(&bad)
		if err := (&Report{Exactness: &bad}).Err(); err == nil || !strings.Contains(err.Error(), "not exact") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Guarantee: memory is read in the unit that the system writes it in, and a missing line is an error.
func TestStatusIsRead(t *testing.T) {
	t.Parallel()
	status := []byte("Name:\tbursar\nVmHWM:\t  153600 kB\nVmRSS:\t   81920 kB\n")
	if got, err := statusMiB(status, "VmHWM:"); err != nil || got != 150 {
		t.Errorf("%g, %v", got, err)
	}
	if _, err := statusMiB(status, "VmSwap:"); err == nil {
		t.Error("a line that is not there was read")
	}
}

// Guarantee: a verify that finds a difference, or cannot run, fails the run with what it said.
func TestVerifyFails(t *testing.T) {
	t.Parallel()
	if summary, _, err := RunVerify(t.Context(), serverOfKind("verify")); err != nil || summary != "all is well" {
		t.Errorf("%q, %v", summary, err)
	}
	if _, _, err := RunVerify(t.Context(), serverOfKind("broken")); err == nil || !strings.Contains(err.Error(), "no such database") {
		t.Errorf("want what it said, got %v", err)
	}
}
