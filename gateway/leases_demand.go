package gateway

import (
	"sync/atomic"
	"time"
)

// demand is what a key has asked for in this second and in the one before.
type demand struct {
	second   time.Time
	calls    int64
	sum      amounts
	before   amounts
	callsAgo int64
}

// add notes a call.
func (d *demand) add(now time.Time, need amounts) {
	d.move(now)
	d.calls++
	d.sum = d.sum.plus(need)
}

// move goes on to the second of an instant.
func (d *demand) move(now time.Time) {
	switch passed := now.Sub(d.second); {
	case passed < time.Second:
	case passed < 2*time.Second:
		d.second, d.before, d.callsAgo = d.second.Add(time.Second), d.sum, d.calls
		d.sum, d.calls = amounts{}, 0
	default:
		*d = demand{second: now}
	}
}

// perSecond returns how many calls there are in a second, and what they ask for: the more of this second and the one before.
func (d *demand) perSecond() (calls int64, sum amounts) {
	return max(d.calls, d.callsAgo), amounts{max(d.sum.requests, d.before.requests), max(d.sum.tokens, d.before.tokens), max(d.sum.nanos, d.before.nanos)}
}

// leaseCounts are what LeaseStats tells.
type leaseCounts struct{ leased, single, granted, used, denied atomic.Int64 }

// LeaseStats is what a client has done with leases since it was made.
type LeaseStats struct {
	Leased, Single int64 // calls of keys that may have leases: decided by the client, and by Bursar
	Granted, Used  int64 // requests: of leases, and of these recorded; the others were given back, or will be
	Denied         int64 // leases that were asked for and denied
	Open           int   // leases that hold something
	Oldest         time.Duration
}

// LeaseStats tells how much is leased; zero without Config.Lease.
func (c *Client) LeaseStats() LeaseStats {
	l := c.leases
	if l == nil {
		return LeaseStats{}
	}
	stats := LeaseStats{Leased: l.counts.leased.Load(), Single: l.counts.single.Load(), Granted: l.counts.granted.Load(),
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
