//go:build !linux

package pg

import "syscall"

// systemAttributes gives the child its own process group; a watchdog does what Linux's kernel does there.
func systemAttributes(credential *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: credential}
}

// tieToProgram ends the child when this program ends, until released.
func tieToProgram(pid int) (release func() error, err error) { return startWatchdog(pid) }

// inheritedPath reports that a process cannot name a folder it inherited: only Linux goes through a descriptor to
// what lies below it.
func inheritedPath(int) (string, bool) { return "", false }
