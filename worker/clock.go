package worker

import (
	"sync"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// databaseClock tells the time of the database's clock. River writes the time of a worker's machine into jobs, and compares it with
// the database's; with this clock both are the same, however wrong the machine's is.
//
// It counts from the last reading of the database's clock by the machine's monotonic clock, so that a machine's clock that is put
// right in between changes nothing. Before the first reading it is the machine's clock.
type databaseClock struct {
	mutex sync.Mutex
	// read is when the database's clock was read, by the machine's clock; zero: not yet.
	read time.Time
	// database is what it showed.
	database time.Time
}

var _ rivertype.TimeGenerator = (*databaseClock)(nil)

// Now implements [rivertype.TimeGenerator].
func (c *databaseClock) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.at(time.Now())
}

// NowOrNil implements [rivertype.TimeGenerator]. Where it returns nil, River's driver takes the time of the machine for jobs that are
// enqueued without a time.
func (c *databaseClock) NowOrNil() *time.Time { return new(c.Now()) }

// at returns the database's time at a reading of the machine's clock. The mutex is held.
func (c *databaseClock) at(machine time.Time) time.Time {
	if c.read.IsZero() {
		return machine
	}
	return c.database.Add(machine.Sub(c.read))
}

// set takes over a reading of the database's clock that was made between two readings of the machine's. It returns how far the
// machine's clock is ahead of the database's (negative: behind), and how far the database's clock has been moved since the last
// reading, apart from the passing of time: positive forward, negative back, 0 for the first reading. Both are exact to half of the
// time between the two.
func (c *databaseClock) set(before, after, database time.Time) (offset, moved time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	machine := before.Add(after.Sub(before) / 2)
	if !c.read.IsZero() {
		moved = database.Sub(c.at(machine))
	}
	c.read, c.database = machine, database
	// without the monotonic readings, which say nothing of what the machine's clock shows
	return machine.Round(0).Sub(database.Round(0)), moved
}
