package worker

import (
	"testing"
	"time"
)

// A worker knows the database's time whatever its machine's clock shows, also when that is put right later, and says how far it is off
// and whether the database's clock was moved.
func TestDatabaseClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute, 8 * 24 * time.Hour} {
		clock := &databaseClock{}
		if off := time.Since(clock.Now()); off.Abs() > time.Minute {
			t.Errorf("before the first reading it is %s off the machine's clock", off)
		}
		before := time.Now()
		after := before.Add(200 * time.Millisecond)
		database := before.Add(100*time.Millisecond - ahead).Round(0)
		offset, moved := clock.set(before, after, database)
		if offset != ahead || moved != 0 {
			t.Errorf("%s ahead: offset %s, moved %s at the first reading", ahead, offset, moved)
		}
		if off := clock.Now().Sub(time.Now().Add(-ahead)); off.Abs() > time.Minute {
			t.Errorf("%s ahead: the clock is %s off the database's", ahead, off)
		}
		if off := clock.NowOrNil().Sub(clock.Now()); off.Abs() > time.Minute {
			t.Errorf("%s ahead: statements are given a time that is %s off", ahead, off)
		}
		if got := clock.at(before.Add(time.Hour)); !got.Equal(before.Add(time.Hour - ahead)) {
			t.Errorf("%s ahead: an hour later it is %s", ahead, got)
		}
		for _, step := range []time.Duration{0, -10 * time.Minute, 10 * time.Minute} {
			before, database = before.Add(10*time.Second), database.Add(10*time.Second+step)
			if _, moved := clock.set(before, before.Add(200*time.Millisecond), database); moved != step {
				t.Errorf("%s ahead: the database's clock was moved by %s, want %s", ahead, moved, step)
			}
		}
	}
}
