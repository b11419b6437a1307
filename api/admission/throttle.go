package admission

import "time"

// throttle says for how long a slot is kept from use after work, so that work takes no more than a share of the time in the long
// run. It must be used by one goroutine at a time.
type throttle struct {
	share float64   // of one processor's time, above 0
	until time.Time // when all work so far fits into the share
}

// delay returns for how long the slot is kept from use, now, after some work: 0 or less while the work fits into the burst. A delay
// is maxDelay at most; work that would need a longer one is not counted beyond it.
func (t *throttle) delay(now time.Time, worked time.Duration) time.Duration {
	if t.until.Before(now) {
		t.until = now
	}
	allowance := time.Duration(float64(burst) / t.share)
	t.until = t.until.Add(time.Duration(float64(worked) / t.share))
	if latest := now.Add(allowance + maxDelay); t.until.After(latest) {
		t.until = latest
	}
	return t.until.Sub(now) - allowance
}

// remaining returns how much of the burst is left: what may be worked now without a delay.
func (t *throttle) remaining(now time.Time) time.Duration {
	return burst - min(burst, max(0, time.Duration(float64(t.until.Sub(now))*t.share)))
}

// slots are the free ones of a number of slots. Each has a throttle, which its holder has until the slot is free again.
type slots chan *throttle

func newSlots(number int, share float64) slots {
	free := make(slots, number)
	for range number {
		free <- &throttle{share: share}
	}
	return free
}

// putBack frees a slot after a delay; at once for 0 or less.
func (s slots) putBack(slot *throttle, delay time.Duration) {
	after(delay, func() { s <- slot })
}

// after calls a function after a delay; at once for 0 or less.
func after(delay time.Duration, call func()) {
	if delay <= 0 {
		call()
		return
	}
	time.AfterFunc(delay, call)
}
