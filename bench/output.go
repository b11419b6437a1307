package bench

import (
	"errors"
	"io"
)

// Outcome is a report of a measurement.
type Outcome interface {
	Print(w io.Writer) error     // as tables
	PrintJSON(w io.Writer) error // as one JSON object
	Err() error                  // what was wrong in what was measured; nil for nothing
}

// Output prints a report. It returns what ended the measurement early, if anything did, the report's own error, and that of printing.
func Output(w io.Writer, report Outcome, asJSON bool, ended error) error {
	write := report.Print
	if asJSON {
		write = report.PrintJSON
	}
	return errors.Join(ended, write(w), report.Err())
}
