package gauge

import (
	"context"
	"time"
)

// Clock offers the requests of an open loop.
type Clock struct {
	PerSecond int       // requests
	Offered   int64     // requests that were offered within the measured time
	Lags      Histogram // by how much requests were offered too late
}

// Schedule sends the time of each arrival when it comes, then closes the channel. It stops when ctx ends.
func (c *Clock) Schedule(ctx context.Context, arrivals chan<- time.Time, start, begin, end time.Time, total int) {
	defer close(arrivals)
	for n := range total {
		at := start.Add(time.Duration(n) * time.Second / time.Duration(c.PerSecond))
		if SleepUntil(at); ctx.Err() != nil {
			return
		}
		arrivals <- at
		if at.Before(begin) {
			continue
		}
		now := time.Now()
		if c.Lags.Add(now.Sub(at)); now.Before(end) {
			c.Offered++
		}
	}
}
