package demo

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// period is a budget's counter in one of its periods, and what the history adds to it.
type period struct {
	counterID, limitID, subjectID uuid.UUID
	subjectType, unit, interval   string
	amount                        int64
	thresholds                    []int64
	generation, number            int32
	since                         time.Time // when the limit was made
	start                         time.Time
	end                           *time.Time // nil: never
	current                       bool       // whether it is the counter's own, and not a past one

	used, held int64
	alerted    []int64
	exhausted  bool
}

// has tells whether usage at an instant is charged to the period.
func (p *period) has(at time.Time) bool {
	return !at.Before(p.since) && !at.Before(p.start) && (p.end == nil || at.Before(*p.end))
}

// units returns what usage is in the period's unit.
func (p *period) units(u *usage) int64 {
	if p.unit == "COST" {
		return u.cost
	}
	return u.input + u.output
}

// alert is an alert to be.
type alert struct {
	period    *period
	threshold *int64 // nil: the budget is used up
	used      int64
	at        time.Time
	mailed    bool // whether it is the highest of those that were raised together
}

// booked is a row of the ledger to be, with the periods that it is charged to in the order of their counters' ids.
type booked struct {
	usage
	periods []*period
}

// denied is what counts denials together.
type denied struct {
	key     *keyRow
	limitID uuid.UUID
	hour    time.Time
}

// books are what enforcement would have written for traffic: it denies what a budget that is used up does not admit.
type books struct {
	bySubject map[uuid.UUID][]*period
	ledger    []booked
	alerts    []alert
	denials   map[denied]int64 // requests
}

// newBooks returns the books of periods to which nothing is charged yet.
func newBooks(periods []*period) *books {
	b := &books{bySubject: map[uuid.UUID][]*period{}, denials: map[denied]int64{}}
	for _, p := range periods {
		b.bySubject[p.subjectID] = append(b.bySubject[p.subjectID], p)
	}
	return b
}

// periodsOf returns the periods to which usage of a key is charged at an instant.
func (b *books) periodsOf(organizationID uuid.UUID, k *keyRow, at time.Time) (periods []*period) {
	subjects := []uuid.UUID{k.id, organizationID}
	if k.workspaceID != nil {
		subjects = append(subjects, *k.workspaceID)
	}
	for _, subject := range subjects {
		for _, p := range b.bySubject[subject] {
			if p.has(at) {
				periods = append(periods, p)
			}
		}
	}
	slices.SortFunc(periods, func(p, q *period) int { return slices.Compare(p.counterID[:], q.counterID[:]) })
	return periods
}

// book charges usage, or denies it.
func (b *books) book(organizationID uuid.UUID, u usage) {
	periods := b.periodsOf(organizationID, u.key, u.at)
	for _, p := range periods {
		if p.used >= p.amount {
			b.denials[denied{u.key, p.limitID, u.at.Truncate(time.Hour)}] += u.requests
			return
		}
	}
	for _, p := range periods {
		p.used += p.units(&u)
		b.raise(p, u.at)
	}
	b.ledger = append(b.ledger, booked{u, periods})
}

// raise raises the alerts that a period's usage has reached.
func (b *books) raise(p *period, at time.Time) {
	before := len(b.alerts)
	for _, threshold := range p.thresholds {
		if p.used >= threshold && !slices.Contains(p.alerted, threshold) {
			p.alerted = append(p.alerted, threshold)
			b.alerts = append(b.alerts, alert{period: p, threshold: &threshold, used: p.used, at: at})
		}
	}
	if p.used >= p.amount && !p.exhausted {
		p.exhausted = true
		b.alerts = append(b.alerts, alert{period: p, used: p.used, at: at})
	}
	if len(b.alerts) > before {
		b.alerts[len(b.alerts)-1].mailed = true
	}
}
