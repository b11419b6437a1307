package worker

import (
	"math"
	"testing"
	"time"
)

// Waits grow from 30 seconds to an hour and never leave that range, whatever the number of attempts.
func TestBackoff(t *testing.T) {
	t.Parallel()
	for attempts, base := range map[int32]time.Duration{
		0: 30 * time.Second, 1: 30 * time.Second, 2: time.Minute, 3: 2 * time.Minute, 7: 32 * time.Minute, 8: 40 * time.Minute,
		9: 40 * time.Minute, math.MaxInt32: 40 * time.Minute,
	} {
		for range 100 {
			if wait := backoff(attempts); wait < base || wait > base*3/2 || wait < minBackoff || wait > maxBackoff {
				t.Fatalf("a wait of %s after %d attempts, want %s to %s", wait, attempts, base, base*3/2)
			}
		}
	}
}

// A pause is what the provider asked for, but lasts a second at least and an hour at most, and is never shortened.
func TestPause(t *testing.T) {
	t.Parallel()
	for asked, want := range map[time.Duration]time.Duration{
		0: time.Second, 5 * time.Minute: 5 * time.Minute, 24 * time.Hour: time.Hour,
	} {
		var p pause
		if left := p.left(); left != 0 {
			t.Fatalf("%s left of no pause", left)
		}
		p.extend(asked)
		p.extend(0)
		if left := p.left(); left > want || left < want-time.Second {
			t.Errorf("%s left after the provider asked for %s, want %s", left, asked, want)
		}
	}
}
