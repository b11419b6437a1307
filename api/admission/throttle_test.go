package admission

import (
	"testing"
	"time"
)

// A turn rests only once its burst is worked off, and then works no more than its share of the time.
func TestPace(t *testing.T) {
	t.Parallel()
	p, now, worked := &pace{share: 0.25}, time.Now(), time.Duration(0)
	began := now
	for range 10_000 {
		now = now.Add(10 * time.Millisecond)
		worked += 10 * time.Millisecond
		rest := p.after(now, 10*time.Millisecond)
		if worked <= burst && rest > 0 {
			t.Fatalf("rests for %v after %v of work", rest, worked)
		}
		now = now.Add(max(0, rest))
	}
	if share := worked.Seconds() / now.Sub(began).Seconds(); share < 0.24 || share > 0.26 {
		t.Errorf("worked %.3f of the time, want 0.25", share)
	}
	if rest := p.after(now.Add(time.Hour), 90*time.Millisecond); rest > 0 {
		t.Errorf("rests for %v after an hour's pause", rest)
	}
}

// However long a piece of work was, and whatever came before, the rest is short enough for those who wait.
func TestPaceRestsNoLongerThanTheLongest(t *testing.T) {
	t.Parallel()
	p, now := &pace{share: 0.05}, time.Now()
	for range 3 {
		if rest := p.after(now, time.Minute); rest != longestRest {
			t.Errorf("rests for %v, want %v", rest, longestRest)
		}
	}
	if longestRest >= waitTimeout {
		t.Errorf("whoever waits is refused after %v, before a turn has rested", waitTimeout)
	}
}

// What portals do while no gateway calls is not held against them once one does.
func TestWorkWithoutGatewaysIsFree(t *testing.T) {
	t.Parallel()
	a, p, now := NewController(NewTarpit()), &pace{share: 0.05}, time.Now()
	if rest := a.rest(p, now, time.Hour); rest != 0 {
		t.Errorf("rests for %v although no gateway calls", rest)
	}
	a.enforcing.Add(1)
	if rest := a.rest(p, now, time.Millisecond); rest > 0 {
		t.Errorf("rests for %v after a millisecond's work", rest)
	}
}
