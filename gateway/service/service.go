// Package service runs the gateway's proxy: it listens, answers probes, takes over changed settings, and drains.
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"

	"bursar/gateway/proxy"
	"bursar/httpserver"
)

// Config is what a Service needs.
type Config struct {
	Settings    *proxy.Settings
	Listener    net.Listener // which the Service owns from now on
	Certificate *httpserver.Certificate
	Connections int // that are open at the same time, at most; 0: httpserver's default
	Logger      *slog.Logger
	Tracer      trace.TracerProvider // nil: no spans
	Observer    proxy.Observer       // nil: nobody looks on
	// Metrics serves /metrics; nil: there is none. It is asked for once the proxy is there, of whose spool it tells.
	Metrics func(*proxy.Proxy) (http.Handler, error)
}

// Service is a gateway that runs.
type Service struct {
	*httpserver.Server

	Proxy  *proxy.Proxy
	URL    string
	logger *slog.Logger
}

// bodyLimit is how long a request with its body may take to arrive. Calls take longer than that; see the proxy.
const bodyLimit = 2 * time.Minute

// headerBytes bounds a request's header; some SDKs send traces and baggage in it.
const headerBytes = 64 << 10

// Start starts a gateway, which runs until Stop is called.
func Start(config Config) (*Service, error) {
	p, err := proxy.New(proxy.Config{Settings: config.Settings, Logger: config.Logger, Observer: config.Observer, Tracer: config.Tracer})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", p)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := p.Ready(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	})
	if config.Metrics != nil {
		metrics, err := config.Metrics(p)
		if err != nil {
			return nil, errors.Join(err, p.Close(context.Background()))
		}
		mux.Handle("GET /metrics", metrics)
	}
	limits := httpserver.DefaultLimits(config.Connections)
	limits.Read, limits.HeaderBytes = bodyLimit, headerBytes
	server := httpserver.New(httpserver.Config{Limits: limits, Certificate: config.Certificate, Logger: config.Logger})
	return &Service{Server: server, Proxy: p, URL: server.Serve(config.Listener, paths(p, mux)), logger: config.Logger}, nil
}

// paths gives probes to the mux and everything else to the proxy as it came: a mux redirects what it would spell otherwise.
func paths(p *proxy.Proxy, mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/healthz", "/readyz", "/metrics":
			mux.ServeHTTP(w, r)
		default:
			p.ServeHTTP(w, r)
		}
	})
}

// Stop lets calls in flight end and their reports arrive, within a limit. What was not reported is in the spool, for the next start.
func (s *Service) Stop(limit time.Duration) {
	deadline := time.Now().Add(limit)
	s.Drain(limit)
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	if err := s.Proxy.Close(ctx); err != nil {
		s.logger.Error("close the spool", "error", err)
	}
}
