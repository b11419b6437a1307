package model

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
)

// Alert is an alert of a budget's period. What depends on the rest of its batch is a range until the database has
// said what it is.
type Alert struct {
	Period      *Period
	Threshold   int64 // 0: EXHAUSTED
	Amount      int64
	Least, Most decimal.Decimal // used, when it was raised
	Mails       []int           // numbers of deliveries that are right
	At          time.Time
}

// raise records what a budget owes in a period: every threshold that settled usage has reached, once; EXHAUSTED when it has
// reached the amount or the budget denied a request, once until the amount is raised. The highest of them is mailed.
func (m *Model) raise(p *Period, denied bool) {
	if p.Limit.Kind != db.LimitKindBUDGET || !slices.Contains(m.Limits, p.Limit) {
		return
	}
	used := p.Used()
	reached := []int64{}
	for _, t := range p.Thresholds {
		if !slices.Contains(p.fired, t) && used.GreaterThanOrEqual(whole(t)) {
			p.fired = append(p.fired, t)
			reached = append(reached, t)
		}
	}
	if !p.exhausted && (denied || used.GreaterThanOrEqual(whole(p.Amount))) {
		p.exhausted = true
		reached = append(reached, 0)
	}
	for i, threshold := range reached {
		alert := &Alert{Period: p, Threshold: threshold, Amount: p.Amount, Least: used, Most: used, Mails: []int{0}, At: m.Now}
		if i == len(reached)-1 {
			alert.Mails = []int{m.recipients(p.Limit)}
		}
		m.Alerts = append(m.Alerts, alert)
	}
}

// recipients counts who hears of a limit's alerts: owners and admins, the key's creator and those added, each address once
// whatever its case; nobody when the key is to send no mail.
func (m *Model) recipients(l *Limit) int {
	o := m.Organization(l.Organization)
	addresses := append(slices.Clone(o.Managers), o.Added[l.Subject]...)
	for _, k := range m.Keys {
		if k.ID == l.Subject {
			if !k.Mails {
				return 0
			}
			addresses = append(addresses, k.Creator)
		}
	}
	for i := range addresses {
		addresses[i] = strings.ToLower(addresses[i])
	}
	return len(slices.Compact(slices.Sorted(slices.Values(addresses))))
}

// Together lets the alerts from an index on be raised together, as those of one batch of reports: they may tell of all that
// the batch used, and of one period's only the highest must be mailed.
func (m *Model) Together(from int) {
	batch := m.Alerts[from:]
	for i, a := range batch {
		a.Most = a.Period.Used()
		if slices.ContainsFunc(batch[i+1:], func(later *Alert) bool { return later.Period == a.Period }) {
			a.Mails = append(a.Mails, 0)
		}
	}
}
