package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"

	"bursar/dev"
	"bursar/gateway/proxy"
	"bursar/observe"
	"bursar/observe/tracing"
)

// startGateway starts the gateway and the demo provider of dev. It returns nil for a server with TLS, whose certificate is not for an address of this machine.
func (c *devCommand) startGateway(
	ctx context.Context, p *program, serverURL, token string, traces *tracing.Tracing, logger *slog.Logger,
) (*dev.Gateway, error) {
	if c.Server.Exposure.TLSCert != "" {
		return nil, nil // there is none
	}
	listener, err := c.listenForGateway(ctx)
	if err != nil {
		return nil, err
	}
	metrics, err := observe.NewGateway(observe.ReadBuild(), logger)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	gateway, err := dev.StartGateway(ctx, dev.GatewayConfig{
		Folder: c.Embedded.folder(), Listener: listener, URL: serverURL, Token: token, Lookup: p.lookup, Logger: logger, Tracer: traces.Provider(),
		Observer: metrics, Metrics: func(of *proxy.Proxy) (http.Handler, error) {
			handler, err := metrics.Handler(of)
			return observe.RequireToken(c.Server.Metrics.MetricsToken.list, handler), err
		},
	})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return gateway, nil
}

// listenForGateway opens the port of --gateway-addr. Without that flag it is the one after the server's, or a free one when that is in use.
func (c *devCommand) listenForGateway(ctx context.Context) (net.Listener, error) {
	if c.GatewayAddr != "" {
		return listenOn(ctx, "--gateway-addr", c.GatewayAddr)
	}
	host, port, err := net.SplitHostPort(string(c.Server.Addr))
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	if number > 0 {
		number = (number + 1) % 65536
	}
	listener, err := listenOn(ctx, "--gateway-addr", address(net.JoinHostPort(host, strconv.Itoa(number))))
	if errors.Is(err, syscall.EADDRINUSE) {
		return listenOn(ctx, "--gateway-addr", address(net.JoinHostPort(host, "0")))
	}
	return listener, err
}
