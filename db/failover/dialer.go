package failover

import (
	"net"
	"time"
)

// How long a TCP connection may be without a sign of the other end. Shorter than the timeout of an enforcement call, so that a machine
// that is gone costs no more; a [Monitor] is faster where there is one.
const (
	userTimeout       = 3 * time.Second // until what was sent is acknowledged
	keepAliveIdle     = 3 * time.Second // without traffic until the first probe
	keepAliveInterval = time.Second
	keepAliveCount    = 3
)

// NewDialer returns a dialer whose connections break when the machine at the other end, or the network to it, is gone.
func NewDialer() *net.Dialer {
	return &net.Dialer{
		Control:         setUserTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAliveIdle, Interval: keepAliveInterval, Count: keepAliveCount},
	}
}
