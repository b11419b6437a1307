package hostile

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"bursar/bench"
)

// PrintJSON writes the report as one JSON object.
func (r *Report) PrintJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Print writes the phases, the memory and the attacks as tables.
func (r *Report) Print(w io.Writer) error {
	var lines strings.Builder
	fmt.Fprintf(&lines, "%s, %d CPUs for everything, PostgreSQL %s, %d keys\n%s\n", r.Platform, r.CPUs, r.PostgreSQL, r.Keys, r.Setup)
	fmt.Fprintf(&lines, "all connections busy: %.0f pairs of reserveUsage and recordUsage a second; gateways send half of them, by the clock\n\n",
		r.CapacityPerSecond)
	table := tabwriter.NewWriter(&lines, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "pairs/s\tp50 ms\tp99 ms\tp99.9 ms\tmax ms\terrors\t") // to a string
	for _, p := range r.Phases {
		_, _ = fmt.Fprintf(table, "%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t  %s\n", p.PerSecond, p.P50Milliseconds, p.P99Milliseconds,
			p.P999Milliseconds, p.MaxMilliseconds, p.Errors, p.Name)
	}
	_ = table.Flush()
	fmt.Fprintf(&lines, "\np99 attacked / quiet: %.2f, bar %d: %s\n", r.Slowdown, maxSlowdown, bench.Verdict(r.Slowdown <= maxSlowdown))
	if last := len(r.Memory) - 1; last >= 0 {
		fmt.Fprintf(&lines, "memory when idle / before: %.2f, bar %g: %s\n", r.Memory[last].MiB/r.Memory[0].MiB, maxRemaining,
			bench.Verdict(r.Memory[last].MiB <= r.Memory[0].MiB*maxRemaining))
	}
	for _, m := range r.Memory {
		fmt.Fprintf(&lines, "memory of the server, %s: %.1f MiB\n", m.When, m.MiB)
	}
	fmt.Fprintf(&lines, "bursar verify: %s\n\n", r.Verified)
	table = tabwriter.NewWriter(&lines, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "attack\trequests\tslowest ms\tMiB read\tanswers")
	for _, a := range r.Attacks {
		var answers []string
		for _, answer := range slices.Sorted(maps.Keys(a.Answers)) {
			answers = append(answers, fmt.Sprintf("%s %d", answer, a.Answers[answer]))
		}
		_, _ = fmt.Fprintf(table, "%s\t%d\t%.0f\t%.1f\t%s\n", a.Name, a.Requests, a.MaxMillis, float64(a.Bytes)/(1<<20), strings.Join(answers, ", "))
	}
	_ = table.Flush()
	_, err := io.WriteString(w, lines.String())
	return err
}
