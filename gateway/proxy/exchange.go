package proxy

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/shopspring/decimal"
	"go.opentelemetry.io/otel/trace"

	"bursar/gateway"
	"bursar/gateway/transfer"
	"bursar/gateway/wire"
	"bursar/usage"
)

// exchange is one call on its way: from the caller to Bursar, to the provider, back to the caller, and its report to Bursar.
type exchange struct {
	proxy *Proxy
	*state
	id       string // of the call, in Bursar and for the caller
	began    time.Time
	endpoint wire.Endpoint
	secret   string
	sealed   sealed // the secret, as the spool has it
	give     func() // gives back the memory of the request's body; nil: it has not been read
	call     *wire.Call
	upload   *transfer.Upload // nil: there is no body, or the provider was not called
	provider *Provider
	times    Timeouts

	reservation *gateway.Reservation // nil: nothing is held
	opened      opened               // of a call that goes on although Bursar does not answer
	stopBeat    func()
	span        trace.Span

	sent    time.Time // when the provider was called; zero: it was not
	body    *wire.Body
	settled bool // what becomes of the reservation is decided
	booked  chan *gateway.Recorded
	streams bool // whether the answer is a stream of events
	seen    Observation
}

// ServeHTTP implements [http.Handler].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := &exchange{proxy: p, state: p.current.Load(), id: gateway.NewRequestID(), began: time.Now()}
	defer func() {
		e.end()
		p.observer.Called(e.seen)
	}()
	var admitted context.Context
	aside(func() { admitted = e.admit(w, r) })
	if admitted != nil {
		e.forward(admitted, w, r)
	}
}

// admit reads a request and asks Bursar whether it may go on. It returns the context of the call to the provider; nil: the caller has been answered.
func (e *exchange) admit(w http.ResponseWriter, r *http.Request) context.Context {
	e.endpoint = wire.Match(r.Method, r.URL.Path, r.Header)
	e.seen.Dialect, e.seen.Kind = string(e.endpoint.Dialect), string(e.endpoint.Kind)
	body, err := e.arrive(w, r)
	if err == nil {
		e.began = time.Now() // what the gateway adds begins with the last byte of the request
		e.call, err = wire.Parse(e.endpoint, r.Header, body)
	}
	if err == nil {
		err = e.choose()
	}
	if err != nil {
		e.refuse(w, err)
		return nil
	}
	ctx, span := e.startSpan(r.Context(), r.Header)
	e.span = span
	if !e.decide(ctx, w, r) {
		return nil
	}
	return ctx
}

// arrive takes the caller's key out of a request and reads its body.
func (e *exchange) arrive(w http.ResponseWriter, r *http.Request) (body []byte, err error) {
	if e.secret, err = wire.TakeKey(r.Header, r.URL.Query()); err != nil {
		return nil, err
	}
	if r.Header.Get("Upgrade") != "" {
		return nil, &wire.Problem{Status: http.StatusNotImplemented, Field: "Upgrade", Message: "WebSockets do not pass this gateway, which could not say what they cost."}
	}
	if e.refuses(e.endpoint.Path) {
		return nil, &wire.Problem{Status: http.StatusForbidden, Message: "This gateway does not pass on calls of " + e.endpoint.Path + "."}
	}
	body, e.give, err = e.proxy.bodies.Read(w, r, e.MaxBodyBytes)
	if err == nil {
		// the server's own deadline for reading a request would end the context of a call that takes longer; a test's writer has none
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}
	return body, err
}

// maxModel is the length of a model's name that Bursar takes, in bytes and so in characters.
const maxModel = 200

// choose finds the provider of the call's model.
func (e *exchange) choose() error {
	if len(e.call.Model) > maxModel {
		return &wire.Problem{Status: http.StatusBadRequest, Field: "model", Message: "model is longer than 200 bytes."}
	}
	if e.Unbounded.Refuse && e.call.Unbounded != "" && e.endpoint.Kind != wire.Free {
		return &wire.Problem{Status: http.StatusBadRequest, Message: "This gateway does not pass on calls whose cost has no bound: " + e.call.Unbounded + "."}
	}
	if e.provider = e.Settings.provider(e.endpoint.Dialect, e.call.Model); e.provider == nil {
		return &wire.Problem{Status: http.StatusNotFound, Field: "model", Message: "This gateway has no provider for the model " + quote(e.call.Model) +
			" in the API of this path."}
	}
	if e.provider.PlainStreams {
		e.call.AskNothing()
	}
	e.seen.Provider = e.provider.Name
	e.times = e.timeouts(e.provider, e.endpoint.Path)
	return nil
}

// decide asks Bursar, and notes in the spool what is going to be done. False: the caller has been answered.
func (e *exchange) decide(ctx context.Context, w http.ResponseWriter, r *http.Request) bool {
	if err := e.proxy.spool.Check(); err != nil {
		e.unavailable(w, "The gateway cannot keep reports of usage, and refuses calls until it can", err)
		return false
	}
	asked := time.Now()
	held, err := e.ask(ctx, r)
	e.seen.Decided = time.Since(asked)
	if err == nil && e.endpoint.Kind == wire.Free {
		e.settled = true
		return true
	}
	if err != nil && ctx.Err() != nil {
		e.seen.Outcome, e.seen.Status = Left, statusLeft
		panic(http.ErrAbortHandler) // nobody is there to read an answer
	}
	if errors.Is(err, gateway.ErrUnavailable) && e.endpoint.Kind != wire.Free {
		if reason := e.failOpen(); reason != "" {
			e.unavailable(w, "Bursar does not answer, so that nothing was sent to the provider ("+reason+")", err)
			return false
		}
		held, err = nil, nil
	}
	if err != nil {
		e.deny(w, err)
		return false
	}
	e.reservation = held
	if held != nil {
		e.stopBeat = e.client.Heartbeat(context.WithoutCancel(ctx), held)
	}
	if err := e.proxy.reporter.begin(e); err != nil {
		e.release()
		e.unavailable(w, "The gateway cannot keep reports of usage, and refuses calls until it can", err)
		return false
	}
	return true
}

// ask asks Bursar whether the call may be made. It may be made if the error is nil.
func (e *exchange) ask(ctx context.Context, r *http.Request) (*gateway.Reservation, error) {
	request := gateway.Request{
		Secret: e.secret, RequestID: e.id, Once: true, Provider: e.provider.Prices, Model: e.call.Model, ServiceTier: e.call.ServiceTier, TTL: e.Hold,
		InputTokens: e.call.InputTokens, MaxOutputTokens: e.maxOutput(), Cost: e.flat(),
	}
	if e.endpoint.Kind == wire.Images {
		request.Images = e.call.N
	}
	if e.endpoint.Kind == wire.Free {
		request.InputTokens, request.MaxOutputTokens, request.Cost = 0, new(int64), "0"
		return nil, e.client.Check(ctx, request)
	}
	key := r.Header.Get("Idempotency-Key")
	held, err := e.reserve(ctx, request, key, r)
	denied, isDenied := errors.AsType[*gateway.Denied](err)
	switch {
	case err == nil:
		e.proxy.outage.decided(e.secret, held.APIKeyID, time.Now())
	case isDenied && denied.HTTPStatus == http.StatusUnauthorized:
		e.proxy.outage.decided(e.secret, "", time.Now())
	case isDenied:
		e.proxy.outage.decided(e.secret, denied.APIKeyID, time.Now())
	}
	return held, err
}

// maxOutput returns the bound of the tokens that come out; nil: what the model writes at most.
func (e *exchange) maxOutput() *int64 {
	if e.call.MaxOutputTokens != nil || e.MaxOutputTokens == 0 || e.endpoint.Kind == wire.Other {
		return e.call.MaxOutputTokens
	}
	most := e.MaxOutputTokens * max(e.call.N, 1)
	return &most
}

// flat returns the dollars that are held for a call whose cost its body does not bound; empty: it does.
func (e *exchange) flat() string {
	switch {
	case e.endpoint.Kind == wire.Other:
		return e.OtherCost
	case e.call.Unbounded != "":
		return e.Unbounded.Cost
	}
	return ""
}

// bound returns what the call uses at most, for a process that finds it in the spool and knows nothing else.
func (e *exchange) bound() usage.Parts {
	parts := usage.Parts{Model: e.call.Model, ServiceTier: e.call.ServiceTier, Requests: 1, InputTokens: min(e.call.InputTokens, usage.MaxQuantity)}
	if e.endpoint.Kind == wire.Images {
		parts.Images = min(e.call.N, usage.MaxQuantity)
	}
	if most := e.maxOutput(); most != nil {
		parts.OutputTokens = min(*most, usage.MaxQuantity)
	} else if e.reservation != nil {
		parts.OutputTokens = max(0, e.reservation.Tokens-parts.InputTokens)
	}
	return parts
}

// failOpen lets the call go on although Bursar does not answer, or says why it may not.
func (e *exchange) failOpen() (reason string) {
	bound := e.bound()
	flat := decimal.Zero
	if text := e.flat(); text != "" {
		flat = decimal.RequireFromString(text)
	} else if e.maxOutput() == nil {
		flat = decimal.RequireFromString(e.Unbounded.Cost)
	}
	e.opened, reason = e.proxy.outage.admit(e.FailOpen, e.secret, e.provider.Prices, &bound, flat, time.Now())
	if reason == "" {
		e.seen.FailedOpen = true
		e.proxy.logger.Warn("a call goes on although Bursar does not answer", "request", e.id, "provider", e.provider.Name, "model", e.call.Model,
			"dollars", decimal.New(e.opened.nanos, -9).String())
	}
	return reason
}
