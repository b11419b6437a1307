package db_test

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
)

// modelAlert is an alert of a budget's period. What depends on the rest of its batch is a range until the database has
// said what it is.
type modelAlert struct {
	organization, limit uuid.UUID
	period              *modelPeriod
	threshold           int64 // 0: EXHAUSTED
	amount              int64
	least, most         decimal.Decimal // used, when it was raised
	mails               []int           // numbers of deliveries that are right
	at                  time.Time
}

// raise records what a budget owes in a period: every threshold that settled usage has reached, once; EXHAUSTED when it has
// reached the amount or the budget denied a request, once until the amount is raised. The highest of them is mailed.
func (m *model) raise(p *modelPeriod, denied bool) {
	if p.limit.kind != db.LimitKindBUDGET || !slices.Contains(m.limits, p.limit) {
		return
	}
	used := p.used()
	reached := []int64{}
	for _, t := range p.thresholds {
		if !slices.Contains(p.fired, t) && used.GreaterThanOrEqual(whole(t)) {
			p.fired = append(p.fired, t)
			reached = append(reached, t)
		}
	}
	if !p.exhausted && (denied || used.GreaterThanOrEqual(whole(p.amount))) {
		p.exhausted = true
		reached = append(reached, 0)
	}
	for i, threshold := range reached {
		alert := &modelAlert{organization: p.limit.organization, limit: p.limit.id, period: p, threshold: threshold,
			amount: p.amount, least: used, most: used, mails: []int{0}, at: m.now}
		if i == len(reached)-1 {
			alert.mails = []int{m.recipients(p.limit)}
		}
		m.alerts = append(m.alerts, alert)
	}
}

// recipients counts who hears of a limit's alerts: owners and admins, the key's creator and those added, each address once
// whatever its case; nobody when the key is to send no mail.
func (m *model) recipients(l *modelLimit) int {
	o := m.organization(l.organization)
	addresses := append(slices.Clone(o.managers), o.added[l.subject]...)
	for _, k := range m.keys {
		if k.id == l.subject {
			if !k.mails {
				return 0
			}
			addresses = append(addresses, k.creator)
		}
	}
	for i := range addresses {
		addresses[i] = strings.ToLower(addresses[i])
	}
	return len(slices.Compact(slices.Sorted(slices.Values(addresses))))
}

// together lets the alerts of one batch of reports be raised together: they may tell of all that the batch used, and of one
// period's only the highest must be mailed.
func (m *model) together(from int) {
	batch := m.alerts[from:]
	for i, a := range batch {
		a.most = a.period.used()
		if slices.ContainsFunc(batch[i+1:], func(later *modelAlert) bool { return later.period == a.period }) {
			a.mails = append(a.mails, 0)
		}
	}
}
