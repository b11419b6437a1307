package compare

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"bursar/bench"
)

// rates returns measurements of row b.
func rates(connections int, perSecond ...float64) (rows []bench.Row) {
	for _, rate := range perSecond {
		rows = append(rows, bench.Row{Letter: "b", RowName: "hot-key", Connections: connections, PerSecond: rate, P50Milliseconds: 1000 / rate})
	}
	return rows
}

// Guarantee: a round's ratio is that of the builds' mean rates; a row has the median, the lowest and the highest of its rounds;
// numbers of connections have rows of their own.
func TestRatios(t *testing.T) {
	t.Parallel()
	r := &Report{}
	for _, round := range []struct{ this, other []float64 }{
		{[]float64{90, 110}, []float64{100, 100}}, {[]float64{120, 120}, []float64{100, 100}}, {[]float64{100, 100}, []float64{50, 150}},
		{[]float64{80, 80}, []float64{100, 100}},
	} {
		r.add(rates(256, round.this...), rates(256, round.other...))
	}
	if ratio := r.add(rates(1, 30, 30), rates(1, 10, 10)); ratio != 3 {
		t.Errorf("the ratio is %g", ratio)
	}
	r.finish()
	if len(r.Rows) != 2 {
		t.Fatalf("%d rows", len(r.Rows))
	}
	row := r.Rows[0]
	if row.Median != 1 || row.Min != 0.8 || row.Max != 1.2 || row.This.PerSecond != 100 || row.Other.PerSecond != 100 {
		t.Errorf("%+v", row)
	}
	if p50 := r.Rows[1].This.P50Milliseconds; math.Abs(p50-1000.0/30) > 1e-9 {
		t.Errorf("p50 %g", p50)
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	var table, asJSON bytes.Buffer
	if err := r.Print(&table); err != nil || !strings.Contains(table.String(), "b hot-key") {
		t.Errorf("%v\n%s", err, &table)
	}
	var read Report
	if err := r.PrintJSON(&asJSON); err != nil || json.Unmarshal(asJSON.Bytes(), &read) != nil || len(read.Rows[0].Ratios) != 4 {
		t.Errorf("%v\n%s", err, &asJSON)
	}
}

// Guarantee: operations that failed, or of which none ended, make the comparison fail, whichever build they are of.
func TestFailuresAreReported(t *testing.T) {
	t.Parallel()
	failed := rates(1, 10)
	failed[0].Errors, failed[0].FirstError = 3, "UNAUTHENTICATED"
	for want, sides := range map[string][2][]bench.Row{
		"3 operations of row hot-key failed": {rates(1, 10), failed},
		"UNAUTHENTICATED":                    {failed, rates(1, 10)},
		"no operation ended":                 {rates(1, 10), rates(1, 0)},
		"try a longer":                       {rates(1, 0), rates(1, 10)},
	} {
		r := &Report{}
		r.add(sides[0], sides[1])
		r.finish()
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
