package leasing

import (
	"sync/atomic"
	"time"
)

// demand is what a key has asked for in this second and in the one before.
type demand struct {
	second   time.Time
	calls    int64
	sum      Amounts
	before   Amounts
	callsAgo int64
}

// add notes a call.
func (d *demand) add(now time.Time, need Amounts) {
	d.move(now)
	d.calls++
	d.sum = d.sum.Plus(need)
}

// move goes on to the second of an instant.
func (d *demand) move(now time.Time) {
	switch passed := now.Sub(d.second); {
	case passed < time.Second:
	case passed < 2*time.Second:
		d.second, d.before, d.callsAgo = d.second.Add(time.Second), d.sum, d.calls
		d.sum, d.calls = Amounts{}, 0
	default:
		*d = demand{second: now}
	}
}

// perSecond returns how many calls there are in a second, and what they ask for: the more of this second and the one before.
func (d *demand) perSecond() (calls int64, sum Amounts) {
	return max(d.calls, d.callsAgo), Amounts{max(d.sum.Requests, d.before.Requests), max(d.sum.Tokens, d.before.Tokens), max(d.sum.Nanos, d.before.Nanos)}
}

// counts are what Stats tells.
type counts struct{ leased, single, leases, granted, used, denied atomic.Int64 }

// Stats is what was done with leases since they began.
type Stats struct {
	Leased, Single int64 // calls: decided out of leases, and by Bursar
	Granted, Used  int64 // requests: of leases, and of these recorded; the others were given back, or will be
	Leases         int64 // that were granted
	Denied         int64 // leases that were asked for and denied
	Open           int   // leases that hold something
	Oldest         time.Duration
}

// Stats tells how much is leased.
func (l *Leases) Stats() Stats {
	stats := Stats{Leased: l.counts.leased.Load(), Single: l.counts.single.Load(), Leases: l.counts.leases.Load(), Granted: l.counts.granted.Load(),
		Used: l.counts.used.Load(), Denied: l.counts.denied.Load()}
	now := time.Now()
	l.mu.RLock()
	defer l.mu.RUnlock()
	stats.Open = len(l.byID)
	for _, h := range l.byID {
		stats.Oldest = max(stats.Oldest, now.Sub(h.from))
	}
	return stats
}

// Asked notes a call that Bursar is asked for.
func (l *Leases) Asked() { l.counts.single.Add(1) }
