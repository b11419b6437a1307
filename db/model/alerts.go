package model

import (
	"maps"
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
	hears               map[string]bool // the addresses, folded
}

// Named says who hears of one of a budget's alerts instead of the subject's recipients.
type Named struct {
	Kind      db.AlertKind
	Threshold int64 // of THRESHOLD
	Emails    []string
	Too       bool // the subject's recipients hear of it, too
}

// keepNamed drops those who are named for a threshold that the budget has not.
func (l *Limit) keepNamed() {
	l.Named = slices.DeleteFunc(slices.Clone(l.Named), func(n *Named) bool {
		return n.Kind == db.AlertKindTHRESHOLD && !slices.Contains(l.Current().Thresholds, n.Threshold)
	})
}

// raise records what a budget owes in a period: every threshold that settled usage has reached, once; EXHAUSTED when it has
// reached the amount, once until the amount is raised; REFUSED when it has not, and the budget refused a request that asked for
// something (nil: none), once. Each address is mailed the highest of them that it hears of.
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
	mailed := map[string]bool{}
	for _, alert := range slices.Backward(raised) {
		alert.Period, alert.Amount, alert.Least, alert.Most, alert.At = p, amount, used, used, m.Now
		alert.hears = m.hearers(p.Limit, alert)
		alert.Mails = []int{without(alert.hears, mailed)}
		maps.Copy(mailed, alert.hears)
	}
	m.Alerts = append(m.Alerts, raised...)
}

// hearers returns who hears of a limit's alert: those whom the budget names for it, or the subject's recipients, which are owners and admins, the key's creator and those added; each address
// once whatever its case; nobody when the key is to send no mail.
func (m *Model) hearers(l *Limit, a *Alert) map[string]bool {
	o := m.Organization(l.Organization)
	addresses := append(slices.Clone(o.Managers), o.Added[l.Subject]...)
	for _, k := range m.Keys {
		if k.ID == l.Subject {
			if !k.Mails {
				return nil
			}
			addresses = append(addresses, k.Creator)
		}
	}
	for _, n := range l.Named {
		if n.Kind != a.Kind || n.Threshold != a.Threshold {
			continue
		}
		if !n.Too {
			addresses = nil
		}
		addresses = append(addresses, n.Emails...)
	}
	hears := map[string]bool{}
	for _, address := range addresses {
		hears[fold(address)] = true
	}
	return hears
}

// without counts the addresses that are not among others.
func without(addresses, others map[string]bool) int {
	count := 0
	for address := range addresses {
		if !others[address] {
			count++
		}
	}
	return count
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
// the batch used or held, and of one period's each address may be mailed the highest alone.
func (m *Model) Together(from int) {
	batch := m.Alerts[from:]
	for i, a := range batch {
		a.Most = a.Period.Used()
		if a.Kind == db.AlertKindREFUSED {
			a.MostHeld = m.Reserved(a.Period)
		}
		mailed := map[string]bool{}
		for _, later := range batch[i+1:] {
			if later.Period == a.Period {
				maps.Copy(mailed, later.hears)
				a.Mails = append(a.Mails, without(a.hears, mailed))
			}
		}
	}
}
