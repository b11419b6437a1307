package gauge

import (
	"time"

	"golang.org/x/sys/unix"
)

// SleepUntil sleeps until an instant, on an idle machine at most 0.1 ms longer. Timers of the Go runtime are up to 1 ms late in
// an idle process, which row h would measure as latency of the server. Errors are ignored: the call only fails for invalid
// arguments.
func SleepUntil(at time.Time) {
	for left := time.Until(at); left > 0; left = time.Until(at) { // signals wake it early
		duration := unix.NsecToTimespec(left.Nanoseconds())
		_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &duration, nil)
	}
}
