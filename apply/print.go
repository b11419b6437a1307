package apply

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Print writes a plan for people.
func (p *Plan) Print(to io.Writer) error {
	var text bytes.Buffer
	counts := map[Action]int{}
	for _, o := range p.Organizations {
		fmt.Fprintf(&text, "organization %s", o.Slug)
		if o.ID != "" {
			fmt.Fprintf(&text, " (%s)", o.ID)
		}
		if len(o.Changes) == 0 {
			fmt.Fprint(&text, ": no changes")
		}
		fmt.Fprintln(&text)
		for _, c := range o.Changes {
			counts[c.Action]++
			c.print(&text)
		}
		for _, kind := range slices.Sorted(maps.Keys(o.Unmanaged)) {
			fmt.Fprintf(&text, "  %s in no file, which stay: %d\n", plural(kind), o.Unmanaged[kind])
		}
	}
	fmt.Fprintf(&text, "%d to create, %d to change, %d to delete\n", counts[Create], counts[Update], counts[Delete])
	_, err := to.Write(text.Bytes())
	return err
}

func plural(kind Kind) string {
	if kind == KindPolicy {
		return "policies"
	}
	return string(kind) + "s"
}

func (c *Change) print(to io.Writer) {
	fmt.Fprintf(to, "  %s %s %s", map[Action]string{Create: "+", Update: "~", Delete: "-"}[c.Action], c.Kind, shown(c.Name))
	if c.ID != "" && c.Kind != KindOrganization {
		fmt.Fprintf(to, " (%s)", c.ID)
	}
	fmt.Fprintln(to)
	for _, f := range c.Fields {
		switch {
		case f.Before == "":
			fmt.Fprintf(to, "      + %s: %s\n", f.Name, shown(f.After))
		case f.After == "":
			fmt.Fprintf(to, "      - %s: %s\n", f.Name, shown(f.Before))
		default:
			fmt.Fprintf(to, "      ~ %s: %s -> %s\n", f.Name, shown(f.Before), shown(f.After))
		}
	}
	for _, note := range c.Notes {
		fmt.Fprintf(to, "      # %s\n", shown(note))
	}
	if last := c.LastChange; last != nil {
		fmt.Fprintf(to, "      # was changed last at %s by %s (%s)\n", last.At.UTC().Format(time.RFC3339), shown(last.Actor), last.Action)
	}
}

// shown is a text without characters that would change what a terminal shows of other lines.
func shown(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 {
			return '\ufffd'
		}
		return r
	}, text)
}

// PrintJSON writes a plan for programs.
func (p *Plan) PrintJSON(to io.Writer) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(p)
}
