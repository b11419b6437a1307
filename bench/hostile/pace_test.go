package hostile

import (
	"testing"
	"time"
)

// Guarantee: consoles of the benchmark ask as often as the real one does: once a second at most, for a fifth of the time at most, half as often
// with each refusal and once a minute at least.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before  int // the factor
		took    time.Duration
		refused bool
		want    pace
	}{
		{0, 20 * time.Millisecond, false, pace{time.Second, 1}},
		{1, 600 * time.Millisecond, false, pace{2400 * time.Millisecond, 1}},
		{1, 20 * time.Millisecond, true, pace{2 * time.Second, 2}},
		{2, 5 * time.Second, true, pace{time.Minute, 4}},
		{60, time.Millisecond, true, pace{time.Minute, 60}},
		{4, time.Millisecond, false, pace{2 * time.Second, 2}},
	} {
		if got := (pace{factor: c.before}).after(c.took, c.refused); got != c.want {
			t.Errorf("%+v: got %+v", c, got)
		}
	}
}
