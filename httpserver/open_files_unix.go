//go:build unix

package httpserver

import "syscall"

// manyFiles stands for no limit on open files.
const manyFiles = 1 << 30

// maxOpenFiles returns how many files this process may open: the hard limit, to which the Go runtime raises the soft one.
func maxOpenFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > manyFiles {
		return manyFiles
	}
	return int(limit.Cur) //nolint:gosec // checked above
}
