package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"syscall"

	"bursar/cmd/bursar/value"
	"bursar/dev"
	"bursar/gateway/proxy"
	"bursar/observe"
	"bursar/observe/tracing"
)

// startGateway starts the gateway and the demo provider of dev. It returns nil without a listener.
func (c *devCommand) startGateway(
	ctx context.Context, p *program, listener net.Listener, serverURL, token string, traces *tracing.Tracing, logger *slog.Logger,
) (*dev.Gateway, error) {
	if listener == nil {
		return nil, nil // there is none
	}
	metrics, err := observe.NewGateway(observe.ReadBuild(), logger)
	if err != nil {
		return nil, err
	}
	return dev.StartGateway(ctx, dev.GatewayConfig{
		Folder: c.Embedded.folder(), Listener: listener, URL: serverURL, Token: token, Lookup: p.lookup, Logger: logger, Tracer: traces.Provider(),
		Observer: metrics, Metrics: func(of *proxy.Proxy) (http.Handler, error) {
			handler, err := metrics.Handler(of)
			return observe.RequireToken(c.Server.Metrics.MetricsToken.list, handler), err
		},
	})
}

// listenForGateway opens the port of --gateway-addr. Without that flag it is the one after the server's, or a free one when that is in use. It returns
// nil for a server with TLS, whose certificate is not for an address of this machine: there is no gateway.
func (c *devCommand) listenForGateway(ctx context.Context) (net.Listener, error) {
	if c.Server.Exposure.TLSCert != "" {
		return nil, nil
	}
	if c.GatewayAddr != "" {
		return listenOn(ctx, "--gateway-addr", c.GatewayAddr)
	}
	next, free := dev.NextPort(string(c.Server.Addr))
	listener, err := listenOn(ctx, "--gateway-addr", value.Address(next))
	if errors.Is(err, syscall.EADDRINUSE) {
		return listenOn(ctx, "--gateway-addr", value.Address(free))
	}
	return listener, err
}
