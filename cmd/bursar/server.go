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

// The limits of one HTTP connection. A GraphQL operation has its own, shorter ones.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 120 * time.Second
	maxHeaderBytes    = 64 << 10
)

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
	return listener, nil
}

// serve begins to serve a handler and returns at once. The listener is the server's from now on.
func serve(listener net.Listener, handler http.Handler, logger *slog.Logger) *server {
	requests, cutOff := context.WithCancel(context.Background())
	s := &server{
		http: &http.Server{
			Handler:           handler,
			ReadHeaderTimeout: readHeaderTimeout,
			ReadTimeout:       readTimeout,
			WriteTimeout:      writeTimeout,
			IdleTimeout:       idleTimeout,
			MaxHeaderBytes:    maxHeaderBytes,
			ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
			BaseContext:       func(net.Listener) context.Context { return requests },
		},
		failed: make(chan error, 1), cutOff: cutOff, logger: logger,
	}
	go func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
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
func urlOf(listener net.Listener) string {
	host, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return "http://" + listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
