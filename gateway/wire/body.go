package wire

import (
	"io"
	"net/http"

	"bursar/usage"
)

// Seen is what an answer that passed through has told.
type Seen struct {
	Parts    usage.Parts // what was used, as far as the answer has said; without HasUsage it is zero
	HasUsage bool        // whether the answer has said what was used; without Ended it may say more yet
	Ended    bool        // whether the answer is complete: a stream's terminal event, or the end of a document, has passed
	Failed   bool        // whether the answer is, or ended with, an error of the provider
	Err      error       // why usage could not be read: nonsense, an encoding that is not known, too large; nil otherwise

	Bytes       int64 // that came from upstream
	OutputBytes int64 // of generated text among them, as UTF-8, for Estimate
}

// Body is an answer's body on its way to the caller: what is read from it is what the caller gets. It is an io.ReadCloser for one goroutine; Seen may be
// called by others.
type Body struct {
	// AtEnd, if it is not nil, is called once with what was seen: before Read returns the bytes that end the answer, or its error, or io.EOF; or by
	// Close, when the caller has left before. So the caller never has the whole answer before it is known what it costs.
	// Set it before the first Read.
	AtEnd func(Seen)

	source io.ReadCloser
}

// Wrap puts a Body around an answer's. Headers of the answer change where its body does: Content-Length and Content-Encoding are removed.
func (c *Call) Wrap(response *http.Response) *Body { return &Body{source: response.Body} }

// Read reads what the caller gets. It returns as soon as there is something.
func (b *Body) Read(p []byte) (int, error) { return b.source.Read(p) }

// Close closes the body of the upstream's answer.
func (b *Body) Close() error { return b.source.Close() }

// Seen returns what has been seen so far.
func (b *Body) Seen() Seen { return Seen{} }

// ErrorEvent returns the event that tells the caller of a stream about a failure after its first byte; nil when there is no place for
// one, because an event was cut in the middle, or the answer is no stream of events: then break the connection.
func (b *Body) ErrorEvent(f Failure) []byte { return nil }

// Estimate returns what a call has used as far as that is known: what the answer has said; and where it has not, input by the size of the
// request and output by the generated text that has passed. Mark what is booked with it as estimated.
func (c *Call) Estimate(seen Seen) usage.Parts { return seen.Parts }
