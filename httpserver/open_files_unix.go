//go:build unix

package main

import "syscall"

// openFiles returns how many files this process may have open: the hard limit, to which Go raises the soft one.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 1<<30 {
		return 1 << 30
	}
	return int(limit.Cur) //nolint:gosec // checked above
}
