package bench

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"bursar/bench/gauge"
)

// Guarantee: rates of row a that differ by more than half make what was measured between them void.
func TestDrift(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rates []float64
		drift float64
		void  bool
	}{
		{nil, 0, false}, {[]float64{100}, 0, false}, {[]float64{100, 150}, 0.5, false}, {[]float64{151, 120, 100}, 0.51, true},
		{[]float64{26_828, 25_779, 17_000}, 9828.0 / 17_000, true}, {[]float64{0, 100}, 0, false},
	} {
		if drift, reason := Drift(test.rates...), Drifted(test.rates...); drift != test.drift || (reason != "") != test.void {
			t.Errorf("%g: drift %g, %q", test.rates, drift, reason)
		}
	}
}

// Guarantee: an open loop is void if less than its rate was offered, or if the clock was late by half of what is measured; a closed
// loop never is.
func TestOffClock(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		row  Row
		want string // "": it is by the clock
	}{
		{Row{PerSecond: 100, P99Milliseconds: 1}, ""},
		{Row{RatePerSecond: 1000, OfferedPerSecond: 950, P99Milliseconds: 2, LagMilliseconds: 2.5}, ""},
		{Row{RatePerSecond: 1000, OfferedPerSecond: 949}, "949 of 1000"},
		{Row{RatePerSecond: 1000, OfferedPerSecond: 1000, P99Milliseconds: 60, LagMilliseconds: 30}, ""},
		{Row{RatePerSecond: 1000, OfferedPerSecond: 1000, P99Milliseconds: 60, LagMilliseconds: 31}, "late by 31.0 ms"},
		{Row{RatePerSecond: 1000, OfferedPerSecond: 1000, P99Milliseconds: 4, LagMilliseconds: 2.6}, "late by 2.6 ms"},
	} {
		if got := test.row.OffClock(); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%+v: %q, want %q", test.row, got, test.want)
		}
	}
}

// Guarantee: a quiet p99 of more than three times its calibration is void, such as one of 6,308 ms where 78.6 are usual.
func TestNotQuiet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		p99, calibration float64
		void             bool
	}{{6308, 78.6, true}, {90, 30, false}, {90.1, 30, true}, {31.5, 78.6, false}, {6308, 0, false}} {
		row := &Row{Name: "quiet", P99Milliseconds: test.p99}
		if reason := row.NotQuiet(test.calibration); (reason != "") != test.void {
			t.Errorf("%+v: %q", test, reason)
		}
	}
}

// Guarantee: the clock tells how many requests it offered in the measured time, and by how much they were late.
func TestLateClock(t *testing.T) {
	t.Parallel()
	const total, rate = 20, 10
	c := &gauge.Clock{PerSecond: rate}
	start := time.Now().Add(-time.Hour)
	c.Schedule(t.Context(), make(chan time.Time, total), start, start.Add(time.Second), start.Add(2*time.Second), total)
	m := &measurement{clock: c}
	row := newRow(row{name: "late"}, m, time.Second)
	if row.RatePerSecond != rate || row.OfferedPerSecond != 0 || c.Lags.Total != rate || row.LagMilliseconds < 1000*60*17 || row.OffClock() == "" {
		t.Errorf("%+v, %d lags", row, c.Lags.Total)
	}
	c = &gauge.Clock{PerSecond: 1000}
	start = time.Now()
	c.Schedule(t.Context(), make(chan time.Time, total), start, start, start.Add(time.Hour), total)
	if c.Offered != total || c.Lags.Total != total {
		t.Errorf("%d were offered, %d lags", c.Offered, c.Lags.Total)
	}
}

// Guarantee: a bar is void if row a drifted around its rows, and row h if it was not by the clock or row a cannot do it; the run
// fails then and says why. What does not depend on speed is not void.
func TestVoidBars(t *testing.T) {
	t.Parallel()
	h := Row{Letter: "h", Name: "h", PerSecond: 1000, P99Milliseconds: 2.7, RatePerSecond: 1000, OfferedPerSecond: 1000}
	calibration := h
	calibration.Name, calibration.P99Milliseconds = openCeiling, 1
	for _, test := range []struct {
		name    string
		change  func(before, between, after, calibration, h *Row)
		verdict string // of b, h and memory: met, void
		want    string
	}{
		{"quiet", func(_, _, _, _, _ *Row) {}, "+++", ""},
		{"first group", func(before, _, _, _, _ *Row) { before.PerSecond = 151 }, "v++", "drifted by 51 %"},
		{"second group", func(_, _, after, _, _ *Row) { after.PerSecond = 60 }, "+v+", "drifted by 67 %"},
		{"both groups", func(_, between, _, _, _ *Row) { between.PerSecond = 50 }, "vv+", "drifted by 100 %"},
		{"late clock", func(_, _, _, _, h *Row) { h.OfferedPerSecond = 800 }, "+v+", "h: 800 of 1000"},
		{"late calibration", func(_, _, _, calibration, _ *Row) { calibration.LagMilliseconds = 3 }, "+v+", "late by 3.0 ms"},
		{"slow ceiling", func(_, _, _, calibration, _ *Row) { calibration.P99Milliseconds = 5.1 }, "+v+", "p99 of 5.1 ms, and the bar is 5 ms"},
	} {
		r := &Report{Memory: &Memory{PeakMiB: 100}, Rows: []Row{
			{Letter: "a", Name: "a", PerSecond: 100}, {Letter: "b", Name: "b", PerSecond: 60}, {Letter: "a", Name: "a", PerSecond: 100},
			calibration, h, {Letter: "a", Name: "a", PerSecond: 100},
		}}
		test.change(&r.Rows[0], &r.Rows[2], &r.Rows[5], &r.Rows[3], &r.Rows[4])
		r.setRatios(1, 2, 100)
		r.finish()
		verdict := ""
		for _, bar := range r.Bars {
			verdict += map[string]string{"met": "+", "not met": "-", "void": "v"}[Verdict(bar.Met, len(bar.Void) > 0)]
			if bar.Met && len(bar.Void) > 0 {
				t.Errorf("%s: met and void: %+v", test.name, bar)
			}
		}
		err, printed := r.Err(), &bytes.Buffer{}
		_, void := errors.AsType[*VoidError](err)
		if verdict != test.verdict || void != (test.want != "") || void && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %s, want %s; %v", test.name, verdict, test.verdict, err)
		}
		if err := r.Print(printed); err != nil || strings.Count(printed.String(), "  void  ") != strings.Count(test.verdict, "v") {
			t.Errorf("%s: %v\n%s", test.name, err, printed)
		}
	}
}
