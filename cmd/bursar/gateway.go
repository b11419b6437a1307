package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bursar/cmd/bursar/value"
	"bursar/gateway/proxy"
	gatewayservice "bursar/gateway/service"
	"bursar/httpserver"
	"bursar/observe"
)

type gatewayCommand struct {
	Settings       string          `variable:"BURSAR_GATEWAY_SETTINGS" default:"gateway.yaml" placeholder:"FILE" help:"The providers, where Bursar is, and how long things may take; see docs/gateway.md."`
	Check          bool            `help:"Read the file, say what is wrong with it, and end."`
	Addr           value.Address   `variable:"BURSAR_GATEWAY_ADDR" placeholder:"HOST:PORT" help:"Where the gateway listens, in place of what the file says; port 0 picks a free one."`
	MaxConnections connectionCount `variable:"BURSAR_MAX_CONNECTIONS" placeholder:"N" help:"Connections that are open at the same time. Default: 16384, or what the limit on open files leaves."`
	TLSCert        string          `name:"tls-cert" variable:"BURSAR_TLS_CERT" placeholder:"FILE" help:"Serve TLS with this certificate, PEM with its chain; read anew when it changes. Needs --tls-key."`
	TLSKey         string          `name:"tls-key" variable:"BURSAR_TLS_KEY" placeholder:"FILE" help:"Private key of --tls-cert, PEM."`
	Metrics        metricsFlags    `embed:""`
	Log            logFlags        `embed:""`
}

// Help is the long text of --help.
func (gatewayCommand) Help() string {
	return `A reverse proxy for the APIs of OpenAI, Anthropic and Gemini: callers present an API key of Bursar, which decides before each call and books
what it used; the provider's key never leaves the gateway. Any number of these run side by side, each with a spool folder of its own.

The file is read anew on SIGHUP and when it changes. Calls in flight go on as they began.`
}

// Run runs the gateway until ctx ends.
func (c *gatewayCommand) Run(ctx context.Context, p *program) error { return asked(ctx, c.run(ctx, p)) }

func (c *gatewayCommand) run(ctx context.Context, p *program) error {
	read := func() (*proxy.Settings, error) { return proxy.Read(c.Settings, p.lookup) }
	settings, err := read()
	if mistakes, ok := errors.AsType[proxy.Mistakes](err); ok {
		_, _ = fmt.Fprintln(p.stderr, mistakes.Error()) // without a stderr the exit code has to do
		return &misuse{fmt.Sprintf("%s has %d mistakes", c.Settings, len(mistakes))}
	}
	if err != nil {
		return &misuse{err.Error()}
	}
	if c.Check {
		_, err := fmt.Fprintf(p.stdout, "%s: %d providers, no mistakes\n", c.Settings, len(settings.Providers))
		return err
	}
	logger := c.Log.logger(p.stderr, observe.JSON, settings.Secrets()...)
	traces, err := p.trace(ctx, "bursar-gateway", logger, settings.Secrets()...)
	if err != nil {
		return err
	}
	defer traces.Stop(closeLimit)
	certificate, err := httpserver.LoadCertificate(c.TLSCert, c.TLSKey, logger)
	if err != nil {
		return &misuse{"--tls-cert and --tls-key: " + err.Error()}
	}
	if c.Addr == "" {
		c.Addr = value.Address(settings.Listen)
	}
	listener, err := listenOn(ctx, "--addr", c.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the server has closed it if it served
	metrics, err := observe.NewGateway(observe.ReadBuild(), logger)
	if err != nil {
		return err
	}
	running, err := gatewayservice.Start(gatewayservice.Config{
		Settings: settings, Listener: listener, Certificate: certificate, Connections: int(c.MaxConnections), Logger: logger, Tracer: traces.Provider(), Observer: metrics,
		Metrics: func(of *proxy.Proxy) (http.Handler, error) {
			handler, err := metrics.Handler(of)
			return observe.RequireToken(c.Metrics.MetricsToken.list, handler), err
		},
	})
	if err != nil {
		return err
	}
	defer running.Stop(drainLimit)
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go running.Watch(watching, c.Settings, read, hangups)
	logger.Info("serving", "url", running.URL)
	select {
	case err := <-running.Failed():
		return err
	case <-ctx.Done():
	}
	logger.Info("draining")
	began := time.Now()
	running.Stop(drainLimit)
	logger.Info("drained", "took", time.Since(began).Round(time.Millisecond))
	return nil
}
