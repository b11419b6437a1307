package pg

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// awaitGone waits for the end of a process that is no child of this one.
func awaitGone(t *testing.T, pid int, limit time.Duration) {
	t.Helper()
	descriptor, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	must(t, err)
	defer unix.Close(descriptor)
	deadline := time.Now().Add(limit)
	for {
		ready, err := unix.Poll([]unix.PollFd{{Fd: int32(descriptor), Events: unix.POLLIN}}, int(time.Until(deadline).Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		must(t, err)
		if ready == 0 {
			t.Fatalf("process %d is still there after %s", pid, limit)
		}
		return
	}
}
