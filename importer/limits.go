package importer

import (
	"math"
	"slices"

	"github.com/shopspring/decimal"

	"bursar/db"
)

// leastBudget is the least budget of dollars, in nano-dollars.
const leastBudget = 1_000_000_000

// Limits gathers the limits of one object.
type Limits struct {
	Of      *Record
	List    []Limit
	Refuses bool // a limit of 0 there, which refuses everything
	Lost    bool // a limit that does not map
}

// Cost returns a field that is a budget of dollars; false when there is none, which the report says unless it is missing.
func (l *Limits) Cost(r *Record, field string) (units int64, ok bool) {
	if !r.Has(field) {
		return 0, false
	}
	before := len(*r.Report)
	units, ok = r.Nanos(field)
	switch {
	case !ok:
		l.lostSince(before)
		return 0, false
	case units == 0:
		r.Add(Changed, field, "a limit of 0 refuses everything: its API keys are disabled, and the limit is left out")
		l.Refuses = true
		return 0, false
	case units < leastBudget:
		r.Add(Changed, field, "the least budget is 1 dollar: it gets that")
		return leastBudget, true
	}
	return units, true
}

// Units returns a field that is a limit of tokens or requests; false as Cost.
func (l *Limits) Units(r *Record, field string) (units int64, ok bool) {
	if !r.Has(field) {
		return 0, false
	}
	before := len(*r.Report)
	units, ok = r.Whole(field)
	switch {
	case !ok:
		l.lostSince(before)
		return 0, false
	case units == 0:
		r.Add(Changed, field, "a limit of 0 refuses everything: its API keys are disabled, and the limit is left out")
		l.Refuses = true
		return 0, false
	}
	return units, true
}

// lostSince notes whether the report has a line since then that something is lost.
func (l *Limits) lostSince(before int) {
	l.Lost = l.Lost || (*l.Of.Report)[before:].Count(Lost) > 0
}

// Rate adds a rate limit that a field has.
func (l *Limits) Rate(r *Record, field string, of db.LimitType, period db.LimitPeriod) {
	if units, ok := l.Units(r, field); ok {
		l.Add(r, field, Limit{Kind: db.LimitKindRATE, Type: of, Period: period, MaxUnits: units})
	}
}

// Add adds a limit. Of two of one kind, type and period the smaller one stays, which the report says.
func (l *Limits) Add(r *Record, field string, limit Limit) {
	i := slices.IndexFunc(l.List, func(other Limit) bool {
		return other.Kind == limit.Kind && other.Type == limit.Type && other.Period == limit.Period
	})
	if i < 0 {
		l.List = append(l.List, limit)
		return
	}
	r.Add(Changed, field, "there are two limits of one kind and period: the smaller one is taken over")
	if limit.MaxUnits < l.List[i].MaxUnits {
		l.List[i] = limit
	}
}

// Alert gives a budget an alert threshold that a field has, in its unit.
func (l *Limits) Alert(r *Record, field string, limit *Limit) {
	if !r.Has(field) {
		return
	}
	d, ok := r.Number(field)
	if limit.Type == db.LimitTypeCOST {
		d = d.Shift(nanoDigits)
	}
	switch units := d.Round(0); {
	case !ok || units.IsZero():
	case !units.LessThan(decimal.NewFromInt(limit.MaxUnits)):
		r.Add(Changed, field, "an alert threshold is below the budget: it is left out, and the full budget alerts")
	case units.LessThan(decimal.NewFromInt(math.MaxInt64)):
		limit.AlertUnits = []int64{units.IntPart()}
	}
}

// HasBudget tells whether one of some limits is a budget of a type.
func HasBudget(limits []Limit, of db.LimitType) bool {
	return slices.ContainsFunc(limits, func(l Limit) bool { return l.Kind == db.LimitKindBUDGET && l.Type == of })
}
