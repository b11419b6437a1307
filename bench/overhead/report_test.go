package overhead

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/bench"
	"bursar/bench/gauge"
)

// filled returns calls of which one half took a time and the other a longer one.
func filled(short, long time.Duration) *measured {
	m := &measured{}
	for range 500 {
		for _, h := range []*gauge.Histogram{&m.first, &m.whole} {
			h.Add(short)
			h.Add(long)
		}
	}
	return m
}

// newRow returns a row of two targets, in the order in which a run measures them.
func newTestRow(straight, through *measured) *Row {
	provider, gateway := &Target{Name: "the provider"}, &Target{Name: "bursar gateway"}
	row := &Row{Kind: "calls", What: "100 short calls/s", Size: 100, sums: map[string]*measured{provider.Name: straight, gateway.Name: through}}
	for _, target := range []*Target{provider, gateway, provider} {
		m := row.sums[target.Name]
		row.Phases = append(row.Phases, &Phase{
			Target: target.Name, First: latencyOf(&m.first), Whole: latencyOf(&m.whole), RatePerSecond: 100, OfferedPerSecond: 100, PerSecond: 100, Machine: 0.4,
		})
	}
	row.summarize(provider, []*Target{gateway})
	return row
}

func verdicts(r *Report) (list []string) {
	for _, bar := range r.Bars {
		list = append(list, bench.Verdict(bar.Met, len(bar.Void) > 0))
	}
	return list
}

// Guarantee: what a gateway adds is the difference of the percentiles through it and straight to the provider, and is held against the bars.
func TestAdded(t *testing.T) {
	t.Parallel()
	row := newTestRow(filled(time.Millisecond, 2*time.Millisecond), filled(2*time.Millisecond, 12*time.Millisecond))
	added := row.Added[0]
	if p50, p99 := added.Whole.P50Milliseconds, added.FirstByte.P99Milliseconds; p50 < 0.98 || p50 > 1.02 || p99 < 9.9 || p99 > 10.1 {
		t.Errorf("added are %+v", added)
	}
	r := &Report{Rows: []*Row{row}, Books: &Books{}}
	r.judge()
	if got := verdicts(r); !slices.Equal(got, []string{"met", "not met", "met", "not met", "met"}) || r.Err() != nil {
		t.Errorf("%q, %v", got, r.Err())
	}
	var printed bytes.Buffer
	if err := r.Print(&printed); err != nil || !strings.Contains(printed.String(), "added by bursar gateway") || !strings.Contains(printed.String(), "≤ 1.5 ms") {
		t.Errorf("%v\n%s", err, &printed)
	}
}

// Guarantee: a row is void, and so are its bars, when calls did not arrive by the clock, and when the provider's own phases differ or were disturbed: then
// the run fails and says why.
func TestVoidRows(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(first, gateway, last *Phase){
		"were offered":         func(_, gateway, _ *Phase) { gateway.OfferedPerSecond = 90 },
		"the clock was late":   func(first, _, _ *Phase) { first.LagMilliseconds = 20 },
		"differ by 150 %":      func(_, _, last *Phase) { last.First.P50Milliseconds = 2.5 },
		"14.0 ms is not quiet": func(_, _, last *Phase) { last.First.P99Milliseconds = 14 },
		"processors are busy":  func(_, _, _ *Phase) {},
		"":                     func(_, gateway, _ *Phase) { gateway.First.P99Milliseconds = 500 },
	} {
		row := newTestRow(filled(time.Millisecond, 2*time.Millisecond), filled(time.Millisecond, 2*time.Millisecond))
		for _, phase := range row.Phases {
			phase.First.P50Milliseconds = 1
		}
		if change(row.Phases[0], row.Phases[1], row.Phases[2]); want == "processors are busy" {
			row.trial = 0.7
		}
		r := &Report{Rows: []*Row{row}}
		r.judge()
		err := r.Err()
		_, void := errors.AsType[*bench.VoidError](err)
		if void != (want != "") || void && (!strings.Contains(err.Error(), want) || slices.Contains(verdicts(r), "met")) {
			t.Errorf("%q: %v, %q", want, err, verdicts(r))
		}
	}
}

// Guarantee: calls that failed, and books that differ in whatever, fail the run; memory is compared stream by stream.
func TestFailedRuns(t *testing.T) {
	t.Parallel()
	row := newTestRow(filled(time.Millisecond, time.Millisecond), filled(time.Millisecond, time.Millisecond))
	row.Phases[1].Errors, row.Phases[1].FirstError = 3, "HTTP status 503"
	r := &Report{
		Rows: []*Row{row}, Books: &Books{Served: Sums{Calls: 7, CostNanos: 8}, Booked: Sums{Calls: 7, CostNanos: 9}},
		Memory: []*Memory{
			{Target: "bursar gateway", Readings: []Reading{{Streams: 5, ResidentKB: 41, UsedKB: 39}}},
			{Target: "another", Readings: []Reading{{Streams: 5, ResidentKB: 100}}},
		},
	}
	r.judge()
	for _, want := range []string{"3 calls failed, the first: HTTP status 503", "not what the provider has served"} {
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	if got := verdicts(r)[4:]; !slices.Equal(got, []string{"met", "not met", "met", "not met"}) { // in use, resident, of the other's, books
		t.Errorf("%q of %+v", got, r.Bars[4:])
	}
}

// Guarantee: the gateway with leases has the bars of the one without, and one of the share of calls that leases decide; another gateway has none but that of what ours add of its.
func TestBarsOfLeases(t *testing.T) {
	t.Parallel()
	for leased, want := range map[float64]string{0.95: "met", 0.5: "not met"} {
		row := newTestRow(filled(time.Millisecond, 2*time.Millisecond), filled(2*time.Millisecond, 3*time.Millisecond))
		with := row.Added[0]
		with.ours, with.leases, with.Leased = true, true, leased
		other := row.Added[0]
		other.Target = "another"
		row.Added = append(row.Added, with, other)
		r := &Report{Rows: []*Row{row}, Memory: []*Memory{
			{Target: "bursar gateway", Readings: []Reading{{Streams: 5, ResidentKB: 50}}},
			{Target: "bursar gateway with leases", leases: true, Readings: []Reading{{Streams: 5, ResidentKB: 30, UsedKB: 20}}},
		}}
		r.judge()
		if got := verdicts(r); !slices.Equal(got, []string{"met", "met", "met", "met", want, "met", "met", "met", "met", "not met", "not met", "not met", "met", "met"}) {
			t.Errorf("%q of %+v", got, r.Bars)
		}
	}
}
