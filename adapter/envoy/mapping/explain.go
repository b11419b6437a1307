package mapping

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"

	"bursar/auth"
	"bursar/fault"
	"bursar/id"
)

// ParseDescriptor reads a descriptor as people write it: key=value,key=value. A comma in a value is written \,.
func ParseDescriptor(text string) (Descriptor, error) {
	var d Descriptor
	for part := range strings.SplitSeq(strings.ReplaceAll(text, `\,`, "\x00"), ",") {
		key, value, is := strings.Cut(strings.ReplaceAll(part, "\x00", ","), "=")
		if !is || key == "" {
			return d, fmt.Errorf("%q is no descriptor, want key=value,key=value", text)
		}
		d.Entries = append(d.Entries, Pair{key, value})
	}
	return d, nil
}

// Explain writes what descriptors of a call mean: which rules match, and what would be asked. Nothing is asked. It returns false when a call with
// them is refused.
func (m *Mapping) Explain(w io.Writer, domain string, descriptors []Descriptor) (ok bool, err error) {
	out := &lines{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	for i := range descriptors {
		d := &descriptors[i]
		switch rule := m.Rule(domain, d.Entries); {
		case rule != nil:
			out.line("descriptor %d\t%s", i, rule.Name)
		case m.Unmatched == Allow:
			out.line("descriptor %d\tno rule matches: OK, without a limit", i)
		default:
			out.line("descriptor %d\tno rule matches", i)
		}
	}
	demands, wrong := m.Demands(domain, descriptors)
	if wrong != nil {
		message := wrong.Error()
		if all := fault.All(wrong); len(all) > 0 {
			message = all[0].Message
		}
		out.line("refused\t%s", message)
		return false, out.flush()
	}
	for i, demand := range demands {
		out.line("")
		out.line("request %d\tof descriptors %s", i+1, numbers(demand.Descriptors))
		out.line("  does\t%s", demand.does())
		out.line("  API key\t%s", shownKey(demand.Key))
		for _, each := range []struct{ name, value string }{
			{"request id", demand.RequestID}, {"provider", demand.Provider}, {"model", demand.Model}, {"policy", demand.Rule.Policy},
		} {
			if each.value != "" {
				out.line("  %s\t%s", each.name, auth.Redact(each.value))
			}
		}
		for _, name := range sortedKeys(demand.Metadata) {
			out.line("  metadata.%s\t%s", name, auth.Redact(demand.Metadata[name]))
		}
	}
	return true, out.flush()
}

// does says what becomes of a demand.
func (d *Demand) does() string {
	amounts := []string{}
	for i, unit := range units() {
		switch {
		case d.Amounts[i] == 0:
		case unit == Cost:
			amounts = append(amounts, "$"+decimal.New(d.Amounts[i], -9).String())
		default:
			amounts = append(amounts, fmt.Sprintf("%d %s", d.Amounts[i], unit))
		}
	}
	what := strings.Join(amounts, ", ")
	switch d.Phase {
	case Check:
		return "checks: a look that holds and books nothing"
	case Reserve:
		return "reserves under the request id, until it is settled or expires"
	case Count:
		return "counts: admits and books " + what
	case Refund:
		return "settles the reservation of the request id with what it holds less " + what
	}
	if what == "" {
		what = "nothing but the request"
	}
	if d.RequestID == "" {
		return "books " + what
	}
	return "settles the reservation of the request id with " + what + "; books that in full where there is none"
}

// shownKey returns an id as it is, and of a secret the beginning.
func shownKey(key string) string {
	if prefix, _, is := id.Parse(key); is && prefix == id.APIKey {
		return key
	}
	const shown = 8
	if len(key) <= shown {
		return "a secret"
	}
	return "the secret " + key[:shown] + "…"
}

func numbers(all []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(all), " ", ", "), "[]")
}

func sortedKeys(of map[string]string) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// lines writes lines until one fails.
type lines struct {
	w   *tabwriter.Writer
	err error
}

func (l *lines) line(format string, values ...any) {
	if l.err == nil {
		_, l.err = fmt.Fprintf(l.w, format+"\n", values...)
	}
}

func (l *lines) flush() error {
	if l.err != nil {
		return l.err
	}
	return l.w.Flush()
}
