package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Report is the outcome of one run; its JSON is what --json prints.
type Report struct {
	StartedAt     time.Time `json:"startedAt"`
	Platform      string    `json:"platform"` // operating system and architecture
	CPUs          int       `json:"cpus"`     // shared by PostgreSQL, the server and the load generator
	Go            string    `json:"go"`
	PostgreSQL    string    `json:"postgresql"`
	Durable       bool      `json:"durable"` // whether commits reach the disk before they are answered
	Keys          int       `json:"keys"`
	Connections   int       `json:"connections"`
	SecondsPerRow float64   `json:"secondsPerRow"`
	Rows          []Row     `json:"rows"`
}

// Row is what one kind of operation reached.
type Row struct {
	Letter          string  `json:"row"`
	What            string  `json:"what"`
	PerSecond       float64 `json:"perSecond"` // operations; of row d, pairs
	P50Milliseconds float64 `json:"p50Milliseconds"`
	P99Milliseconds float64 `json:"p99Milliseconds"`
	Ratio           float64 `json:"ratio"`                // to row a's rate
	Errors          int64   `json:"errors"`               // in the warm-up too
	FirstError      string  `json:"firstError,omitempty"` // of any worker
}

func (r *Report) add(of row, m *measurement, duration time.Duration) {
	added := Row{
		Letter: of.letter, What: of.what, PerSecond: float64(m.latencies.total) / duration.Seconds(), Errors: m.errors,
		P50Milliseconds: milliseconds(m.latencies.percentile(50)), P99Milliseconds: milliseconds(m.latencies.percentile(99)),
	}
	if m.firstError != nil {
		added.FirstError = m.firstError.Error()
	}
	ceiling := added.PerSecond
	if len(r.Rows) > 0 {
		ceiling = r.Rows[0].PerSecond
	}
	if ceiling > 0 {
		added.Ratio = added.PerSecond / ceiling
	}
	r.Rows = append(r.Rows, added)
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}

// Err says how many operations failed and how the first of them; nil if none did. A row without an operation fails too.
func (r *Report) Err() error {
	var failed int64
	first := ""
	for _, row := range r.Rows {
		if row.Errors > 0 && failed == 0 {
			first = row.Letter + ": " + row.FirstError
		}
		failed += row.Errors
	}
	if failed > 0 {
		return fmt.Errorf("%d operations failed, the first in row %s", failed, first)
	}
	for _, row := range r.Rows {
		if row.PerSecond == 0 {
			return fmt.Errorf("row %s: no operation ended within the measured time; try a longer --duration", row.Letter)
		}
	}
	return nil
}

// Print writes the table.
func (r *Report) Print(w io.Writer) error {
	durability := "durable commits"
	if !r.Durable {
		durability = "commits that a power failure may lose"
	}
	if _, err := fmt.Fprintf(w, "%s, %d CPUs for everything, PostgreSQL %s with %s\n%d keys, %d connections, %g s a row\n\n",
		r.Platform, r.CPUs, r.PostgreSQL, durability, r.Keys, r.Connections, r.SecondsPerRow); err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := fmt.Fprintln(table, "rate/s\tp50 ms\tp99 ms\tratio to a\terrors\t"); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if _, err := fmt.Fprintf(table, "%.0f\t%.2f\t%.2f\t%.3f\t%d\t  %s. %s\n", row.PerSecond, row.P50Milliseconds,
			row.P99Milliseconds, row.Ratio, row.Errors, row.Letter, row.What); err != nil {
			return err
		}
	}
	return table.Flush()
}

// PrintJSON writes the report as one JSON object.
func (r *Report) PrintJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
