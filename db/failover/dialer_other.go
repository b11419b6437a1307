//go:build !linux

package failover

import "syscall"

// setUserTimeout does nothing: only Linux has TCP_USER_TIMEOUT. Keep-alive probes find out later that a machine is gone.
func setUserTimeout(string, string, syscall.RawConn) error { return nil }
