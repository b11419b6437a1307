// Package transfer holds what bodies of calls take of a gateway's memory on their way: as little, and for as short a time, as can be.
package transfer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"bursar/gateway/wire"
)

// Memory bounds what requests' bodies take together, so that callers without a key cannot exhaust the machine's.
type Memory struct {
	left atomic.Int64
}

// NewMemory returns a Memory of so many bytes.
func NewMemory(bytes int64) *Memory {
	m := &Memory{}
	m.left.Store(bytes)
	return m
}

// take takes some of it; false: there is none left.
func (m *Memory) take(bytes int64) bool {
	if m.left.Add(-bytes) < 0 {
		m.left.Add(bytes)
		return false
	}
	return true
}

// freeBytes of each body are not accounted for.
const freeBytes = 64 << 10

// Read reads a request's body, of a size at most. give gives its memory back, and must be called. The error is a *wire.Problem or that of the
// connection.
func (m *Memory) Read(w http.ResponseWriter, r *http.Request, most int64) (body []byte, give func(), err error) {
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

// sizeText returns a number of bytes for people.
func sizeText(bytes int64) string {
	if bytes >= 1<<20 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d bytes", bytes)
}
