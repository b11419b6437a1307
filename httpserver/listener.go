package httpserver

import (
	"context"
	"net"
)

// receiveBuffer is the size of the kernel's receive buffer of a connection, in bytes; Linux doubles it. A request's body has
// 128 KiB at most. Linux's default grows to 6 MB a connection, memory that no limit of this program counts.
const receiveBuffer = 128 << 10

// Listen opens a TCP port, so that a port that is in use shows before anything else is started. Port 0 picks a free one. The
// error wraps [syscall.EADDRINUSE] when another program has the port.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return smallBuffers{listener}, nil
}

// smallBuffers sets the receive buffer of each connection that it accepts.
type smallBuffers struct{ net.Listener }

// Accept implements [net.Listener].
func (l smallBuffers) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(receiveBuffer) // fails on a connection that is closed; reading from it reports that
	}
	return connection, err
}

// URLOf returns the URL under which this machine reaches a listener.
func URLOf(listener net.Listener, scheme string) string {
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return scheme + "://" + listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
