package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"bursar/bench/leased"
)

// Report is the result of one run; --json prints it.
type Report struct {
	StartedAt     time.Time      `json:"startedAt"`
	Platform      string         `json:"platform"` // operating system and architecture
	CPUs          int            `json:"cpus"`     // shared by PostgreSQL, the server and the load generator
	Go            string         `json:"go"`
	PostgreSQL    string         `json:"postgresql"`
	Durable       bool           `json:"durable"` // whether commits reach the disk before they are answered
	Keys          int            `json:"keys"`
	Connections   int            `json:"connections"`
	SecondsPerRow float64        `json:"secondsPerRow"`
	Rows          []Row          `json:"rows"`
	CeilingDrift  float64        `json:"ceilingDrift"` // (highest - lowest) / lowest rate of row a
	Memory        *Memory        `json:"memory"`       // of the server after rows b and c; null if unknown
	Exactness     *Exactness     `json:"exactness"`    // null without row j
	Verification  *Verification  `json:"verification"` // null without row l
	Leases        *leased.Result `json:"leases"`       // null without row p
	Bars          []Bar          `json:"bars"`         // those whose rows were measured
}

// Row is the result of one measurement.
type Row struct {
	Letter           string  `json:"row"`
	RowName          string  `json:"rowName"`
	Name             string  `json:"name"` // of the measurement; unique except for row a
	What             string  `json:"what"`
	Operation        string  `json:"operation,omitempty"` // of row i: the letter of the row whose operation it runs
	Connections      int     `json:"connections"`
	PerSecond        float64 `json:"perSecond"` // operations; in row d pairs
	P50Milliseconds  float64 `json:"p50Milliseconds"`
	P99Milliseconds  float64 `json:"p99Milliseconds"`
	P999Milliseconds float64 `json:"p999Milliseconds"`
	MaxMilliseconds  float64 `json:"maxMilliseconds"`
	Ratio            float64 `json:"ratio"`                // to the rate of row a around its group; in row i, over as many connections
	Errors           int64   `json:"errors"`               // in the warm-up too
	FirstError       string  `json:"firstError,omitempty"` // of any worker

	RatePerSecond    float64 `json:"ratePerSecond,omitempty"`    // of an open loop: at which requests were to arrive
	OfferedPerSecond float64 `json:"offeredPerSecond,omitempty"` // at which they did, within the measured time
	LagMilliseconds  float64 `json:"lagMilliseconds,omitempty"`  // p99 of how much too late they did
}

func newRow(of row, m *measurement, duration time.Duration) Row {
	result := Row{
		Letter: of.letter, RowName: RowName(of.letter), Name: of.name, What: of.what, Operation: of.operation,
		Connections: of.connections, Errors: m.errors,
		PerSecond:       float64(m.latencies.Total) / duration.Seconds(),
		P50Milliseconds: milliseconds(m.latencies.Quantile(500)), P99Milliseconds: milliseconds(m.latencies.Quantile(990)),
		P999Milliseconds: milliseconds(m.latencies.Quantile(999)), MaxMilliseconds: milliseconds(m.latencies.Most),
	}
	if m.firstError != nil {
		result.FirstError = m.firstError.Error()
	}
	if m.clock != nil {
		result.RatePerSecond, result.OfferedPerSecond = float64(m.clock.PerSecond), float64(m.clock.Offered)/duration.Seconds()
		result.LagMilliseconds = milliseconds(m.clock.Lags.Quantile(990))
	}
	return result
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}

// find returns the row of a measurement; nil if it was not measured.
func (r *Report) find(name string) *Row {
	for i := range r.Rows {
		if r.Rows[i].Name == name {
			return &r.Rows[i]
		}
	}
	return nil
}

// Err returns an error when operations failed, with their number and the first one's error, when a row has no operation, when
// two servers were not exact, and a VoidError when the machine was too busy to tell whether a bar is met. A bar that is not met is
// no error.
func (r *Report) Err() error {
	var failed int64
	first := ""
	for _, row := range r.Rows {
		if row.Errors > 0 && failed == 0 {
			first = title(row.Letter) + ": " + row.FirstError
		}
		failed += row.Errors
	}
	if failed > 0 {
		return fmt.Errorf("%d operations failed, the first in row %s", failed, first)
	}
	for _, row := range r.Rows {
		if row.PerSecond == 0 {
			return fmt.Errorf("row %s: no operation ended within the measured time; try a longer --duration", title(row.Letter))
		}
	}
	if r.Exactness != nil && !r.Exactness.Exact() {
		return fmt.Errorf("row %s: two servers were not exact: %+v", title("j"), *r.Exactness)
	}
	var reasons []string
	for _, bar := range r.Bars {
		reasons = append(reasons, bar.Void...)
	}
	return Void(reasons...)
}

// PrintJSON writes the report as one JSON object.
func (r *Report) PrintJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
