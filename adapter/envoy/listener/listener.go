package listener

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"bursar/adapter/envoy"
	"bursar/adapter/envoy/mapping"
	"bursar/db"
	"bursar/enforce"
	"bursar/grpcserver"
	"bursar/httpserver"
	"bursar/yamlfile"
)

// Shared is what is shared with the API.
type Shared struct {
	Enforcer     *enforce.Enforcer
	Database     *db.TenantDB
	Authenticate func(ctx context.Context, address, authorization string) context.Context // see api.Server
	Ready        func(ctx context.Context) bool
	Observe      func(method string, code codes.Code)
}

// Listener serves beside the API; without an address nothing.
type Listener struct {
	flags    *Flags
	mapping  *mapping.Mapping
	listener net.Listener // nil: nothing is served
	shared   *Shared
	server   *grpcserver.Server // nil until Serve
	service  *envoy.Service
	logger   *slog.Logger
}

// Listen reads the mapping and opens the port, so that what is wrong with either shows before anything else is started.
func (f *Flags) Listen(ctx context.Context) (*Listener, error) {
	l := &Listener{flags: f}
	if f.GRPCAddr == "" {
		return l, nil
	}
	var err error
	if l.mapping, err = f.Mapping(); err != nil {
		return nil, err
	}
	if l.listener, err = httpserver.Listen(ctx, f.GRPCAddr); err != nil {
		return nil, fmt.Errorf("--grpc-addr: %w", err)
	}
	return l, nil
}

// Close closes the port of a listener that has not served.
func (l *Listener) Close() {
	if l.listener != nil {
		_ = l.listener.Close() // the server has closed it if it served
	}
}

// Share takes what is shared with the API; nil: nothing is needed.
func (l *Listener) Share() func(*Shared) {
	if l.listener == nil {
		return nil
	}
	return func(shared *Shared) { l.shared = shared }
}

// Failed returns the channel that receives an error when the listener stops by itself.
func (l *Listener) Failed() <-chan error {
	if l.server == nil {
		return nil
	}
	return l.server.Failed()
}

// Stop waits for the calls in flight within a limit, and returns whether there are none then.
func (l *Listener) Stop(limit time.Duration) bool { return l.server == nil || l.server.Stop(limit) }

// Serve starts to serve, until Stop: with a certificate over TLS. The mapping is read anew on SIGHUP until ctx ends. Share must have been called.
func (l *Listener) Serve(ctx context.Context, certificate *httpserver.Certificate, connections int, logger *slog.Logger) error {
	if l.listener == nil {
		return nil
	}
	var security *tls.Config
	if certificate != nil {
		var authorities *x509.CertPool
		if l.flags.GRPCClientCA != "" {
			var err error
			if authorities, err = httpserver.LoadAuthorities(l.flags.GRPCClientCA); err != nil {
				return err
			}
		}
		security = certificate.ForClientsOf(authorities)
	}
	l.logger = logger
	l.service = envoy.New(envoy.Config{Enforcer: l.shared.Enforcer, Database: l.shared.Database, Mapping: l.mapping, Logger: logger})
	l.server = grpcserver.Serve(l.listener, grpcserver.Config{
		TLS: security, Connections: httpserver.DefaultLimits(connections).Connections, Logger: logger, Ready: l.shared.Ready, Observe: l.shared.Observe,
		Authenticate: l.authenticate,
		Services: func(on grpc.ServiceRegistrar) []string {
			l.service.Register(on)
			return []string{ratelimitv3.RateLimitService_ServiceDesc.ServiceName, authv3.Authorization_ServiceDesc.ServiceName}
		},
	})
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go l.reload(ctx, hangups)
	logger.Info("serving gRPC", "address", l.listener.Addr().String(), "tls", security != nil)
	return nil
}

// authenticate finds out who makes a call: by its authorization, or by the listener's token where there is none. Who is not known is told so by what the
// call asks for.
func (l *Listener) authenticate(ctx context.Context) (context.Context, error) {
	sent, _ := metadata.FromIncomingContext(ctx)
	authorization := strings.Join(sent.Get("authorization"), ", ") // several are none
	if authorization == "" && l.flags.GRPCToken != "" {
		authorization = "Bearer " + string(l.flags.GRPCToken)
	}
	address := ""
	if from, known := peer.FromContext(ctx); known {
		address = from.Addr.String()
	}
	return l.shared.Authenticate(ctx, address, authorization), nil
}

// reload reads the file anew whenever a signal comes, until ctx ends. A file with mistakes is logged, and the earlier one stays in force.
func (l *Listener) reload(ctx context.Context, hangups chan os.Signal) {
	defer signal.Stop(hangups)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangups:
		}
		m, err := l.flags.Mapping()
		if mistakes, ok := errors.AsType[yamlfile.Mistakes](err); ok {
			for _, each := range mistakes {
				l.logger.Error("the mapping of Envoy's descriptors has a mistake, and the earlier one stays in force", "mistake", each.String())
			}
			continue
		}
		if err != nil {
			l.logger.Error("the mapping of Envoy's descriptors was not taken over, and the earlier one stays in force", "error", err)
			continue
		}
		l.service.Change(m)
		l.logger.Info("the mapping of Envoy's descriptors was taken over", "domains", len(m.Domains))
	}
}
