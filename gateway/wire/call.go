package wire

import (
	"net/http"
	"strings"
	"unicode"

	"bursar/usage"
)

// Call is what a request says about its cost.
type Call struct {
	Endpoint

	Model       string            // as the path or the body names it
	ServiceTier usage.ServiceTier // that the request asks for; the answer says which it got
	Stream      bool              // whether the answer is to be a stream

	InputBytes      int64  // of the request's body
	InputTokens     int64  // upper bound of the tokens that go in; see docs/wire.md for how it is made
	MaxOutputTokens *int64 // upper bound of the tokens that come out, of all answers together; nil: as much as the model writes
	N               int64  // answers that are asked for, at least 1

	// Unbounded says why InputTokens or MaxOutputTokens is no upper bound of what the call costs; empty when they are one.
	Unbounded string

	// Body is what goes upstream: the caller's, byte for byte, but for stream_options of a streamed chat, which asks for usage.
	Body []byte

	plain     []byte // the caller's body
	textBytes int64  // of the body without media, for Estimate
	media     int64  // tokens of media, for Estimate
	hideUsage bool   // whether the chunk with the usage has to be taken out of the stream, because the caller had not asked for it
}

// AskNothing makes Body the caller's own, for an upstream that refuses stream_options. Its stream is passed on as it comes.
func (c *Call) AskNothing() { c.Body, c.hideUsage = c.plain, false }

// Forget lets go of the request's body, which nothing needs once it was sent: an answer may take long.
func (c *Call) Forget() { c.Body, c.plain = nil, nil }

// Parse reads what bounds a call's cost from its body, and makes the body that goes upstream. The error is a *Problem: what the provider might read in
// another way than this gateway is refused. What is Free is not read, and of what is Other nothing but the model. The body must not be changed afterwards.
func Parse(e Endpoint, header http.Header, body []byte) (*Call, error) {
	c := &Call{Endpoint: e, Model: e.Model, ServiceTier: usage.Standard, Stream: e.Stream, InputBytes: int64(len(body)), N: 1, Body: body, plain: body}
	switch e.Kind {
	case Free:
		return c, nil
	case Other:
		c.Unbounded = "what this path costs is not known"
		if d, err := read(body, e.Dialect, ""); err == nil && c.Model == "" {
			c.Model, _ = d.text("model") // one that is no text is none
		}
		return c, nil
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, wrong("Content-Encoding", "has to be identity: send the body as it is.")
	}
	if boundary, is := isForm(header); is && (e.Kind == Images || e.Kind == Transcription) {
		f, err := readForm(body, boundary)
		if err == nil {
			err = c.form(f)
		}
		if err == nil {
			err = c.named()
		}
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	if err := c.document(body); err != nil {
		return nil, err
	}
	return c, nil
}

// document reads what bounds a call whose body is JSON.
func (c *Call) document(body []byte) error {
	d, err := read(body, c.Dialect, c.Model)
	if err != nil {
		return err
	}
	if err := c.common(d); err != nil {
		return err
	}
	switch c.Kind {
	case Chat, Completions:
		return c.chat(d)
	case Responses:
		return c.responses(d)
	case Messages:
		return c.messages(d)
	case Generate:
		return c.generate(d)
	case Images:
		return c.pictures(d)
	case Speech:
		return c.speech(d)
	case Embeddings:
		return c.bound(new(int64), 1)
	case Transcription, Free, Other:
	}
	return nil
}

// common reads what calls of all kinds have.
func (c *Call) common(d *document) error {
	model, err := d.text("model")
	if err != nil {
		return err
	}
	if c.Model == "" { // a path that names one decides
		c.Model = model
	}
	if err := c.named(); err != nil {
		return err
	}
	d.imageMost = imageTokens(c.Dialect, c.Model)
	if c.Dialect != Gemini && !c.Endpoint.Stream {
		if c.Stream, err = d.flag("stream"); err != nil {
			return err
		}
	}
	c.InputTokens, c.textBytes = d.inputTokens(), d.textBytes
	c.media = d.tokens + d.images*imageUsual
	if d.reference != "" {
		c.unbounded(d.reference + ": its size is known to the provider alone")
	}
	return nil
}

// named refuses a call of no model, or of one whose name is none: Bursar knows prices by model.
func (c *Call) named() error {
	switch {
	case c.Model == "":
		return wrong("model", "is missing.")
	case len(c.Model) > maxModel:
		return wrong("model", "is longer than %d bytes.", maxModel)
	case strings.IndexFunc(c.Model, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) >= 0:
		return wrong("model", "has characters that no model's name has.")
	}
	return nil
}

// maxModel is how long the name of a model may be, in bytes.
const maxModel = 200
