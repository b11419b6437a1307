package gateway

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"bursar/gateway/wire"
)

// Policy says how calls that pass through a Handler or a Transport are governed.
type Policy struct {
	Client *Client
	// Provider is who serves the calls, as Bursar's prices name it, such as "openai".
	Provider string
	// Metadata is kept with each call; nil: none.
	Metadata func(*http.Request) map[string]string
	// OtherCost is held and booked, in dollars, for calls whose cost nobody knows, and held for those that their body does not bound. Default: "0.01".
	OtherCost string
	// MaxBodyBytes bounds requests. Default: 64 MiB.
	MaxBodyBytes int64
	// TTL is how long a reservation holds between two heartbeats. Default: 2 minutes.
	TTL time.Duration
	// Unreported is told of each report that Bursar has not booked within the client's Timeout, with the error. Keep those that are ErrUnavailable and
	// record them later: the package gateway/spool is for that. Nil: they are lost.
	Unreported func(Report, error)
}

// Defaults of a Policy.
const (
	DefaultOtherCost    = "0.01"
	DefaultMaxBodyBytes = 64 << 20
	DefaultHeartbeatTTL = 2 * time.Minute
)

// governed is a call that may be made.
type governed struct {
	policy      *Policy
	endpoint    wire.Endpoint
	call        *wire.Call
	secret      string
	reservation *Reservation // nil: the call is free
	began       time.Time
	stop        func() // ends the heartbeats
	over        bool   // reported or released
}

// begin asks Bursar whether a request may be made for the owner of a key, and puts the body that asks for usage into it. The failure is what to
// answer instead.
func (p *Policy) begin(r *http.Request, secret string) (*governed, *wire.Failure) {
	g := &governed{policy: p, secret: secret, began: time.Now(), endpoint: wire.Match(r.Method, r.URL.Path, r.Header), stop: func() {}}
	body, err := readAll(r, orDefault64(p.MaxBodyBytes, DefaultMaxBodyBytes))
	if err == nil {
		g.call, err = wire.Parse(g.endpoint, r.Header, body)
	}
	if err == nil {
		err = g.ask(r)
	}
	if err != nil {
		f := FailureOf(err)
		return nil, &f
	}
	setBody(r, g.call.Body)
	if g.endpoint.Kind != wire.Free && g.endpoint.Kind != wire.Other {
		wire.Encoding(r.Header)
	}
	return g, nil
}

// ask reserves for the call, or only checks if it is free.
func (g *governed) ask(r *http.Request) (err error) {
	request := Request{
		Secret: g.secret, Provider: g.policy.Provider, Model: g.call.Model, ServiceTier: g.call.ServiceTier, InputTokens: g.call.InputTokens,
		MaxOutputTokens: g.call.MaxOutputTokens, TTL: orDefault(g.policy.TTL, DefaultHeartbeatTTL),
	}
	if g.policy.Metadata != nil {
		request.Metadata = g.policy.Metadata(r)
	}
	if g.endpoint.Kind == wire.Images {
		request.Images = g.call.N
	}
	if g.endpoint.Kind == wire.Free {
		request.InputTokens, request.MaxOutputTokens, request.Cost = 0, new(int64), "0"
		return g.policy.Client.Check(r.Context(), request)
	}
	if g.endpoint.Kind == wire.Other || g.call.Unbounded != "" {
		request.Cost = g.policy.otherCost()
	}
	if g.reservation, err = g.policy.Client.Reserve(r.Context(), request); err == nil {
		g.stop = g.policy.Client.Heartbeat(context.WithoutCancel(r.Context()), g.reservation)
	}
	return err
}

func (p *Policy) otherCost() string {
	if p.OtherCost != "" {
		return p.OtherCost
	}
	return DefaultOtherCost
}

// watch puts the reader of usage into an answer. What the answer has cost is reported before its reader has its end; an error costs nothing.
func (g *governed) watch(response *http.Response) {
	if response.StatusCode >= http.StatusMultipleChoices || g.reservation == nil {
		g.release()
		return
	}
	body := g.call.Wrap(response)
	body.AtEnd = g.report
	response.Body = body
}

// report reports what the answer has cost, in the background.
func (g *governed) report(seen wire.Seen) {
	if g.over || g.reservation == nil {
		return
	}
	if seen.Failed && !seen.HasUsage && seen.OutputBytes == 0 {
		g.release()
		return
	}
	g.end()
	report := Report{
		ReservationID: g.reservation.ID, RequestID: g.reservation.RequestID, Secret: g.secret, Provider: g.policy.Provider,
		Parts: seen.Parts, OccurredAt: g.began.UTC().Truncate(time.Millisecond),
	}
	if report.Estimated = !seen.HasUsage || !seen.Ended || seen.Err != nil; report.Estimated {
		report.Parts = g.call.Estimate(seen)
	}
	if report.Parts.Requests = 1; report.Parts.Model == "" {
		report.Parts.Model = g.call.Model
	}
	if report.Estimated && g.endpoint.Kind == wire.Other {
		report.Cost = g.policy.otherCost()
	}
	done := g.policy.Client.Pending(g.secret) // before the caller has the end of the answer
	go func() {
		defer done()
		if _, err := g.policy.Client.Record(context.Background(), report); err != nil && g.policy.Unreported != nil {
			g.policy.Unreported(report, err)
		}
	}()
}

// release gives back what is held, in the background.
func (g *governed) release() {
	if g.over || g.reservation == nil {
		return
	}
	g.end()
	done := g.policy.Client.Pending(g.secret)
	go func() {
		defer done()
		_ = g.policy.Client.Release(context.Background(), g.reservation.ID) // else it expires
	}()
}

func (g *governed) end() {
	g.over = true
	g.stop()
}

// FailureOf returns what to answer to a call for an error of Reserve, Check, or wire.Parse.
func FailureOf(err error) wire.Failure {
	if denied, ok := errors.AsType[*Denied](err); ok {
		return denied.Failure()
	}
	if problem, ok := errors.AsType[*wire.Problem](err); ok {
		return problem.Failure()
	}
	failed, ok := errors.AsType[*Error](err)
	switch {
	case ok && failed.Temporary():
		return wire.Failure{Status: http.StatusServiceUnavailable, Reason: CodeUnavailable, RetryAfter: time.Second,
			Message: "Bursar does not answer, so that nothing was sent to the provider. Try again later."}
	case ok && failed.Code == CodeBadUserInput:
		return wire.Failure{Status: http.StatusBadRequest, Reason: failed.Code, Message: failed.Message, Final: true}
	case ok && failed.Code == CodeIdempotencyMismatch:
		return wire.Failure{Status: http.StatusConflict, Reason: failed.Code, Message: failed.Message, Final: true}
	}
	return wire.Failure{Status: http.StatusInternalServerError, Reason: "GATEWAY_MISCONFIGURED", Final: true,
		Message: "The gateway could not ask Bursar; nothing was sent to the provider. Its operator has to see why."}
}

// readAll reads a request's body, up to a size.
func readAll(r *http.Request, most int64) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	_ = r.Body.Close() // it has been read
	if err == nil && int64(len(body)) > most {
		err = &wire.Problem{Status: http.StatusRequestEntityTooLarge, Message: "The request's body is too large."}
	}
	return body, err
}

func setBody(r *http.Request, body []byte) {
	r.Header.Del("Content-Length")
	r.ContentLength, r.TransferEncoding = int64(len(body)), nil
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body = http.NoBody
	if len(body) > 0 {
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
}

func orDefault64(value, otherwise int64) int64 {
	if value > 0 {
		return value
	}
	return otherwise
}
