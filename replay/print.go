package replay

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Print writes the report as a table for people. It fails only when the writer does.
func (r *Report) Print(w io.Writer) error {
	table := &table{writer: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	table.row("requests", grouped(r.Requests), fmt.Sprintf("over %d keys", r.Keys))
	table.row("admitted", grouped(r.Admitted), share(r.Admitted, r.Requests))
	table.row("denied", grouped(r.Denied), share(r.Denied, r.Requests))
	for _, reason := range byNumber(r.DeniedAny) {
		table.row("  "+reason, grouped(r.DeniedFirst[reason]), "named first; named at all "+grouped(r.DeniedAny[reason]))
	}
	table.row("errors", grouped(sum(r.Errors)), "")
	for _, code := range byNumber(r.Errors) {
		table.row("  "+code, grouped(r.Errors[code]), "")
	}
	if r.FirstError != nil {
		table.row("  the first", "", r.FirstError.Error())
	}
	table.row("tokens in", grouped(r.InputTokens), "recorded")
	table.row("tokens out", grouped(r.OutputTokens), "recorded")
	table.row("dollars", r.Dollars.String(), "recorded, at list prices")
	if r.MailsCounted {
		table.row("alerts", grouped(r.Alerts), "raised meanwhile")
		table.row("mails", grouped(sum(r.Mails)), "of these alerts")
		for _, status := range byNumber(r.Mails) {
			table.row("  "+status, grouped(r.Mails[status]), "")
		}
	} else {
		table.row("alerts, mails", "-", "not counted: the replay stopped early")
	}
	table.row("duration", r.Duration.Round(10*time.Millisecond).String(), "")
	table.row("operations/s", grouped(int64(r.OperationsPerSecond())), "reservations and records")
	table.row("reserve", milliseconds(r.Reserve.P50), "p50; p99 "+milliseconds(r.Reserve.P99))
	table.row("record", milliseconds(r.Record.P50), "p50; p99 "+milliseconds(r.Record.P99))
	return table.flush()
}

// table keeps the first error of writing, so that rows need no checks.
type table struct {
	writer *tabwriter.Writer
	err    error
}

func (t *table) row(label, value, note string) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.writer, strings.TrimRight(fmt.Sprintf("%s\t%14s\t%s", label, value, note), "\t"))
	}
}

func (t *table) flush() error {
	if t.err != nil {
		return t.err
	}
	return t.writer.Flush()
}

// byNumber returns the names with the highest number first, in alphabetical order where numbers are equal.
func byNumber(numbers map[string]int64) []string {
	return slices.SortedFunc(maps.Keys(numbers), func(a, b string) int {
		return cmp.Or(cmp.Compare(numbers[b], numbers[a]), cmp.Compare(a, b))
	})
}

// grouped writes a number that is not negative with a comma between thousands.
func grouped(number int64) string {
	digits := strconv.FormatInt(number, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func share(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}
