package failover

import (
	"cmp"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// setUserTimeout sets TCP_USER_TIMEOUT, without which Linux sends again for a quarter of an hour what is not acknowledged.
func setUserTimeout(network, _ string, connection syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var failed error
	err := connection.Control(func(descriptor uintptr) {
		failed = os.NewSyscallError("setsockopt", unix.SetsockoptInt(int(descriptor), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(userTimeout.Milliseconds())))
	})
	return cmp.Or(err, failed)
}
