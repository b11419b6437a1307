package pg

import (
	"strconv"
	"testing"
)

// Where the kernel does not do it, the watchdog ends the server when its program is killed. Once released, because
// the server has ended, it no longer signals an id that may be another process's by then.
func TestWatchdogBitesUnlessReleased(t *testing.T) {
	t.Parallel()
	for _, released := range []bool{false, true} {
		victim := startProgram(t, "deaf")
		victim.line(t)
		owner := startProgram(t, "watch", pidVariable+"="+strconv.Itoa(victim.child.Process.Pid))
		owner.line(t)
		if released {
			owner.stop(t)
			victim.kill(t)
			continue
		}
		owner.kill(t)
		if err := victim.child.Wait(); err != nil {
			t.Errorf("the process was to be told to quit, and ended with %v", err)
		}
	}
}
