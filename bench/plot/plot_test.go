package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"bursar/bench"
)

// reportOfConnections is what row i of a run may look like.
func reportOfConnections() *bench.Report {
	r := &bench.Report{CPUs: 2, Keys: 10_000}
	for i, number := range []int{1, 16, 64, 256, 1024} {
		for j, operation := range []string{"a", "b", "c"} {
			r.Rows = append(r.Rows, bench.Row{
				Letter: "i", Name: fmt.Sprintf("i %s@%d", operation, number), Operation: operation, Connections: number,
				PerSecond:       []float64{9917, 25260, 28097, 30127, 27640}[i] / []float64{1, 2, 2.6}[j],
				P99Milliseconds: []float64{0.37, 3.39, 7.83, 38.8, 60.3}[i] * []float64{1, 2, 2.6}[j],
			})
		}
	}
	return r
}

// Guarantee: the plot is well-formed SVG with both panels, their units, a tick for each number of connections, and a marker
// for each measurement, all of them inside the panels.
func TestPlot(t *testing.T) {
	t.Parallel()
	var drawing bytes.Buffer
	if err := Draw(&drawing, reportOfConnections()); err != nil {
		t.Fatal(err)
	}
	if path := os.Getenv("BENCH_TEST_PLOT"); path != "" { // to look at it
		if err := os.WriteFile(path, drawing.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := drawing.String()
	for _, want := range []string{">Requests per second<", ">p99 latency, ms (logarithmic)<", "keep-alive connections", "10,000 keys", ">1,024<",
		">16<", ">30,000<", ">100<"} {
		if !strings.Contains(text, want) {
			t.Errorf("the plot has no %s", want)
		}
	}
	if markers := strings.Count(text, `class="marker`); markers != 3+2*3*5 {
		t.Errorf("%d markers", markers)
	}
	for decoder := xml.NewDecoder(&drawing); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	r := reportOfConnections()
	s := newScale(r.Rows, func(row bench.Row) float64 { return row.P99Milliseconds }, logTicks)
	for _, row := range r.Rows {
		if height := s.height(row.P99Milliseconds); height < 0 || height > 1 {
			t.Errorf("%g ms is at %g of the panel", row.P99Milliseconds, height)
		}
	}
}

// Guarantee: ticks are round, few, and enclose every value.
func TestTicks(t *testing.T) {
	t.Parallel()
	for _, most := range []float64{1, 9, 10, 11, 749, 30_127, 99_999, 100_000, 1e6} {
		ticks, height := linearTicks(0, most)
		if len(ticks) < 3 || len(ticks) > 6 || ticks[0] != 0 || height(most) > 1 || height(most) < 0.5 || height(ticks[len(ticks)-1]) != 1 {
			t.Errorf("up to %g: %v, the value at %g", most, ticks, height(most))
		}
	}
	ticks, height := logTicks(0.37, 157)
	if len(ticks) != 5 || math.Abs(ticks[0]-0.1) > 1e-9 || math.Abs(height(0.1)) > 1e-9 || math.Abs(height(1000)-1) > 1e-9 {
		t.Errorf("ticks %v", ticks)
	}
	for number, want := range map[float64]string{0.1: "0.1", 0: "0", 500: "500", 25_000: "25,000", 1_024_000: "1,024,000"} {
		if got := thousands(number); got != want {
			t.Errorf("%g is written %s, want %s", number, got, want)
		}
	}
}

// Guarantee: without row i there is no empty picture but an error that says what is missing.
func TestNothingToPlot(t *testing.T) {
	t.Parallel()
	if err := Draw(io.Discard, &bench.Report{Rows: []bench.Row{{Letter: "a", PerSecond: 1}}}); !errors.Is(err, errNothingToPlot) {
		t.Errorf("want an error, got %v", err)
	}
}
