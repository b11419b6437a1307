package pg

import (
	"fmt"
	"os"
	"syscall"
)

// systemAttributes lets the kernel end the child when this program ends, however it ends. The signal is PostgreSQL's
// immediate shutdown: the postmaster takes its children with it and needs no time to write. The kernel forgets the
// signal when the child changes its account; Go sets it after that.
func systemAttributes(credential *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: credential, Pdeathsig: syscall.SIGQUIT}
}

// tieToProgram does nothing: systemAttributes have set the signal already.
func tieToProgram(int) (release func() error, err error) {
	return func() error { return nil }, nil
}

// inheritedPath returns the path by which a process reaches a folder it inherited as the descriptor.
func inheritedPath(descriptor int) (string, bool) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		return "", false
	}
	return fmt.Sprintf("/proc/self/fd/%d", descriptor), true
}
