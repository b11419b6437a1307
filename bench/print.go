package bench

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// Print writes the table, the other measurements and the bars.
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
	if _, err := fmt.Fprintln(table, "rate/s\tp50 ms\tp99 ms\tp99.9 ms\tmax ms\tratio to a\terrors\t"); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if _, err := fmt.Fprintf(table, "%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%.3f\t%d\t  %s: %s\n", row.PerSecond, row.P50Milliseconds,
			row.P99Milliseconds, row.P999Milliseconds, row.MaxMilliseconds, row.Ratio, row.Errors, title(row.Letter), row.What); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if err := r.printNotes(w); err != nil {
		return err
	}
	return PrintBars(w, r.Bars)
}

func (r *Report) printNotes(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "\nrow a drifted by %.0f %% during the run\n", 100*r.CeilingDrift); err != nil {
		return err
	}
	if m := r.Memory; m != nil {
		if _, err := fmt.Fprintf(w, "the server's memory after rows b and c: %.1f MiB resident, %.1f MiB at its peak\n",
			m.NowMiB, m.PeakMiB); err != nil {
			return err
		}
	}
	if e := r.Exactness; e != nil {
		if _, err := fmt.Fprintf(w, "two servers answered %d reservations and %d are stored; a limit for %d admitted %d; %s%s\n",
			e.Answered, e.Stored, e.TightLimit, e.TightAnswered, plural(e.Differences, "difference"), after("; ", e.TightError)); err != nil {
			return err
		}
	}
	if v := r.Verification; v != nil {
		if _, err := fmt.Fprintf(w, "bursar verify took %.1f s and %.0f MiB, PostgreSQL %.0f MiB of temporary files for it: %s\n",
			v.Seconds, v.PeakMiB, v.SpilledMiB, v.Summary); err != nil {
			return err
		}
	}
	return nil
}

// PrintBars writes a table of bars; nothing if there are none.
func PrintBars(w io.Writer, bars []Bar) error {
	if len(bars) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := fmt.Fprintf(table, "\nvalue\tbar\t\t\n"); err != nil {
		return err
	}
	for _, bar := range bars {
		sign, unit := "≥", ""
		if bar.Most {
			sign = "≤"
		}
		if bar.Unit != "" {
			unit = " " + bar.Unit
		}
		if _, err := fmt.Fprintf(table, "%s%s\t%s %s%s\t%s\t  %s\n", strconv.FormatFloat(bar.Value, 'g', 4, 64), unit, sign,
			strconv.FormatFloat(bar.Bar, 'g', -1, 64), unit, Verdict(bar.Met, len(bar.Void) > 0), bar.What); err != nil {
			return err
		}
	}
	return table.Flush()
}

// after returns a text with something before it; "" for an empty text.
func after(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

func plural(number int, noun string) string {
	if number == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(number) + " " + noun + "s"
}
