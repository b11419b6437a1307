package apply

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/apply/document"
)

// liveBudgetOf returns a budget with its defaults, as the API would answer it.
func liveBudgetOf(b *document.Budget) *liveBudget {
	l := &liveBudget{
		Type: b.Type, Amount: b.Amount, PeriodicReset: cmp.Or(b.PeriodicReset, "NONE"), TimeZone: cmp.Or(b.TimeZone, "UTC"), WeekStartsOn: cmp.Or(b.WeekStartsOn, "SUNDAY"),
		Mode: cmp.Or(b.Mode, "ENFORCE"), DayOfMonth: 1, Enabled: b.Enabled == nil || *b.Enabled, ResetDays: b.ResetDays, ResetAnchor: b.ResetAnchor,
		AlertThresholds: b.AlertThresholds, AlertThresholdPercents: b.AlertThresholdPercents,
	}
	if b.DayOfMonth != nil {
		l.DayOfMonth = *b.DayOfMonth
	}
	return l
}

// liveRateOf returns a rate limit with its defaults.
func liveRateOf(r *document.Rate) *liveRate {
	l := &liveRate{Type: r.Type, Limit: r.Limit, Mode: cmp.Or(r.Mode, "ENFORCE"), Enabled: r.Enabled == nil || *r.Enabled}
	if r.Interval != "" {
		l.Interval = &r.Interval
	}
	return l
}

func (l *liveBudget) key() string { return l.Type + " " + l.PeriodicReset }

func (l *liveRate) key() string {
	if l.Interval == nil {
		return l.Type
	}
	return l.Type + " " + *l.Interval
}

// describe says what a budget is, for people.
func (l *liveBudget) describe() string {
	text := string(l.Amount)
	if len(l.AlertThresholds) > 0 {
		text += ", alerts at " + join(l.AlertThresholds)
	}
	if len(l.AlertThresholdPercents) > 0 {
		text += ", alerts at " + join(l.AlertThresholdPercents) + " %"
	}
	return text + suffix(l.Enabled, l.Mode)
}

// describe says what a rate limit is, for people.
func (l *liveRate) describe() string { return count(l.Limit) + suffix(l.Enabled, l.Mode) }

func suffix(enabled bool, mode string) string {
	text := ""
	if !enabled {
		text += ", not enabled"
	}
	if mode != "ENFORCE" {
		text += ", " + mode
	}
	return text
}

// join writes values in a row.
func join[T any](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}
	return strings.Join(texts, ", ")
}

// sorted returns numbers in ascending order.
func sorted[T any](values []T) []T {
	return slices.SortedStableFunc(slices.Values(values), func(a, b T) int { return number(a).Cmp(number(b)) })
}

func number(value any) decimal.Decimal {
	n, err := decimal.NewFromString(fmt.Sprint(value))
	if err != nil {
		return decimal.Zero // no number of ours
	}
	return n
}

// orEmpty returns a list that is written as [], not as null.
func orEmpty[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}

func optional[T any](value *T) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(*value)
}

// differing compares metadata, without what apply keeps, name by name.
func (d *difference) metadata(have, want map[string]string) {
	all := map[string]bool{}
	for name := range have {
		all[name] = true
	}
	for name := range want {
		all[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		before, had := have[name]
		after, has := want[name]
		if had != has || before != after {
			d.fields = append(d.fields, Field{"metadata." + name, quoted(before, had), quoted(after, has)})
		}
	}
}

// quoted writes a text; nothing for none.
func quoted(text string, there bool) string {
	if !there {
		return ""
	}
	return fmt.Sprintf("%q", text)
}

func quotedOf(text *string) string {
	if text == nil {
		return ""
	}
	return quoted(*text, true)
}

// stringOf writes an instant; nothing for none.
func stringOf(at *document.Time) string {
	if at == nil {
		return ""
	}
	return at.String()
}
