package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"bursar/cmd/bursar/value"
	"bursar/httpserver"
)

// How the ten seconds are divided within which the program ends after a signal.
const (
	drainLimit  = 8 * time.Second         // for the requests in flight of serve, or the jobs of work
	closeLimit  = 500 * time.Millisecond  // for closing a pool of connections
	devCalls    = 1500 * time.Millisecond // for the calls in flight of dev's gateway, whose server, jobs and PostgreSQL stop after them
	devRequests = 2 * time.Second
	devJobs     = 5 * time.Second
)

// listen opens the port of --addr, so that a port that is in use shows before anything else is started.
func listen(ctx context.Context, addr value.Address) (net.Listener, error) {
	return listenOn(ctx, "--addr", addr)
}

// listenOn opens the port that a flag names.
func listenOn(ctx context.Context, flag string, addr value.Address) (net.Listener, error) {
	listener, err := httpserver.Listen(ctx, string(addr))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen on %s: %w: stop the program that has it, or name another address with %s "+
			"(port 0 picks a free one)", addr, syscall.EADDRINUSE, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return listener, nil
}

// serving is the API while it answers requests.
type serving struct {
	*httpserver.Server
	url   string
	drain func() // ends streams, which last as long as their clients like
	close func() // releases what the handler uses; no request may be in flight
	// beside stops what is served beside HTTP within a limit, and returns whether nothing of it is in flight then; nil: there is nothing
	beside func(limit time.Duration) bool
}

// serve starts to answer requests on a listener. Each further listener is one more call of the server's Serve, with the
// handler of the paths that are to be reached there.
func (s service) serve(ctx context.Context, listener net.Listener, certificate *httpserver.Certificate) (*serving, error) {
	handler, drain, stop, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	server := httpserver.New(httpserver.Config{
		Limits: httpserver.DefaultLimits(int(s.exposure.MaxConnections)), Certificate: certificate, Logger: s.logger,
	})
	return &serving{Server: server, url: server.Serve(listener, handler), drain: drain, close: stop}, nil
}

// stop drains the server and closes what it used. Requests that took longer than the limit are cut off but may still run:
// nothing is closed then, and the program's end releases it.
func (s *serving) stop(limit time.Duration) {
	s.drain()
	stopped := make(chan bool, 1)
	go func() { stopped <- s.beside == nil || s.beside(limit) }()
	if drained := s.Drain(limit); <-stopped && drained {
		s.close()
	}
}
