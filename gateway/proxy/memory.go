package proxy

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"bursar/gateway/wire"
)

// memory bounds what requests' bodies take together, so that callers without a key cannot exhaust the machine's.
type memory struct {
	left atomic.Int64
}

func newMemory(bytes int64) *memory {
	m := &memory{}
	m.left.Store(bytes)
	return m
}

// take takes some of it; false: there is none left.
func (m *memory) take(bytes int64) bool {
	if m.left.Add(-bytes) < 0 {
		m.left.Add(bytes)
		return false
	}
	return true
}

// freeBytes of each body are not accounted for.
const freeBytes = 64 << 10

// read reads a request's body, of a size at most. give gives its memory back, and must be called. The error is a *wire.Problem or that of the
// connection.
func (m *memory) read(w http.ResponseWriter, r *http.Request, most int64) (body []byte, give func(), err error) {
	taken := int64(0)
	give = func() { m.left.Add(taken) }
	if r.ContentLength > most {
		return nil, give, tooLarge(most)
	}
	source := http.MaxBytesReader(w, r.Body, most)
	size := max(r.ContentLength, 512)
	for size = min(size, freeBytes) + 1; ; size *= 2 { // grown as it arrives: what a header says costs nothing to write
		if size > freeBytes+1 {
			if !m.take(size) {
				return nil, give, &wire.Problem{Status: http.StatusServiceUnavailable, Message: "The gateway has no memory left for a request of this size. Try again later."}
			}
			taken += size
		}
		grown := make([]byte, len(body), size)
		copy(grown, body)
		body = grown
		for len(body) < cap(body) {
			n, err := source.Read(body[len(body):cap(body)])
			body = body[:len(body)+n]
			if errors.Is(err, io.EOF) {
				return body, give, nil
			}
			if _, over := errors.AsType[*http.MaxBytesError](err); over {
				return nil, give, tooLarge(most)
			}
			if err != nil {
				return nil, give, err
			}
		}
	}
}

func tooLarge(most int64) *wire.Problem {
	return &wire.Problem{Status: http.StatusRequestEntityTooLarge, Message: "The request's body is larger than the gateway takes, which is " + sizeText(most) + "."}
}

// Sizes of buffers that answers are copied with.
const (
	eventBytes = 1 << 10  // of a stream, which is open for long, and whose events are smaller
	copyBytes  = 16 << 10 // of others
)

// buffers are pools of such buffers.
type buffers struct{ events, others sync.Pool }

func newBuffers() *buffers {
	return &buffers{
		events: sync.Pool{New: func() any { b := make([]byte, eventBytes); return &b }},
		others: sync.Pool{New: func() any { b := make([]byte, copyBytes); return &b }},
	}
}

// Get implements [httputil.BufferPool]. It is called when the header of the answer is known.
func (e *exchange) Get() []byte {
	pool, size := &e.proxy.buffers.others, copyBytes
	if e.streams {
		pool, size = &e.proxy.buffers.events, eventBytes
	}
	if buffer, ok := pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, size)
}

// Put implements [httputil.BufferPool].
func (e *exchange) Put(buffer []byte) {
	if len(buffer) == eventBytes {
		e.proxy.buffers.events.Put(&buffer)
		return
	}
	e.proxy.buffers.others.Put(&buffer)
}
