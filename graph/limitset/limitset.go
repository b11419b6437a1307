// Package limitset tells what has to be done for a subject to have the limits that a form has: which are deleted, which are changed and
// keep their counters, and which are new. It decides by the limits that there are, and neither reads nor writes them.
package limitset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// Form is what a form has of a subject's limits. A list is all of its kind; one that is nil stays as it is.
type Form struct {
	Budgets []*model.BudgetLimitChange
	Rates   []*model.RateLimitChange
}

// Empty tells whether all limits stay as they are.
func (f Form) Empty() bool { return f.Budgets == nil && f.Rates == nil }

// Limit is a limit as it is to be; its JSON is what the database's set_limits takes. Amounts are nano-dollars, tokens or requests.
type Limit struct {
	ID            *uuid.UUID     `json:"id,omitempty"` // nil for a new one
	Kind          db.LimitKind   `json:"kind"`
	Type          db.LimitType   `json:"type"`
	Period        db.LimitPeriod `json:"period"`
	MaxUnits      int64          `json:"max_units"`
	AlertUnits    []int64        `json:"alert_units"`
	AlertPercents []int16        `json:"alert_percents"` // in percent of the amount, ascending
	// AlertRecipients is nil when they stay, but for those of thresholds that go.
	AlertRecipients json.RawMessage `json:"alert_recipients,omitempty"`
	Enabled         bool            `json:"enabled"`
	Mode            db.LimitMode    `json:"mode"`
	// What is nil of the calendar stays, or gets its default.
	TimeZone     *string `json:"time_zone,omitempty"`
	WeekStartsOn *int16  `json:"week_starts_on,omitempty"`
	DayOfMonth   *int16  `json:"day_of_month,omitempty"`
	ResetDays    *int16  `json:"reset_days,omitempty"`
	ResetAnchor  *string `json:"reset_anchor,omitempty"`
}

// Plan is what has to be done. What stays as it is, is in none of its lists.
type Plan struct {
	Deleted          []uuid.UUID
	Changed, Created []*Limit
	// Field is the path of the first limit that is changed or created, for errors about those; "" when there is none.
	Field string
}

// Nothing tells whether nothing has to be done.
func (p *Plan) Nothing() bool { return len(p.Deleted)+len(p.Changed)+len(p.Created) == 0 }

// OnlyAdds tells whether the limits that there are stay as they are.
func (p *Plan) OnlyAdds() bool { return len(p.Deleted)+len(p.Changed) == 0 }

// New plans what a form asks for, given the limits that the subject has. What is wrong is told as faults that name the field, all at once:
// BAD_USER_INPUT; NOT_FOUND for an id that none of the subject's limits has; CONFLICT for two limits of one kind.
func New(current []*db.LimitStatus, form Form) (*Plan, error) {
	p := &Plan{Changed: []*Limit{}, Created: []*Limit{}}
	budgetsErr := add(p, list[model.BudgetLimitChange]{
		field: "budgetLimits", prefix: id.BudgetLimit, present: presentOf(current, db.LimitKindBUDGET),
		idOf: func(c *model.BudgetLimitChange) *string { return c.ID }, read: validate.BudgetLimitChange,
	}, form.Budgets)
	ratesErr := add(p, list[model.RateLimitChange]{
		field: "rateLimits", prefix: id.RateLimit, present: presentOf(current, db.LimitKindRATE),
		idOf: func(c *model.RateLimitChange) *string { return c.ID }, read: validate.RateLimitChange,
	}, form.Rates)
	return p, validate.Together(budgetsErr, ratesErr)
}

func presentOf(current []*db.LimitStatus, kind db.LimitKind) []*db.LimitStatus {
	return slices.DeleteFunc(slices.Clone(current), func(l *db.LimitStatus) bool { return l.Kind != kind })
}

// list is one list of a form.
type list[C any] struct {
	field   string
	prefix  id.Prefix
	present []*db.LimitStatus // the limits of its kind that there are
	idOf    func(*C) *string
	read    func(present *db.LimitStatus, change *C) (*db.CreateLimitParams, error)
}

// add adds to a plan what a list of changes asks for; nil: nothing.
func add[C any](p *Plan, l list[C], changes []*C) error {
	if changes == nil {
		return nil
	}
	if err := validate.AtMostLimits(l.field, len(changes)); err != nil {
		return err
	}
	kept, kinds, errs := map[uuid.UUID]bool{}, map[string]bool{}, make([]error, len(changes))
	for i, change := range changes {
		at := fmt.Sprintf("%s.%d", l.field, i)
		present, err := l.find(kept, change)
		if err != nil {
			errs[i] = validate.At(err, at)
			continue
		}
		wanted, err := l.read(present, change)
		if err != nil {
			errs[i] = validate.At(err, at)
			continue
		}
		kind := string(wanted.Type) + " " + string(wanted.Period)
		if kinds[kind] {
			errs[i] = fault.OfConstraint("limits_subject_type_period_key").At(at)
		}
		kinds[kind] = true
		p.put(present, wanted, at)
	}
	for _, present := range l.present {
		if !kept[present.ID] {
			p.Deleted = append(p.Deleted, present.ID)
		}
	}
	return validate.Together(errs...)
}

// find returns the limit that a change is about, and notes that it is kept; nil for a new one.
func (l list[C]) find(kept map[uuid.UUID]bool, change *C) (*db.LimitStatus, error) {
	external := l.idOf(change)
	if external == nil {
		return nil, nil //nolint:nilnil // a new limit
	}
	_, parsed, err := validate.ID("id", *external, l.prefix)
	if err != nil {
		return nil, err
	}
	if kept[parsed] {
		return nil, fault.BadInput("id", "is given twice")
	}
	at := slices.IndexFunc(l.present, func(present *db.LimitStatus) bool { return present.ID == parsed })
	if at < 0 {
		return nil, &fault.Fault{Code: fault.NotFound, Field: "id", Message: "id: the subject has no such limit"}
	}
	kept[parsed] = true
	return l.present[at], nil
}

// put notes a limit as it is to be, if it is not so already. present is nil for a new one.
func (p *Plan) put(present *db.LimitStatus, wanted *db.CreateLimitParams, at string) {
	alerts := slices.Sorted(slices.Values(wanted.AlertUnits))
	if alerts == nil {
		alerts = []int64{}
	}
	limit := &Limit{Kind: wanted.Kind, Type: wanted.Type, Period: wanted.Period, MaxUnits: wanted.MaxUnits, AlertUnits: alerts,
		AlertPercents:   append([]int16{}, wanted.AlertPercents...),
		AlertRecipients: wanted.AlertRecipients, Enabled: wanted.Enabled, Mode: wanted.Mode,
		TimeZone: wanted.TimeZone, WeekStartsOn: wanted.WeekStartsOn, DayOfMonth: wanted.DayOfMonth,
		ResetDays: wanted.ResetDays, ResetAnchor: wanted.ResetAnchor}
	switch {
	case present == nil:
		p.Created = append(p.Created, limit)
	case present.Type != limit.Type || present.Period != limit.Period || present.MaxUnits != limit.MaxUnits ||
		!slices.Equal(present.AlertUnits, limit.AlertUnits) || !slices.Equal(present.AlertPercents, limit.AlertPercents) || present.Enabled != limit.Enabled || present.Mode != limit.Mode ||
		limit.changesCalendar(present) || limit.changesRecipients(present):
		limit.ID = &present.ID
		p.Changed = append(p.Changed, limit)
	default:
		return
	}
	if p.Field == "" {
		p.Field = at
	}
}

// changesCalendar tells whether something of the calendar is given that is another than the limit has.
func (l *Limit) changesCalendar(present *db.LimitStatus) bool {
	var days *int16
	if present.Calendar != nil {
		days = present.Calendar.ResetDays
	}
	return differs(l.TimeZone, new(present.TimeZone())) || differs(l.WeekStartsOn, new(present.WeekStartsOn().Number())) ||
		differs(l.DayOfMonth, new(int16(present.DayOfMonth()))) || //nolint:gosec // 1 to 31
		differs(l.ResetDays, days) || differs(l.ResetAnchor, present.ResetAnchor())
}

// changesRecipients tells whether recipients of alerts are given that are others than the limit has.
func (l *Limit) changesRecipients(present *db.LimitStatus) bool {
	if l.AlertRecipients == nil {
		return false
	}
	has, err := json.Marshal(append([]*db.AlertRecipients{}, present.AlertRecipients...))
	return err != nil || !bytes.Equal(has, l.AlertRecipients)
}

// differs tells whether a value is given that is another than the present one.
func differs[V comparable](given, present *V) bool {
	return given != nil && (present == nil || *given != *present)
}
