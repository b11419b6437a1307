package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/httpserver"
	"bursar/observe"
)

// workStatus serves the metrics and the probes of bursar work. Nil when it is off: its methods do nothing then.
type workStatus struct{ server *httpserver.Server }

// listen opens the port of --metrics-addr; nil without one.
func (c *workCommand) listen(ctx context.Context) (net.Listener, error) {
	if c.MetricsAddr == "" {
		return nil, nil //nolint:nilnil // it is off
	}
	return listenOn(ctx, "--metrics-addr", c.MetricsAddr)
}

// serveStatus begins to serve /metrics, /healthz and /readyz on a listener; nil serves nothing.
func serveStatus(listener net.Listener, pool *pgxpool.Pool, logger *slog.Logger) (*workStatus, error) {
	if listener == nil {
		return nil, nil //nolint:nilnil // it is off
	}
	metrics, err := observe.NewMetrics(pool, map[string]*pgxpool.Pool{"work": pool}, observe.ReadBuild(), logger)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", serveHealth)
	mux.Handle("GET /readyz", newReadiness(pool, logger))
	mux.Handle("GET /metrics", metrics.Handler())
	handler, err := metrics.ObserveHTTP(mux)
	if err != nil {
		return nil, err
	}
	server := httpserver.New(httpserver.Config{Limits: httpserver.DefaultLimits(0), Logger: logger})
	url := server.Serve(listener, httpserver.WithSecurityHeaders(handler))
	logger.Info("serving metrics", "url", url)
	return &workStatus{server}, nil
}

// failed returns the channel that receives an error when the server stops by itself.
func (s *workStatus) failed() <-chan error {
	if s == nil {
		return nil
	}
	return s.server.Failed()
}

// stop closes the port and waits for a scrape in flight, but not long.
func (s *workStatus) stop() {
	if s != nil {
		s.server.Drain(closeLimit)
	}
}
