package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/fitness"
	"bursar/health"
	"bursar/httpserver"
	"bursar/observe"
)

// workStatus serves the metrics and the probes of bursar work. Nil when it is off: its methods do nothing then.
type workStatus struct {
	server *httpserver.Server
}

// listen opens the port of --metrics-addr; nil without one.
func (c *workCommand) listen(ctx context.Context) (net.Listener, error) {
	if c.MetricsAddr == "" {
		return nil, nil //nolint:nilnil // it is off
	}
	return listenOn(ctx, "--metrics-addr", c.MetricsAddr)
}

// serveStatus begins to serve /metrics, which may ask for a token, /healthz and /readyz on a listener; nil serves nothing.
func serveStatus(listener net.Listener, all []*worked, tokens metricsTokens, logger *slog.Logger) (*workStatus, error) {
	if listener == nil {
		return nil, nil //nolint:nilnil // it is off
	}
	measured, checked := make([]observe.Cell, len(all)), make([]health.Cell, len(all))
	for i, each := range all {
		measured[i] = observe.Cell{Name: each.Name, Database: each.Pool, Pools: map[string]*pgxpool.Pool{"work": each.Pool}}
		checked[i] = health.Cell{Name: each.Name, Checks: []health.Check{fitness.Check(each.Pool), each.check}}
	}
	ready := health.NewReadiness(logger, checked[0].Checks...)
	if all[0].Name != "" {
		ready = health.NewCellReadiness(logger, checked)
	}
	metrics, err := observe.NewCellMetrics(measured, observe.ReadBuild(), logger)
	if err != nil {
		return nil, err
	}
	status := &workStatus{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health.ServeAlive)
	mux.Handle("GET /readyz", ready)
	mux.Handle("GET /metrics", observe.RequireToken(tokens.list, metrics.Handler()))
	handler, err := metrics.ObserveHTTP(httpserver.LeaveBodies(mux))
	if err != nil {
		return nil, err
	}
	status.server = httpserver.New(httpserver.Config{Limits: httpserver.DefaultLimits(0), Logger: logger})
	url := status.server.Serve(listener, httpserver.WithSecurityHeaders(handler))
	logger.Info("serving metrics", "url", url)
	return status, nil
}

// check is the check of readiness whether the jobs are worked.
func (w *worked) check(context.Context) *health.Problem {
	problem := errors.New("the jobs have not been started yet; the log says why")
	if jobs := w.jobs.Load(); jobs != nil {
		problem = jobs.Problem()
	}
	if problem != nil {
		return &health.Problem{Failed: "jobs", Reason: problem.Error()}
	}
	return nil
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
