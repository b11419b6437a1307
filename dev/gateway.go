package dev

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"

	"bursar/auth"
	"bursar/gateway/demoprovider"
	"bursar/gateway/demoprovider/demomodel"
	"bursar/gateway/proxy"
	"bursar/gateway/service"
	"bursar/gateway/wire"
)

// GatewayConfig is what the gateway of `bursar dev` needs.
type GatewayConfig struct {
	Folder   Folder
	Listener net.Listener // which the gateway owns from now on
	URL      string       // of Bursar's server
	Token    string       // of the role GATEWAY
	Lookup   func(string) (string, bool)
	Logger   *slog.Logger
	Tracer   trace.TracerProvider // nil: no spans
	Observer proxy.Observer
	Metrics  func(*proxy.Proxy) (http.Handler, error)
}

// Gateway is the gateway of `bursar dev`, before the demo provider, and the real ones whose keys are in the environment.
type Gateway struct {
	*service.Service

	Providers   []string // the real ones
	ProviderURL string   // of the demo provider
	provider    *http.Server
}

// unboundedCost is held, in dollars, for a call whose body does not bound what it costs, such as one that goes on from an earlier answer: a few of them
// fit into the budget of the printed key.
const unboundedCost = "0.2"

// StartGateway starts the demo provider on a free port of this machine and the gateway, which run until Stop is called.
func StartGateway(ctx context.Context, c GatewayConfig) (*Gateway, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	key := "demo-" + rand.Text() // of the provider, which callers do not see
	g := &Gateway{ProviderURL: "http://" + listener.Addr().String(), provider: &http.Server{
		Handler:           demoprovider.New(demoprovider.Config{Key: key, Timing: demoprovider.Realistic()}),
		ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(c.Logger.Handler(), slog.LevelWarn),
	}}
	settings := proxy.Defaults()
	settings.Bursar.URLs, settings.Bursar.Token = []string{c.URL}, c.Token
	settings.Unbounded.Cost = unboundedCost
	settings.Spool.Dir = filepath.Join(c.Folder.Path, "gateway")
	settings.Providers = demoProviders(listener.Addr().String(), key)
	for _, real := range realProviders(c.Lookup) {
		settings.Providers = append(settings.Providers, real)
		g.Providers = append(g.Providers, real.Name)
	}
	g.Service, err = service.Start(service.Config{
		Settings: &settings, Listener: c.Listener, Logger: c.Logger, Tracer: c.Tracer, Observer: c.Observer, Metrics: c.Metrics,
	})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	go func() {
		if err := g.provider.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			c.Logger.Error("the demo provider has ended", "error", err)
		}
	}()
	return g, nil
}

// Failed gets the error that ends the gateway; nil where there is none.
func (g *Gateway) Failed() <-chan error {
	if g == nil {
		return nil
	}
	return g.Service.Failed()
}

// Stop lets calls in flight end, within a limit, and stops the demo provider.
func (g *Gateway) Stop(limit time.Duration) {
	if g == nil {
		return
	}
	g.Service.Stop(limit)
	_ = g.provider.Close() // whoever is still there is being cut off
}

// NextPort returns the address after host:port, and one of any free port. After port 0, which is any free one, comes another.
func NextPort(address string) (next, free string) {
	host, port, err := net.SplitHostPort(address)
	number, notNumber := strconv.Atoi(port)
	free = net.JoinHostPort(host, "0")
	if err != nil || notNumber != nil || number <= 0 || number >= math.MaxUint16 {
		return free, free
	}
	return net.JoinHostPort(host, strconv.Itoa(number+1)), free
}

// demoProviders are the demo provider in the dialects that it speaks.
func demoProviders(address, key string) (list []*proxy.Provider) {
	for _, of := range []struct {
		name, keyHeader string
		dialect         wire.Dialect
	}{{"demo", "bearer", wire.OpenAI}, {"demo-anthropic", "x-api-key", wire.Anthropic}, {"demo-gemini", "x-goog-api-key", wire.Gemini}} {
		list = append(list, &proxy.Provider{
			Name: of.name, Dialect: of.dialect, BaseURL: &url.URL{Scheme: "http", Host: address}, Key: key, KeyHeader: of.keyHeader,
			Models: []string{"demo-*"}, Prices: demomodel.Provider,
		})
	}
	return list
}

// realProviders are the providers whose keys are in the environment, for all models but the demo models. A key of Bursar's own is none: it is there for
// the SDKs that are started from the same shell.
func realProviders(lookup func(string) (string, bool)) (list []*proxy.Provider) {
	for _, of := range []struct {
		name, variable, host, keyHeader string
		dialect                         wire.Dialect
	}{
		{"openai", "OPENAI_API_KEY", "api.openai.com", "bearer", wire.OpenAI},
		{"anthropic", "ANTHROPIC_API_KEY", "api.anthropic.com", "x-api-key", wire.Anthropic},
	} {
		key, _ := lookup(of.variable)
		if key = strings.TrimSpace(key); key == "" || strings.HasPrefix(key, auth.APIKeyPrefix) {
			continue
		}
		list = append(list, &proxy.Provider{
			Name: of.name, Dialect: of.dialect, BaseURL: &url.URL{Scheme: "https", Host: of.host}, Key: key, KeyHeader: of.keyHeader,
			Models: []string{"*"}, Prices: of.name,
		})
	}
	return list
}
