package admission

import "time"

// pace says how long to rest so that work takes no more than a share of the time in the long run. One goroutine at a time
// uses it.
type pace struct {
	share float64
	until time.Time // when the work so far is paid for
}

func newPaces(number int, share float64) chan *pace {
	free := make(chan *pace, number)
	for range number {
		free <- &pace{share: share}
	}
	return free
}

// after returns how long to rest, now, after some work; nothing or less when there is no need to. What would be paid for by a
// longer rest than the longest is given away.
func (p *pace) after(now time.Time, worked time.Duration) time.Duration {
	if p.until.Before(now) {
		p.until = now
	}
	free := time.Duration(float64(burst) / p.share)
	p.until = p.until.Add(time.Duration(float64(worked) / p.share))
	if most := now.Add(free + longestRest); p.until.After(most) {
		p.until = most
	}
	return p.until.Sub(now) - free
}

// free returns how much more may be worked at once.
func (p *pace) free(now time.Time) time.Duration {
	return burst - min(burst, max(0, time.Duration(float64(p.until.Sub(now))*p.share)))
}
