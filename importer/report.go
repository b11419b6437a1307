package importer

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Level says how much a line of the report matters.
type Level string

// The levels of lines, the one that matters most first.
const (
	Lost    Level = "LOST"    // what limits or identifies something there is not taken over
	Skipped Level = "SKIPPED" // the object is not taken over
	Changed Level = "CHANGED" // it is taken over otherwise than it was
	Noted   Level = "NOTED"   // it is taken over, and somebody should know how
)

// Line is one thing that does not map, or not as it was.
type Line struct {
	Level   Level  `json:"level"`
	Object  string `json:"object"`          // such as "API key sk-...a1b2"
	Field   string `json:"field"`           // there
	Message string `json:"message"`         // what becomes of it, and why; the same for all lines of a kind
	Value   string `json:"value,omitempty"` // what stands there
}

// Report is what does not map, or not as it was.
type Report []Line

// maxValue is how many bytes of a value a line shows.
const maxValue = 80

// recent is how many of the last lines a new one is compared with.
const recent = 32

// Add adds a line, unless it is one of the last ones.
func (r *Report) Add(level Level, object, field, message, value string) {
	if len(value) > maxValue {
		value = strings.ToValidUTF8(value[:maxValue], "") + "…"
	}
	line := Line{level, object, field, message, value}
	if !slices.Contains((*r)[max(0, len(*r)-recent):], line) { // a field may be read more than once
		*r = append(*r, line)
	}
}

// kinds returns the lines by kind: those that matter most first, else in the order in which the first of each was added.
func (r Report) kinds() [][]Line {
	type kind struct {
		level          Level
		field, message string
	}
	at := map[kind]int{}
	var kinds [][]Line
	for _, line := range r {
		k := kind{line.Level, line.Field, line.Message}
		i, known := at[k]
		if !known {
			i = len(kinds)
			at[k] = i
			kinds = append(kinds, nil)
		}
		kinds[i] = append(kinds[i], line)
	}
	order := []Level{Lost, Skipped, Changed, Noted}
	slices.SortStableFunc(kinds, func(a, b []Line) int {
		return cmp.Compare(slices.Index(order, a[0].Level), slices.Index(order, b[0].Level))
	})
	return kinds
}

// examples is how many lines of a kind are shown.
const examples = 3

// WriteTable writes the report for people: a line for each kind of what does not map with some examples, or with all of them.
func (r Report) WriteTable(to io.Writer, all bool) error {
	for _, lines := range r.kinds() {
		first := lines[0]
		if _, err := fmt.Fprintf(to, "%-8s %s: %s (%d)\n", first.Level, first.Field, first.Message, len(lines)); err != nil {
			return err
		}
		for i, line := range lines {
			if i == examples && !all {
				if _, err := fmt.Fprintf(to, "           and %d more: --all shows them\n", len(lines)-i); err != nil {
					return err
				}
				break
			}
			text := line.Object
			if line.Value != "" {
				text += ": " + line.Value
			}
			if _, err := fmt.Fprintf(to, "           %s\n", text); err != nil {
				return err
			}
		}
	}
	return nil
}

// Count returns how many lines of a level there are.
func (r Report) Count(level Level) (number int) {
	for _, line := range r {
		if line.Level == level {
			number++
		}
	}
	return number
}
