package gateway

import (
	"bytes"
	"io"
	"net/http"

	"bursar/gateway/wire"
)

// Transport governs the calls that a program makes itself: give it to the http.Client of a provider's SDK. A call that Bursar does not admit is not sent; its
// answer is the error that the SDK of that dialect understands. Answers are not buffered: streams arrive as they are sent.
type Transport struct {
	Policy

	// Base makes the calls. Default: http.DefaultTransport.
	Base http.RoundTripper
	// Secret returns the API key of Bursar that a call is made for.
	Secret func(*http.Request) string
}

// RoundTrip implements [http.RoundTripper].
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	sent := r.Clone(r.Context())
	g, failure := t.begin(sent, t.Secret(r))
	if failure != nil {
		return t.refusal(r, *failure), nil
	}
	response, err := base.RoundTrip(sent)
	if err != nil {
		if r.Context().Err() != nil { // the provider may have worked on it
			g.report(wire.Seen{})
		}
		g.release()
		return nil, err
	}
	g.watch(response)
	return response, nil
}

// refusal is the answer to a call that was not sent.
func (t *Transport) refusal(r *http.Request, f wire.Failure) *http.Response {
	answer := &refusal{header: http.Header{}, status: http.StatusOK}
	wire.WriteError(answer, wire.Match(r.Method, r.URL.Path, r.Header).Dialect, f)
	return &http.Response{
		StatusCode: answer.status, Status: http.StatusText(answer.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: answer.header, ContentLength: int64(answer.body.Len()), Body: io.NopCloser(&answer.body),
	}
}

// refusal keeps an answer.
type refusal struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (r *refusal) Header() http.Header { return r.header }

// WriteHeader implements [http.ResponseWriter].
func (r *refusal) WriteHeader(status int) { r.status = status }

// Write implements [http.ResponseWriter].
func (r *refusal) Write(data []byte) (int, error) { return r.body.Write(data) }
