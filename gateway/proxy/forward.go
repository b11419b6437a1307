package proxy

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"sync/atomic"
	"time"

	"bursar/gateway"
	"bursar/gateway/transfer"
	"bursar/gateway/wire"
)

// Why a call to a provider was ended by the gateway.
var (
	errFirstByte = errors.New("the provider did not answer in time")
	errIdle      = errors.New("the provider stopped in the middle of its answer")
)

// watch ends a call when a time-out of the provider's is over.
type watch struct {
	callers   context.Context // ends when the caller leaves
	ctx       context.Context //nolint:containedctx // of the call, whose cause says who ended it
	cancel    context.CancelCauseFunc
	timer     *time.Timer
	connected atomic.Bool // whether there was a connection for the request, so that the provider may have seen it
}

func newWatch(callers context.Context, first time.Duration) *watch {
	ctx, cancel := context.WithCancelCause(callers)
	t := &watch{callers: callers, cancel: cancel}
	t.timer = time.AfterFunc(first, func() { cancel(errFirstByte) })
	t.ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { t.connected.Store(true) },
	})
	return t
}

// forward sends the call to its provider and passes the answer on.
func (e *exchange) forward(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	upstream := newWatch(ctx, e.times.FirstByte)
	defer upstream.cancel(nil)
	defer upstream.timer.Stop()
	e.sent = time.Now()
	e.seen.Added = e.sent.Sub(e.began)
	through := &httputil.ReverseProxy{
		Rewrite:       e.rewrite,
		Transport:     asideTransport{e.transports[e.provider.Name]},
		FlushInterval: -1, // each event at once
		BufferPool:    e,
		ErrorLog:      e.proxy.silent, // what it says is in the observation, and who left is nobody's error
		ModifyResponse: func(response *http.Response) error {
			clear(r.Header) // nobody reads it any more, and the answer may take long
			e.answer(response, upstream)
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) { e.unanswered(w, upstream, err) },
	}
	through.ServeHTTP(&writer{ResponseWriter: w, control: http.NewResponseController(w), timeout: e.times.Write}, r.WithContext(upstream.ctx))
	if e.booked != nil {
		e.trailer(upstream.callers, w.Header())
	}
}

// asideTransport makes calls aside.
type asideTransport struct{ *http.Transport }

// RoundTrip implements [http.RoundTripper].
func (t asideTransport) RoundTrip(r *http.Request) (response *http.Response, err error) {
	aside(func() { response, err = t.Transport.RoundTrip(r) }) //nolint:bodyclose // who reads the answer closes it
	return response, err
}

// rewrite makes the request for the provider out of the caller's: another address, another key, the body that asks for usage.
func (e *exchange) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL = e.provider.target(e.endpoint.Path, r.Out.URL.RawQuery)
	r.Out.Host = ""
	withoutOurs(r.Out.Header)
	if e.endpoint.Kind != wire.Free && e.endpoint.Kind != wire.Other {
		wire.Encoding(r.Out.Header)
	}
	maps.Copy(r.Out.Header, e.provider.Header)
	switch {
	case e.provider.Key == "":
	case e.provider.KeyHeader == bearer:
		r.Out.Header.Set("Authorization", "Bearer "+e.provider.Key)
	default:
		r.Out.Header.Set(e.provider.KeyHeader, e.provider.Key)
	}
	r.Out.Header.Del("Content-Length")
	r.Out.Header.Del("Expect")
	r.Out.ContentLength, r.Out.TransferEncoding = int64(len(e.call.Body)), nil
	r.Out.Body, r.Out.GetBody = http.NoBody, nil
	if len(e.call.Body) == 0 {
		return
	}
	e.upload = transfer.NewUpload(e.call.Body)
	r.Out.Body = e.upload.Reader()
	if r.In.Header.Get("Idempotency-Key") == "" { // with that header net/http would send what may have arrived once more, which the provider may charge twice
		r.Out.GetBody = e.upload.Again
	}
}

// answer is given the header of the provider's answer, and decides what passes.
func (e *exchange) answer(response *http.Response, upstream *watch) {
	upstream.timer.Stop()
	e.forget()
	e.seen.FirstByte, e.seen.Status, e.seen.Outcome = time.Since(e.sent), response.StatusCode, Answered
	withoutOurs(response.Header)
	e.head(response.Header)
	if response.StatusCode == http.StatusUnauthorized && e.provider.Key != "" {
		e.replaceUnauthorized(response)
	}
	if response.StatusCode >= http.StatusMultipleChoices || e.settled {
		// an error costs nothing, whatever it says; and nothing is held for a call that is free
		e.release()
		response.Body = &patient{ReadCloser: response.Body, watch: upstream, idle: e.times.Idle}
		return
	}
	response.Body = &patient{ReadCloser: response.Body, watch: upstream, idle: e.times.Idle}
	if e.reservation != nil {
		e.reservation.Limits = nil // nobody reads them any more, and the answer may take long
	}
	e.streams = isStream(response.Header)
	e.body = e.call.Wrap(response)
	e.body.AtEnd = func(seen wire.Seen) { aside(func() { e.settle(seen) }) }
	response.Body = &ended{exchange: e, watch: upstream, body: e.body}
	if e.Headers == HeadersAll {
		e.booked = make(chan *gateway.Recorded, 1)
		response.Trailer = http.Header{headerCost: nil}
		response.Header.Del("Content-Length") // trailers need a body in chunks
	}
}

// replaceUnauthorized answers that the provider refuses the gateway's own key: the caller's is a good one, and the provider's message may repeat
// parts of the gateway's.
func (e *exchange) replaceUnauthorized(response *http.Response) {
	_ = response.Body.Close() // nobody reads it
	e.proxy.logger.Error("the provider refuses the gateway's key", "provider", e.provider.Name, "request", e.id)
	substitute := &recorder{header: http.Header{}}
	e.seen.Status, e.seen.Outcome = http.StatusBadGateway, Failed
	wire.WriteError(substitute, e.endpoint.Dialect, wire.Failure{
		Status: http.StatusBadGateway, Reason: "PROVIDER_REFUSED", Final: true, RequestID: e.id,
		Message: "The provider " + quote(e.provider.Name) + " refuses the gateway's key. The gateway's operator has to replace it.",
	})
	e.head(substitute.header)
	response.StatusCode, response.Status = http.StatusBadGateway, ""
	response.Header, response.ContentLength = substitute.header, int64(substitute.body.Len())
	response.Body = io.NopCloser(&substitute.body)
}

// unanswered is called when the provider has given no answer.
func (e *exchange) unanswered(w http.ResponseWriter, upstream *watch, err error) {
	switch cause := context.Cause(upstream.ctx); {
	case upstream.callers.Err() != nil:
		e.seen.Outcome, e.seen.Status = Left, statusLeft
		e.leave(upstream.connected.Load())
		panic(http.ErrAbortHandler) // nobody is there to read an answer
	case errors.Is(cause, errFirstByte):
		e.leave(upstream.connected.Load()) // the provider may have worked on it, and charge that
		e.fail(w, Failed, wire.Failure{Status: http.StatusGatewayTimeout, Reason: "PROVIDER_TIMEOUT", RetryAfter: soon,
			Message: "The provider " + quote(e.provider.Name) + " did not answer within " + e.times.FirstByte.String() + "."})
	default:
		e.proxy.logger.Warn("a provider was not reached", "provider", e.provider.Name, "request", e.id, "error", err)
		e.release()
		e.fail(w, Failed, wire.Failure{Status: http.StatusBadGateway, Reason: "PROVIDER_UNREACHABLE", RetryAfter: soon,
			Message: "The provider " + quote(e.provider.Name) + " could not be reached, or broke the connection before it answered."})
	}
}

// statusLeft is what nginx logs for a caller who did not wait.
const statusLeft = 499

// leave decides about a call that was ended before there was an answer: it costs nothing if it was not sent, else what went in.
func (e *exchange) leave(sent bool) {
	if sent {
		e.settle(wire.Seen{})
	} else {
		e.release()
	}
}

// trailerDelay is how long the end of an answer waits at most for the cost of the call. When Bursar does not answer meanwhile the caller gets the
// end without it, and the report waits in the spool.
const trailerDelay = 2 * time.Second

// trailer waits until the call is booked, and says what it cost.
func (e *exchange) trailer(callers context.Context, header http.Header) {
	late := time.NewTimer(trailerDelay)
	defer late.Stop()
	select {
	case recorded := <-e.booked:
		if recorded != nil {
			header.Set(headerCost, recorded.Cost)
		}
	case <-late.C:
	case <-callers.Done():
	}
}
