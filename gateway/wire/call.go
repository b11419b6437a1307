package wire

import (
	"net/http"

	"bursar/usage"
)

// Call is what a request says about its cost.
type Call struct {
	Endpoint

	Model       string            // as the path or the body names it
	ServiceTier usage.ServiceTier // that the request asks for; the answer says which it got
	Stream      bool              // whether the answer is to be a stream

	InputBytes      int64  // of the request's body
	InputTokens     int64  // upper bound of the tokens that go in; see docs/gateway.md for how it is made
	MaxOutputTokens *int64 // upper bound of the tokens that come out, of all answers together; nil: as much as the model writes
	N               int64  // answers that are asked for, at least 1

	// Unbounded says why InputTokens or MaxOutputTokens is no upper bound of what the call costs; empty when they are one.
	Unbounded string

	// Body is what goes upstream: the caller's, byte for byte, but for stream_options of a streamed chat, which asks for usage.
	Body []byte

	plain     []byte // the caller's body
	textBytes int64  // of the body without media, for Estimate
	hideUsage bool   // whether the chunk with the usage has to be taken out of the stream, because the caller had not asked for it
}

// AskNothing makes Body the caller's own, for an upstream that refuses stream_options. Its stream is passed on as it comes.
func (c *Call) AskNothing() { c.Body, c.hideUsage = c.plain, false }

// Parse reads what bounds a call's cost from its body, and makes the body that goes upstream. The error is a *Problem.
// The body must not be changed afterwards.
func Parse(e Endpoint, header http.Header, body []byte) (*Call, error) {
	c := &Call{Endpoint: e, Model: e.Model, ServiceTier: usage.Standard, Stream: e.Stream, InputBytes: int64(len(body)), N: 1, Body: body, plain: body}
	return c, nil
}
