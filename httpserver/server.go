// Package httpserver serves HTTP: listeners, TLS with a certificate that is reloaded, bounds on what clients may take,
// security headers, and an orderly shutdown. It reads no flags and no environment; its Config holds everything.
package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config holds what all listeners of a Server share.
type Config struct {
	Limits      Limits
	Certificate *Certificate // nil: plain HTTP
	Logger      *slog.Logger
}

// Server serves any number of listeners, each with a handler of its own. The listeners share the bound on open connections,
// the certificate and the shutdown.
type Server struct {
	config      Config
	connections *connections
	requests    context.Context    //nolint:containedctx // the parent of every request's context
	cancel      context.CancelFunc // of requests
	failed      chan error
	servers     []*http.Server
}

// New returns a Server without listeners. Limits must be set; see [DefaultLimits].
func New(config Config) *Server {
	requests, cancel := context.WithCancel(context.Background())
	return &Server{
		config: config, connections: newConnections(config.Limits.Connections), requests: requests, cancel: cancel,
		failed: make(chan error, 1),
	}
}

// Serve starts to serve a handler on a listener, which the Server owns from now on. It returns at once, with the URL under
// which this machine reaches the listener. Serve must not be called while or after Drain runs.
func (s *Server) Serve(listener net.Listener, handler http.Handler) (url string) {
	limits := s.config.Limits
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: limits.ReadHeader,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    limits.HeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.config.Logger.Handler(), slog.LevelDebug), // clients' mistakes, a line each
		BaseContext:       func(net.Listener) context.Context { return s.requests },
	}
	s.connections.watch(server)
	scheme, run := "http", func() error { return server.Serve(listener) }
	if s.config.Certificate != nil {
		server.TLSConfig = s.config.Certificate.tlsConfig()
		scheme, run = "https", func() error { return server.ServeTLS(listener, "", "") }
	}
	s.servers = append(s.servers, server)
	go func() {
		if err := run(); !errors.Is(err, http.ErrServerClosed) {
			s.fail(fmt.Errorf("serve HTTP: %w", err))
		}
	}()
	return URLOf(listener, scheme)
}

// fail reports an error unless one is reported already: the first one ends the program.
func (s *Server) fail(err error) {
	select {
	case s.failed <- err:
	default:
	}
}

// Failed returns the channel that receives an error when a listener stops without Drain.
func (s *Server) Failed() <-chan error { return s.failed }

// Drain closes the listeners and waits for the requests in flight. When some take longer than the limit, it cancels their
// contexts, closes their connections and returns false.
func (s *Server) Drain(limit time.Duration) bool {
	defer s.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	err := s.each(func(server *http.Server) error { return server.Shutdown(ctx) })
	if err == nil {
		return true
	}
	s.config.Logger.Warn("requests were cut off", "after", limit, "error", err)
	s.cancel()
	if err := s.each((*http.Server).Close); err != nil {
		s.config.Logger.Warn("close the HTTP server", "error", err)
	}
	return false
}

// each calls a function for all HTTP servers at the same time and waits for the calls.
func (s *Server) each(call func(*http.Server) error) error {
	failures := make([]error, len(s.servers))
	var calls sync.WaitGroup
	for i, server := range s.servers {
		calls.Go(func() { failures[i] = call(server) })
	}
	calls.Wait()
	return errors.Join(failures...)
}
