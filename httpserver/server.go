package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

// httpLimits bound what a server's clients may take of it. A GraphQL operation has its own, shorter ones.
type httpLimits struct {
	readHeader  time.Duration // until a request's header has arrived, and a TLS handshake is done
	read        time.Duration // until its body has
	write       time.Duration // until the answer was taken, from the header's arrival
	idle        time.Duration // between requests
	headerBytes int
	connections int // that are open at the same time
}

// spareFiles are the open files that are left for the database, logs and pages.
const spareFiles = 256

// defaultLimits returns the limits that a server has, with as many connections as asked for, or else 16,384 or what the limit
// on open files leaves.
func defaultLimits(connections int) httpLimits {
	if connections == 0 {
		connections = 16_384
	}
	return httpLimits{
		readHeader: 5 * time.Second, read: 30 * time.Second, write: 60 * time.Second, idle: 120 * time.Second,
		headerBytes: 16 << 10, connections: min(connections, max(spareFiles, openFiles()-spareFiles)),
	}
}

// How the ten seconds are spent that the program has to end in, once it is asked to.
const (
	drainLimit  = 8 * time.Second        // for the requests in flight, or for the jobs
	closeLimit  = 500 * time.Millisecond // for letting go of what is used only until then
	devRequests = 3 * time.Second        // for the requests in flight, in dev, whose jobs and PostgreSQL end after them
	devJobs     = 5500 * time.Millisecond
)

// server is an HTTP server that is serving.
type server struct {
	http   *http.Server
	failed chan error         // receives an error if it ends by itself
	cutOff context.CancelFunc // ends the contexts of all requests
	logger *slog.Logger
}

// listen opens the port, so that one that is taken is found out before anything is started.
func listen(ctx context.Context, addr address) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", string(addr))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen on %s: %w: stop the program that has it, or name another address with --addr "+
			"(port 0 picks a free one)", addr, syscall.EADDRINUSE)
	}
	if err != nil {
		return nil, fmt.Errorf("--addr: %w", err)
	}
	return narrow{listener}, nil
}

// narrow accepts connections of which the system holds little that nobody has read. It holds up to 6 MB of each if it may, which
// is work for it and memory that no limit of this program's counts.
type narrow struct{ net.Listener }

// receiveBuffer is what the system holds of a connection, in bytes; Linux takes twice as much. A request's body has 128 KiB at most.
const receiveBuffer = 128 << 10

// Accept implements [net.Listener].
func (l narrow) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(receiveBuffer) // the connection may be gone; reading from it will say so
	}
	return connection, err
}

// serve begins to serve a handler and returns at once, over TLS unless secure is nil. The listener is the server's from now on.
func serve(listener net.Listener, handler http.Handler, limits httpLimits, secure *certificate, logger *slog.Logger) *server {
	requests, cutOff := context.WithCancel(context.Background())
	s := &server{
		http: &http.Server{
			Handler:           handler,
			ReadHeaderTimeout: limits.readHeader,
			ReadTimeout:       limits.read,
			WriteTimeout:      limits.write,
			IdleTimeout:       limits.idle,
			MaxHeaderBytes:    limits.headerBytes,
			ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug), // what clients do wrong, a line each
			BaseContext:       func(net.Listener) context.Context { return requests },
		},
		failed: make(chan error, 1), cutOff: cutOff, logger: logger,
	}
	newConnections(limits.connections).watch(s.http)
	run := func() error { return s.http.Serve(listener) }
	if secure != nil {
		s.http.TLSConfig = secure.config()
		run = func() error { return s.http.ServeTLS(listener, "", "") }
	}
	go func() {
		if err := run(); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("serve HTTP: %w", err)
		}
	}()
	return s
}

// drain stops accepting and waits for the requests in flight. False if some took longer than the limit: they are cut off.
func (s *server) drain(limit time.Duration) bool {
	defer s.cutOff()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if err == nil {
		return true
	}
	s.logger.Warn("requests were cut off", "after", limit, "error", err)
	s.cutOff()
	if err := s.http.Close(); err != nil {
		s.logger.Warn("close the HTTP server", "error", err)
	}
	return false
}

// urlOf returns the URL under which a person on this machine reaches a listener.
func urlOf(listener net.Listener, scheme string) string {
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return scheme + "://" + listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
