package admission

import (
	"testing"
	"time"
)

// A slot is throttled only once its burst is worked off, and then is worked in for no more than its share of the time.
func TestThrottle(t *testing.T) {
	t.Parallel()
	slot, now, worked := &throttle{share: 0.25}, time.Now(), time.Duration(0)
	began := now
	for range 10_000 {
		now = now.Add(10 * time.Millisecond)
		worked += 10 * time.Millisecond
		delay := slot.delay(now, 10*time.Millisecond)
		if worked <= burst && delay > 0 {
			t.Fatalf("a delay of %v after %v of work", delay, worked)
		}
		now = now.Add(max(0, delay))
	}
	if share := worked.Seconds() / now.Sub(began).Seconds(); share < 0.24 || share > 0.26 {
		t.Errorf("worked %.3f of the time, want 0.25", share)
	}
	if delay := slot.delay(now.Add(time.Hour), 90*time.Millisecond); delay > 0 {
		t.Errorf("a delay of %v after an hour's pause", delay)
	}
}

// However long a piece of work was, and whatever came before, the delay is short enough for requests in the queue.
func TestDelayIsBounded(t *testing.T) {
	t.Parallel()
	slot, now := &throttle{share: 0.05}, time.Now()
	for range 3 {
		if delay := slot.delay(now, time.Minute); delay != maxDelay {
			t.Errorf("a delay of %v, want %v", delay, maxDelay)
		}
	}
	if maxDelay >= queueTimeout {
		t.Errorf("requests that wait are refused after %v, before a slot is free", queueTimeout)
	}
}

// What portals do while no gateway calls is not held against them once one does.
func TestWorkWithoutGatewaysIsFree(t *testing.T) {
	t.Parallel()
	c, slot, now := NewController(NewTarpit()), &throttle{share: 0.05}, time.Now()
	if delay := c.delay(slot, now, time.Hour); delay != 0 {
		t.Errorf("a delay of %v although no gateway calls", delay)
	}
	c.exempt.Add(1)
	if delay := c.delay(slot, now, time.Millisecond); delay > 0 {
		t.Errorf("a delay of %v after a millisecond's work", delay)
	}
}

// A server without enforcement calls beside one that has them throttles at once: it does not see when PostgreSQL decides for the other.
func TestControlServersAlwaysThrottle(t *testing.T) {
	t.Parallel()
	c, slot := NewController(NewTarpit()), &throttle{share: 0.05}
	c.AlwaysThrottles = true
	if delay := c.delay(slot, time.Now(), time.Hour); delay != maxDelay {
		t.Errorf("a delay of %v after an hour's work, want %v", delay, maxDelay)
	}
	if share := c.ReportShare(); share == nil || *share != workShare {
		t.Errorf("PostgreSQL may work %v of the time on a report, want %v", share, workShare)
	}
}
