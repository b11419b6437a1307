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

// copyBytes is the size of the buffer of a stream: events are smaller.
const copyBytes = 4 << 10

// buffers implements [httputil.BufferPool].
type buffers struct{ pool sync.Pool }

func newBuffers() *buffers {
	return &buffers{pool: sync.Pool{New: func() any { b := make([]byte, copyBytes); return &b }}}
}

// Get implements [httputil.BufferPool].
func (b *buffers) Get() []byte {
	buffer, ok := b.pool.Get().(*[]byte)
	if !ok {
		return make([]byte, copyBytes)
	}
	return *buffer
}

// Put implements [httputil.BufferPool].
func (b *buffers) Put(buffer []byte) { b.pool.Put(&buffer) }
