package proxy

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"bursar/gateway"
)

// letThrough is what went on in one outage.
type letThrough struct {
	id           string
	began, ended time.Time // ended is zero until Bursar answers
	total        spent
	keys         map[string]*spent // by the key's id
}

// spent is what calls have cost at most.
type spent struct {
	calls, nanos int64
}

func (s *spent) add(nanos int64) {
	s.calls++
	s.nanos += nanos
}

func newLetThrough(id string, began time.Time) *letThrough {
	return &letThrough{id: id, began: began, keys: map[string]*spent{}}
}

func (l *letThrough) add(keyID string, nanos int64) {
	l.total.add(nanos)
	if l.keys[keyID] == nil {
		l.keys[keyID] = &spent{}
	}
	l.keys[keyID].add(nanos)
}

// report returns what Bursar is told: of the keys, those that may have cost most.
func (l *letThrough) report() gateway.Outage {
	dollars := func(nanos int64) string { return decimal.New(nanos, -9).String() }
	report := gateway.Outage{RequestID: l.id, Began: l.began, Ended: l.ended, Calls: l.total.calls, Cost: dollars(l.total.nanos)}
	ids := slices.SortedFunc(maps.Keys(l.keys), func(a, b string) int {
		return cmp.Or(cmp.Compare(l.keys[b].nanos, l.keys[a].nanos), cmp.Compare(a, b))
	})
	for _, id := range ids[:min(len(ids), gateway.MaxOutageKeys)] {
		report.Keys = append(report.Keys, gateway.OutageKey{APIKeyID: id, Calls: l.keys[id].calls, Cost: dollars(l.keys[id].nanos)})
	}
	return report
}

// count notes a call that goes on, and returns the id of the outage. The caller has the lock.
func (o *outage) count(keyID string, nanos int64) string {
	if o.current == nil {
		o.current = newLetThrough(gateway.NewRequestID(), o.since)
		o.past[o.current.id] = o.current
	}
	o.current.add(keyID, nanos)
	return o.current.id
}

// end notes that Bursar answers. The caller has the lock.
func (o *outage) end(at time.Time) {
	o.since = time.Time{}
	if o.current != nil {
		o.current.ended, o.current = at, nil
	}
}

// restore takes what a call cost at most, which an earlier process had let go on and nobody has booked, out of the bound. The audit log may not have
// its outage, which has ended when Bursar answers.
func (o *outage) restore(s *spooled) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.nanos += s.Nanos
	if s.Outage == "" {
		return
	}
	l := o.past[s.Outage]
	if l == nil {
		l = newLetThrough(s.Outage, s.OccurredAt)
		o.past[l.id] = l
	}
	if s.OccurredAt.Before(l.began) {
		l.began = s.OccurredAt
	}
	l.add(s.KeyID, s.Nanos)
}

// unreported returns the outages that have ended and that the audit log does not have yet.
func (o *outage) unreported() (all []*letThrough) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, each := range o.past {
		if !each.ended.IsZero() {
			all = append(all, each)
		}
	}
	return all
}

// find returns an outage that the audit log does not have yet, and whether it has ended.
func (o *outage) find(id string) (l *letThrough, ended bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l = o.past[id]
	return l, l != nil && !l.ended.IsZero()
}

// close ends an outage of which Bursar has answered something: it may be one of an earlier process, which no decision of this one ends.
func (o *outage) close(l *letThrough, at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if l == o.current {
		o.end(at)
	} else if l.ended.IsZero() {
		l.ended = at
	}
}

// forget is called when the audit log has an outage, or cannot have it.
func (o *outage) forget(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.past, id)
}
