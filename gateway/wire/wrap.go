package wire

import (
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// Encoding asks the upstream for an answer that is not compressed, so that it passes byte for byte. Set it for calls that are neither Free nor Other.
func Encoding(header http.Header) { header.Set("Accept-Encoding", "identity") }

// Wrap puts a Body around an answer's. An answer that is compressed all the same, with gzip or deflate, is passed on decompressed; what is compressed otherwise passes
// unread. Where the body changes, Content-Length and Content-Encoding of the answer are removed.
func (c *Call) Wrap(response *http.Response) *Body {
	b := &Body{source: response.Body, answer: answer{call: c}}
	a := &b.answer
	a.events.sieve = &a.sieve
	if response.StatusCode < 200 || response.StatusCode > 299 {
		a.failed = true
		return b
	}
	if c.Kind == Free || c.Kind == Other {
		return b
	}
	if a.mode, a.err = modeOf(c, response.Header.Get("Content-Type")); a.mode == modePlain {
		return b
	}
	if !b.decompress(response) {
		a.mode = modePlain
		return b
	}
	a.sieve.texts = generated(c.Kind, a.mode == modeEvents)
	if a.mode == modeDocument && c.Kind == Generate {
		a.sieve.each = a.element
	}
	if a.hide = c.hideUsage && a.mode == modeEvents; a.hide {
		changed(response)
	}
	return b
}

// element reads an element of Gemini's array, or the one object that stands in its place.
func (a *answer) element() {
	a.count++
	a.message()
	if !a.call.Endpoint.Stream { // generateContent: the object is the whole
		a.keep()
		a.ended = true
		return
	}
	a.sieve.reset()
}

// modeOf returns how an answer of a content type is read, and why not if it should have been.
func modeOf(c *Call, contentType string) (mode, error) {
	kind, _, err := mime.ParseMediaType(contentType)
	switch {
	case kind == "text/event-stream":
		return modeEvents, nil
	case kind == "application/json", strings.HasSuffix(kind, "+json"):
		return modeDocument, nil
	case contentType == "" && c.Stream && c.Kind != Generate:
		return modeEvents, nil
	case contentType == "":
		return modeDocument, nil
	case c.Kind == Speech, c.Kind == Transcription: // sound, and subtitles
		return modePlain, nil
	case err != nil:
		return modePlain, errors.New("the answer has a Content-Type that cannot be read")
	}
	return modePlain, fmt.Errorf("the answer is %.60s", kind)
}

// decompress has the body decompressed, and says whether it can be read.
func (b *Body) decompress(response *http.Response) bool {
	encoding := strings.ToLower(strings.TrimSpace(response.Header.Get("Content-Encoding")))
	switch encoding {
	case "", "identity":
		return true
	case "gzip", "x-gzip":
		b.source = &inflater{source: response.Body, open: func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }}
	case "deflate":
		b.source = &inflater{source: response.Body, open: func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) }}
	default:
		b.answer.err = fmt.Errorf("the answer is compressed with %.20q", encoding)
		return false
	}
	response.Header.Del("Content-Encoding")
	changed(response)
	return true
}

// changed says that the body has another length than the upstream's.
func changed(response *http.Response) {
	response.Header.Del("Content-Length")
	response.ContentLength = -1
	response.Uncompressed = true
}

// inflater decompresses a body. It reads the header of the compression with the first Read, not before.
type inflater struct {
	source io.ReadCloser
	open   func(io.Reader) (io.Reader, error)
	reader io.Reader
}

// Read decompresses.
func (i *inflater) Read(p []byte) (int, error) {
	if i.reader == nil {
		reader, err := i.open(i.source)
		if err != nil {
			return 0, fmt.Errorf("decompress the answer: %w", err)
		}
		i.reader = reader
	}
	return i.reader.Read(p)
}

// Close closes the body of the upstream's answer.
func (i *inflater) Close() error { return i.source.Close() }
