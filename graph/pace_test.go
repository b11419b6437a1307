package graph

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
