package apply

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bursar/apply/document"
)

// difference is what differs of one thing: as people read it, and as the API's mutations take it.
type difference struct {
	fields []Field
	notes  []string
	input  map[string]any
}

// Field is a field that differs.
type Field struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"` // empty: nothing
	After  string `json:"after,omitempty"`
}

func (d *difference) field(name, before, after string) {
	if before != after {
		d.fields = append(d.fields, Field{name, before, after})
	}
}

// set notes a field, and gives it to the mutation, if it differs.
func (d *difference) set(name, before, after string, value any) {
	if before != after {
		d.field(name, before, after)
		d.give(name, value)
	}
}

func (d *difference) give(name string, value any) {
	if d.input == nil {
		d.input = map[string]any{}
	}
	d.input[name] = value
}

func (d *difference) note(format string, values ...any) {
	d.notes = append(d.notes, fmt.Sprintf(format, values...))
}

func count(n int64) string { return strconv.FormatInt(n, 10) }

// limits compares what stands on a subject.
func (d *difference) limits(want *document.Limits, have *liveLimits) {
	d.budgets(want.BudgetLimits, have.BudgetLimits)
	d.rates(want.RateLimits, have.RateLimits)
	d.recipients(want.Recipients, have)
}

func (d *difference) recipients(want *[]string, have *liveLimits) {
	if want == nil {
		return
	}
	added, differs := have.added(), false
	for _, email := range *want {
		if !have.tells(email) {
			d.field("recipients", "", email)
			differs = true
		}
	}
	for _, email := range added {
		if !slices.ContainsFunc(*want, func(w string) bool { return strings.EqualFold(w, email) }) {
			d.field("recipients", email, "")
			differs = true
		}
	}
	if differs {
		d.give("recipients", *want)
	}
}

// budgets compares budgets. A budget keeps its counter when the type and the reset are the same; of one type, the one that is left on both sides is the same
// budget with another reset.
func (d *difference) budgets(want *[]*document.Budget, have []*liveBudget) {
	if want == nil {
		return
	}
	left := slices.Clone(have)
	matched := make([]*liveBudget, len(*want))
	take := func(i int, is func(*liveBudget) bool) {
		if at := slices.IndexFunc(left, is); at >= 0 && matched[i] == nil {
			matched[i], left = left[at], slices.Delete(slices.Clone(left), at, at+1)
		}
	}
	for i, b := range *want {
		take(i, func(l *liveBudget) bool { return l.key() == b.Key() })
	}
	for i, b := range *want {
		alone := func(l *liveBudget) bool { return l.Type == b.Type }
		same := 0
		for j, other := range *want {
			if matched[j] == nil && other.Type == b.Type {
				same++
			}
		}
		if matched[i] == nil && same == 1 && len(slices.DeleteFunc(slices.Clone(left), func(l *liveBudget) bool { return l.Type != b.Type })) == 1 {
			take(i, alone)
		}
	}
	before := len(d.fields)
	list := make([]map[string]any, len(*want))
	for i, b := range *want {
		list[i] = d.budget(b, matched[i])
	}
	for _, l := range left {
		d.field("budgetLimits["+l.key()+"]", l.describe(), "")
		d.note("deletes the budget %s with its history", l.key())
	}
	if len(d.fields) > before {
		d.give("budgetLimits", list)
	}
}

// budget compares one budget, and returns it as mutations take it.
func (d *difference) budget(b *document.Budget, have *liveBudget) map[string]any {
	input := map[string]any{"type": b.Type, "amount": string(b.Amount)}
	want := liveBudgetOf(b)
	if have == nil {
		d.field("budgetLimits["+b.Key()+"]", "", want.describe())
		give := func(name string, given bool, value any) {
			if given {
				input[name] = value
			}
		}
		give("periodicReset", b.PeriodicReset != "", b.PeriodicReset)
		give("alertThresholds", len(b.AlertThresholds) > 0, b.AlertThresholds)
		give("alertThresholdPercents", len(b.AlertThresholdPercents) > 0, b.AlertThresholdPercents)
		give("resetDays", b.ResetDays != nil, b.ResetDays)
		give("resetAnchor", b.ResetAnchor != nil, b.ResetAnchor)
		give("timeZone", b.TimeZone != "", b.TimeZone)
		give("weekStartsOn", b.WeekStartsOn != "", b.WeekStartsOn)
		give("dayOfMonth", b.DayOfMonth != nil, b.DayOfMonth)
		give("enabled", b.Enabled != nil, want.Enabled)
		give("mode", b.Mode != "", b.Mode)
		return input
	}
	input["id"] = have.ID
	own := &difference{input: input}
	name := "budgetLimits[" + have.key() + "]."
	set := func(field, before, after string, value any) {
		if before != after {
			d.field(name+field, before, after)
			own.give(field, value)
		}
	}
	d.field(name+"amount", string(have.Amount), string(b.Amount))
	set("alertThresholds", join(sorted(have.AlertThresholds)), join(sorted(b.AlertThresholds)), orEmpty(b.AlertThresholds))
	set("alertThresholdPercents", join(sorted(have.AlertThresholdPercents)), join(sorted(b.AlertThresholdPercents)), orEmpty(b.AlertThresholdPercents))
	set("enabled", fmt.Sprint(have.Enabled), fmt.Sprint(want.Enabled), want.Enabled)
	set("mode", have.Mode, want.Mode, want.Mode)
	changed := len(d.fields)
	set("periodicReset", have.PeriodicReset, want.PeriodicReset, want.PeriodicReset)
	if want.PeriodicReset != "NONE" {
		set("timeZone", have.TimeZone, want.TimeZone, want.TimeZone)
	}
	switch want.PeriodicReset {
	case "EVERY_DAYS":
		set("resetDays", optional(have.ResetDays), optional(want.ResetDays), want.ResetDays)
		if b.ResetAnchor != nil {
			set("resetAnchor", optional(have.ResetAnchor), *b.ResetAnchor, *b.ResetAnchor)
		}
	case "WEEKLY":
		set("weekStartsOn", have.WeekStartsOn, want.WeekStartsOn, want.WeekStartsOn)
	case "MONTHLY", "QUARTERLY", "YEARLY":
		set("dayOfMonth", count(have.DayOfMonth), count(want.DayOfMonth), want.DayOfMonth)
	}
	if len(d.fields) > changed {
		d.note("the budget %s starts again at zero", have.key())
	}
	return input
}

// rates compares rate limits. One keeps its counter when the type and the interval are the same.
func (d *difference) rates(want *[]*document.Rate, have []*liveRate) {
	if want == nil {
		return
	}
	before, left := len(d.fields), slices.Clone(have)
	list := make([]map[string]any, len(*want))
	for i, r := range *want {
		w := liveRateOf(r)
		input := map[string]any{"type": r.Type, "limit": r.Limit, "enabled": w.Enabled, "mode": w.Mode}
		if r.Interval != "" {
			input["interval"] = r.Interval
		}
		list[i] = input
		at := slices.IndexFunc(left, func(l *liveRate) bool { return l.key() == r.Key() })
		if at < 0 {
			d.field("rateLimits["+r.Key()+"]", "", w.describe())
			continue
		}
		l := left[at]
		left = slices.Delete(left, at, at+1)
		input["id"] = l.ID
		name := "rateLimits[" + r.Key() + "]."
		d.field(name+"limit", count(l.Limit), count(r.Limit))
		d.field(name+"enabled", fmt.Sprint(l.Enabled), fmt.Sprint(w.Enabled))
		d.field(name+"mode", l.Mode, w.Mode)
	}
	for _, l := range left {
		d.field("rateLimits["+l.key()+"]", l.describe(), "")
	}
	if len(d.fields) > before {
		d.give("rateLimits", list)
	}
}
