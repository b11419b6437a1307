package compare

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"bursar/bench"
)

// Report is the result of a run; --json prints it.
type Report struct {
	StartedAt             time.Time `json:"startedAt"`
	Platform              string    `json:"platform"` // operating system and architecture
	CPUs                  int       `json:"cpus"`     // shared by PostgreSQL, the servers and the load generator
	PostgreSQL            string    `json:"postgresql"`
	Durable               bool      `json:"durable"` // whether commits reach the disk before they are answered
	This                  string    `json:"this"`    // the builds' versions
	Other                 string    `json:"other"`
	Keys                  int       `json:"keys"`
	SecondsPerMeasurement float64   `json:"secondsPerMeasurement"`
	Rounds                int       `json:"rounds"` // that were asked for
	Rows                  []*Row    `json:"rows"`
	Verified              []string  `json:"verified"` // the last lines of bursar verify, of this build and of the other
}

// Row compares one operation over a number of connections. Its ratios are those of the rates, this build's to the other's, one for each round.
type Row struct {
	Letter      string    `json:"row"`
	RowName     string    `json:"rowName"`
	What        string    `json:"what"`
	Connections int       `json:"connections"`
	This        Side      `json:"this"`
	Other       Side      `json:"other"`
	Ratios      []float64 `json:"ratios"`
	Median      float64   `json:"median"`
	Min         float64   `json:"min"`
	Max         float64   `json:"max"`
	Errors      int64     `json:"errors"` // of both builds
	FirstError  string    `json:"firstError,omitempty"`
}

// Side is one build's part of a row: the medians of its measurements.
type Side struct {
	PerSecond       float64 `json:"perSecond"`
	P50Milliseconds float64 `json:"p50Milliseconds"`
	P99Milliseconds float64 `json:"p99Milliseconds"`

	measured []bench.Row
}

// add adds the measurements of one operation in one round, and returns their ratio.
func (r *Report) add(this, other []bench.Row) float64 {
	of := this[0]
	at := slices.IndexFunc(r.Rows, func(row *Row) bool { return row.Letter == of.Letter && row.Connections == of.Connections })
	if at < 0 {
		at = len(r.Rows)
		r.Rows = append(r.Rows, &Row{Letter: of.Letter, RowName: of.RowName, What: of.What, Connections: of.Connections})
	}
	row := r.Rows[at]
	for _, measured := range slices.Concat(this, other) {
		if row.FirstError == "" {
			row.FirstError = measured.FirstError
		}
		row.Errors += measured.Errors
	}
	row.This.measured = append(row.This.measured, this...)
	row.Other.measured = append(row.Other.measured, other...)
	ratio := 0.0
	if rate := meanRate(other); rate > 0 {
		ratio = meanRate(this) / rate
	}
	row.Ratios = append(row.Ratios, ratio)
	return ratio
}

// finish computes the medians.
func (r *Report) finish() {
	for _, row := range r.Rows {
		row.Median, row.Min, row.Max = median(row.Ratios), slices.Min(row.Ratios), slices.Max(row.Ratios)
		row.This.finish()
		row.Other.finish()
	}
}

func (s *Side) finish() {
	var rates, p50, p99 []float64
	for _, measured := range s.measured {
		rates = append(rates, measured.PerSecond)
		p50 = append(p50, measured.P50Milliseconds)
		p99 = append(p99, measured.P99Milliseconds)
	}
	s.PerSecond, s.P50Milliseconds, s.P99Milliseconds = median(rates), median(p50), median(p99)
}

// meanRate returns the mean rate of some measurements.
func meanRate(rows []bench.Row) float64 {
	sum := 0.0
	for _, row := range rows {
		sum += row.PerSecond
	}
	return sum / float64(len(rows))
}

// median returns the median of some values, of which there must be one at least.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// Err returns an error when operations failed, or when none ended in a row.
func (r *Report) Err() error {
	for _, row := range r.Rows {
		if row.Errors > 0 {
			return fmt.Errorf("%d operations of row %s failed, the first: %s", row.Errors, row.RowName, row.FirstError)
		}
		if row.Min == 0 {
			return fmt.Errorf("row %s: no operation ended within the measured time; try a longer --duration", row.RowName)
		}
	}
	return nil
}

// PrintJSON writes the report as one JSON object.
func (r *Report) PrintJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Print writes the table.
func (r *Report) Print(w io.Writer) error {
	var lines strings.Builder
	durability := "durable commits"
	if !r.Durable {
		durability = "commits that a power failure may lose"
	}
	fmt.Fprintf(&lines, "%s, %d CPUs for everything, PostgreSQL %s with %s\n", r.Platform, r.CPUs, r.PostgreSQL, durability)
	fmt.Fprintf(&lines, "this:  %s\nother: %s\n", r.This, r.Other)
	fmt.Fprintf(&lines, "%d keys, %d rounds of four measurements of %g s for each row\n\n", r.Keys, r.Rounds, r.SecondsPerMeasurement)
	table := tabwriter.NewWriter(&lines, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "this/s\tother/s\tthis p50 ms\tother p50 ms\tthis p99 ms\tother p99 ms\tratio\tmin\tmax\terrors\tconnections\t") // to a string
	for _, row := range r.Rows {
		_, _ = fmt.Fprintf(table, "%.0f\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%.3f\t%.3f\t%.3f\t%d\t%d\t  %s %s: %s\n", row.This.PerSecond,
			row.Other.PerSecond, row.This.P50Milliseconds, row.Other.P50Milliseconds, row.This.P99Milliseconds,
			row.Other.P99Milliseconds, row.Median, row.Min, row.Max, row.Errors, row.Connections, row.Letter, row.RowName, row.What)
	}
	_ = table.Flush()
	fmt.Fprintln(&lines, "\nratio: median, lowest and highest of the rounds' ratios of this build's rate to the other's; all else: medians")
	for i, summary := range r.Verified {
		fmt.Fprintf(&lines, "bursar verify, %s: %s\n", []string{"this", "other"}[i], summary)
	}
	_, err := io.WriteString(w, lines.String())
	return err
}
