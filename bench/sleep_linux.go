package bench

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleepUntil sleeps until an instant, some 0.1 ms too long at most on an idle machine. Timers of the runtime are up to 1 ms
// late in a process that has nothing else to do, which would show in row h as the server's latency. It ignores errors: the
// call fails for bad arguments alone.
func sleepUntil(at time.Time) {
	for left := time.Until(at); left > 0; left = time.Until(at) { // signals wake it early
		duration := unix.NsecToTimespec(left.Nanoseconds())
		_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &duration, nil)
	}
}
