package transfer

import "sync"

// Sizes of buffers that answers are copied with.
const (
	eventBytes = 1 << 10  // of a stream, which is open for long, and whose events are smaller
	copyBytes  = 16 << 10 // of others
)

// Buffers are pools of such buffers.
type Buffers struct{ events, others sync.Pool }

// NewBuffers returns empty pools.
func NewBuffers() *Buffers {
	return &Buffers{
		events: sync.Pool{New: func() any { b := make([]byte, eventBytes); return &b }},
		others: sync.Pool{New: func() any { b := make([]byte, copyBytes); return &b }},
	}
}

// Get returns a buffer for a stream of events, or for another answer.
func (b *Buffers) Get(stream bool) []byte {
	pool, size := &b.others, copyBytes
	if stream {
		pool, size = &b.events, eventBytes
	}
	if buffer, ok := pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, size)
}

// Put takes a buffer back.
func (b *Buffers) Put(buffer []byte) {
	if len(buffer) == eventBytes {
		b.events.Put(&buffer)
		return
	}
	b.others.Put(&buffer)
}
