package directory

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what was measured; --json prints it.
type Report struct {
	StartedAt     time.Time `json:"startedAt"`
	PostgreSQL    string    `json:"postgresql"`
	Cells         int       `json:"cells"`
	Organizations int       `json:"organizations"`
	Silent        int       `json:"silent"` // cells in the second half of the rows
	Workers       int       `json:"workers"`
	MemoryBytes   int64     `json:"memoryBytes"` // of the organizations that are remembered, and of the connections that were opened to find them
	Rows          []*Row    `json:"rows"`
}

// Row is one kind of call.
type Row struct {
	What        string         `json:"what"`
	Wanted      string         `json:"wanted"` // answer of each call
	Silent      int            `json:"silent"` // cells
	Calls       int            `json:"calls"`
	Workers     int            `json:"workers"`
	Seconds     float64        `json:"seconds"`
	PerSecond   float64        `json:"perSecond"`
	P50         time.Duration  `json:"p50Nanoseconds"`
	P99         time.Duration  `json:"p99Nanoseconds"`
	Questions   float64        `json:"questions"`   // to databases, of a call
	Connections int            `json:"connections"` // that were open to all cells afterwards
	Answers     map[string]int `json:"answers"`     // found, or the code of the error
}

// Err says which calls were answered otherwise than they should have been.
func (r *Report) Err() (err error) {
	for _, row := range r.Rows {
		if row.Answers[row.Wanted] != row.Calls {
			err = errors.Join(err, fmt.Errorf("%s, with %d cells silent: want %d times %s, got %v", row.What, row.Silent, row.Calls, row.Wanted, row.Answers))
		}
	}
	return err
}

// PrintJSON prints one object.
func (r *Report) PrintJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Print prints a table.
func (r *Report) Print(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "%s. %d cells, %d organizations. Finding 65,536 organizations took %.1f MB of memory, with the connections.\n\n",
		r.PostgreSQL, r.Cells, r.Organizations, float64(r.MemoryBytes)/(1<<20)); err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := []string{"silent cells\tcall\tcalls\tat a time\tp50\tp99\tper second\tquestions\tconnections\tanswers"}
	for _, row := range r.Rows {
		answers := []string{}
		for code, number := range row.Answers {
			answers = append(answers, fmt.Sprintf("%s %d", code, number))
		}
		slices.Sort(answers)
		lines = append(lines, fmt.Sprintf("%d\t%s\t%d\t%d\t%s\t%s\t%.0f\t%.1f\t%d\t%s", row.Silent, row.What, row.Calls, row.Workers, rounded(row.P50), rounded(row.P99),
			row.PerSecond, row.Questions, row.Connections, strings.Join(answers, ", ")))
	}
	if _, err := fmt.Fprintln(table, strings.Join(lines, "\n")); err != nil {
		return err
	}
	return table.Flush()
}

// rounded is a time in three digits.
func rounded(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 { //nolint:mnd // three digits
		unit *= 10
	}
	return d.Round(unit)
}
