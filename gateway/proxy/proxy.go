// Package proxy is the reverse proxy of `bursar gateway`: it governs calls of LLM providers with Bursar, and changes nothing of them but
// keys.
package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"bursar/catalogue"
	"bursar/gateway"
	"bursar/gateway/leasing"
	"bursar/gateway/seal"
	"bursar/gateway/spool"
	"bursar/gateway/transfer"
)

// Config is what a Proxy needs beside its Settings.
type Config struct {
	Settings *Settings
	Logger   *slog.Logger
	Observer Observer             // nil: nobody looks on
	Tracer   trace.TracerProvider // nil: no spans
}

// Proxy is a handler of all calls of LLM providers. Create it with New.
type Proxy struct {
	current  atomic.Pointer[state]
	spool    *spool.Spool
	reporter *reporter
	outage   *outage
	bodies   *transfer.Memory
	buffers  *transfer.Buffers
	logger   *slog.Logger
	silent   *log.Logger
	observer Observer
	tracer   trace.Tracer // nil: there are no spans
}

// state is what a call sees of the settings from its beginning to its end, whatever they become meanwhile.
type state struct {
	*Settings
	client     *gateway.Client
	transports map[string]*http.Transport // by the provider's name
	box        *seal.Box                  // seals API keys for the spool
}

// bodyBytes bounds the requests' bodies that are in memory together, as a multiple of the largest one.
const bodyBytes = 8

// New opens the spool, reports what an earlier process left there, and returns a Proxy. It asks nothing of Bursar or a provider yet.
func New(config Config) (*Proxy, error) {
	p := &Proxy{logger: config.Logger, observer: config.Observer, tracer: tracerOf(config.Tracer), buffers: transfer.NewBuffers(), silent: log.New(io.Discard, "", 0)}
	if p.observer == nil {
		p.observer = nobody{}
	}
	prices, err := catalogue.BuiltIn()
	if err != nil {
		return nil, err
	}
	p.outage = newOutage(prices)
	first, err := p.newState(config.Settings, nil)
	if err != nil {
		return nil, err
	}
	p.current.Store(first)
	p.bodies = transfer.NewMemory(bodyBytes * config.Settings.MaxBodyBytes)
	p.spool, err = spool.Open(spool.Config{
		Dir: config.Settings.Spool.Dir, MaxBytes: config.Settings.Spool.MaxBytes,
		Failed: func(err error) { p.logger.Error("the spool cannot be written; calls are refused", "error", err) },
	})
	if err != nil {
		return nil, err
	}
	p.reporter = newReporter(p)
	if err := p.reporter.recover(); err != nil {
		return nil, errors.Join(err, p.spool.Close())
	}
	p.reporter.start()
	return p, nil
}

// newState returns what calls see of settings. Its client follows an earlier one; nil: there is none.
func (p *Proxy) newState(s *Settings, follows *gateway.Client) (*state, error) {
	lease := gateway.LeaseOff
	if s.Bursar.Lease {
		lease = gateway.LeaseAuto
	}
	client, err := gateway.New(gateway.Config{
		Lease: lease, LeaseTTL: s.Bursar.LeaseTTL, Later: gateway.Later{Merge: s.Bursar.Merge, Waiting: 1}, // the spool is the proxy's own, and so is the queue
		URLs: s.Bursar.URLs, Token: s.Bursar.Token, Timeout: s.Bursar.Timeout, AttemptTimeout: s.Bursar.Timeout / 2,
		Limits: s.Headers != HeadersNone, Follows: follows, ReportWait: s.Bursar.ReportWait, Lost: p.observer.Lost,
	})
	if err != nil {
		return nil, err
	}
	box, err := seal.New(s.Bursar.Token)
	if err != nil {
		return nil, err
	}
	made := &state{Settings: s, client: client, transports: map[string]*http.Transport{}, box: box}
	for _, provider := range s.Providers {
		connect := s.Timeouts.over(provider.Timeouts).Connect
		made.transports[provider.Name] = &http.Transport{
			Proxy:       http.ProxyFromEnvironment,
			DialContext: (&net.Dialer{Timeout: connect, KeepAlive: 30 * time.Second}).DialContext, TLSHandshakeTimeout: connect,
			ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1024, IdleConnTimeout: 90 * time.Second,
			DisableCompression: true,    // what the caller accepts is the caller's to say
			WriteBufferSize:    1 << 10, // of each stream, as the next; what is larger passes by them
			ReadBufferSize:     1 << 10,
		}
	}
	return made, nil
}

// close closes connections that are idle. Those that calls use are closed when they are idle.
func (s *state) close() {
	s.client.Close()
	for _, transport := range s.transports {
		transport.CloseIdleConnections()
	}
}

// Settings returns the settings that new calls see.
func (p *Proxy) Settings() *Settings { return p.current.Load().Settings }

// Change has new calls see other settings; those in flight go on with what they began with. Where the gateway listens and where its spool is cannot
// be changed.
func (p *Proxy) Change(s *Settings) error {
	old := p.current.Load()
	if s.Spool != old.Spool || s.Listen != old.Listen || s.MaxBodyBytes != old.MaxBodyBytes {
		return errors.New("listen, spool and maxBodyBytes change with a restart alone")
	}
	changed, err := p.newState(s, old.client)
	if err != nil {
		return err
	}
	p.current.Store(changed)
	old.close()
	return nil
}

// Ready returns the error for which calls are refused; nil: none is known. It does not ask Bursar.
func (p *Proxy) Ready(context.Context) error {
	if err := p.spool.Check(); err != nil {
		return fmt.Errorf("reports cannot be kept: %w", err)
	}
	return nil
}

// SpoolStats returns how full the spool is.
func (p *Proxy) SpoolStats() spool.Stats { return p.spool.Stats() }

// LeaseStats tells what is decided out of leases.
func (p *Proxy) LeaseStats() leasing.Stats { return p.current.Load().client.LeaseStats() }

// MergedCalls returns how many calls are in an event with others.
func (p *Proxy) MergedCalls() int64 { return p.reporter.calls.Load() }

// Close waits for reports that are on their way, until ctx ends, and closes the spool, which keeps the others. No call may be in flight.
func (p *Proxy) Close(ctx context.Context) error {
	p.reporter.stop(ctx)
	p.current.Load().client.Shutdown(ctx)
	p.current.Load().close()
	return p.spool.Close()
}
