//go:build !linux

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
	queue, err := unix.Kqueue()
	must(t, err)
	defer unix.Close(queue)
	var change unix.Kevent_t
	unix.SetKevent(&change, pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	change.Fflags = unix.NOTE_EXIT
	timeout := unix.NsecToTimespec(limit.Nanoseconds())
	ended, err := unix.Kevent(queue, []unix.Kevent_t{change}, make([]unix.Kevent_t, 1), &timeout)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	must(t, err)
	if ended == 0 {
		t.Fatalf("process %d is still there after %s", pid, limit)
	}
}
