package bench

import "golang.org/x/sys/unix"

// leastPriority is the priority of what runs when nobody else wants to, as nice has it.
const leastPriority = 19

// Yield has this process give way to all others. An attacker has a machine of their own: what they need for themselves is
// not to be taken from the server's.
func Yield() error { return unix.Setpriority(unix.PRIO_PROCESS, 0, leastPriority) }
