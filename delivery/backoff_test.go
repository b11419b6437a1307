package delivery

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
			if wait := Backoff(30*time.Second, attempts); wait < base || wait > base*3/2 || wait > MaxBackoff {
				t.Fatalf("a wait of %s after %d attempts, want %s to %s", wait, attempts, base, base*3/2)
			}
		}
	}
}
