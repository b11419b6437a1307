// Package grpcserver serves gRPC: TLS with a certificate that is reloaded, client certificates, bounds on what clients may take, probes, reflection,
// and an orderly shutdown. It reads no flags and no environment; its Config holds everything.
package grpcserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"golang.org/x/net/netutil"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
)

// Bounds of what a client may take.
const (
	MaxMessageBytes = 4 << 20 // of a request; the authorization service's may hold the body of a call
	maxHeaderBytes  = 16 << 10
	maxStreams      = 1024             // of a connection, at the same time
	handshakeTime   = 10 * time.Second // for TLS and the beginning of HTTP/2
	idleTime        = 15 * time.Minute // after which a connection without a call is closed
	pingTime        = time.Minute      // after which a connection that says nothing is asked whether it is there
	pingTimeout     = 20 * time.Second
	leastPing       = 10 * time.Second // between pings of a client
)

// Config holds what a Server needs.
type Config struct {
	TLS         *tls.Config // nil: plain HTTP/2
	Connections int         // that are open at the same time, at most; more wait to be accepted
	Logger      *slog.Logger
	// Authenticate puts who calls into the context of a call. It is not asked about probes and reflection.
	Authenticate func(ctx context.Context) (context.Context, error)
	// Observe is told of each call and what became of it; nil: nobody is.
	Observe func(method string, code codes.Code)
	// Ready tells whether calls would be answered; it is asked every few seconds. nil: always.
	Ready func(ctx context.Context) bool
	// Services registers what is served, and returns the names of the services, of which the probes tell as well.
	Services func(on grpc.ServiceRegistrar) []string
}

// Server serves one listener.
type Server struct {
	config Config
	server *grpc.Server
	health *health.Server
	failed chan error
	stop   context.CancelFunc // of asking whether it is ready
}

// readyEvery is how often it is asked whether calls would be answered.
const readyEvery = 2 * time.Second

// Serve starts to serve a listener, which the Server owns from now on, and returns at once.
func Serve(listener net.Listener, config Config) *Server {
	s := &Server{config: config, health: health.NewServer(), failed: make(chan error, 1)}
	options := []grpc.ServerOption{
		grpc.MaxRecvMsgSize(MaxMessageBytes), grpc.MaxHeaderListSize(maxHeaderBytes), grpc.MaxConcurrentStreams(maxStreams),
		grpc.ConnectionTimeout(handshakeTime), grpc.WaitForHandlers(true), grpc.UnaryInterceptor(s.unary),
		grpc.KeepaliveParams(keepalive.ServerParameters{MaxConnectionIdle: idleTime, Time: pingTime, Timeout: pingTimeout}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: leastPing, PermitWithoutStream: true}),
	}
	if config.TLS != nil {
		options = append(options, grpc.Creds(credentials.NewTLS(config.TLS)))
	}
	s.server = grpc.NewServer(options...)
	names := config.Services(s.server)
	healthv1.RegisterHealthServer(s.server, s.health)
	reflection.Register(s.server)
	watching, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.tell(watching, names)
	go s.watch(watching, names)
	if config.Connections > 0 {
		listener = netutil.LimitListener(listener, config.Connections)
	}
	go func() {
		if err := s.server.Serve(listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			s.failed <- fmt.Errorf("serve gRPC: %w", err)
		}
	}()
	return s
}

// Failed returns the channel that receives an error when the listener stops without Stop.
func (s *Server) Failed() <-chan error { return s.failed }

// Stop closes the listener, says NOT_SERVING to probes, and waits for the calls in flight. When some take longer than the limit, it ends them and
// returns false; what they do may go on.
func (s *Server) Stop(limit time.Duration) bool {
	s.stop()
	s.health.Shutdown()
	done := make(chan struct{})
	go func() {
		s.server.GracefulStop()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(limit):
	}
	s.config.Logger.Warn("gRPC calls were cut off", "after", limit)
	go s.server.Stop() // waits for what the calls do
	return false
}

// watch keeps the probes up to date.
func (s *Server) watch(ctx context.Context, names []string) {
	ticks := time.NewTicker(readyEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			s.tell(ctx, names)
		}
	}
}

// tell tells the probes whether calls would be answered.
func (s *Server) tell(ctx context.Context, names []string) {
	serving := healthv1.HealthCheckResponse_SERVING
	if s.config.Ready != nil && !s.config.Ready(ctx) {
		serving = healthv1.HealthCheckResponse_NOT_SERVING
	}
	for _, name := range append([]string{""}, names...) {
		s.health.SetServingStatus(name, serving) // ignored after Shutdown
	}
}

// unary runs a call: who it is by, what becomes of a panic, and who is told.
func (s *Server) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (answer any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			s.config.Logger.ErrorContext(ctx, "a gRPC call panicked", "method", info.FullMethod, "panic", fmt.Sprint(cause))
			answer, err = nil, status.Error(codes.Internal, "Bursar could not do it; its log says why")
		}
		if s.config.Observe != nil {
			s.config.Observe(info.FullMethod, status.Code(err))
		}
	}()
	if info.FullMethod != healthv1.Health_Check_FullMethodName && info.FullMethod != healthv1.Health_List_FullMethodName {
		if ctx, err = s.config.Authenticate(ctx); err != nil {
			return nil, err
		}
	}
	return handle(ctx, request)
}
