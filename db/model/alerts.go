package model

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"bursar/db"
)

// Alert is an alert of a budget's period. What depends on the rest of its batch is a range until the database has
// said what it is.
type Alert struct {
	Period              *Period
	Kind                db.AlertKind
	Threshold           int64 // of THRESHOLD
	Requested           int64 // of REFUSED: what the first refused request asked for
	Amount              int64
	Least, Most         decimal.Decimal // used, when it was raised
	LeastHeld, MostHeld decimal.Decimal // of REFUSED
	Mails               []int           // numbers of deliveries that are right
	At                  time.Time
}

// raise records what a budget owes in a period: every threshold that settled usage has reached, once; EXHAUSTED when it has
// reached the amount, once until the amount is raised; REFUSED when it has not, and the budget refused a request that asked for
// something (nil: none), once. The highest of them is mailed.
func (m *Model) raise(p *Period, requested *int64) {
	if p.Limit.Kind != db.LimitKindBUDGET || p.Limit.Disabled || !slices.Contains(m.Limits, p.Limit) {
		return
	}
	used, amount := p.Used(), m.Amount(p)
	raised := []*Alert{}
	for _, t := range p.Thresholds {
		if !slices.Contains(p.fired, t) && used.GreaterThanOrEqual(whole(t)) {
			p.fired = append(p.fired, t)
			raised = append(raised, &Alert{Kind: db.AlertKindTHRESHOLD, Threshold: t})
		}
	}
	switch full := used.GreaterThanOrEqual(whole(amount)); {
	case full && !p.exhausted:
		p.exhausted = true
		raised = append(raised, &Alert{Kind: db.AlertKindEXHAUSTED})
	case !full && requested != nil && !p.refused:
		p.refused = true
		held := m.Reserved(p)
		raised = append(raised, &Alert{Kind: db.AlertKindREFUSED, Requested: *requested, LeastHeld: held, MostHeld: held})
	}
	for i, alert := range raised {
		alert.Period, alert.Amount, alert.Least, alert.Most, alert.Mails, alert.At = p, amount, used, used, []int{0}, m.Now
		if i == len(raised)-1 {
			alert.Mails = []int{m.recipients(p.Limit)}
		}
	}
	m.Alerts = append(m.Alerts, raised...)
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
		addresses[i] = fold(addresses[i])
	}
	return len(slices.Compact(slices.Sorted(slices.Values(addresses))))
}

// fold returns a text that is the same for all texts that differ in case alone: of each letter the least that Unicode's simple case
// folding makes equal to it.
func fold(text string) string {
	return strings.Map(func(letter rune) rune {
		least := letter
		for other := unicode.SimpleFold(letter); other != letter; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, text)
}

// Together lets the alerts from an index on be raised together, as those of one batch of requests: they may tell of all that
// the batch used or held, and of one period's only the highest must be mailed.
func (m *Model) Together(from int) {
	batch := m.Alerts[from:]
	for i, a := range batch {
		a.Most = a.Period.Used()
		if a.Kind == db.AlertKindREFUSED {
			a.MostHeld = m.Reserved(a.Period)
		}
		if slices.ContainsFunc(batch[i+1:], func(later *Alert) bool { return later.Period == a.Period }) {
			a.Mails = append(a.Mails, 0)
		}
	}
}
