package overhead

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"bursar/bench"
)

// Print writes what was measured as a table, with the memory, the books and the bars.
func (r *Report) Print(w io.Writer) error {
	var lines strings.Builder
	fmt.Fprintf(&lines, "%s, %d CPUs for everything, %s, PostgreSQL %s, %d keys\nms: of the first byte of the answer's body, and of the whole call, from its arrival on\n\n",
		r.Platform, r.CPUs, r.Go, r.PostgreSQL, r.Keys)
	table := tabwriter.NewWriter(&lines, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "first p50\tp99\twhole p50\tp99\tµs/call\tbusy\terrors\t") // to a string
	for _, row := range r.Rows {
		row.print(table)
	}
	_ = table.Flush()
	for _, memory := range r.Memory {
		for _, reading := range memory.Readings {
			fmt.Fprintf(&lines, "\nmemory of %s, %.1f MiB when idle, %d open streams: %.1f KB resident for each", memory.Target, memory.IdleMiB, reading.Streams, reading.ResidentKB)
			if reading.UsedKB > 0 {
				fmt.Fprintf(&lines, ", of which %.1f KB are in use", reading.UsedKB)
			}
		}
	}
	if b := r.Books; b != nil {
		fmt.Fprintf(&lines, "\nthe provider has served %d calls through bursar gateway with %d and %d tokens for $%s, and %d with %d and %d for $%s are booked\n",
			b.Served.Calls, b.Served.InputTokens, b.Served.OutputTokens, dollars(b.Served.CostNanos),
			b.Booked.Calls, b.Booked.InputTokens, b.Booked.OutputTokens, dollars(b.Booked.CostNanos))
	}
	if err := bench.PrintBars(&lines, r.Bars); err != nil {
		return err
	}
	for _, row := range r.Rows {
		for _, reason := range row.Void {
			fmt.Fprintf(&lines, "void: %s\n", reason)
		}
	}
	for _, memory := range r.Memory {
		for _, reason := range memory.Void {
			fmt.Fprintf(&lines, "void: %s\n", reason)
		}
	}
	_, err := io.WriteString(w, lines.String())
	return err
}

// print writes the lines of a row.
func (r *Row) print(table io.Writer) {
	if len(r.Added) == 0 { // not finished
		return
	}
	failed, busy, micros := map[string]int64{}, 0.0, 0.0
	straight := r.Phases[0].Target
	for _, phase := range r.Phases {
		failed[phase.Target] += phase.Errors
		if phase.Target == straight {
			busy, micros = max(busy, phase.Machine), max(micros, phase.ProcessorMicros)
		}
	}
	line := func(l Latencies, micros, busy float64, failed int64, what string) {
		_, _ = fmt.Fprintf(table, "%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f %%\t%d\t  %s\n", l.FirstByte.P50Milliseconds, l.FirstByte.P99Milliseconds, l.Whole.P50Milliseconds,
			l.Whole.P99Milliseconds, micros, 100*busy, failed, what)
	}
	what := r.What
	if r.HalfIdle {
		what += ", half of the processors idle"
	}
	line(r.Straight, micros, busy, failed[straight], what+": straight to the provider")
	for i := range r.Added {
		added := &r.Added[i]
		through := what + ": through " + added.Target
		if added.leases {
			through += fmt.Sprintf(", leases decided %.1f %%", 100*added.Leased)
		}
		line(added.Through, added.ProcessorMicros, added.Machine, failed[added.Target], through)
		_, _ = fmt.Fprintf(table, "%+.2f\t%+.2f\t%+.2f\t%+.2f\t\t\t\t  added by %s\n", added.FirstByte.P50Milliseconds, added.FirstByte.P99Milliseconds,
			added.Whole.P50Milliseconds, added.Whole.P99Milliseconds, added.Target)
	}
}

func dollars(nanos int64) string {
	return fmt.Sprintf("%d.%09d", nanos/1_000_000_000, nanos%1_000_000_000)
}
