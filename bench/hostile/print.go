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
	fmt.Fprintf(&lines, "all connections busy: %.0f pairs of reserveUsage and recordUsage a second, p99 %.2f ms; gateways send %.0f, at which half of "+
		"the processors are idle, by the clock\n", r.CapacityPerSecond, r.CapacityP99Milliseconds,
		r.RatePerSecond)
	fmt.Fprintf(&lines, "row a drifted by %.0f %% during the run\n\n", 100*bench.Drift(r.Ceilings...))
	table := tabwriter.NewWriter(&lines, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "pairs/s\tp50 ms\tp99 ms\tp99.9 ms\tmax ms\terrors\t") // to a string
	printPhases(table, r.Phases)
	if r.Lane != nil {
		printPhases(table, r.Lane.Phases)
	}
	for _, row := range r.watched() {
		printPhases(table, row.Phases)
	}
	_ = table.Flush()
	r.printBars(&lines)
	for _, l := range r.Loads {
		fmt.Fprintf(&lines, "processors used, %s: servers %.3f, PostgreSQL %.3f, of all processors %.0f %%\n", l.Phase, l.Servers, l.PostgreSQL, 100*l.Machine)
	}
	for _, row := range r.watched() {
		for _, o := range row.Openings {
			fmt.Fprintf(&lines, "streams opened while nothing was measured: %d of %d in %.1f s\n", o.Streams, o.Of, o.Seconds)
		}
	}
	for _, m := range r.Memory {
		fmt.Fprintf(&lines, "memory of the server, %s: %.1f MiB\n", m.When, m.MiB)
	}
	fmt.Fprintf(&lines, "bursar verify: %s\n\n", r.Verified)
	table = tabwriter.NewWriter(&lines, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "attack\trequests\tslowest ms\tMiB read\tanswers")
	for _, a := range r.attacks() {
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

// printPhases writes lines of a table.
func printPhases(table io.Writer, phases []bench.Row) {
	for _, p := range phases {
		_, _ = fmt.Fprintf(table, "%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t  %s\n", p.PerSecond, p.P50Milliseconds, p.P99Milliseconds,
			p.P999Milliseconds, p.MaxMilliseconds, p.Errors, p.Name)
	}
}

// printBars writes what was measured of the bars, and whether they are met.
func (r *Report) printBars(lines *strings.Builder) {
	lines.WriteString("\n")
	rounds := func(phases []bench.Row) { fmt.Fprintf(lines, "  the median of %.2f\n", slowdowns(phases)) }
	bar := func(what string, value, most float64, void bool) {
		fmt.Fprintf(lines, "%s: %.2f, bar %g: %s\n", what, value, most, bench.Verdict(value > 0 && value <= most, void))
	}
	void := len(r.Void) > 0
	if len(r.Phases) > 0 {
		bar("p99 attacked / quiet", r.Slowdown, maxSlowdown, void)
		rounds(r.Phases)
	}
	if r.Lane != nil {
		bar("p99 beside a flooded lane / quiet", r.Lane.Slowdown, maxLaneSlowdown, void)
		rounds(r.Lane.Phases)
	}
	if r.Consoles != nil {
		bar("p99 beside "+Consoles+" / quiet", r.Consoles.Slowdown, maxConsoleSlowdown, void)
		rounds(r.Consoles.Phases)
	}
	if r.Listeners != nil {
		bar("p99 beside "+Listeners+" / quiet", r.Listeners.Slowdown, maxListenerSlowdown, void)
		rounds(r.Listeners.Phases)
	}
	if last := len(r.Memory) - 1; last >= 0 {
		bar("memory when idle / before", r.Memory[last].MiB/r.Memory[0].MiB, maxRemaining, false)
	}
	for _, reason := range r.Void {
		fmt.Fprintf(lines, "void: %s\n", reason)
	}
}
