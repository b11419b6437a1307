package catalogue

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// shown is how many new and gone prices, and how many examples of a refusal, a table has that is not asked for all.
const shown = 20

// WriteTable writes the difference as a table, rates in dollars for a million. Changes are all there; of what is new or gone, all only if asked for.
func (d *Difference) WriteTable(to io.Writer, all bool) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(table, strings.Join(cells, "\t")) } // an error is Flush's
	row("", "PROVIDER", "MODEL", "FROM", "WHAT", "WAS", "IS", "BY")
	for _, change := range d.Changed {
		p := &change.New
		for _, r := range change.Rates {
			row("changed", p.Provider, p.Key().Pattern(), since(p), r.name(), Rate{Picos: r.Before}.PerMillion(), r.PerMillion(), r.by())
		}
		if len(change.Rates) == 0 {
			row("changed", p.Provider, p.Key().Pattern(), since(p), "rates that cost the same, or the most output tokens", count(change.Old.MaxOutputTokens), count(p.MaxOutputTokens), "")
		}
	}
	rest := func(mark string, prices []Price) {
		for i := range prices {
			if i == shown && !all {
				row(mark, fmt.Sprintf("%d more", len(prices)-shown), "", "", "", "", "", "")
				return
			}
			p := &prices[i]
			rates := p.inputRate(InputTokens) + " / " + p.inputRate(OutputTokens)
			was, is := "", rates
			if mark == "gone" {
				was, is = rates, "(stays)"
			}
			row(mark, p.Provider, p.Key().Pattern(), since(p), "INPUT_TOKENS / OUTPUT_TOKENS", was, is, "")
		}
	}
	rest("new", d.New)
	rest("gone", d.Gone)
	return table.Flush()
}

// Summary is the difference in a line.
func (d *Difference) Summary() string {
	text := fmt.Sprintf("%d new, %d changed, %d gone, %d the same", len(d.New), len(d.Changed), len(d.Gone), d.Same)
	if free := d.Free(); free > 0 {
		text += fmt.Sprintf("; %d of the new ones are free", free)
	}
	return text
}

// since is from when on a price holds; empty for a beginning that the list does not name.
func since(p *Price) string { return instant(p.EffectiveFrom) }

// by says by how much a rate changes.
func (r RateChange) by() string {
	if r.Before == 0 || r.Picos == 0 {
		return "!"
	}
	text := fmt.Sprintf("%+.1f %%", 100*(float64(r.Picos)/float64(r.Before)-1)) // for the eye alone
	if r.Large() {
		text += " !"
	}
	return text
}

// WriteRefusals writes what was left out of a list: the reasons, how often and for which models; all of them if asked for.
func WriteRefusals(to io.Writer, refused []Refusal, all bool) error {
	if all {
		for _, r := range refused {
			if _, err := fmt.Fprintf(to, "%s: %s\n", r.verb(), r); err != nil {
				return err
			}
		}
		return nil
	}
	type kind struct{ verb, reason string }
	models := map[kind][]string{}
	for _, r := range refused {
		of := kind{r.verb(), r.Reason}
		models[of] = append(models[of], r.Provider+" "+r.Model)
	}
	kinds := slices.SortedFunc(maps.Keys(models), func(a, b kind) int {
		return cmp.Or(cmp.Compare(a.verb, b.verb), cmp.Compare(len(models[b]), len(models[a])), cmp.Compare(a.reason, b.reason))
	})
	for _, of := range kinds {
		examples, more := models[of], ""
		if len(examples) > 3 {
			examples, more = examples[:3], ", …"
		}
		if _, err := fmt.Fprintf(to, "%s, %d: %s (%s%s)\n", of.verb, len(models[of]), of.reason, strings.Join(examples, ", "), more); err != nil {
			return err
		}
	}
	return nil
}

// verb says what became of what was left out.
func (r Refusal) verb() string {
	switch {
	case r.Damaged:
		return "damaged"
	case r.Partly:
		return "imported in part"
	}
	return "refused"
}
